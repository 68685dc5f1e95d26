#include "kubernetesfixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse::sandbox;

class KubernetesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m = std::make_unique<KubernetesFixture>(); }
    void cleanup() { m.reset(); }
    void whoBringsAnotherTokenIsTurnedAway();
    void discoveryNamesWhatIsServed();
    void whatIsNotThereIsSaidAsTheServerDoes_data();
    void whatIsNotThereIsSaidAsTheServerDoes();
    void aPatchWithTheRightVersionIsTaken();
    void aPatchWithAnOldVersionIsAConflict();
    void aTestThatDoesNotHoldIsInvalid();
    void otherPatchTypesAreUnsupported_data();
    void otherPatchTypesAreUnsupported();
    void wrongWeightsAreInvalid_data();
    void wrongWeightsAreInvalid();
    void strictValidationNamesUnknownFields();
    void aDryRunChangesNothingAndIsTold();
    void whoWroteWhatIsRemembered();
    void theGenerationCountsSpecsOnly();
    void theStatusIsWrittenByItself();
    void aPutNeedsTheRightVersion();
    void createAndDelete();
    void tablesAreForPeople();
    void accessIsReviewed();
    void whoMayNotWriteIsToldSo();

private:
    std::unique_ptr<KubernetesFixture> m;
};

void KubernetesTest::whoBringsAnotherTokenIsTurnedAway()
{
    HttpClient other(m->server->port());
    other.headers = {{"Authorization", "Bearer wrong"}};
    const HttpAnswer answer = other.get(route);
    QCOMPARE(answer.status, 401);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("Unauthorized"));
    other.headers = {{"Authorization", "Basic c2VjcmV0LXRva2Vu"}};
    QCOMPARE(other.get(route).status, 401);
}

void KubernetesTest::discoveryNamesWhatIsServed()
{
    QVERIFY(
        m->client->get(QStringLiteral("/version")).json().contains(QLatin1String("gitVersion")));
    const QJsonArray groups
        = m->client->get(QStringLiteral("/apis")).json().value(QLatin1String("groups")).toArray();
    QVERIFY(groups.size() >= 3);
    QStringList names;
    for (const auto &resource : m->client->get(QStringLiteral("/apis/gateway.networking.k8s.io/v1"))
                                    .json()
                                    .value(QLatin1String("resources"))
                                    .toArray())
        names.append(textOf(resource.toObject(), "name"));
    QVERIFY(names.contains(QStringLiteral("httproutes")));
    QVERIFY(names.contains(QStringLiteral("httproutes/status")));
    QCOMPARE(m->client->get(QStringLiteral("/readyz")).body, QByteArray("ok"));
}

void KubernetesTest::whatIsNotThereIsSaidAsTheServerDoes_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("message");
    QTest::newRow("an object names kind and name")
        << routes + QStringLiteral("/none")
        << QStringLiteral("httproutes.gateway.networking.k8s.io \"none\" not found");
    QTest::newRow("a core object has no group")
        << maps + QStringLiteral("/none") << QStringLiteral("configmaps \"none\" not found");
    QTest::newRow("a kind that is not served")
        << QStringLiteral("/apis/apps/v1/namespaces/production/daemonsets")
        << QStringLiteral("the server could not find the requested resource");
}

void KubernetesTest::whatIsNotThereIsSaidAsTheServerDoes()
{
    QFETCH(QString, path);
    QFETCH(QString, message);
    const HttpAnswer answer = m->client->get(path);
    QCOMPARE(answer.status, 404);
    QCOMPARE(textOf(answer.json(), "kind"), QStringLiteral("Status"));
    QCOMPARE(textOf(answer.json(), "message"), message);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("NotFound"));
}

void KubernetesTest::aPatchWithTheRightVersionIsTaken()
{
    const QJsonObject before = m->routeNow();
    const HttpAnswer answer = m->patchWeight(50, versionOf(before));
    QCOMPARE(answer.status, 200);
    QCOMPARE(weightOf(answer.json()), 50);
    QVERIFY(versionOf(answer.json()) != versionOf(before));
    QCOMPARE(m->routeNow(), answer.json());
}

void KubernetesTest::aPatchWithAnOldVersionIsAConflict()
{
    const QString old = versionOf(m->routeNow());
    QCOMPARE(m->patchWeight(50, old).status, 200);
    const QByteArray stale
        = R"({"metadata":{"resourceVersion":")" + old.toLatin1() + R"("},"spec":{"rules":[]}})";
    const HttpAnswer answer = m->client->call("PATCH", route, stale, mergePatch);
    QCOMPARE(answer.status, 409);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("Conflict"));
    QCOMPARE(textOf(answer.json(), "message"),
             QStringLiteral("Operation cannot be fulfilled on httproutes.gateway.networking.k8s.io "
                            "\"app\": the object has been modified; please apply your changes to "
                            "the latest version and try again"));
    QCOMPARE(weightOf(m->routeNow()), 50);
}

