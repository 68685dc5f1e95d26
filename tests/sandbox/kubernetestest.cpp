#include "app/sandbox/http/server.h"
#include "app/sandbox/kubernetes/apiserver.h"
#include "app/sandbox/kubernetes/selector.h"
#include "httpclient.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse::sandbox;

namespace {

const QString routes
    = QStringLiteral("/apis/gateway.networking.k8s.io/v1/namespaces/production/httproutes");
const QString route = routes + QStringLiteral("/app");
const QString maps = QStringLiteral("/api/v1/namespaces/production/configmaps");
const HttpHeaders jsonPatch{{"Content-Type", "application/json-patch+json"}};
const HttpHeaders mergePatch{{"Content-Type", "application/merge-patch+json"}};

QByteArray routeBody(int weight)
{
    return R"({"metadata":{"name":"app","namespace":"production","labels":{"team":"context"}},)"
           R"("spec":{"rules":[{"backendRefs":[{"name":"app","port":80,"weight":)"
           + QByteArray::number(100 - weight) + R"(},{"name":"app-canary","port":80,"weight":)"
           + QByteArray::number(weight) + "}]}]}}";
}

QByteArray mapBody(const QByteArray &name, const QByteArray &track)
{
    return R"({"metadata":{"name":")" + name + R"(","labels":{"track":")" + track
           + R"("}},"data":{"k":"v"}})";
}

QJsonObject part(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toObject();
}

QString textOf(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toString();
}

int weightOf(const QJsonObject &object)
{
    return part(object, "spec")
        .value(QLatin1String("rules"))[0][QLatin1String("backendRefs")][1][QLatin1String("weight")]
        .toInt(-1);
}

QString versionOf(const QJsonObject &object)
{
    return metadataText(object, "resourceVersion");
}

QStringList typesOf(const QList<QJsonObject> &events)
{
    QStringList out;
    for (const QJsonObject &event : events)
        out.append(textOf(event, "type"));
    return out;
}

} // namespace

class KubernetesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
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
    void listsComeByLabelAndInPages();
    void aWatchTellsEverythingAfterItsVersion();
    void aWatchByLabelSeesWhatEntersAndLeaves();
    void aWatchFromNowhereBeginsWithWhatIsThere();
    void aForgottenVersionIsGone();
    void anExpiredWatchEndsWithAnError();
    void aWatchEndsAtItsTimeout();
    void tablesAreForPeople();
    void accessIsReviewed();
    void selectorsMatch_data();
    void selectorsMatch();

private:
    [[nodiscard]] HttpAnswer patchWeight(int weight, const QString &version,
                                         const QString &query = {}) const;

    std::unique_ptr<ObjectStore> m_store;
    std::unique_ptr<ApiServer> m_api;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<HttpClient> m_client;
};

void KubernetesTest::init()
{
    m_store = std::make_unique<ObjectStore>(1);
    m_api = std::make_unique<ApiServer>(*m_store, "secret-token",
                                        [](const ExchangePtr &, const QJsonObject &) {});
    auto server
        = Server::listen(0, [this](const ExchangePtr &exchange) { m_api->answer(exchange); });
    QVERIFY(server);
    m_server = std::move(*server);
    m_client = std::make_unique<HttpClient>(m_server->port());
    m_client->headers = {{"Authorization", "Bearer secret-token"}};
    QCOMPARE(
        m_client->call("POST", routes + QStringLiteral("?fieldManager=helm"), routeBody(10)).status,
        201);
}

void KubernetesTest::cleanup()
{
    m_server.reset();
    m_api.reset();
    m_store.reset();
}

HttpAnswer KubernetesTest::patchWeight(int weight, const QString &version,
                                       const QString &query) const
{
    const QByteArray body
        = R"([{"op":"test","path":"/metadata/resourceVersion","value":")" + version.toLatin1()
          + R"("},{"op":"replace","path":"/spec/rules/0/backendRefs/1/weight","value":)"
          + QByteArray::number(weight) + "}]";
    return m_client->call("PATCH", route + query, body, jsonPatch);
}

