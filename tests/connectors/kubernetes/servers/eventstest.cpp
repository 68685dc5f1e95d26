#include "connectors/kubernetes/events/kubernetesevents.h"
#include "routeclient.h"
#include "support/kube/kubeserver.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr char objects[] = R"(
{"apiVersion": "v1", "kind": "List", "items": [
 {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "context-web",
  "namespace": "production"}, "data": {"A": "1"}},
 {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "of-others",
  "namespace": "production"}, "data": {"A": "1"}},
 {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-a-1", "namespace": "production"},
  "spec": {"automountServiceAccountToken": false, "containers": [{"name": "app", "image": "web:1",
   "envFrom": [{"configMapRef": {"name": "context-web"}}]}]}},
 {"apiVersion": "CRON_VERSION", "kind": "CronJob", "metadata": {"name": "context-import",
  "namespace": "production"}, "spec": {"schedule": "*/15 * * * *", "jobTemplate": {"spec":
   {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "i",
    "image": "i:1"}]}}}}}}]}
)";

constexpr char job[] = R"(
{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "context-import-1",
  "namespace": "production", "ownerReferences": [{"apiVersion": "CRON_VERSION", "kind": "CronJob",
   "name": "context-import", "uid": "UID", "controller": true}]},
 "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "i",
   "image": "i:1"}]}}}}
)";

constexpr char lookRights[] = R"(
{"apiVersion": "v1", "kind": "List", "items": [
 {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
  "metadata": {"name": "look-back", "namespace": "production"},
  "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["list"]},
            {"apiGroups": ["batch"], "resources": ["cronjobs", "jobs"], "verbs": ["list"]}]},
 {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
  "metadata": {"name": "look-back", "namespace": "production"},
  "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "look-back"},
  "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "console"}]}]}
)";

} // namespace

/// Over a real API server: what it keeps of config maps and cron jobs, and what it refuses.
class EventsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        START_OR_SKIP(m_server);
        const auto make = [this](const QByteArray &object) {
            return m_server.kubectl(
                {QStringLiteral("create"), QStringLiteral("-f"), QStringLiteral("-")}, object);
        };
        // Before 1.21 a server knows cron jobs by another version only.
        const QStringList versions
            = m_server.kubectl({QStringLiteral("api-versions")}).split(QLatin1Char('\n'));
        const QByteArray cronVersion
            = versions.contains(QStringLiteral("batch/v1beta1")) ? "batch/v1beta1" : "batch/v1";
        QString said = make(QByteArray(objects).replace("CRON_VERSION", cronVersion));
        QVERIFY2(!said.startsWith(QLatin1String("ERROR")), qPrintable(said));
        const QString uid = m_server.kubectl(
            {QStringLiteral("get"), QStringLiteral("cronjob"), QStringLiteral("context-import"),
             QStringLiteral("-n"), QStringLiteral("production"), QStringLiteral("-o"),
             QStringLiteral("jsonpath={.metadata.uid}")});
        said = make(
            QByteArray(job).replace("CRON_VERSION", cronVersion).replace("UID", uid.toUtf8()));
        QVERIFY2(!said.startsWith(QLatin1String("ERROR")), qPrintable(said));
    }

    void whoMayNotListIsToldSo()
    {
        const ClusterEvents found = ask(KubeServer::User::Reader);
        QVERIFY(found.events.isEmpty());
        QCOMPARE(found.unknown,
                 QStringList({QStringLiteral("config maps: you lack list on configmaps in "
                                             "production"),
                              QStringLiteral("cron jobs: you lack list on cronjobs in production"),
                              QStringLiteral("starts of cron jobs: you lack list on jobs in "
                                             "production")}));
    }

    void aConfigMapThatWasWrittenAndACronJobThatBeganAreFound()
    {
        const QString said = m_server.kubectl(
            {QStringLiteral("create"), QStringLiteral("-f"), QStringLiteral("-")}, lookRights);
        QVERIFY2(!said.startsWith(QLatin1String("ERROR")), qPrintable(said));
        ClusterEvents found;
        // Rights become known to the server a moment after they are made.
        QTRY_VERIFY_WITH_TIMEOUT((found = ask(KubeServer::User::Console)).unknown.isEmpty(),
                                 15'000);
        QStringList what;
        for (const ClusterEvent &event : std::as_const(found.events)) {
            what << event.what;
            QVERIFY(std::abs(event.at.secsTo(QDateTime::currentDateTimeUtc())) < 300);
        }
        what.sort();
        QCOMPARE(what, QStringList({QStringLiteral("config map context-web written"),
                                    QStringLiteral("cron job context-import began")}));
        for (const ClusterEvent &event : std::as_const(found.events)) {
            if (event.what.startsWith(QLatin1String("config map")))
                QVERIFY2(event.who.startsWith(QLatin1String("kubectl")), qPrintable(event.who));
        }
    }

private:
    ClusterEvents ask(KubeServer::User user)
    {
        const auto context = readKubeconfig(m_server.kubeconfig(user), {});
        if (!context)
            return {{}, {context.error().message}};
        RouteClient client(*context);
        const TrackName standalone(QStringLiteral("standalone"));
        KubernetesEvents events(
            {{standalone.value, &client.api, QStringLiteral("production"), standalone, {}, {}}});
        const QDateTime now = QDateTime::currentDateTimeUtc();
        const QFuture<ClusterEvents> future = events.between(
            {now.addDays(-1), now.addSecs(60), {{standalone, QStringLiteral("web-a-1")}}});
        if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 30'000))
            return {{}, {QStringLiteral("no answer")}};
        return future.result();
    }

    KubeServer m_server;
};

QTEST_GUILESS_MAIN(EventsTest)
#include "eventstest.moc"
