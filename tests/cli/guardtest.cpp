#include "cli/rehearsalworld.h"

#include "support/places.h"

#include <QTest>

using namespace pilothouse;

namespace {

Outcome guard(const QStringList &arguments, const QString &home)
{
    return runCli(QStringList{QStringLiteral("guard"), QStringLiteral("--json")} + arguments, home);
}

QString text(const QJsonObject &line, const char *key)
{
    return line.value(QLatin1String(key)).toString();
}

} // namespace

/// `pilothouse-cli guard` on the rehearsal, as a workflow would run it.
class GuardTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWorldDecides_data()
    {
        QTest::addColumn<int>("beat");
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("time");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *name, int beat, const char *fault, const char *time,
                            int code, const char *verdict, const char *sentence) {
            QTest::newRow(name) << beat << QString::fromLatin1(fault) << QString::fromLatin1(time)
                                << code << QString::fromLatin1(verdict)
                                << QString::fromLatin1(sentence);
        };
        row("a good candidate passes", 6, "", "12s", 0, "PASS", "watched for 0:12: PASS");
        row("a bad one is rolled back", 10, "", "2m", 1, "rolled back", "accepted 0 %");
        row("without metrics there is no pass", 6, "prometheus=lost", "3s", 3, "NO DATA",
            "UNWATCHED for 0:03");
        row("one that cannot be rolled back is told so", 10, "kubernetes=403", "2m", 4,
            "could not act", "");
        row("a warning is no pass", 9, "", "12s", 5, "MARGINAL", "watched for 0:12: MARGINAL");
    }
    void theWorldDecides()
    {
        QFETCH(int, beat);
        QFETCH(QString, fault);
        QFETCH(QString, time);
        QFETCH(int, code);
        QFETCH(QString, verdict);
        QFETCH(QString, sentence);
        const World world(beat, fault);
        QVERIFY(!world.workspace.isEmpty());
        const Outcome outcome
            = guard({QStringLiteral("--workspace"), world.workspace, QStringLiteral("--track"),
                     QStringLiteral("standalone"), QStringLiteral("--for"), time,
                     QStringLiteral("--no-data-after"),
                     code == 3 ? QStringLiteral("3s") : QStringLiteral("1m")},
                    world.home());
        QVERIFY2(!outcome.lines.isEmpty(), qPrintable(outcome.complaint));
        const QJsonObject last = outcome.lines.last();
        QVERIFY2(outcome.code == code, QJsonDocument(last).toJson().constData());
        QCOMPARE(text(last, "verdict"), verdict);
        QVERIFY2(text(last, "sentence").startsWith(sentence), qPrintable(text(last, "sentence")));
        if (code == 1)
            QCOMPARE(last.value(QLatin1String("weight")).toInt(-1), 0);
    }

    void itSaysWhatIsMissing_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("complaint");
        QTest::newRow("a time that is none")
            << QStringList{QStringLiteral("--for"), QStringLiteral("soon")}
            << QStringLiteral("--for soon is no time");
        QTest::newRow("no workspace")
            << QStringList{QStringLiteral("--workspace"), QStringLiteral("/nowhere.yaml")}
            << QStringLiteral("/nowhere.yaml");
        QTest::newRow("a word too many")
            << QStringList{QStringLiteral("standalone")} << QStringLiteral("standalone");
        QTest::newRow("a track that is not there") << QStringList{
            QStringLiteral("--workspace"),
            QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/templates/pilothouse.yaml"),
            QStringLiteral("--track"),
            QStringLiteral("nothing")} << QStringLiteral("There is no track nothing");
    }
    void itSaysWhatIsMissing()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, complaint);
        const QTemporaryDir home;
        const Outcome outcome = guard(arguments, home.path());
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.complaint.contains(complaint), qPrintable(outcome.complaint));
    }
};

QTEST_GUILESS_MAIN(GuardTest)
#include "guardtest.moc"
