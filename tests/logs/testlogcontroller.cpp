#include "logs/logcontroller.h"
#include "support/fakeclock.h"
#include "support/fakelogsource.h"

#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const JobLog aJob{RunId(6998), JobId(3)};
const PodLog aPod{TrackName(QStringLiteral("t")), QStringLiteral("pod"), {}};

/// So many kibibytes of lines.
QByteArray kibibytes(int count)
{
    return (QByteArray(1023, 'a') + '\n').repeated(count);
}

} // namespace

class TestLogController : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<FakeLogSource>();
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
        const QPointer<LogStream> first = m_source->stream.data();
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

    void aFileOnDiskIsShownAndReadAgain()
    {
        const QString path = m_dir.filePath(QStringLiteral("old.log"));
        write(path, "one\n##[error]two\n");
        m_controller->openFile(path);
        QCOMPARE(m_controller->state(), LogController::State::Complete);
        QCOMPARE(m_controller->title(), QStringLiteral("old.log"));
        QCOMPARE(m_controller->place(), path);
        QCOMPARE(m_controller->store()->lineCount(), 2);
        QTRY_COMPARE(m_controller->errors().next(-1), 1);
        write(path, "one\ntwo\nthree\n");
        m_controller->reopen();
        QCOMPARE(m_controller->store()->lineCount(), 3);
        QTRY_VERIFY(m_controller->errors().isComplete());
        QVERIFY(m_controller->errors().lines().empty());
        // Another log is no file: its lines have no path.
        m_controller->open(aJob, QStringLiteral("unit"));
        QCOMPARE(m_controller->place(), QString());
    }

    void aFileThatIsNotThereIsToldAndCanBeTriedAgain()
    {
        const QString path = m_dir.filePath(QStringLiteral("absent.log"));
        m_controller->openFile(path);
        QCOMPARE(m_controller->state(), LogController::State::Failed);
        QVERIFY(m_controller->error()->message.contains(path));
        QCOMPARE(m_controller->store(), nullptr);
        write(path, "here now\n");
        m_controller->reopen();
        QCOMPARE(m_controller->state(), LogController::State::Complete);
    }

    void silenceIsCountedWhileALogStreams()
    {
        QSignalSpy told(m_controller.get(), &LogController::silenceChanged);
        m_controller->open(PodLog{TrackName(QStringLiteral("t")), QStringLiteral("pod"), {}}, {});
        m_clock.advance(95s);
        QCOMPARE(m_controller->silence(), 95s);
        QCOMPARE(told.size(), 9);
        Q_EMIT m_source->stream->bytesArrived("a line\n");
        QCOMPARE(m_controller->silence(), 0s);
        Q_EMIT m_source->stream->ended({});
        m_clock.advance(95s);
        QCOMPARE(m_controller->silence(), 0s);
        QCOMPARE(told.size(), 9);
        QCOMPARE(m_clock.waiting(), 0);
    }

    void aBuildsLogStreamsUntilItEnds()
    {
        m_controller->open(BuildLog{QStringLiteral("b-1")}, {});
        QCOMPARE(m_controller->state(), LogController::State::Streaming);
        Q_EMIT m_source->stream->bytesArrived("BUILD\n");
        m_clock.advance(65s);
        QCOMPARE(m_controller->silence(), 65s);
        Q_EMIT m_source->stream->ended({});
        QCOMPARE(m_controller->state(), LogController::State::Complete);
        QCOMPARE(m_controller->silence(), 0s);
    }

    void takingUpAStreamIsCountedUntilTheNextLog()
    {
        const PodLog pod{TrackName(QStringLiteral("t")), QStringLiteral("pod"), {}};
        m_controller->open(pod, {});
        QSignalSpy told(m_controller.get(), &LogController::silenceChanged);
        QCOMPARE(m_controller->reconnects(), 0);
        Q_EMIT m_source->stream->reconnected();
        m_clock.advance(5s);
        Q_EMIT m_source->stream->reconnected();
        QCOMPARE(m_controller->reconnects(), 2);
        QCOMPARE(m_controller->reconnectedAt(), m_clock.now());
        QCOMPARE(told.size(), 2);
        m_controller->open(pod, {});
        QCOMPARE(m_controller->reconnects(), 0);
        QVERIFY(!m_controller->reconnectedAt().isValid());
    }

    void whatTheVendorSaysBelongsToOneLog()
    {
        const LogOrigin origin{QUrl(QStringLiteral("https://example.com/job/3")),
                               LogOrigin::Anchors::ByStep,
                               {{1, QStringLiteral("Set up job"), m_clock.now(), {}}}};
        m_controller->setOrigin(aJob, origin);
        QCOMPARE(m_controller->origin(), LogOrigin()); // no log is open
        m_controller->waitForEnd(aJob, {});
        m_controller->setOrigin(aJob, origin);
        m_controller->setOrigin(JobLog{RunId(6998), JobId(4)}, {});
        m_controller->jobEnded(JobId(3));
        QCOMPARE(m_controller->origin(), origin); // the same log, fetched now
        QVERIFY(m_controller->stepBegins().isEmpty());
        Q_EMIT m_source->stream->bytesArrived("2026-11-24T13:30:00.1000000Z a\n");
        QCOMPARE(m_controller->stepBegins().size(), 1);
        QCOMPARE(m_controller->stepBegins().at(0).line, 0);
        m_controller->reopen();
        QCOMPARE(m_controller->origin(), origin);
        m_controller->open(JobLog{RunId(6998), JobId(4)}, {});
        QCOMPARE(m_controller->origin(), LogOrigin());
    }

    void errorsAreLookedForWhenTheLogIsComplete()
    {
        m_controller->open(aJob, {});
        Q_EMIT m_source->stream->bytesArrived("fine\n##[error]one\nERROR two\n");
        QVERIFY(m_controller->errors().lines().empty());
        Q_EMIT m_source->stream->ended({});
        QTRY_COMPARE(m_controller->errors().lines().size(), size_t(2));
    }

    void errorsCanBeAskedForWhileALogStreams()
    {
        m_controller->open(PodLog{TrackName(QStringLiteral("t")), QStringLiteral("pod"), {}}, {});
        Q_EMIT m_source->stream->bytesArrived("ERROR one\n");
        m_controller->findErrors();
        QTRY_COMPARE(m_controller->errors().lines().size(), size_t(1));
        Q_EMIT m_source->stream->bytesArrived("fine\nERROR two\n");
        QTRY_COMPARE(m_controller->errors().next(0), 2);
    }

    void anotherLogMakesRoomForItself()
    {
        const QString left = m_dir.filePath(QStringLiteral("log-left.txt"));
        write(left, QByteArray(5000, 'x'));
        QVERIFY(m_controller->spool().setLimit(6000));
        m_controller->open(aJob, {});
        Q_EMIT m_source->stream->bytesArrived(QByteArray(3000, 'a') + '\n');
        QVERIFY(QFile::exists(left));
        m_controller->open(aJob, {});
        QVERIFY2(QFile::exists(left), "the log that was closed has made room enough");
        QVERIFY(m_controller->spool().setLimit(4000));
        QVERIFY(!QFile::exists(left));
    }

    void aGrowingLogTakesTheRoomOfOlderOnes()
    {
        const QString left = m_dir.filePath(QStringLiteral("log-left.txt"));
        write(left, QByteArray(1 << 20, 'x'));
        QVERIFY(m_controller->spool().setLimit(2 << 20));
        m_controller->open(aPod, {});
        Q_EMIT m_source->stream->bytesArrived(kibibytes(1023));
        QVERIFY(QFile::exists(left));
        Q_EMIT m_source->stream->bytesArrived(kibibytes(900));
        QVERIFY(!QFile::exists(left));
        QCOMPARE(m_controller->state(), LogController::State::Streaming);
        QCOMPARE(m_controller->store()->lineCount(), 1923);
    }

    void aLogThatIsTooLargeForTheLimitStopsAndGoesOnWhereItCan()
    {
        QVERIFY(m_controller->spool().setLimit(1536 << 10));
        m_controller->open(aPod, {});
        m_source->stream->canPause = true;
        Q_EMIT m_source->stream->bytesArrived(kibibytes(1024));
        QCOMPARE(m_controller->state(), LogController::State::Streaming);
        Q_EMIT m_source->stream->bytesArrived(kibibytes(1024) + "ERROR the last\n");
        QCOMPARE(m_controller->state(), LogController::State::Failed);
        QVERIFY(m_controller->isPaused());
        QCOMPARE(m_controller->error()->message,
                 QStringLiteral("The kept logs have come to their limit of 1.5 MiB, and the "
                                "reading stopped here. Raise the limit in the menu Copy, then "
                                "choose Read On there."));
        QCOMPARE(m_controller->store()->lineCount(), 2049);
        QTRY_COMPARE(m_controller->errors().next(-1), 2048);
        // As long as the limit is too low, it stays at that, and says the limit as it is.
        QVERIFY(m_controller->spool().setLimit(1792 << 10));
        m_controller->reopen();
        QCOMPARE(m_controller->state(), LogController::State::Failed);
        QVERIFY(m_controller->error()->message.contains(QStringLiteral("1.8 MiB")));
        QCOMPARE(m_source->stream->wentOn, 0);
        QVERIFY(m_controller->spool().setLimit(4 << 20));
        m_controller->reopen();
        QCOMPARE(m_controller->state(), LogController::State::Streaming);
        QVERIFY(!m_controller->error());
        QVERIFY(!m_controller->isPaused());
        QCOMPARE(m_source->stream->wentOn, 1);
        QCOMPARE(m_source->opened, 1);
        Q_EMIT m_source->stream->bytesArrived("and more\n");
        QCOMPARE(m_controller->store()->lineCount(), 2050);
        QCOMPARE(m_controller->store()->line(2048), QByteArray("ERROR the last"));
        QCOMPARE(m_controller->store()->line(2049), QByteArray("and more"));
        Q_EMIT m_source->stream->ended({});
        QCOMPARE(m_controller->state(), LogController::State::Complete);
    }

    void aTransferThatCannotBeContinuedIsBegunAnewAfterTheLimitWasRaised()
    {
        QVERIFY(m_controller->spool().setLimit(1 << 20));
        m_controller->open(aJob, {});
        const QPointer<LogStream> first = m_source->stream.data();
        Q_EMIT m_source->stream->bytesArrived(kibibytes(1025) + "half a li");
        QCOMPARE(m_controller->state(), LogController::State::Failed);
        QVERIFY(!m_controller->isPaused());
        QVERIFY2(
            m_controller->error()->message.endsWith(QStringLiteral("choose Read Again there.")),
            qPrintable(m_controller->error()->message));
        QCOMPARE(m_controller->store()->lineCount(), 1026);
        QCOMPARE(m_controller->store()->line(1025), QByteArray("half a li"));
        // What was on its way from the stream that is given up changes nothing more.
        Q_EMIT first->bytesArrived("ne\n");
        Q_EMIT first->ended({});
        QCOMPARE(m_controller->state(), LogController::State::Failed);
        QCOMPARE(m_controller->store()->lineCount(), 1026);
        QVERIFY(m_controller->spool().setLimit(4 << 20));
        m_controller->reopen();
        QCOMPARE(m_source->opened, 2);
        QCOMPARE(m_controller->state(), LogController::State::Loading);
        Q_EMIT m_source->stream->bytesArrived(kibibytes(1025) + "half a line\n");
        Q_EMIT m_source->stream->ended({});
        QCOMPARE(m_controller->state(), LogController::State::Complete);
        QCOMPARE(m_controller->store()->line(1025), QByteArray("half a line"));
    }

    void aPausedLogThatHadEndedIsComplete()
    {
        QVERIFY(m_controller->spool().setLimit(1 << 20));
        m_controller->open(aPod, {});
        m_source->stream->canPause = true;
        Q_EMIT m_source->stream->bytesArrived(kibibytes(1025));
        QVERIFY(m_controller->isPaused());
        Q_EMIT m_source->stream->ended({});
        QCOMPARE(m_controller->state(), LogController::State::Complete);
        QVERIFY(!m_controller->isPaused());
    }

    void anotherLogForgetsThatOneWasPaused()
    {
        QVERIFY(m_controller->spool().setLimit(1 << 20));
        m_controller->open(aPod, {});
        m_source->stream->canPause = true;
        Q_EMIT m_source->stream->bytesArrived(kibibytes(1025));
        m_controller->open(aJob, {});
        QVERIFY(!m_controller->isPaused());
        QCOMPARE(m_controller->state(), LogController::State::Loading);
        QCOMPARE(m_source->opened, 2);
    }

    void whoeverHoldsALogKeepsIt()
    {
        m_controller->open(aJob, {});
        Q_EMIT m_source->stream->bytesArrived("kept\n");
        const std::shared_ptr<const LogStore> kept = m_controller->sharedStore();
        m_controller->close();
        QCOMPARE(m_controller->store(), nullptr);
        QCOMPARE(kept->line(0), QByteArray("kept"));
    }

    void aLogThatIsHeldIsShownWithoutATransferAndReadAfreshOnDemand()
    {
        auto made = LogStore::create(m_dir.path());
        QVERIFY(made);
        QVERIFY((*made)->append("one\n##[error]two\n"));
        const std::shared_ptr<LogStore> held = std::move(*made);
        m_controller->openHeld(aJob, QStringLiteral("unit · run 6998"), held);
        QCOMPARE(m_source->opened, 0);
        QCOMPARE(m_controller->state(), LogController::State::Complete);
        QCOMPARE(m_controller->target(), std::optional<LogTarget>(aJob));
        QCOMPARE(m_controller->title(), QStringLiteral("unit · run 6998"));
        QCOMPARE(m_controller->store()->line(0), QByteArray("one"));
        QTRY_COMPARE(m_controller->errors().next(-1), 1);
        m_controller->reopen();
        QCOMPARE(m_source->opened, 1);
        QCOMPARE(m_controller->state(), LogController::State::Loading);
        QCOMPARE(held->line(0), QByteArray("one"));
    }

private:
    static void write(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    QTemporaryDir m_dir;
    FakeClock m_clock;
    std::unique_ptr<FakeLogSource> m_source;
    std::unique_ptr<LogController> m_controller;
};

QTEST_GUILESS_MAIN(TestLogController)
#include "testlogcontroller.moc"
