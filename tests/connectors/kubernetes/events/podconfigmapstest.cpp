#include "connectors/kubernetes/events/podconfigmaps.h"

#include "clusterobjects.h"
#include "streamshttp.h"
#include "support/fakeclock.h"

#include <QTest>

using namespace pilothouse;

namespace {

const TrackName standalone(QStringLiteral("standalone"));

QByteArray podThatTakes(const QByteArray &map)
{
    return bytes(parsed("{'metadata': {'name': 'p'}, 'spec': {'containers': [{'name': 'app',"
                        " 'envFrom': [{'configMapRef': {'name': '"
                        + map
                        + "'}}]}], 'volumes': [{'name': 'kube-api-access', 'projected':"
                          " {'sources': [{'configMap': {'name': 'kube-root-ca.crt'}}]}}]}}"));
}

QByteArray listOf(const QByteArray &items)
{
    return bytes(parsed("{'metadata': {'resourceVersion': '1'}, 'items': [" + items + "]}"));
}

QByteArray mapWritten(const QByteArray &name, const QByteArray &by, const QByteArray &more = {})
{
    return "{'metadata': {'name': '" + name + "', 'creationTimestamp': '2026-11-01T08:00:00Z'"
           + more + ", 'managedFields': [{'manager': 'helm', 'time': '2026-11-24T02:10:00Z'}"
           + (by.isEmpty() ? QByteArray()
                           : ", {'manager': '" + by + "', 'time': '2026-11-24T02:20:00Z'}")
           + "]}}";
}

const QByteArray ofHelm = ", 'annotations': {'meta.helm.sh/release-name': 'context'}";

QByteArray revision(const QByteArray &number, const QByteArray &at)
{
    return "{'metadata': {'name': 'sh.helm.release.v1.context.v" + number
           + "', 'creationTimestamp': '" + at + "', 'labels': {'owner': 'helm', 'name': 'context',"
           + " 'status': 'superseded', 'version': '" + number + "'}}}";
}

/// As the API server itself says it; a proxy in between would say it otherwise.
constexpr char notFound[] = R"({"kind": "Status", "message": "pods not found", "code": 404})";

} // namespace

class PodConfigMapsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theMapsOfThePodsAreToldWithTheirWriterAndRevision()
    {
        Fixture f;
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, podThatTakes("flags"));
        f.http.scripted.answer(200,
                               listOf(mapWritten("web", "", ofHelm) + ',' + mapWritten("other", "")
                                      + ',' + mapWritten("flags", "kubectl-edit")));
        f.http.scripted.answer(200, listOf(revision("40", "2026-11-20T02:10:00Z") + ','
                                           + revision("41", "2026-11-24T02:09:59Z") + ','
                                           + revision("42", "2026-11-24T09:00:00Z")));
        const auto found = f.ask();
        QVERIFY(found);
        QVERIFY2(found->unknown.isEmpty(), qPrintable(found->unknown.join(u'\n')));
        QCOMPARE(found->maps.size(), 2);
        QCOMPARE(found->maps[0].name, QStringLiteral("flags"));
        QCOMPARE(found->maps[0].by, QStringLiteral("kubectl-edit"));
        QCOMPARE(found->maps[0].writtenAt, QDateTime(QDate(2026, 11, 24), QTime(2, 20), Qt::UTC));
        QVERIFY(found->maps[0].release.isEmpty());
        QCOMPARE(found->maps[1].name, QStringLiteral("web"));
        QCOMPARE(found->maps[1].by, QStringLiteral("helm"));
        QCOMPARE(found->maps[1].release, QStringLiteral("context"));
        // A later revision did not write it: it was the same there.
        QCOMPARE(found->maps[1].revision, 41);
        QCOMPARE(f.http.log().last(),
                 QStringLiteral("GET /api/v1/namespaces/production/secrets"
                                "?labelSelector=owner%3Dhelm%2Cname%3Dcontext&limit=500"));
        // Neither of a config map nor of a Secret does anybody need the content.
        for (int request : {2, 3}) {
            QVERIFY(ScriptedHttp::header(f.http.scripted.requests[request], "Accept")
                        .contains("PartialObjectMetadata"));
        }
    }

    void whatMayNotBeSeenIsSaid()
    {
        Fixture f;
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(403, "{\"message\": \"pods is forbidden\"}");
        f.http.scripted.answer(200, listOf(mapWritten("web", "", ofHelm)));
        f.http.scripted.answer(403, "{\"message\": \"secrets is forbidden\"}");
        const auto found = f.ask();
        QVERIFY(found);
        QCOMPARE(found->unknown, QStringList(QStringLiteral("you lack get on pods in production")));
        QCOMPARE(found->maps.size(), 1);
        QCOMPARE(found->maps[0].revision, 0);
        QCOMPARE(found->maps[0].revisionUnknown,
                 QStringLiteral("you lack list on secrets in production"));
    }

    void configMapsThatMayNotBeListedAreNotKnown()
    {
        Fixture f;
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(403, "{\"message\": \"configmaps is forbidden\"}");
        const auto found = f.ask();
        QVERIFY(found && found->maps.isEmpty());
        QCOMPARE(found->unknown,
                 QStringList(QStringLiteral("you lack list on configmaps in production")));
    }

    void podsThatAreGoneOrNotKnownTellOfNoMaps()
    {
        Fixture f;
        f.http.scripted.answer(404, notFound);
        f.http.scripted.answer(404, notFound);
        QCOMPARE(f.ask()->unknown, QStringList(QStringLiteral("the pods went away meanwhile")));
        f.pods.clear();
        QCOMPARE(f.ask()->unknown,
                 QStringList(QStringLiteral("the pods of standalone are not known")));
    }

    void oneThatWentAwayLeavesTheOther()
    {
        Fixture f;
        f.http.scripted.answer(404, notFound);
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, listOf(mapWritten("web", "")));
        const auto found = f.ask();
        QVERIFY2(found->unknown.isEmpty(), qPrintable(found->unknown.join(u'\n')));
        QCOMPARE(found->maps.size(), 1);
    }

    void aPodThatAProxyDoesNotFindIsNotTakenForGone()
    {
        Fixture f;
        f.http.scripted.answer(404, "404 page not found");
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, listOf(mapWritten("web", "")));
        QCOMPARE(f.ask()->unknown.size(), 1);
    }

    void whatTheClusterGivesToEveryPodIsNone()
    {
        Fixture f;
        f.pods = {QStringLiteral("web-a-1")};
        f.http.scripted.answer(200, podThatTakes(""));
        const auto found = f.ask();
        QVERIFY(found && *found == ConfigMapsInUse());
        QCOMPARE(f.http.scripted.requests.size(), 1);
    }

    void aTrackInNoClusterHasNone()
    {
        Fixture f;
        f.places.clear();
        QVERIFY(!f.ask());
        f.places
            = {{QStringLiteral("standalone"),
                nullptr,
                {},
                standalone,
                {},
                Error{ErrorKind::BadInput, QStringLiteral("There is no such context."), {}, {}}}};
        QCOMPARE(f.ask()->unknown, QStringList(QStringLiteral("There is no such context")));
        QVERIFY(f.http.scripted.requests.isEmpty());
    }

private:
    struct Fixture
    {
        [[nodiscard]] std::optional<ConfigMapsInUse> ask()
        {
            PodConfigMaps source(places);
            auto future = source.configMapsOf(standalone, pods);
            if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 5000))
                return ConfigMapsInUse{{}, {QStringLiteral("no answer at all")}};
            return future.result();
        }

        StreamsHttp http;
        FakeClock clock;
        KubernetesApi api{http, clock, QUrl(QStringLiteral("https://kube.test"))};
        QList<KubernetesEvents::Place> places{
            {QStringLiteral("standalone"), &api, QStringLiteral("production"), standalone, {}, {}}};
        QStringList pods{QStringLiteral("web-b-1"), QStringLiteral("web-a-1")};
    };
};

QTEST_GUILESS_MAIN(PodConfigMapsTest)
#include "podconfigmapstest.moc"
