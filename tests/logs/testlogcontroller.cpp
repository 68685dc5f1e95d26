#include "logs/logcontroller.h"
#include "support/fakeclock.h"

#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

/// Hands its streams to the test, which plays the other side.
class FakeSource final : public LogSource
{
public:
    std::unique_ptr<LogStream> open(const LogTarget &) override
    {
        ++opened;
        auto next = std::make_unique<LogStream>();
        stream = next.get();
        return next;
    }

    int opened = 0;
    QPointer<LogStream> stream;
};

const JobLog aJob{RunId(6998), JobId(3)};

} // namespace

class TestLogController : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<FakeSource>();
        m_controller = std::make_unique<LogController>(std::vector<LogSource *>{m_source.get()},
                                                       m_dir.path(), m_clock);
    }

    void aCompleteLogIsShownFromDisk()
    {
        m_controller->open(aJob, QStringLiteral("integration-tests"));
        QCOMPARE(m_controller->state(), LogController::State::Loading);
        Q_EMIT m_source->stream->bytesArrived("one\ntwo");
        Q_EMIT m_source->stream->ended({});
        QCOMPARE(m_controller->state(), LogController::State::Complete);
        QCOMPARE(m_controller->store()->lineCount(), 2);
        QCOMPARE(m_controller->store()->line(1), QByteArray("two"));
    }

    void aRunningJobIsFetchedTheMomentItEnds()
    {
        m_controller->waitForEnd(aJob, QStringLiteral("integration-tests"));
        QCOMPARE(m_controller->state(), LogController::State::WaitingEnd);
        m_controller->jobEnded(JobId(4));
        QCOMPARE(m_source->opened, 0);
        m_controller->jobEnded(JobId(3));
        QCOMPARE(m_source->opened, 1);
        QCOMPARE(m_controller->state(), LogController::State::Loading);
    }

    void aLogThatIsNotThereYetIsAskedForAgainAndThenTold()
    {
        m_controller->open(aJob, {});
        for (int i = 0; i < 5; ++i) {
            Q_EMIT m_source->stream->ended(fail(ErrorKind::NotFound, QStringLiteral("not yet")));
            QCOMPARE(m_controller->state(), LogController::State::Loading);
            m_clock.advance(1s);
            QCOMPARE(m_source->opened, i + 2);
        }
        Q_EMIT m_source->stream->ended(fail(ErrorKind::NotFound, QStringLiteral("not yet")));
        QCOMPARE(m_controller->state(), LogController::State::Failed);
        QCOMPARE(m_controller->error()->message, QStringLiteral("not yet"));
    }

    void aCutTransferKeepsWhatCameAndSaysSo()
    {
        m_controller->open(aJob, {});
        Q_EMIT m_source->stream->bytesArrived("half\n");
        Q_EMIT m_source->stream->ended(fail(ErrorKind::Unavailable, QStringLiteral("cut")));
        QCOMPARE(m_controller->state(), LogController::State::Failed);
        QCOMPARE(m_controller->store()->lineCount(), 1);
    }

    void anotherLogDropsTheTransferBefore()
    {
        m_controller->open(aJob, {});
        const QPointer<LogStream> first = m_source->stream;
        m_controller->open(
            PodLog{TrackName(QStringLiteral("standalone")), QStringLiteral("pod"), {}}, {});
        QVERIFY(first.isNull());
        QCOMPARE(m_controller->state(), LogController::State::Streaming);
    }

    void withoutASourceTheReasonIsSaid()
    {
        LogController alone({}, m_dir.path(), m_clock);
        alone.open(aJob, {});
        QCOMPARE(alone.state(), LogController::State::Failed);
        QVERIFY(alone.error()->message.contains(QStringLiteral("pilothouse.yaml")));
    }

private:
    QTemporaryDir m_dir;
    FakeClock m_clock;
    std::unique_ptr<FakeSource> m_source;
    std::unique_ptr<LogController> m_controller;
};

QTEST_GUILESS_MAIN(TestLogController)
#include "testlogcontroller.moc"