void KubernetesTest::whoBringsAnotherTokenIsTurnedAway()
{
    HttpClient other(m_server->port());
    other.headers = {{"Authorization", "Bearer wrong"}};
    const HttpAnswer answer = other.get(route);
    QCOMPARE(answer.status, 401);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("Unauthorized"));
    other.headers = {{"Authorization", "Basic c2VjcmV0LXRva2Vu"}};
    QCOMPARE(other.get(route).status, 401);
}

void KubernetesTest::discoveryNamesWhatIsServed()
{
    QVERIFY(m_client->get(QStringLiteral("/version")).json().contains(QLatin1String("gitVersion")));
    const QJsonArray groups
        = m_client->get(QStringLiteral("/apis")).json().value(QLatin1String("groups")).toArray();
    QVERIFY(groups.size() >= 3);
    QStringList names;
    for (const QJsonValue &resource :
         m_client->get(QStringLiteral("/apis/gateway.networking.k8s.io/v1"))
             .json()
             .value(QLatin1String("resources"))
             .toArray())
        names.append(textOf(resource.toObject(), "name"));
    QVERIFY(names.contains(QStringLiteral("httproutes")));
    QVERIFY(names.contains(QStringLiteral("httproutes/status")));
    QCOMPARE(m_client->get(QStringLiteral("/readyz")).body, QByteArray("ok"));
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
    const HttpAnswer answer = m_client->get(path);
    QCOMPARE(answer.status, 404);
    QCOMPARE(textOf(answer.json(), "kind"), QStringLiteral("Status"));
    QCOMPARE(textOf(answer.json(), "message"), message);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("NotFound"));
}

void KubernetesTest::aPatchWithTheRightVersionIsTaken()
{
    const QJsonObject before = m_client->get(route).json();
    const HttpAnswer answer = patchWeight(50, versionOf(before));
    QCOMPARE(answer.status, 200);
    QCOMPARE(weightOf(answer.json()), 50);
    QVERIFY(versionOf(answer.json()) != versionOf(before));
    QCOMPARE(m_client->get(route).json(), answer.json());
}

void KubernetesTest::aPatchWithAnOldVersionIsAConflict()
{
    const QString old = versionOf(m_client->get(route).json());
    QCOMPARE(patchWeight(50, old).status, 200);
    const QByteArray stale
        = R"({"metadata":{"resourceVersion":")" + old.toLatin1() + R"("},"spec":{"rules":[]}})";
    const HttpAnswer answer = m_client->call("PATCH", route, stale, mergePatch);
    QCOMPARE(answer.status, 409);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("Conflict"));
    QCOMPARE(textOf(answer.json(), "message"),
             QStringLiteral("Operation cannot be fulfilled on httproutes.gateway.networking.k8s.io "
                            "\"app\": the object has been modified; please apply your changes to "
                            "the latest version and try again"));
    QCOMPARE(weightOf(m_client->get(route).json()), 50);
}

void KubernetesTest::aTestThatDoesNotHoldIsInvalid()
{
    const QString old = versionOf(m_client->get(route).json());
    QCOMPARE(patchWeight(50, old).status, 200);
    const HttpAnswer answer = patchWeight(100, old);
    QCOMPARE(answer.status, 422);
    QCOMPARE(textOf(answer.json(), "reason"), QStringLiteral("Invalid"));
    QCOMPARE(textOf(answer.json(), "message"),
             QStringLiteral("the server rejected our request due to an error in our request"));
    QCOMPARE(weightOf(m_client->get(route).json()), 50);
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
    const HttpAnswer answer = m_client->call("PATCH", route, "{}", {{"Content-Type", type}});
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
    const HttpAnswer answer = m_client->call(
        "PATCH", route,
        R"([{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight","value":)" + weight + "}]",
        jsonPatch);
    QCOMPARE(answer.status, 422);
    const QString message = textOf(answer.json(), "message");
    QVERIFY2(message.startsWith(
                 QStringLiteral("HTTPRoute.gateway.networking.k8s.io \"app\" is invalid: ")),
             qPrintable(message));
    QVERIFY2(message.contains(says), qPrintable(message));
    QCOMPARE(weightOf(m_client->get(route).json()), 10);
}

