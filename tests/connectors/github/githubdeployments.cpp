#include "connectors/github/githubdeployments.h"

#include "connectors/github/githubruns.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/scriptedhttp.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString commit(40, QLatin1Char('9'));

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}

QByteArray deployment(int id, const QByteArray &creator = "{'login': 'github-actions[bot]'}")
{
    return json("{'id': " + QByteArray::number(id) + ", 'sha': '" + commit.toLatin1()
                + "', 'ref': 'main', 'environment': 'production', 'creator': " + creator
                + ", 'created_at': '2026-11-24T14:20:00Z'}");
}

QByteArray status(const QByteArray &state, const QByteArray &at, const QByteArray &log = {})
{
    return json("{'state': '" + state + "', 'created_at': '2026-11-24T" + at + "Z', 'log_url': '"
                + log + "'}");
}

const QByteArray ofRun = "https://github.com/acme/shop/actions/runs/7012/job/30007012104";

QList<GithubDeploymentStatus> statuses(const QByteArray &entries)
{
    const auto decoded = decodeDeploymentStatuses('[' + entries + ']');
    return decoded.value_or(QList<GithubDeploymentStatus>());
}

GithubDeployment theDeployment()
{
    return decodeDeployments('[' + deployment(1) + ']')->first();
}

QDateTime at(int hour, int minute)
{
    return {QDate(2026, 11, 24), QTime(hour, minute), Qt::UTC};
}

} // namespace

class TestGithubDeployments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsToldOfADeployment_data()
    {
        QTest::addColumn<QByteArray>("entries");
        QTest::addColumn<QString>("what");
        QTest::addColumn<QDateTime>("when");
        QTest::addColumn<bool>("ended");
        QTest::newRow("asked for")
            << QByteArray() << t("deploy of 9999999 to production …") << at(14, 20) << false;
        QTest::newRow("under way")
            << status("in_progress", "14:21:00", ofRun)
            << t("deploy of 9999999 to production … · run 7012") << at(14, 20) << false;
        QTest::newRow("done") << status("success", "14:24:00", ofRun) + ','
                                     + status("in_progress", "14:21:00", ofRun)
                              << t("9999999 deployed to production · run 7012") << at(14, 24)
                              << true;
        QTest::newRow("by no workflow")
            << status("success", "14:24:00", "https://ci.example/7")
            << t("9999999 deployed to production") << at(14, 24) << true;
        QTest::newRow("failed") << status("failure", "14:23:00")
                                << t("deploy of 9999999 to production failed") << at(14, 23)
                                << true;
        QTest::newRow("a later one took its place")
            << status("inactive", "15:00:00") + ',' + status("success", "14:24:00")
            << t("9999999 deployed to production") << at(14, 24) << true;
        QTest::newRow("nothing but that is told")
            << status("inactive", "15:00:00")
            << t("deploy of 9999999 to production, in force no more") << at(14, 20) << true;
        QTest::newRow("waits") << status("waiting", "14:21:00")
                               << t("deploy of 9999999 to production waits for an approval")
                               << at(14, 20) << false;
        QTest::newRow("a word newer than this program")
            << status("levitating", "14:21:00") << t("deploy of 9999999 to production …")
            << at(14, 20) << false;
    }
    void whatIsToldOfADeployment()
    {
        QFETCH(QByteArray, entries);
        const SeenDeed deed = deedOf(theDeployment(), statuses(entries));
        QTEST(deed.what, "what");
        QTEST(deed.at, "when");
        QTEST(hasEnded(statuses(entries)), "ended");
        QCOMPARE(deed.commit.value, commit);
        QCOMPARE(deed.who, t("github-actions[bot]"));
        QCOMPARE(deed.run.value, entries.contains("7012") ? 7012 : 0);
    }

    void whatIsNotAsGithubGivesItIsRefusedWithItsPlace()
    {
        const auto refused = decodeDeployments("[{\"id\": \"x\"}]");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Malformed);
        QVERIFY2(refused.error().message.contains(t("[0].id")),
                 qPrintable(refused.error().message));
        QVERIFY(!decodeDeploymentStatuses("{}"));
        QVERIFY(decodeDeployments('[' + deployment(1, "null") + ']')->first().creator.isEmpty());
    }

    void howEachWentIsAskedUntilItHasEnded()
    {
        ScriptedHttp http;
        FakeClock clock;
        GithubRuns github(
            http, clock,
            {QUrl(t("https://git.example/api/v3/")), t("acme"), t("shop"), "2022-11-28"});
        SeenSource &source = github.deployments();
        const auto list = '[' + deployment(2) + ',' + deployment(1) + ']';
        http.answer(200, list);
        http.answer(200, '[' + status("in_progress", "14:21:00") + ']');
        http.answer(200, '[' + status("success", "14:24:00") + ']');
        const auto first = await(source.newest());
        QVERIFY2(first, first ? "" : qPrintable(first.error().message));
        QCOMPARE(first->size(), 2);
        const QString base = t("GET /api/v3/repos/acme/shop/deployments");
        QCOMPARE(http.log(),
                 (QStringList{base + t("?per_page=20"), base + t("/2/statuses?per_page=30"),
                              base + t("/1/statuses?per_page=30")}));
        http.answer(200, list);
        http.answer(200, '[' + status("failure", "14:26:00") + ']');
        const auto second = await(source.newest());
        QVERIFY(second);
        QCOMPARE(http.log().size(), 5);
        QCOMPARE(second->value(0).what, t("deploy of 9999999 to production failed"));
        QCOMPARE(second->value(1).what, t("9999999 deployed to production"));
        http.answer(200, list);
        QVERIFY(await(source.newest()));
        QCOMPARE(http.log().size(), 6);
    }

    void aQuestionThatFailsIsNoShorterList()
    {
        ScriptedHttp http;
        FakeClock clock;
        GithubRuns github(
            http, clock,
            {QUrl(t("https://git.example/api/v3/")), t("acme"), t("shop"), "2022-11-28"});
        http.answer(403, "{\"message\": \"Resource not accessible by integration\"}");
        QCOMPARE(await(github.deployments().newest()).error().kind, ErrorKind::NotAllowed);
        http.answer(200, '[' + deployment(1) + ']');
        http.answer(500, "{}");
        QVERIFY(!await(github.deployments().newest()));
    }
};

QTEST_GUILESS_MAIN(TestGithubDeployments)

#include "githubdeployments.moc"
