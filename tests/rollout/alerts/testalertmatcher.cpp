#include "rollout/alerts/alertmatcher.h"

#include <QTest>

using namespace pilothouse;

namespace {

Alert page()
{
    Alert alert;
    alert.name = QStringLiteral("HighErrorRatio");
    alert.labels = {{QStringLiteral("team"), QStringLiteral("context")},
                    {QStringLiteral("job"), QStringLiteral("a.b\\c")}};
    return alert;
}

} // namespace

/// Which alerts of a server are of a workspace, as Alertmanager spells it.
class TestAlertMatcher final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMatcherFits_data()
    {
        QTest::addColumn<QString>("matcher");
        QTest::addColumn<bool>("fits");
        const auto row = [](const char *matcher, bool fits) {
            QTest::newRow(matcher) << QString::fromLatin1(matcher) << fits;
        };
        row("team=\"context\"", true);
        row("team = \"context\"", true);
        row("team=\"contex\"", false);
        row("team!=\"context\"", false);
        row("team!=\"other\"", true);
        row("team=~\"con.*\"", true);
        row("team=~\"con\"", false); // the whole value
        row("team=~\"a|context\"", true);
        row("team!~\"con.*\"", false);
        row("alertname=\"HighErrorRatio\"", true);
        row("cluster=\"\"", true); // a label that is not there is an empty one
        row("cluster=\"eu\"", false);
        row("cluster!=\"eu\"", true);
        row("job=\"a.b\\\\c\"", true);
        row("job=~\"a\\.b.*\"", true);
    }
    void aMatcherFits()
    {
        QFETCH(QString, matcher);
        QFETCH(bool, fits);
        const auto read = alertMatcher(matcher);
        QVERIFY(read);
        QCOMPARE(read->fits(page()), fits);
    }

    void whatIsNoMatcherIsNone_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"team", "team=context", "te-am=\"a\"", "team==\"a\"", "",
                                 "team=~\"(\"", "team=\"a\"b\""})
            QTest::newRow(*text ? text : "nothing") << QString::fromLatin1(text);
    }
    void whatIsNoMatcherIsNone()
    {
        QFETCH(QString, text);
        QVERIFY(!alertMatcher(text));
        QVERIFY(!allFit({text}, page()));
    }

    void allHaveToFit()
    {
        const QString team = QStringLiteral("team=\"context\"");
        const QString other = QStringLiteral("job=\"x\"");
        QVERIFY(allFit({team}, page()));
        QVERIFY(!allFit({team, other}, page()));
        QVERIFY(!allFit({}, page())); // without any it is shared
    }
};

QTEST_GUILESS_MAIN(TestAlertMatcher)
#include "testalertmatcher.moc"
