#include "connectors/kubernetes/deploys/helmdeploys.h"

#include "clusterobjects.h"
#include "helm/helmobjects.h"
#include "streamshttp.h"
#include "support/await.h"
#include "support/fakeclock.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const TrackName standalone(QStringLiteral("standalone"));
const HelmRelease web{QStringLiteral("production"), QStringLiteral("web")};

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

QJsonObject ofRelease(const QJsonObject &deployment, const char *release)
{
    return with(deployment, "metadata.annotations",
                QJsonObject{{t("meta.helm.sh/release-name"), t(release)},
                            {t("meta.helm.sh/release-namespace"), t("production")}});
}

HelmRevision revision(int number, HelmStatus status, const char *word)
{
    HelmRevision made;
    made.number = number;
    made.status = status;
    made.word = t(word);
    made.at = QDateTime(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);
    return made;
}

HelmBody body(const char *description, const char *appVersion = "")
{
    HelmBody made;
    made.description = t(description);
    made.appVersion = t(appVersion);
    return made;
}

struct Fixture
{
    void answer(const QJsonObject &object) { http.scripted.answer(200, bytes(object)); }
    void answerPlaces()
    {
        answer(serviceObject("stable", "stable"));
        http.scripted.answer(404, R"({"kind": "Status", "message": "services not found"})");
        answer(listObject({ofRelease(deploymentObject("web", "stable", oldCommit(), 3), "web")}));
    }
    void answerRevisions(const QList<HelmSecret> &oldestFirst)
    {
        QJsonArray labels;
        for (const HelmSecret &each : oldestFirst)
            labels.append(secretMetadata(each));
        answer(listObject(labels));
    }
    [[nodiscard]] int asked(const char *part) const
    {
        int count = 0;
        for (const QString &each : http.log())
            count += each.contains(t(part)) ? 1 : 0;
        return count;
    }

    StreamsHttp http;
    FakeClock clock;
    KubernetesApi api{http, clock, QUrl(QStringLiteral("https://kube.test"))};
    HelmDeploys deploys{{standalone, &api, t("production"), {t("stable"), t("candidate")}, {}},
                        clock};
};

} // namespace

class HelmDeploysTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theReleaseIsThatOfTheDeploymentBehindTheService()
    {
        const QJsonObject behind = deploymentObject("web", "stable", oldCommit(), 3);
        const QJsonObject other = deploymentObject("worker", "worker", oldCommit(), 3);
        const QList<QJsonObject> services{serviceObject("stable", "stable"),
                                          serviceObject("candidate", "candidate")};
        const auto found = [&services](const QJsonArray &deployments) {
            return releasesBehind(services, deployments, t("production"))
                .value_or(QList<HelmRelease>{{t("not"), t("read")}});
        };
        QCOMPARE(found({ofRelease(behind, "web"), ofRelease(other, "worker")}),
                 QList<HelmRelease>{web});
        QCOMPARE(found({behind}), QList<HelmRelease>()); // not Helm's
        const QJsonObject canary = deploymentObject("web-b", "candidate", newCommit(), 2);
        QCOMPARE(found({ofRelease(behind, "web"), ofRelease(canary, "web")}),
                 QList<HelmRelease>{web}); // both of one
        QCOMPARE(found({ofRelease(behind, "web"), ofRelease(canary, "canary")}).size(), 2);
        QVERIFY(!releasesBehind(services, {QJsonObject()}, t("production")));
    }

    void whatIsToldOfARevision_data()
    {
        QTest::addColumn<HelmRevision>("made");
        QTest::addColumn<HelmBody>("said");
        QTest::addColumn<QString>("what");
        QTest::newRow("deployed") << revision(45, HelmStatus::Deployed, "deployed")
                                  << body("Upgrade complete", "9f3c2a1")
                                  << t("Helm revision 45 of web (9f3c2a1)");
        QTest::newRow("superseded") << revision(44, HelmStatus::Superseded, "superseded")
                                    << body("Upgrade complete") << t("Helm revision 44 of web");
        QTest::newRow("a rollback")
            << revision(46, HelmStatus::Deployed, "deployed") << body("Rollback to 44")
            << t("Helm revision 46 of web: Rollback to 44");
        QTest::newRow("failed") << revision(46, HelmStatus::Failed, "failed")
                                << body("Upgrade \"web\" failed: timed out")
                                << t("Helm revision 46 of web failed");
        QTest::newRow("under way or left behind")
            << revision(46, HelmStatus::PendingUpgrade, "pending-upgrade")
            << body("Preparing upgrade") << t("Helm revision 46 of web is pending-upgrade");
    }
    void whatIsToldOfARevision()
    {
        QFETCH(HelmRevision, made);
        QFETCH(HelmBody, said);
        const SeenDeed deed = deedOf(web, made, said);
        QTEST(deed.what, "what");
        QCOMPARE(deed.at, made.at);
        QCOMPARE(deed.mark, QStringLiteral("helm %1").arg(made.number));
        QCOMPARE(deed.key, QStringLiteral("helm production/web %1").arg(made.number));
    }

    /// No release, where the API server said nothing of the kind, would read as "nothing was done".
    void aServiceThatAProxyDoesNotFindIsNotTakenForGone()
    {
        Fixture f;
        f.http.scripted.answer(404, "<html>there is no such page</html>");
        const auto deeds = await(f.deploys.newest());
        QVERIFY(!deeds);
        QCOMPARE(deeds.error().kind, ErrorKind::NotFound);
    }

    /// What is no Secret is not kept as one that cannot be read.
    void anAnswerThatIsNoSecretIsAskedForAgain()
    {
        Fixture f;
        f.answerPlaces();
        const QList<HelmSecret> revisions{HelmSecret()};
        f.answerRevisions(revisions);
        f.http.scripted.answer(200, "{}");
        QVERIFY(!await(f.deploys.newest()));
        f.answerPlaces();
        f.answerRevisions(revisions);
        f.answer(secretObject(revisions.first()));
        const auto deeds = await(f.deploys.newest());
        QVERIFY2(deeds, qPrintable(deeds ? QString() : deeds.error().message));
        QCOMPARE(deeds->size(), 1);
        QVERIFY2(deeds->first().what.endsWith(QLatin1String("(9f3c2a1)")),
                 qPrintable(deeds->first().what));
    }

    void theRevisionsOfTheTrackAreRead()
    {
        Fixture f;
        f.answerPlaces();
        HelmSecret older;
        older.number = 44;
        older.status = "superseded";
        HelmSecret newest;
        newest.number = 45;
        f.answerRevisions({older, newest});
        f.answer(secretObject(newest));
        f.answer(secretObject(older));
        const auto deeds = await(f.deploys.newest());
        QVERIFY2(deeds, deeds ? "" : qPrintable(deeds.error().message));
        QCOMPARE(deeds->size(), 2);
        QCOMPARE(deeds->value(0).what, t("Helm revision 45 of web (9f3c2a1)"));
        QCOMPARE(deeds->value(0).track, standalone);
        QCOMPARE(f.asked("/services/"), 2);
        // Again: what is known of places and bodies is not asked twice.
        f.answerRevisions({older, newest});
        QVERIFY(await(f.deploys.newest()));
        QCOMPARE(f.asked("/services/"), 2);
        QCOMPARE(f.asked("/secrets/"), 2);
        f.clock.advance(10min);
        f.answerPlaces();
        f.answerRevisions({older, newest});
        QVERIFY(await(f.deploys.newest()));
        QCOMPARE(f.asked("/services/"), 4);
        QCOMPARE(f.asked("/secrets/"), 2);
    }

    void whoMayNotLookIsToldWhatIsLacking_data()
    {
        QTest::addColumn<int>("good"); // answers before the refusal
        QTest::addColumn<QString>("right");
        QTest::newRow("services") << 0 << t("get on services");
        QTest::newRow("deployments") << 2 << t("list on deployments");
        QTest::newRow("secrets") << 3 << t("list on secrets");
    }
    void whoMayNotLookIsToldWhatIsLacking()
    {
        QFETCH(int, good);
        QFETCH(QString, right);
        Fixture f;
        if (good > 0) {
            f.answer(serviceObject("stable", "stable"));
            f.answer(serviceObject("candidate", "candidate"));
        }
        if (good > 2)
            f.answer(
                listObject({ofRelease(deploymentObject("web", "stable", oldCommit(), 3), "web")}));
        f.http.scripted.answer(403, "{\"message\": \"forbidden\"}");
        const auto refused = await(f.deploys.newest());
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::NotAllowed);
        QVERIFY2(refused.error().message.contains(right), qPrintable(refused.error().message));
    }

    void aTrackWithoutHelmTellsNothing()
    {
        Fixture f;
        f.answer(serviceObject("stable", "stable"));
        f.answer(serviceObject("candidate", "candidate"));
        f.answer(listObject({deploymentObject("web", "stable", oldCommit(), 3)}));
        const auto deeds = await(f.deploys.newest());
        QVERIFY(deeds);
        QVERIFY(deeds->isEmpty());
    }

    void aClusterThatCannotBeReachedIsSaid()
    {
        FakeClock clock;
        HelmDeploys lost(
            {standalone, nullptr, {}, {}, Error{ErrorKind::NotFound, t("no such file"), {}, {}}},
            clock);
        QCOMPARE(await(lost.newest()).error().message, t("no such file"));
        QCOMPARE(lost.subject(), t("Helm revisions of standalone"));
    }
};

QTEST_GUILESS_MAIN(HelmDeploysTest)
#include "helmdeploystest.moc"
