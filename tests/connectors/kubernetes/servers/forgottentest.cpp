#include "routeclient.h"

#include "support/kube/kubeserver.h"

#include "connectors/kubernetes/objectwatch.h"
#include "support/requestrelay.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr int patience = 30'000;
constexpr int moreThanAPage = 505;

} // namespace

/// Versions that etcd has forgotten (410 Gone), in both forms: as an event of a watch that is taken
/// up again, and as the answer to a list's next page. Only an API server that does not answer from
/// its own cache shows them.
class ForgottenVersionsTest final : public QObject
{
    Q_OBJECT

private:
    KubeServer m_server{KubeServer::WatchCache::Off};
    std::unique_ptr<RequestRelay> m_relay;
    std::unique_ptr<RouteClient> m_console;

    [[nodiscard]] CanaryWorld world() const { return CanaryWorld(m_server.admin()); }

private Q_SLOTS:
    void initTestCase()
    {
        START_OR_SKIP(m_server);
        QCOMPARE(world().make(), QString());
        m_relay = std::make_unique<RequestRelay>(m_server.url(), m_server.tls());
    }
    void init()
    {
        const auto context
            = readKubeconfig(m_server.kubeconfigBy(m_relay->url(), KubeServer::User::Console), {});
        QVERIFY(context);
        m_console = std::make_unique<RouteClient>(*context);
    }
    void cleanup() { m_console.reset(); }
    void cleanupTestCase() { m_relay.reset(); }

    void aWatchThatComesBackTooLateListsAnew()
    {
        m_console->control.watch();
        QTRY_VERIFY_WITH_TIMEOUT(m_console->isTold(10, 10), patience);
        m_relay->cut();
        QTRY_VERIFY_WITH_TIMEOUT(m_console->lost.has_value(), patience);
        QCOMPARE(world().reset(20), QString());
        QCOMPARE(world().accept(), QString());
        QCOMPARE(m_server.compact(), QString());
        m_console->http.streamed.clear();
        m_relay->mend();
        QTRY_VERIFY_WITH_TIMEOUT(m_console->isTold(20, 20), patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_console->http.streamed.contains("\"code\":410"), patience);
        QVERIFY(m_console->http.streamed.contains("\"reason\":\"Expired\""));
        // And it goes by the watch again, without a word of loss.
        QTRY_VERIFY_WITH_TIMEOUT(!m_console->lost, patience);
        QCOMPARE(world().reset(30), QString());
        QCOMPARE(world().accept(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(m_console->isTold(30, 30), patience);
        QCOMPARE(world().reset(10), QString());
        QCOMPARE(world().accept(), QString());
    }

    void aListThatIsForgottenBetweenTwoPagesIsReadInOnePiece()
    {
        const QString path = QStringLiteral("/api/v1/namespaces/production/services");
        for (int i = 0; i < moreThanAPage; ++i) {
            const QByteArray body = "{\"metadata\": {\"name\": \"filler-" + QByteArray::number(i)
                                    + "\"}, \"spec\": {\"clusterIP\": \"None\"}}";
            QCOMPARE(m_server.admin().ask("POST", path, body).status, 201);
        }
        int pages = 0;
        m_console->http.beforeSending = [&](const HttpRequest &request) {
            if (!request.url.query().contains(QStringLiteral("continue=")) || ++pages > 1)
                return;
            QCOMPARE(world().reset(40), QString()); // so that there is a newer version
            QCOMPARE(m_server.compact(), QString());
        };
        qsizetype listed = 0;
        const ListIntake count{[&listed](const QJsonArray &objects, ListIntake::Page page) {
                                   listed = objects.size()
                                            + (page == ListIntake::Page::First ? 0 : listed);
                               },
                               {}};
        const auto whole = await(
            m_console->api.list(ResourcePath{QStringLiteral("api/v1"), QStringLiteral("production"),
                                             QStringLiteral("services")},
                                count, &m_console->control));
        QVERIFY2(whole, whole ? "" : qPrintable(whole.error().message));
        QCOMPARE(pages, 1);
        QCOMPARE(m_console->http.sent.size(), 3); // a page, the one that is gone, all in one
        QVERIFY(!m_console->http.sent.last().url.query().contains(QStringLiteral("limit")));
        QCOMPARE(listed, moreThanAPage + 2);
    }
};

QTEST_GUILESS_MAIN(ForgottenVersionsTest)
#include "forgottentest.moc"
