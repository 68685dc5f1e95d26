#include "connectors/kubernetes/deploymentworkloads.h"

#include "clusterobjects.h"
#include "streamshttp.h"
#include "support/await.h"
#include "support/fakeclock.h"

#include <QTest>
#include <QTimeZone>

using namespace pilothouse;
using namespace std::chrono_literals;

class DeploymentWorkloadsTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        StreamsHttp one;
        StreamsHttp two;
        FakeClock clock;
        KubernetesApi apiOne{one, clock, QUrl(QStringLiteral("https://one.test"))};
        KubernetesApi apiTwo{two, clock, QUrl(QStringLiteral("https://two.test"))};
        DeploymentWorkloads workloads{{place("celery worker", apiOne, "production", "worker"),
                                       place("cron", apiTwo, "jobs", "cron"),
                                       place("importer", apiOne, "production", "importer")}};
    };

    static DeploymentWorkloads::Place place(const char *name, KubernetesApi &api,
                                            const char *nameSpace, const char *deployment)
    {
        DeploymentWorkloads::Place place;
        place.name = QLatin1String(name);
        place.api = &api;
        place.nameSpace = QLatin1String(nameSpace);
        place.deployment = QLatin1String(deployment);
        return place;
    }

    static QJsonObject deployment() { return deploymentObject("worker", "worker", oldCommit(), 4); }

private Q_SLOTS:
    void aPlaceThatCannotBeReadLeavesTheRest()
    {
        Fixture f;
        f.one.scripted.answer(200, bytes(deployment()));
        f.two.scripted.answer(403, "{\"message\": \"deployments is forbidden\"}");
        f.one.scripted.answer(200, "{\"metadata\": {\"name\": \"importer\"}, \"spec\": 3}");
        const auto read = await(f.workloads.read());
        QVERIFY(read);
        QCOMPARE(read->value.size(), 3);
        const Workload &worker = read->value[0];
        QCOMPARE(worker.name, QStringLiteral("celery worker"));
        QCOMPARE(worker.commit.value, oldCommit());
        QCOMPARE(worker.ready, 4);
        QCOMPARE(worker.wanted, 4);
        QVERIFY(!worker.mixed);
        QVERIFY(!worker.error);
        // Who wrote the template, not who scaled it since.
        QCOMPARE(worker.by, QStringLiteral("helm"));
        QCOMPARE(worker.since, QDateTime(QDate(2026, 11, 24), QTime(12, 0), QTimeZone::utc()));
        QCOMPARE(read->value[1].name, QStringLiteral("cron"));
        QCOMPARE(read->value[1].error->kind, ErrorKind::NotAllowed);
        QCOMPARE(read->value[2].error->kind, ErrorKind::Malformed);
        QVERIFY(read->value[2].commit.value.isEmpty());
        QCOMPARE(f.one.log(), QStringList({QStringLiteral("GET /apis/apps/v1/namespaces/production/"
                                                          "deployments/worker"),
                                           QStringLiteral("GET /apis/apps/v1/namespaces/production/"
                                                          "deployments/importer")}));
    }

    void itsAgeIsThatOfTheOldestAnswer()
    {
        Fixture f;
        f.one.scripted.answer(200, bytes(deployment()));
        const auto second = f.two.scripted.hold();
        f.one.scripted.answer(200, bytes(deployment()));
        const auto future = f.workloads.read();
        f.clock.advance(7s);
        ScriptedHttp::settle(second, 200, bytes(deployment()));
        const auto read = await(future);
        QVERIFY(read);
        QCOMPARE(read->age(f.clock).count(), 7000);
        QCOMPARE(read->source, QStringLiteral("Kubernetes"));
    }

    void anOldTemplateThatMayStillRunIsMixedOfAnUnknownCommit_data()
    {
        QTest::addColumn<QJsonObject>("deployment");
        QTest::addColumn<bool>("mixed");
        QTest::newRow("all are of the new template") << deployment() << false;
        QTest::newRow("one is still of the old one")
            << with(deployment(), "status.updatedReplicas", 3) << true;
        QTest::newRow("an old one beside all the new ones")
            << with(deployment(), "status.replicas", 5) << true;
        QTest::newRow("the controller has not looked yet")
            << with(deployment(), "metadata.generation", 5) << true;
        QTest::newRow("more are wanted, none is old")
            << with(deployment(), "spec.replicas", 6) << false;
    }
    void anOldTemplateThatMayStillRunIsMixedOfAnUnknownCommit()
    {
        QFETCH(QJsonObject, deployment);
        QFETCH(bool, mixed);
        Fixture f;
        DeploymentWorkloads workloads({place("w", f.apiOne, "p", "worker")});
        f.one.scripted.answer(200, bytes(deployment));
        const auto read = await(workloads.read());
        QVERIFY(read);
        QCOMPARE(read->value.first().mixed, mixed);
        QCOMPARE(read->value.first().commit.value, mixed ? QString() : oldCommit());
    }

    void aPlaceWhoseClusterCannotBeAskedSaysWhy()
    {
        Fixture f;
        DeploymentWorkloads::Place lost;
        lost.name = QStringLiteral("cron");
        lost.unreachable = Error{ErrorKind::BadInput, QStringLiteral("no such kubeconfig"), {}, {}};
        DeploymentWorkloads workloads({lost, place("w", f.apiOne, "p", "worker")});
        f.one.scripted.answer(200, bytes(deployment()));
        f.clock.advance(3s);
        const auto read = await(workloads.read());
        QVERIFY(read);
        QCOMPARE(read->value[0].error, lost.unreachable);
        QCOMPARE(read->value[1].commit.value, oldCommit());
        QCOMPARE(read->age(f.clock).count(), 0);
    }

    void noPlacesAreAnEmptyList()
    {
        DeploymentWorkloads workloads({});
        const auto read = await(workloads.read());
        QVERIFY(read);
        QVERIFY(read->value.isEmpty());
    }
};

QTEST_GUILESS_MAIN(DeploymentWorkloadsTest)
#include "deploymentworkloadstest.moc"
