#include "connectors/kubernetes/events/kubernetesevents.h"

#include "clusterobjects.h"
#include "streamshttp.h"
#include "support/fakeclock.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime from(QDate(2026, 11, 24), QTime(0, 0), Qt::UTC);
const QDateTime to(QDate(2026, 11, 24), QTime(3, 0), Qt::UTC);
const TrackName standalone(QStringLiteral("standalone"));

const QByteArray notFound = R"({"kind": "Status", "message": "pods not found"})";

QByteArray podThatTakes(const QByteArray &map)
{
    return bytes(parsed("{'metadata': {'name': 'p'}, 'spec': {'containers': [{'name': 'app',"
                        " 'envFrom': [{'configMapRef': {'name': '"
                        + map + "'}}]}]}}"));
}

QByteArray listOf(const QByteArray &items)
{
    return bytes(parsed("{'metadata': {'resourceVersion': '1'}, 'items': [" + items + "]}"));
}

QByteArray mapWritten(const QByteArray &name, const QByteArray &at)
{
    return "{'metadata': {'name': '" + name + "', 'managedFields': [{'manager': 'helm', 'time': '"
           + at + "'}]}}";
}

} // namespace

class KubernetesEventsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatThePodsTakeAndTheCronJobsDidIsTold()
    {
        Fixture f;
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, listOf(mapWritten("web", "2026-11-24T02:10:00Z") + ','
                                           + mapWritten("other", "2026-11-24T02:11:00Z")));
        f.http.scripted.answer(200, listOf("{'metadata': {'name': 'import'}, 'status':"
                                           " {'lastScheduleTime': '2026-11-24T02:55:00Z'}}"));
        f.http.scripted.answer(200, listOf({}));
        const ClusterEvents found = f.ask();
        QCOMPARE(f.http.log(),
                 QStringList({QStringLiteral("GET /api/v1/namespaces/production/pods/web-b-1"),
                              QStringLiteral("GET /api/v1/namespaces/production/pods/web-a-1"),
                              QStringLiteral("GET /api/v1/namespaces/production/configmaps"
                                             "?limit=500"),
                              QStringLiteral("GET /apis/batch/v1/namespaces/production/cronjobs"
                                             "?limit=500"),
                              QStringLiteral("GET /apis/batch/v1/namespaces/production/jobs"
                                             "?limit=500")}));
        QVERIFY2(found.unknown.isEmpty(), qPrintable(found.unknown.join(u'\n')));
        QCOMPARE(found.events.size(), 2);
        QCOMPARE(found.events[0].what, QStringLiteral("config map web written"));
        QCOMPARE(found.events[0].who, QStringLiteral("helm"));
        QCOMPARE(found.events[1].what, QStringLiteral("cron job import began"));
        // Of a config map nobody needs the content.
        QVERIFY(ScriptedHttp::header(f.http.scripted.requests[2], "Accept")
                    .contains("PartialObjectMetadata"));
    }

    void aRefusalIsToldAndLeavesTheRest()
    {
        Fixture f;
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(403, "{\"message\": \"configmaps is forbidden\"}");
        f.http.scripted.answer(403, "{\"message\": \"cronjobs is forbidden\"}");
        f.http.scripted.answer(
            200, listOf("{'metadata': {'name': 'j', 'creationTimestamp': '2026-11-24T02:55:07Z',"
                        " 'ownerReferences': [{'kind': 'CronJob', 'name': 'import'}]}}"));
        const ClusterEvents found = f.ask();
        QCOMPARE(found.unknown,
                 QStringList({QStringLiteral("config maps: you lack list on configmaps in "
                                             "production"),
                              QStringLiteral("cron jobs: you lack list on cronjobs in "
                                             "production")}));
        QCOMPARE(found.events.size(), 1);
        QCOMPARE(found.events[0].what, QStringLiteral("cron job import began"));
    }

    void anOldServerIsAskedByItsOwnVersion()
    {
        Fixture f;
        f.question.pods = {{standalone, QStringLiteral("web-a-1")}};
        f.http.scripted.answer(404, notFound);
        f.http.scripted.answer(404, "404 page not found");
        f.http.scripted.answer(200, listOf("{'metadata': {'name': 'import'}, 'status':"
                                           " {'lastScheduleTime': '2026-11-24T02:55:00Z'}}"));
        f.http.scripted.answer(200, listOf({}));
        const ClusterEvents found = f.ask();
        QVERIFY2(found.unknown.isEmpty(), qPrintable(found.unknown.join(u'\n')));
        QCOMPARE(found.events.size(), 1);
        QVERIFY(f.http.log().contains(
            QStringLiteral("GET /apis/batch/v1beta1/namespaces/production/cronjobs?limit=500")));
    }

    void aPodThatAProxyDoesNotFindIsNotKnown()
    {
        Fixture f;
        f.http.scripted.answer(404, "<html>there is no such page</html>");
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, listOf(mapWritten("web", "2026-11-24T02:10:00Z")));
        f.http.scripted.answer(200, listOf({}));
        f.http.scripted.answer(200, listOf({}));
        const ClusterEvents found = f.ask();
        QCOMPARE(found.unknown.size(), 1);
        QVERIFY2(found.unknown.first().startsWith(QLatin1String("config maps: ")),
                 qPrintable(found.unknown.first()));
        QCOMPARE(found.events.size(), 1);
    }

    void aPodThatWentAwayIsNoRefusal()
    {
        Fixture f;
        f.http.scripted.answer(404, notFound);
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(200, listOf(mapWritten("web", "2026-11-24T02:10:00Z")));
        f.http.scripted.answer(200, listOf({}));
        f.http.scripted.answer(200, listOf({}));
        const ClusterEvents found = f.ask();
        QVERIFY2(found.unknown.isEmpty(), qPrintable(found.unknown.join(u'\n')));
        QCOMPARE(found.events.size(), 1);
    }

    void podsThatAreNotKnownMakeTheirConfigMapsUnknown()
    {
        Fixture f;
        f.question.pods.clear();
        f.http.scripted.answer(200, listOf({}));
        f.http.scripted.answer(200, listOf({}));
        const ClusterEvents found = f.ask();
        QCOMPARE(found.unknown, QStringList(QStringLiteral("config maps of standalone: its pods "
                                                           "are not known")));
    }

    void aNamespaceIsAskedOnceWhoeverLivesInIt()
    {
        Fixture f;
        f.question.pods = {{standalone, QStringLiteral("web-a-1")}};
        f.places.append({QStringLiteral("worker"),
                         &f.api,
                         QStringLiteral("production"),
                         {},
                         QStringLiteral("context-worker"),
                         {}});
        f.http.scripted.answer(200, podThatTakes("web"));
        f.http.scripted.answer(
            200, bytes(parsed("{'metadata': {'name': 'context-worker'}, 'spec': {'template':"
                              " {'spec': {'containers': [{'name': 'w', 'envFrom':"
                              " [{'configMapRef': {'name': 'worker'}}]}]}}}}")));
        f.http.scripted.answer(200, listOf(mapWritten("worker", "2026-11-24T02:10:00Z")));
        f.http.scripted.answer(200, listOf({}));
        f.http.scripted.answer(200, listOf({}));
        const ClusterEvents found = f.ask();
        QCOMPARE(f.http.scripted.requests.size(), 5);
        QCOMPARE(found.events.size(), 1);
        QCOMPARE(found.events[0].what, QStringLiteral("config map worker written"));
    }

    void aClusterThatCannotBeReachedIsNamed()
    {
        Fixture f;
        f.places
            = {{QStringLiteral("standalone"),
                nullptr,
                {},
                standalone,
                {},
                Error{ErrorKind::BadInput, QStringLiteral("There is no such context."), {}, {}}}};
        const ClusterEvents found = f.ask();
        QCOMPARE(found.unknown,
                 QStringList(QStringLiteral("config maps and cron jobs of standalone: There is no "
                                            "such context.")));
        QVERIFY(f.http.scripted.requests.isEmpty());
    }

    void withoutAnyPlaceTheAnswerIsEmpty()
    {
        Fixture f;
        f.places.clear();
        const ClusterEvents found = f.ask();
        QVERIFY(found.events.isEmpty() && found.unknown.isEmpty());
    }

private:
    struct Fixture
    {
        [[nodiscard]] ClusterEvents ask()
        {
            KubernetesEvents events(places);
            QFuture<ClusterEvents> future = events.between(question);
            if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 5000))
                return {};
            return future.result();
        }

        StreamsHttp http;
        FakeClock clock;
        KubernetesApi api{http, clock, QUrl(QStringLiteral("https://kube.test"))};
        QList<KubernetesEvents::Place> places{
            {QStringLiteral("standalone"), &api, QStringLiteral("production"), standalone, {}, {}}};
        ClusterQuestion question{
            from,
            to,
            {{standalone, QStringLiteral("web-b-1")}, {standalone, QStringLiteral("web-a-1")}}};
    };
};

QTEST_GUILESS_MAIN(KubernetesEventsTest)
#include "kuberneteseventstest.moc"