void KubernetesTest::aTestThatDoesNotHoldIsInvalid()
{
    const QString old = versionOf(m->routeNow());
    QCOMPARE(m->patchWeight(50, old).status, 200);
    const HttpAnswer answer = m->patchWeight(100, old);
    QCOMPARE(answer.status, 422);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("Invalid"));
    QCOMPARE(textOf(answer.json(), "message"),
             QStringLiteral("the server rejected our request due to an error in our request"));
    QCOMPARE(weightOf(m->routeNow()), 50);
}

void KubernetesTest::otherPatchTypesAreUnsupported_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("strategic merge") << QByteArray("application/strategic-merge-patch+json");
    QTest::newRow("server-side apply") << QByteArray("application/apply-patch+yaml");
    QTest::newRow("plain JSON") << QByteArray("application/json");
}

void KubernetesTest::otherPatchTypesAreUnsupported()
{
    QFETCH(QByteArray, type);
    const HttpAnswer answer = m->client->call("PATCH", route, "{}", {{"Content-Type", type}});
    QCOMPARE(answer.status, 415);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("UnsupportedMediaType"));
}

void KubernetesTest::wrongWeightsAreInvalid_data()
{
    QTest::addColumn<QByteArray>("weight");
    QTest::addColumn<QString>("says");
    QTest::newRow("below zero") << QByteArray("-1")
                                << QStringLiteral("should be greater than or equal to 0");
    QTest::newRow("over a million")
        << QByteArray("1000001") << QStringLiteral("should be less than or equal to 1e+06");
    QTest::newRow("a word") << QByteArray("\"ten\"") << QStringLiteral("must be of type integer");
    QTest::newRow("a fraction") << QByteArray("2.5") << QStringLiteral("must be of type integer");
}

void KubernetesTest::wrongWeightsAreInvalid()
{
    QFETCH(QByteArray, weight);
    QFETCH(QString, says);
    const HttpAnswer answer = m->client->call(
        "PATCH", route,
        R"([{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight","value":)" + weight + "}]",
        jsonPatch);
    QCOMPARE(answer.status, 422);
    const QString message = textOf(answer.json(), "message");
    QVERIFY2(message.startsWith(
                 QStringLiteral("HTTPRoute.gateway.networking.k8s.io \"app\" is invalid: ")),
             qPrintable(message));
    QVERIFY2(message.contains(says), qPrintable(message));
    QCOMPARE(weightOf(m->routeNow()), 10);
}

void KubernetesTest::strictValidationNamesUnknownFields()
{
    const QByteArray misspelt
        = R"([{"op":"add","path":"/spec/rules/0/backendRefs/0/wieght","value":5}])";
    const HttpAnswer strict = m->client->call(
        "PATCH", route + QStringLiteral("?fieldValidation=Strict"), misspelt, jsonPatch);
    QVERIFY(strict.status == 400 || strict.status == 422);
    QVERIFY(textOf(strict.json(), "message").contains(QStringLiteral("wieght")));
    QCOMPARE(m->client->call("PATCH", route, misspelt, jsonPatch).status, 200);
}

void KubernetesTest::aDryRunChangesNothingAndIsTold()
{
    QSignalSpy tried(m->api.get(), &ApiServer::dryRunSeen);
    QSignalSpy written(m->api.get(), &ApiServer::written);
    const QJsonObject before = m->routeNow();
    const HttpAnswer answer = m->patchWeight(0, versionOf(before),
                                             QStringLiteral("?dryRun=All&fieldManager=pilothouse"));
    QCOMPARE(answer.status, 200);
    QCOMPARE(weightOf(answer.json()), 0);
    QCOMPARE(m->routeNow(), before);
    QCOMPARE(tried.count(), 1);
    QCOMPARE(weightOf(tried.first().at(1).toJsonObject()), 0);
    QCOMPARE(written.count(), 0);
}

void KubernetesTest::whoWroteWhatIsRemembered()
{
    const QString version = versionOf(m->routeNow());
    QCOMPARE(m->patchWeight(50, version, QStringLiteral("?fieldManager=pilothouse")).status, 200);
    const QJsonArray entries
        = part(m->routeNow(), "metadata").value(QLatin1String("managedFields")).toArray();
    QCOMPARE(entries.size(), 2);
    const QJsonObject helm = entries[0].toObject();
    const QJsonObject own = entries[1].toObject();
    QCOMPARE(textOf(helm, "manager"), QStringLiteral("helm"));
    QVERIFY(!part(helm, "fieldsV1").contains(QLatin1String("f:spec")));
    QVERIFY(part(helm, "fieldsV1").contains(QLatin1String("f:metadata")));
    QCOMPARE(textOf(own, "manager"), QStringLiteral("pilothouse"));
    QCOMPARE(textOf(own, "operation"), QStringLiteral("Update"));
    QVERIFY(part(part(own, "fieldsV1"), "f:spec").contains(QLatin1String("f:rules")));
}

