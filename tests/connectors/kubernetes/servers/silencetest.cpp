#include "routeclient.h"

#include "support/kube/kubeserver.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr int patience = 45'000;

using Part = KubeServer::Part;

/// Waits longer than await() does: for what ends by the client's own time limit.
Result<Reading<TrafficState>> awaitLong(const QFuture<Result<Reading<TrafficState>>> &future)
{
    [[maybe_unused]] const bool ended
        = QTest::qWaitFor([&future] { return future.isFinished(); }, patience);
    return await(future);
}

} // namespace

/// Servers that are there and do not answer: stopped by a signal where they are, API server and
/// etcd in turn. The operating system takes the connections, so only our own time limit helps.
class SilentServersTest final : public QObject
{
    Q_OBJECT

private:
    KubeServer m_server;
    std::unique_ptr<RouteClient> m_console;

private Q_SLOTS:
    void initTestCase()
    {
        START_OR_SKIP(m_server);
        QCOMPARE(CanaryWorld(m_server.admin()).make(), QString());
    }
    void init()
    {
        const auto context = readKubeconfig(m_server.kubeconfig(KubeServer::User::Console), {});
        QVERIFY(context);
        m_console = std::make_unique<RouteClient>(*context);
    }
    void cleanup()
    {
        m_server.thaw(Part::Etcd);
        m_server.thaw(Part::ApiServer);
        m_console.reset();
    }

    void whoDoesNotAnswerIsSaidToAndIsLiveAgain_data()
    {
        QTest::addColumn<int>("part");
        QTest::newRow("kube-apiserver") << int(Part::ApiServer);
        QTest::newRow("etcd") << int(Part::Etcd);
    }
    void whoDoesNotAnswerIsSaidToAndIsLiveAgain()
    {
        QFETCH(int, part);
        QCOMPARE(CanaryWorld(m_server.admin()).reset(10), QString());
        QCOMPARE(CanaryWorld(m_server.admin()).accept(), QString());
        m_console->control.watch();
        QTRY_VERIFY_WITH_TIMEOUT(m_console->isTold(10, 10), patience);
        m_server.freeze(Part(part));

        const auto written = awaitLong(
            m_console->control.setWeight(RouteClient::weight(50, m_console->told->value)));
        QVERIFY(!written);
        // Whether it arrives is not known, so it is neither "done" nor "not done".
        QCOMPARE(written.error().kind, ErrorKind::TimedOut);
        QVERIFY2(written.error().message.startsWith(QLatin1String("Kubernetes")),
                 qPrintable(written.error().message));
        QCOMPARE(m_console->http.count("PATCH"), 1);
        QTRY_VERIFY_WITH_TIMEOUT(m_console->lost.has_value(), patience);
        QCOMPARE(m_console->lost->kind, ErrorKind::TimedOut);
        QVERIFY(m_console->told->age(m_console->clock) > std::chrono::seconds(5));

        m_server.thaw(Part(part));
        QTRY_VERIFY_WITH_TIMEOUT(!m_console->lost, patience);
        // Late or never: what is told is what the server has.
        const int weight = CanaryWorld::weightOf(CanaryWorld(m_server.admin()).route());
        QVERIFY(weight == 10 || weight == 50);
        QTRY_COMPARE_WITH_TIMEOUT(m_console->told->value.asked.percent, weight, patience);
        QCOMPARE(m_console->http.count("PATCH"), 1);
        QCOMPARE(CanaryWorld(m_server.admin()).reset(20), QString());
        QCOMPARE(CanaryWorld(m_server.admin()).accept(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(m_console->isTold(20, 20), patience);
        qInfo("the write that had no answer %s", weight == 50 ? "arrived late" : "never arrived");
    }
};

QTEST_GUILESS_MAIN(SilentServersTest)
#include "silencetest.moc"
