#include "connectors/kubernetes/events/configmaps.h"

#include <QJsonDocument>
#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime from(QDate(2026, 11, 24), QTime(10, 0), Qt::UTC);
const QDateTime to(QDate(2026, 11, 24), QTime(14, 0), Qt::UTC);

JsonReader read(const QByteArray &json)
{
    return *JsonReader::parse(json, QStringLiteral("Kubernetes"));
}

QJsonArray array(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).array();
}

} // namespace

class ConfigMapsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyWayToTakeOneCounts()
    {
        const QSet<QString> names = configMapsOf(read(R"({
            "initContainers": [{"name": "wait", "envFrom": [{"configMapRef": {"name": "init"}}]}],
            "containers": [
                {"name": "app", "envFrom": [{"configMapRef": {"name": "web"}},
                                            {"secretRef": {"name": "keys"}}],
                 "env": [{"name": "A", "value": "1"},
                         {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "one"}}},
                         {"name": "C", "valueFrom": {"secretKeyRef": {"name": "keys"}}}]},
                {"name": "side"}],
            "volumes": [{"name": "v", "configMap": {"name": "files"}},
                        {"name": "w", "secret": {"secretName": "keys"}},
                        {"name": "x", "projected": {"sources": [
                            {"serviceAccountToken": {"path": "token"}},
                            {"configMap": {"name": "kube-root-ca.crt"}}]}}]})"));
        QCOMPARE(names, (QSet<QString>{QStringLiteral("init"), QStringLiteral("web"),
                                       QStringLiteral("one"), QStringLiteral("files"),
                                       QStringLiteral("kube-root-ca.crt")}));
    }

    void aPodWithoutAnyHasNone()
    {
        QVERIFY(configMapsOf(read(R"({"containers": [{"name": "app"}]})")).isEmpty());
    }

    void everyWriterWithinTheTimeIsTold()
    {
        const auto writes = configMapWrites(array(R"([
            {"metadata": {"name": "web", "managedFields": [
                {"manager": "helm", "operation": "Update", "time": "2026-11-24T13:30:00Z"},
                {"manager": "kubectl-edit", "operation": "Update", "time": "2026-11-24T13:50:00Z"},
                {"manager": "old", "operation": "Update", "time": "2026-11-23T13:50:00Z"},
                {"manager": "later", "operation": "Update", "time": "2026-11-24T14:00:01Z"}]}},
            {"metadata": {"name": "of-others", "managedFields": [
                {"manager": "helm", "operation": "Update", "time": "2026-11-24T13:30:00Z"}]}}])"),
                                            {QStringLiteral("web")}, from, to);
        QVERIFY(writes);
        QCOMPARE(writes->size(), 2);
        QCOMPARE((*writes)[0],
                 (ClusterEvent{QDateTime(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC),
                               QStringLiteral("helm"), QStringLiteral("config map web written")}));
        QCOMPARE((*writes)[1].who, QStringLiteral("kubectl-edit"));
    }

    void oneWithoutManagedFieldsWasWrittenWhenItWasMade()
    {
        const auto writes = configMapWrites(
            array(
                R"([{"metadata": {"name": "web", "creationTimestamp": "2026-11-24T11:00:00Z"}}])"),
            {QStringLiteral("web")}, from, to);
        QVERIFY(writes);
        QCOMPARE(writes->size(), 1);
        QVERIFY((*writes)[0].who.isEmpty());
    }

    void anItemThatIsNoObjectOfTheirsIsMalformed()
    {
        const auto writes = configMapWrites(array(R"([{"metadata": {"name": 3}}])"),
                                            {QStringLiteral("web")}, from, to);
        QVERIFY(!writes);
        QCOMPARE(writes.error().kind, ErrorKind::Malformed);
    }
};

QTEST_GUILESS_MAIN(ConfigMapsTest)
#include "configmapstest.moc"