void KubernetesTest::strictValidationNamesUnknownFields()
{
    const QByteArray misspelt
        = R"([{"op":"add","path":"/spec/rules/0/backendRefs/0/wieght","value":5}])";
    const HttpAnswer strict = m_client->call(
        "PATCH", route + QStringLiteral("?fieldValidation=Strict"), misspelt, jsonPatch);
    QVERIFY(strict.status == 400 || strict.status == 422);
    QVERIFY(textOf(strict.json(), "message").contains(QStringLiteral("wieght")));
    QCOMPARE(m_client->call("PATCH", route, misspelt, jsonPatch).status, 200);
}

void KubernetesTest::aDryRunChangesNothingAndIsTold()
{
    QSignalSpy tried(m_api.get(), &ApiServer::dryRunSeen);
    QSignalSpy written(m_api.get(), &ApiServer::written);
    const QJsonObject before = m_client->get(route).json();
    const HttpAnswer answer
        = patchWeight(0, versionOf(before), QStringLiteral("?dryRun=All&fieldManager=pilothouse"));
    QCOMPARE(answer.status, 200);
    QCOMPARE(weightOf(answer.json()), 0);
    QCOMPARE(m_client->get(route).json(), before);
    QCOMPARE(tried.count(), 1);
    QCOMPARE(weightOf(tried.first().at(1).toJsonObject()), 0);
    QCOMPARE(written.count(), 0);
}

void KubernetesTest::whoWroteWhatIsRemembered()
{
    const QString version = versionOf(m_client->get(route).json());
    QCOMPARE(patchWeight(50, version, QStringLiteral("?fieldManager=pilothouse")).status, 200);
    const QJsonArray entries = part(m_client->get(route).json(), "metadata")
                                   .value(QLatin1String("managedFields"))
                                   .toArray();
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
        return part(m_client->get(route).json(), "metadata")
            .value(QLatin1String("generation"))
            .toInt();
    };
    QCOMPARE(generation(), 1);
    m_client->call("PATCH", route, R"({"metadata":{"annotations":{"a":"b"}}})", mergePatch);
    QCOMPARE(generation(), 1);
    QCOMPARE(patchWeight(50, versionOf(m_client->get(route).json())).status, 200);
    QCOMPARE(generation(), 2);
    const QString version = versionOf(m_client->get(route).json());
    QCOMPARE(patchWeight(50, version).status, 200);
    QCOMPARE(versionOf(m_client->get(route).json()), version); // nothing changed, nothing written
}

void KubernetesTest::theStatusIsWrittenByItself()
{
    const QByteArray body = R"({"spec":{"rules":[]},"status":{"parents":[{"x":1}]}})";
    QCOMPARE(m_client->call("PATCH", route + QStringLiteral("/status"), body, mergePatch).status,
             200);
    QJsonObject now = m_client->get(route).json();
    QCOMPARE(weightOf(now), 10);
    QCOMPARE(part(now, "status").value(QLatin1String("parents")).toArray().size(), 1);
    m_client->call("PATCH", route, R"({"status":{"parents":[]}})", mergePatch);
    now = m_client->get(route).json();
    QCOMPARE(part(now, "status").value(QLatin1String("parents")).toArray().size(), 1);
}

void KubernetesTest::aPutNeedsTheRightVersion()
{
    QJsonObject object = m_client->get(route).json();
    const QByteArray first = QJsonDocument(object).toJson();
    object.insert(QStringLiteral("spec"), QJsonObject());
    QCOMPARE(m_client->call("PUT", route, QJsonDocument(object).toJson()).status, 200);
    QCOMPARE(m_client->call("PUT", route, first).status, 409);
    QCOMPARE(m_client->call("PUT", routes + QStringLiteral("/other"), first).status, 400);
}

void KubernetesTest::createAndDelete()
{
    QCOMPARE(m_client->call("POST", maps, mapBody("one", "a")).status, 201);
    const HttpAnswer twice = m_client->call("POST", maps, mapBody("one", "a"));
    QCOMPARE(twice.status, 409);
    QCOMPARE(textOf(twice.json(), "reason"), QStringLiteral("AlreadyExists"));
    QCOMPARE(m_client->call("DELETE", maps + QStringLiteral("/one?dryRun=All")).status, 200);
    QCOMPARE(m_client->get(maps + QStringLiteral("/one")).status, 200);
    QCOMPARE(m_client->call("DELETE", maps + QStringLiteral("/one")).status, 200);
    QCOMPARE(m_client->get(maps + QStringLiteral("/one")).status, 404);
    QCOMPARE(m_client->call("POST", maps, "{not json").status, 400);
}

