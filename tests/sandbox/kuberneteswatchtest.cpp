#include "app/sandbox/kubernetes/selector.h"
#include "kubernetesfixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace pilothouse::sandbox;

namespace {

QStringList typesOf(const QList<QJsonObject> &events)
{
    QStringList out;
    for (const QJsonObject &event : events)
        out.append(textOf(event, "type"));
    return out;
}

} // namespace

class KubernetesWatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m = std::make_unique<KubernetesFixture>(); }
    void cleanup() { m.reset(); }
    void listsComeByLabelAndInPages();
    void aWatchTellsEverythingAfterItsVersion();
    void aWatchByLabelSeesWhatEntersAndLeaves();
    void aWatchFromNowhereBeginsWithWhatIsThere();
    void aForgottenVersionIsGone();
    void anExpiredWatchEndsWithAnError();
    void aWatchEndsAtItsTimeout();
    void selectorsMatch_data();
    void selectorsMatch();

private:
    std::unique_ptr<KubernetesFixture> m;
};

void KubernetesWatchTest::listsComeByLabelAndInPages()
{
    for (const char *name : {"a", "b", "c", "d"})
        m->addMap(name, *name < 'c' ? "stable" : "candidate");
    const auto names = [](const QJsonObject &list) {
        QStringList out;
        for (const auto &item : list.value(QLatin1String("items")).toArray())
            out.append(nameOf(item.toObject()));
        return out;
    };
    QCOMPARE(
        names(m->client->get(maps + QStringLiteral("?labelSelector=track%3Dcandidate")).json()),
        (QStringList{QStringLiteral("c"), QStringLiteral("d")}));
    const QJsonObject first = m->client->get(maps + QStringLiteral("?limit=3")).json();
    QCOMPARE(names(first).size(), 3);
    const QString next = metadataText(first, "continue");
    QVERIFY(!next.isEmpty());
    const QString second = maps + QStringLiteral("?limit=3&continue=") + next;
    QCOMPARE(names(m->client->get(second).json()), QStringList{QStringLiteral("d")});
    m->addMap("e", "stable");
    m->store->compact();
    const HttpAnswer gone = m->client->get(second);
    QCOMPARE(gone.status, 410);
    QCOMPARE(textOf(gone.json(), "reason"), QStringLiteral("Expired"));
    QCOMPARE(m->client->get(maps + QStringLiteral("?labelSelector=%3D%3D")).status, 400);
}

void KubernetesWatchTest::aWatchTellsEverythingAfterItsVersion()
{
    const QJsonObject before = m->client->get(routes).json();
    QCOMPARE(m->patchWeight(50).status, 200);
    HttpStream stream(*m->client,
                      routes + QStringLiteral("?watch=1&resourceVersion=") + versionOf(before));
    QTRY_COMPARE(stream.jsonLines().size(), 1);
    QCOMPARE(textOf(stream.jsonLines().first(), "type"), QStringLiteral("MODIFIED"));
    QCOMPARE(weightOf(part(stream.jsonLines().first(), "object")), 50);
    QCOMPARE(m->patchWeight(0).status, 200);
    QTRY_COMPARE(stream.jsonLines().size(), 2);
    QCOMPARE(m->client->call("DELETE", route).status, 200);
    QTRY_COMPARE(stream.jsonLines().size(), 3);
    QCOMPARE(textOf(stream.jsonLines().last(), "type"), QStringLiteral("DELETED"));
}

void KubernetesWatchTest::aWatchByLabelSeesWhatEntersAndLeaves()
{
    m->addMap("one", "stable");
    const QString version = QString::number(m->store->version());
    HttpStream stream(*m->client, maps
                                      + QStringLiteral("?watch=1&labelSelector=track%3Dcandidate"
                                                       "&resourceVersion=")
                                      + version);
    QTRY_COMPARE(m->api->watches().count(), 1);
    const auto relabel = [this](const QByteArray &track) {
        m->client->call("PATCH", maps + QStringLiteral("/one"),
                        R"({"metadata":{"labels":{"track":")" + track + R"("}}})", mergePatch);
    };
    relabel("candidate");
    relabel("other");
    QTRY_COMPARE(typesOf(stream.jsonLines()),
                 (QStringList{QStringLiteral("ADDED"), QStringLiteral("DELETED")}));
}

void KubernetesWatchTest::aWatchFromNowhereBeginsWithWhatIsThere()
{
    HttpStream stream(*m->client, routes
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

void KubernetesWatchTest::aForgottenVersionIsGone()
{
    const QString old = versionOf(m->client->get(routes).json());
    QCOMPARE(m->patchWeight(50).status, 200);
    m->store->compact();
    const HttpAnswer answer
        = m->client->get(routes + QStringLiteral("?watch=1&resourceVersion=") + old);
    QCOMPARE(answer.status, 200);
    const QJsonObject event = QJsonDocument::fromJson(answer.body).object();
    QCOMPARE(textOf(event, "type"), QStringLiteral("ERROR"));
    QCOMPARE(part(event, "object").value(QLatin1String("code")).toInt(), 410);
    QCOMPARE(textOf(part(event, "object"), "reason"), QStringLiteral("Expired"));
}

void KubernetesWatchTest::anExpiredWatchEndsWithAnError()
{
    HttpStream stream(*m->client, routes + QStringLiteral("?watch=1&resourceVersion=")
                                      + QString::number(m->store->version()));
    QTRY_COMPARE(m->api->watches().count(), 1);
    m->api->watches().expireAll();
    QTRY_VERIFY(stream.answer().complete);
    QCOMPARE(typesOf(stream.jsonLines()), QStringList{QStringLiteral("ERROR")});
    QTRY_COMPARE(m->api->watches().count(), 0);
}

void KubernetesWatchTest::aWatchEndsAtItsTimeout()
{
    HttpStream stream(*m->client, routes + QStringLiteral("?watch=1&timeoutSeconds=1"));
    QTRY_VERIFY_WITH_TIMEOUT(stream.answer().complete, 3000);
    QTRY_COMPARE(m->api->watches().count(), 0);
}

void KubernetesWatchTest::selectorsMatch_data()
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

void KubernetesWatchTest::selectorsMatch()
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

QTEST_GUILESS_MAIN(KubernetesWatchTest)
#include "kuberneteswatchtest.moc"
