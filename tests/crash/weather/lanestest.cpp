#include "crash/weather/lanes.h"

#include <QMutex>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString call = QStringLiteral("GET pods/web #1");

/// Passes of one call that go well, but for the first at each of these faults.
class Passes
{
public:
    Passes(QStringList faults, QString failure, std::chrono::milliseconds stood)
        : m_faults(std::move(faults)), m_failure(std::move(failure)), m_stood(stood)
    {}

    [[nodiscard]] PassResult run(const Disturbance &disturbance)
    {
        PassResult result;
        result.calls = {call};
        result.struck = disturbance.fault.has_value();
        const QMutexLocker locker(&m_mutex);
        if (disturbance.fault && m_faults.removeOne(disturbance.fault->name)) {
            result.failure = m_failure;
            result.stood = m_stood;
        }
        return result;
    }

private:
    QMutex m_mutex;
    QStringList m_faults;
    QString m_failure;
    std::chrono::milliseconds m_stood;
};

} // namespace

/// Which passes of a storm are made again.
class LanesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyOneThatTheMachineMayHaveFailedIsMadeAgain_data()
    {
        QTest::addColumn<QStringList>("faults");
        QTest::addColumn<QString>("failure");
        QTest::addColumn<int>("stood"); // ms
        QTest::addColumn<int>("madeAgain");
        QTest::addColumn<int>("failures");
        const QString silent = QStringLiteral("promote: Kubernetes gave no answer for 10 s.");
        const QString endless = QStringLiteral("a press has no end");
        const QString wrong = QStringLiteral("done twice");
        const QString told = wrong + QStringLiteral("\n    outcome: it gave no answer");
        const QStringList one{QStringLiteral("late")};
        const QStringList two{QStringLiteral("late"), QStringLiteral("503")};
        QTest::newRow("all is well") << QStringList() << silent << 900 << 0 << 0;
        QTest::newRow("silent, and the machine stood still") << one << silent << 500 << 1 << 0;
        QTest::newRow("without an end, likewise") << one << endless << 500 << 1 << 0;
        QTest::newRow("silent, and the machine went on") << one << silent << 60 << 0 << 1;
        QTest::newRow("wrong, though the machine stood still") << one << wrong << 500 << 0 << 1;
        QTest::newRow("wrong, and a silence was told of") << one << told << 500 << 0 << 1;
        QTest::newRow("two of the machine's") << two << silent << 500 << 0 << 2;
    }
    void onlyOneThatTheMachineMayHaveFailedIsMadeAgain()
    {
        QFETCH(const QStringList, faults);
        QFETCH(const QString, failure);
        QFETCH(const int, stood);
        QFETCH(const int, madeAgain);
        QFETCH(const int, failures);
        Passes passes(faults, failure, std::chrono::milliseconds(stood));
        const StormResult result = storm(
            QStringLiteral("made up"),
            [&](FaultyServer::Speaks, const Disturbance &disturbance) {
                return passes.run(disturbance);
            },
            Reads::Each);
        QCOMPARE(result.madeAgain, madeAgain);
        QCOMPARE(result.failures.size(), failures);
        QVERIFY(result.tried > 10);
    }

    /// A pass whose thread does something else for a while says so.
    void aStandstillIsSeen()
    {
        DisturbedClient client(
            {QStringLiteral("GitHub"), QUrl(QStringLiteral("http://127.0.0.1:9")), "only-token"},
            FaultyServer::Speaks::Http, {});
        const PassResult stood = client.run([] { QTest::qSleep(400); }, [] { return QString(); });
        QVERIFY(stood.stood >= 300ms);
        const PassResult went = client.run([] { QTest::qWait(100); }, [] { return QString(); });
        QVERIFY(went.stood < stood.stood);
    }
};

QTEST_GUILESS_MAIN(LanesTest)
#include "lanestest.moc"