void KubernetesTest::listsComeByLabelAndInPages()
{
    for (const char *name : {"a", "b", "c", "d"})
        m_client->call("POST", maps, mapBody(name, *name < 'c' ? "stable" : "candidate"));
    const auto names = [](const QJsonObject &list) {
        QStringList out;
        for (const QJsonValue &item : list.value(QLatin1String("items")).toArray())
            out.append(nameOf(item.toObject()));
        return out;
    };
    QCOMPARE(names(m_client->get(maps + QStringLiteral("?labelSelector=track%3Dcandidate")).json()),
             (QStringList{QStringLiteral("c"), QStringLiteral("d")}));
    const QJsonObject first = m_client->get(maps + QStringLiteral("?limit=3")).json();
    QCOMPARE(names(first).size(), 3);
    const QString next = metadataText(first, "continue");
    QVERIFY(!next.isEmpty());
    const QString second = maps + QStringLiteral("?limit=3&continue=") + next;
    QCOMPARE(names(m_client->get(second).json()), QStringList{QStringLiteral("d")});
    m_client->call("POST", maps, mapBody("e", "stable"));
    m_store->compact();
    const HttpAnswer gone = m_client->get(second);
    QCOMPARE(gone.status, 410);
    QCOMPARE(textOf(gone.json(), "reason"), QStringLiteral("Expired"));
    QCOMPARE(m_client->get(maps + QStringLiteral("?labelSelector=%3D%3D")).status, 400);
}

void KubernetesTest::aWatchTellsEverythingAfterItsVersion()
{
    const QJsonObject before = m_client->get(routes).json();
    QCOMPARE(patchWeight(50, versionOf(m_client->get(route).json())).status, 200);
    HttpStream stream(*m_client,
                      routes + QStringLiteral("?watch=1&resourceVersion=") + versionOf(before));
    QTRY_COMPARE(stream.jsonLines().size(), 1);
    QCOMPARE(textOf(stream.jsonLines().first(), "type"), QStringLiteral("MODIFIED"));
    QCOMPARE(weightOf(part(stream.jsonLines().first(), "object")), 50);
    QCOMPARE(patchWeight(0, versionOf(m_client->get(route).json())).status, 200);
    QTRY_COMPARE(stream.jsonLines().size(), 2);
    QCOMPARE(m_client->call("DELETE", route).status, 200);
    QTRY_COMPARE(stream.jsonLines().size(), 3);
    QCOMPARE(textOf(stream.jsonLines().last(), "type"), QStringLiteral("DELETED"));
}

void KubernetesTest::aWatchByLabelSeesWhatEntersAndLeaves()
{
    m_client->call("POST", maps, mapBody("one", "stable"));
    const QString version = QString::number(m_store->version());
    HttpStream stream(*m_client, maps
                                     + QStringLiteral("?watch=1&labelSelector=track%3Dcandidate"
                                                      "&resourceVersion=")
                                     + version);
    QTRY_COMPARE(m_api->watches().count(), 1);
    const auto relabel = [this](const QByteArray &track) {
        m_client->call("PATCH", maps + QStringLiteral("/one"),
                       R"({"metadata":{"labels":{"track":")" + track + R"("}}})", mergePatch);
    };
    relabel("candidate");
    relabel("other");
    QTRY_COMPARE(typesOf(stream.jsonLines()),
                 (QStringList{QStringLiteral("ADDED"), QStringLiteral("DELETED")}));
}

void KubernetesTest::aWatchFromNowhereBeginsWithWhatIsThere()
{
    HttpStream stream(*m_client, routes
                                     + QStringLiteral("?watch=true&sendInitialEvents=true"
                                                      "&resourceVersionMatch=NotOlderThan"
                                                      "&allowWatchBookmarks=true"));
    QTRY_COMPARE(typesOf(stream.jsonLines()),
                 (QStringList{QStringLiteral("ADDED"), QStringLiteral("BOOKMARK")}));
    const QJsonObject mark = part(stream.jsonLines().last(), "object");
    QCOMPARE(part(part(mark, "metadata"), "annotations")
                 .value(QLatin1String("k8s.io/initial-events-end"))
                 .toString(),
             QStringLiteral("true"));
}