void KubernetesTest::theGenerationCountsSpecsOnly()
{
    const auto generation = [this] {
        return part(m->routeNow(), "metadata").value(QLatin1String("generation")).toInt();
    };
    QCOMPARE(generation(), 1);
    m->client->call("PATCH", route, R"({"metadata":{"annotations":{"a":"b"}}})", mergePatch);
    QCOMPARE(generation(), 1);
    QCOMPARE(m->patchWeight(50).status, 200);
    QCOMPARE(generation(), 2);
    const QString version = versionOf(m->routeNow());
    QCOMPARE(m->patchWeight(50, version).status, 200);
    QCOMPARE(versionOf(m->routeNow()), version); // nothing changed, nothing written
}

void KubernetesTest::theStatusIsWrittenByItself()
{
    const QByteArray body = R"({"spec":{"rules":[]},"status":{"parents":[{"x":1}]}})";
    QCOMPARE(m->client->call("PATCH", route + QStringLiteral("/status"), body, mergePatch).status,
             200);
    QJsonObject now = m->routeNow();
    QCOMPARE(weightOf(now), 10);
    QCOMPARE(part(now, "status").value(QLatin1String("parents")).toArray().size(), 1);
    m->client->call("PATCH", route, R"({"status":{"parents":[]}})", mergePatch);
    now = m->routeNow();
    QCOMPARE(part(now, "status").value(QLatin1String("parents")).toArray().size(), 1);
}

void KubernetesTest::aPutNeedsTheRightVersion()
{
    QJsonObject object = m->routeNow();
    const QByteArray first = QJsonDocument(object).toJson();
    object.insert(QStringLiteral("spec"), QJsonObject());
    QCOMPARE(m->client->call("PUT", route, QJsonDocument(object).toJson()).status, 200);
    QCOMPARE(m->client->call("PUT", route, first).status, 409);
    QCOMPARE(m->client->call("PUT", routes + QStringLiteral("/other"), first).status, 400);
}

void KubernetesTest::createAndDelete()
{
    QCOMPARE(m->addMap("one", "a").status, 201);
    const HttpAnswer twice = m->addMap("one", "a");
    QCOMPARE(twice.status, 409);
    QCOMPARE(textOf(twice.json(), "reason"), QStringLiteral("AlreadyExists"));
    QCOMPARE(m->client->call("DELETE", maps + QStringLiteral("/one?dryRun=All")).status, 200);
    QCOMPARE(m->client->get(maps + QStringLiteral("/one")).status, 200);
    QCOMPARE(m->client->call("DELETE", maps + QStringLiteral("/one")).status, 200);
    QCOMPARE(m->client->get(maps + QStringLiteral("/one")).status, 404);
    QCOMPARE(m->client->call("POST", maps, "{not json").status, 400);
}

void KubernetesTest::tablesAreForPeople()
{
    const HttpAnswer answer
        = m->client->get(routes, {{"Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"}});
    QCOMPARE(textOf(answer.json(), "kind"), QStringLiteral("Table"));
    QCOMPARE(answer.json().value(QLatin1String("rows")).toArray().size(), 1);
    const HttpAnswer slim = m->client->get(
        routes, {{"Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"}});
    QCOMPARE(textOf(slim.json(), "kind"), QStringLiteral("PartialObjectMetadataList"));
    const QJsonObject item = slim.json().value(QLatin1String("items")).toArray()[0].toObject();
    QVERIFY(!item.contains(QLatin1String("spec")));
}

void KubernetesTest::accessIsReviewed()
{
    const HttpAnswer answer = m->client->call(
        "POST", QStringLiteral("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
        R"({"spec":{"resourceAttributes":{"verb":"patch","resource":"httproutes"}}})");
    QCOMPARE(answer.status, 201);
    QVERIFY(part(answer.json(), "status").value(QLatin1String("allowed")).toBool());
    QCOMPARE(textOf(part(part(answer.json(), "spec"), "resourceAttributes"), "verb"),
             QStringLiteral("patch"));
}

void KubernetesTest::whoMayNotWriteIsToldSo()
{
    m->server = std::move(
        *Server::listen(0, [this](const ExchangePtr &exchange) { m->api->refuse(exchange, 403); }));
    const HttpClient client(m->server->port());
    const HttpAnswer patched = client.call("PATCH", route, "[]", jsonPatch);
    QCOMPARE(patched.status, 403);
    QCOMPARE(textOf(patched.json(), "message"),
             QStringLiteral("httproutes.gateway.networking.k8s.io \"app\" is forbidden: User "
                            "\"release-manager\" cannot patch resource \"httproutes\" in API "
                            "group \"gateway.networking.k8s.io\" in the namespace "
                            "\"production\""));
    const HttpAnswer reviewed = client.call(
        "POST", QStringLiteral("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"), "{}");
    QCOMPARE(reviewed.status, 201);
    QVERIFY(!part(reviewed.json(), "status").value(QLatin1String("allowed")).toBool(true));
}

QTEST_GUILESS_MAIN(KubernetesTest)
#include "kubernetestest.moc"
