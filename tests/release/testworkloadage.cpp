#include "release/commitfacts.h"
#include "release/fakerepository.h"
#include "release/releasesources.h"
#include "release/releaseviews.h"
#include "support/fakeclock.h"
#include "support/memoryjournal.h"

#include <QPromise>
#include <QtTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

/// The workloads of a cluster in memory, which may stop answering.
class Cluster final : public Workloads
{
public:
    explicit Cluster(Clock &clock) : m_clock(clock) {}

    bool silent = false;
    std::optional<Error> error;

    QFuture<Result<Reading<QList<Workload>>>> read() override
    {
        QPromise<Result<Reading<QList<Workload>>>> promise;
        promise.start();
        QFuture<Result<Reading<QList<Workload>>>> answer = promise.future();
        if (silent) {
            m_open.push_back(std::move(promise));
            return answer;
        }
        Reading<QList<Workload>> reading;
        reading.value = {Workload{}};
        reading.receivedSinceBoot = m_clock.sinceBoot();
        promise.addResult(error ? Result<Reading<QList<Workload>>>(fail(*error)) : reading);
        promise.finish();
        return answer;
    }

private:
    Clock &m_clock;
    std::vector<QPromise<Result<Reading<QList<Workload>>>>> m_open;
};

} // namespace

/// How fresh a workload's row of LIVE is; it is asked for every five seconds here.
class TestWorkloadAge final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m = std::make_unique<Bench>();
        m->sources.setWorkloads(m->cluster);
        m->sources.start();
        QTRY_COMPARE(m->row().age, std::optional(0ms));
    }
    void cleanup() { m.reset(); }

    void betweenTwoAnswersItIsFresh()
    {
        m->clock.advance(4s);
        QCOMPARE(m->row().age, std::optional(4'000ms));
        QVERIFY(!m->row().old);
        QVERIFY(m->row().error.isEmpty());
    }

    void withoutAnAnswerItGrowsOld()
    {
        m->cluster.silent = true;
        m->clock.advance(9s);
        QVERIFY(!m->row().old);
        m->clock.advance(1s);
        QVERIFY(m->row().old);
        QCOMPARE(m->row().age, std::optional(10'000ms));
    }

    void whatIsLostSaysWhyAndIsNotMerelyOld()
    {
        m->cluster.error = Error{ErrorKind::NotAllowed, QStringLiteral("Not these."), {}, {}};
        m->clock.advance(20s);
        QTRY_COMPARE(m->row().error, QStringLiteral("Not these."));
        QVERIFY(!m->row().old);
        QCOMPARE(m->row().age, std::optional(20'000ms));
    }

private:
    struct Bench
    {
        [[nodiscard]] LiveRow row() const { return sources.asRead({}); }

        FakeRepository files;
        FakeClock clock;
        Cluster cluster{clock};
        MemoryJournal journal;
        CommitFacts facts{files, files};
        ReleaseSources sources{files, journal, clock, facts, 5s, 20};
    };
    std::unique_ptr<Bench> m;
};

QTEST_GUILESS_MAIN(TestWorkloadAge)
#include "testworkloadage.moc"
