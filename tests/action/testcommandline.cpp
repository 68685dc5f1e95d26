#include "action/commandline.h"

#include <QProcess>
#include <QTest>

using namespace pilothouse;

class TestCommandLine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aShellTakesAWordWhole_data()
    {
        QTest::addColumn<QString>("word");
        for (const char *word : {"plain", "a b", "it's", "$HOME", "a\"b", "*", "", "`id`", "k=v",
                                 "back\\slash", "two\nlines", "ünï"})
            QTest::newRow(word) << QString::fromUtf8(word);
    }

    void aShellTakesAWordWhole()
    {
        QFETCH(QString, word);
        QProcess shell;
        shell.start(QStringLiteral("sh"),
                    {QStringLiteral("-c"), QStringLiteral("printf %s ") + shellWord(word)});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), word);
    }

    void aRequestIsACurlCommandWithoutItsSecret()
    {
        QCOMPARE(curlCommand("PATCH", QUrl(QStringLiteral("https://h/p?a=b&c=d")),
                             "application/json", "{\"why\":\"it's\"}"),
                 QStringLiteral("curl --fail-with-body -X PATCH -H \"Authorization: Bearer "
                                "$TOKEN\" -H 'Content-Type: application/json' --data-raw "
                                "'{\"why\":\"it'\\''s\"}' 'https://h/p?a=b&c=d'"));
        QCOMPARE(
            curlCommand("POST", QUrl(QStringLiteral("https://h/rerun")), "application/json", {}),
            QStringLiteral("curl --fail-with-body -X POST -H \"Authorization: Bearer $TOKEN\" "
                           "https://h/rerun"));
    }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "testcommandline.moc"
