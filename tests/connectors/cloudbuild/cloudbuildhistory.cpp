#include "connectors/cloudbuild/cloudbuilds.h"
#include "pipeline/overlay.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/scriptedhttp.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const QString sha(40, QLatin1Char('c'));

/// Builds are numbered; a greater number was begun later.
QByteArray build(int number, const QByteArray &status, const QByteArray &more = {})
{
    const QByteArray at = QTime(10, 0).addSecs(number).toString(Qt::ISODate).toLatin1();
    return "{\"id\":\"b-" + QByteArray::number(number) + "\",\"status\":\"" + status
           + "\",\"createTime\":\"2026-11-24T" + at + "Z\""
           + (more.isEmpty() ? QByteArray() : "," + more) + "}";
}

QByteArray page(const QByteArrayList &builds, const QByteArray &next = {})
{
    return "{\"builds\":[" + builds.join(',') + "]"
           + (next.isEmpty() ? QByteArray() : ",\"nextPageToken\":\"" + next + "\"") + "}";
}

QByteArray ofCommit()
{
    return "\"substitutions\":{\"_TAG\":\"" + sha.toLatin1() + "\"}";
}

const QByteArray trigger = R"("buildTriggerId":"t-1")";

} // namespace

/// What a busy project has built: found though it lies deep, and not read again and again.
class CloudBuildHistoryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_http = std::make_unique<ScriptedHttp>();
        CloudBuilds::Settings settings;
        settings.project = t("p");
        settings.region = t("eu");
        m_builds = std::make_unique<CloudBuilds>(*m_http, *m_http, m_clock, settings);
    }

    void aBusyProjectDoesNotHideTheBuildsOfACommit()
    {
        m_http->answer(200, page({build(59, "SUCCESS")}, "2"));
        m_http->answer(200, page({build(58, "SUCCESS")}, "3"));
        m_http->answer(200, page({build(57, "FAILURE"), build(56, "SUCCESS", ofCommit())}));
        QCOMPARE(runsOfCommit(), QStringList{t("b-56 ok")});
        QCOMPARE(m_http->left(), 0);
    }

    void whatIsKnownIsNotReadAgain()
    {
        m_http->answer(200, page({build(59, "SUCCESS")}, "2"));
        m_http->answer(200, page({build(58, "SUCCESS", ofCommit())}));
        QCOMPARE(runsOfCommit(), QStringList{t("b-58 ok")});
        m_http->answer(200, page({build(60, "WORKING", ofCommit()), build(59, "SUCCESS")}, "2"));
        QCOMPARE(runsOfCommit(), (QStringList{t("b-60 running"), t("b-58 ok")}));
        QCOMPARE(m_http->requests.size(), 3);
    }

    void aGapIsReadDownToWhatIsKnown()
    {
        m_http->answer(200, page({build(50, "SUCCESS")}));
        QCOMPARE(runsOfCommit(), QStringList());
        m_http->answer(200, page({build(59, "SUCCESS")}, "2"));
        m_http->answer(200, page({build(55, "SUCCESS", ofCommit())}, "3"));
        m_http->answer(200, page({build(50, "SUCCESS")}, "4"));
        QCOMPARE(runsOfCommit(), QStringList{t("b-55 ok")});
        QCOMPARE(m_http->left(), 0);
    }

    void aBuildThatHadNotEndedIsReadByItself()
    {
        m_http->answer(200, page({build(59, "SUCCESS")}, "2"));
        m_http->answer(200, page({build(51, "WORKING", ofCommit()), build(50, "WORKING")}));
        QCOMPARE(runsOfCommit(), QStringList{t("b-51 running")});
        m_http->answer(200, page({build(59, "SUCCESS")}, "2"));
        m_http->answer(200, build(51, "SUCCESS", ofCommit()));
        QCOMPARE(runsOfCommit(), QStringList{t("b-51 ok")});
        QCOMPARE(m_http->log().last(), t("GET /v1/projects/p/locations/eu/builds/b-51"));
        m_http->answer(200, page({build(59, "SUCCESS")}, "2"));
        QCOMPARE(runsOfCommit(), QStringList{t("b-51 ok")});
        QCOMPARE(m_http->left(), 0);
    }

    void aHistoryThatCannotBeReadToItsEndIsNoAnswer()
    {
        m_http->answer(200, page({build(59, "SUCCESS", ofCommit())}, "2"));
        m_http->answer(503);
        QVERIFY(!await(m_builds->runs(CommitId(sha))));
        // Nothing of it counts as known: the next reading goes the whole way.
        m_http->answer(200, page({build(59, "SUCCESS", ofCommit())}, "2"));
        m_http->answer(200, page({build(58, "SUCCESS", ofCommit())}));
        QCOMPARE(runsOfCommit(), (QStringList{t("b-59 ok"), t("b-58 ok")}));
    }

    void aThousandAreEnough()
    {
        for (int i = 0; i < 20; ++i)
            m_http->answer(200, page({build(99 - i, "SUCCESS")}, "more"));
        QCOMPARE(runsOfCommit(), QStringList());
        QCOMPARE(m_http->requests.size(), 20);
    }

    void theLastGreenBuildIsOfTheSameTriggerAndEarlier()
    {
        m_http->answer(200, build(54, "FAILURE", trigger));
        m_http->answer(200, page({build(55, "SUCCESS", trigger), build(54, "FAILURE", trigger),
                                  build(53, "SUCCESS", R"("buildTriggerId":"t-2")"),
                                  build(52, "FAILURE", trigger), build(51, "SUCCESS", trigger),
                                  build(50, "SUCCESS", trigger)}));
        const auto green = await(m_builds->lastGreen(runNamed("b-54")));
        QVERIFY(green);
        QVERIFY(green->value);
        QCOMPARE(green->value->hostId, t("b-51"));
        QCOMPARE(green->source, t("Cloud Build"));
        m_http->answer(200, build(51, "SUCCESS", trigger)); // its jobs can be asked for
        QCOMPARE(await(m_builds->jobs(green->value->id))->value.size(), 1);
    }

    void aBuildWithoutATriggerIsHeldAgainstOneOfTheSameTags()
    {
        const QByteArray tags = R"("tags":["api","prod"])";
        m_http->answer(200, build(54, "FAILURE", tags));
        m_http->answer(200, page({build(53, "SUCCESS", R"("tags":["api"])"),
                                  build(52, "SUCCESS", R"("tags":["prod","api"])")}));
        QCOMPARE(await(m_builds->lastGreen(runNamed("b-54")))->value.value_or(Run()).hostId,
                 t("b-52"));
    }

    void whatHadNotEndedMayHaveGoneWellSince()
    {
        m_http->answer(200, page({build(59, "SUCCESS")}, "2"));
        m_http->answer(200, page({build(52, "WORKING", trigger), build(51, "SUCCESS", trigger)}));
        QCOMPARE(runsOfCommit(), QStringList());
        m_http->answer(200, build(60, "FAILURE", trigger));
        m_http->answer(200, page({build(60, "FAILURE", trigger), build(59, "SUCCESS")}, "2"));
        m_http->answer(200, build(52, "SUCCESS", trigger));
        QCOMPARE(await(m_builds->lastGreen(runNamed("b-60")))->value.value_or(Run()).hostId,
                 t("b-52"));
    }

    void noGreenBuildIsNoFailure()
    {
        m_http->answer(200, build(54, "FAILURE", trigger));
        m_http->answer(200, page({build(53, "FAILURE", trigger)}));
        const auto green = await(m_builds->lastGreen(runNamed("b-54")));
        QVERIFY(green);
        QVERIFY(!green->value);
    }

    void aBuildThatIsLikeNoneIsRefused()
    {
        m_http->answer(200, build(54, "FAILURE"));
        const auto green = await(m_builds->lastGreen(runNamed("b-54")));
        QCOMPARE(green.error().kind, ErrorKind::Refused);
        QCOMPARE(await(m_builds->lastGreen(Run())).error().kind, ErrorKind::NotFound);
        QCOMPARE(m_http->requests.size(), 1);
    }

private:
    static Run runNamed(const char *id)
    {
        Run run;
        run.hostId = t(id);
        return run;
    }

    /// "b-58 ok", newest first.
    QStringList runsOfCommit()
    {
        const auto runs = await(m_builds->runs(CommitId(sha)));
        if (!runs)
            return {runs.error().message};
        QStringList told;
        for (const Run &run : runs->value)
            told << t("%1 %2").arg(run.hostId, run.status == RunStatus::Succeeded ? t("ok")
                                               : run.status == RunStatus::Running ? t("running")
                                                                                  : t("else"));
        return told;
    }

    FakeClock m_clock;
    std::unique_ptr<ScriptedHttp> m_http;
    std::unique_ptr<CloudBuilds> m_builds;
};

QTEST_GUILESS_MAIN(CloudBuildHistoryTest)
#include "cloudbuildhistory.moc"