void KubernetesTest::aForgottenVersionIsGone()
{
    const QString old = versionOf(m_client->get(routes).json());
    QCOMPARE(patchWeight(50, versionOf(m_client->get(route).json())).status, 200);
    m_store->compact();
    const HttpAnswer answer
        = m_client->get(routes + QStringLiteral("?watch=1&resourceVersion=") + old);
    QCOMPARE(answer.status, 200);
    const QJsonObject event = QJsonDocument::fromJson(answer.body).object();
    QCOMPARE(textOf(event, "type"), QStringLiteral("ERROR"));
    QCOMPARE(part(event, "object").value(QLatin1String("code")).toInt(), 410);
    QCOMPARE(textOf(part(event, "object"), "reason"), QStringLiteral("Expired"));
}

void KubernetesTest::anExpiredWatchEndsWithAnError()
{
    HttpStream stream(*m_client, routes + QStringLiteral("?watch=1&resourceVersion=")
                                     + QString::number(m_store->version()));
    QTRY_COMPARE(m_api->watches().count(), 1);
    m_api->watches().expireAll();
    QTRY_VERIFY(stream.answer().complete);
    QCOMPARE(typesOf(stream.jsonLines()), QStringList{QStringLiteral("ERROR")});
    QTRY_COMPARE(m_api->watches().count(), 0);
}

void KubernetesTest::aWatchEndsAtItsTimeout()
{
    HttpStream stream(*m_client, routes + QStringLiteral("?watch=1&timeoutSeconds=1"));
    QTRY_VERIFY_WITH_TIMEOUT(stream.answer().complete, 3000);
    QTRY_COMPARE(m_api->watches().count(), 0);
}

void KubernetesTest::tablesAreForPeople()
{
    const HttpAnswer answer
        = m_client->get(routes, {{"Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"}});
    QCOMPARE(textOf(answer.json(), "kind"), QStringLiteral("Table"));
    QCOMPARE(answer.json().value(QLatin1String("rows")).toArray().size(), 1);
    const HttpAnswer slim = m_client->get(
        routes, {{"Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"}});
    QCOMPARE(textOf(slim.json(), "kind"), QStringLiteral("PartialObjectMetadataList"));
    const QJsonObject item = slim.json().value(QLatin1String("items")).toArray()[0].toObject();
    QVERIFY(!item.contains(QLatin1String("spec")));
}

void KubernetesTest::accessIsReviewed()
{
    const HttpAnswer answer = m_client->call(
        "POST", QStringLiteral("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
        R"({"spec":{"resourceAttributes":{"verb":"patch","resource":"httproutes"}}})");
    QCOMPARE(answer.status, 201);
    QVERIFY(part(answer.json(), "status").value(QLatin1String("allowed")).toBool());
    QCOMPARE(textOf(part(part(answer.json(), "spec"), "resourceAttributes"), "verb"),
             QStringLiteral("patch"));
}

void KubernetesTest::selectorsMatch_data()
{
    QTest::addColumn<QString>("selector");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *name, const char *selector, bool matches) {
        QTest::newRow(name) << QString::fromLatin1(selector) << matches;
    };
    row("nothing asked", "", true);
    row("equal", "track=stable", true);
    row("equal, twice the sign", "track==stable", true);
    row("not equal", "track!=stable", false);
    row("not equal to what is not there", "none!=x", true);
    row("one of several", "track in (candidate, stable)", true);
    row("none of several", "track notin (candidate,stable)", false);
    row("there", "track", true);
    row("not there", "!track", false);
    row("all terms must hold", "track=stable,app=other", false);
}

void KubernetesTest::selectorsMatch()
{
    QFETCH(QString, selector);
    QFETCH(bool, matches);
    const QJsonObject object{
        {QStringLiteral("metadata"),
         QJsonObject{{QStringLiteral("labels"),
                      QJsonObject{{QStringLiteral("track"), QStringLiteral("stable")},
                                  {QStringLiteral("app"), QStringLiteral("context")}}}}}};
    const auto parsed = Selector::parse(selector, Selector::Of::Labels);
    QVERIFY(parsed);
    QCOMPARE(parsed->matches(object), matches);
}

QTEST_GUILESS_MAIN(KubernetesTest)
#include "kubernetestest.moc"
