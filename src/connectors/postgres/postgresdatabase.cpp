#include "connectors/postgres/postgresdatabase.h"

#include "base/whendone.h"
#include "connectors/postgres/backfillrun.h"
#include "connectors/postgres/factsquery.h"
#include "connectors/postgres/grouprun.h"
#include "connectors/postgres/lockqueue.h"
#include "connectors/postgres/passage.h"
#include "connectors/postgres/runnerlock.h"
#include "connectors/postgres/session.h"
#include "connectors/postgres/tracesquery.h"
#include "connectors/postgres/watchquery.h"

#include <QPromise>

#include <utility>

namespace pilothouse {

namespace {

constexpr std::chrono::milliseconds queuePoll{100};

QDateTime stampOf(const Facts &facts)
{
    return facts.at;
}

/// Answers without a stamp of the server's count from their receipt.
template <typename T>
QDateTime stampOf(const T &)
{
    return {};
}

} // namespace

PostgresDatabase::PostgresDatabase(const PostgresSettings &settings, Clock &clock, QObject *parent)
    : PostgresDatabase(settings, nullptr, clock, parent)
{}

PostgresDatabase::PostgresDatabase(std::unique_ptr<Passage> passage, Clock &clock, QObject *parent)
    : PostgresDatabase(PostgresSettings(passage->nearEnd()), std::move(passage), clock, parent)
{}

PostgresDatabase::PostgresDatabase(const PostgresSettings &settings,
                                   std::unique_ptr<Passage> &&passage, Clock &clock,
                                   QObject *parent)
    : Database(parent), m_settings(settings), m_clock(clock), m_passage(std::move(passage)),
      m_worker(std::make_unique<Session>(settings, QStringLiteral("worker"), m_passage.get())),
      m_watcher(std::make_unique<Session>(settings, QStringLiteral("watcher"), m_passage.get())),
      m_memories(std::make_shared<Memories>()), m_queue(std::make_shared<LockQueue>())
{
    connect(&m_workerLook, &QTimer::timeout, this, &PostgresDatabase::lookAtWorker);
    m_workerLook.start(settings.patience);
    connect(&m_queueLook, &QTimer::timeout, this, &PostgresDatabase::lookAtQueue);
}

PostgresDatabase::~PostgresDatabase() = default;

/// One that was there at the look before has been sent for as long as the patience.
void PostgresDatabase::lookAtWorker()
{
    const int statement = m_worker->longStatement();
    if (std::exchange(m_lookedAt, statement) != statement || statement == 0)
        return;
    whenDone(
        m_watcher->submit<bool>(
            [pid = m_worker->pid()](Connection &connection) { return isAtWork(connection, pid); }),
        this,
        [this, statement](const Result<bool> &atWork) {
            if (atWork && !*atWork)
                m_worker->cutAsSilent(statement);
        },
        [] {});
}

void PostgresDatabase::lookAtQueue()
{
    if (m_queueLookOut || !m_queue->isOpen())
        return;
    m_queueLookOut = true;
    const auto looked = [this] {
        m_queueLookOut = false;
    };
    whenDone(
        m_watcher->submit<void>([queue = m_queue, pid = m_worker->pid()](Connection &connection) {
            return queue->look(connection, pid);
        }),
        this, [looked](const Result<void> &) { looked(); }, looked);
}

QString PostgresDatabase::place() const
{
    return m_settings.place();
}

template <typename T>
QFuture<Result<Reading<T>>> PostgresDatabase::reading(QFuture<Result<T>> answer)
{
    auto promise = std::make_shared<QPromise<Result<Reading<T>>>>();
    promise->start();
    whenDone(
        answer, this,
        [this, promise](const Result<T> &value) {
            if (value) {
                Reading<T> reading;
                reading.value = *value;
                reading.source = QStringLiteral("PostgreSQL");
                reading.factAt = stampOf(*value);
                reading.serverAt = reading.factAt;
                reading.receivedSinceBoot = m_clock.sinceBoot();
                promise->addResult(reading);
            } else {
                promise->addResult(tl::unexpected<Error>(value.error()));
            }
            promise->finish();
        },
        [promise] {
            promise->future().cancel();
            promise->finish();
        });
    return promise->future();
}

QFuture<Result<Reading<Facts>>> PostgresDatabase::facts(const Change &change, Nulls nulls)
{
    return reading<Facts>(
        m_watcher->submit<Facts>([change, nulls](Connection &connection) -> Result<Facts> {
            Result<Facts> facts = readFacts(connection, change);
            if (!facts || nulls == Nulls::Leave || !facts->column || facts->column->notNull)
                return facts;
            const Result<NullCount> count
                = countNullRows(connection, change, CountLimit::FiveSeconds);
            if (!count)
                return fail(count.error());
            facts->nulls = *count;
            return facts;
        }));
}

QFuture<Result<NullCount>> PostgresDatabase::countNulls(const Change &change)
{
    return m_worker->submitHeld<NullCount>(change.name, [change](Connection &connection) {
        return countNullRows(connection, change, CountLimit::None);
    });
}

QFuture<Result<Reading<QList<Blocker>>>> PostgresDatabase::blockers(const QList<TableName> &tables,
                                                                    LockMode mode)
{
    const int own = m_worker->pid();
    return reading<QList<Blocker>>(
        m_watcher->submit<QList<Blocker>>([tables, mode, own](Connection &connection) {
            return readBlockers(connection, tables, mode, own);
        }));
}

QFuture<Result<Reading<WaitState>>> PostgresDatabase::waitState()
{
    const int own = m_worker->pid();
    return reading<WaitState>(m_watcher->submit<WaitState>(
        [own](Connection &connection) { return readWaitState(connection, own); }));
}

QFuture<Result<TryAnswer>> PostgresDatabase::run(const StatementGroup &group, const RunTag &tag)
{
    if (!stopsOthers(group)) {
        return m_worker->submitHeld<TryAnswer>(tag.change, [group, tag](Connection &connection) {
            return runGroup(connection, group, tag);
        });
    }
    QFuture<Result<TryAnswer>> answer = m_worker->submitHeld<TryAnswer>(
        tag.change, [group, tag, queue = m_queue](Connection &connection) {
            queue->begin();
            Result<TryAnswer> tried = runGroup(connection, group, tag);
            const QString why = queue->end();
            if (tried && tried->end != TryAnswer::End::Done && !why.isEmpty())
                tried->detail = why;
            return tried;
        });
    ++m_groupsOut;
    m_queueLook.start(queuePoll);
    const auto over = [this] {
        if (--m_groupsOut == 0)
            m_queueLook.stop();
    };
    whenDone(
        answer, this, [over](const Result<TryAnswer> &) { over(); }, over);
    return answer;
}

QFuture<Result<void>> PostgresDatabase::record(const RunTag &tag)
{
    return m_worker->submitHeld<void>(
        tag.change, [tag](Connection &connection) { return recordStep(connection, tag); });
}

QFuture<Result<void>> PostgresDatabase::cancel(int pid, Means means)
{
    return m_watcher->submit<void>(
        [pid, means](Connection &connection) { return endBackend(connection, pid, means); });
}

QFuture<Result<void>> PostgresDatabase::cancelOwn()
{
    m_worker->askCancel();
    return cancel(m_worker->pid(), Means::CancelStatement);
}

QFuture<Result<RunnerLock>> PostgresDatabase::takeRunnerLock(const ChangeName &change)
{
    return m_worker->submit<RunnerLock>(
        [change, watcher = m_watcher->pid()](Connection &connection) {
            return tryRunnerLock(connection, change, watcher);
        });
}

QFuture<Result<void>> PostgresDatabase::releaseRunnerLock(const ChangeName &change)
{
    return m_worker->submit<void>(
        [change](Connection &connection) { return dropRunnerLock(connection, change); });
}

QFuture<Result<BackfillRow>> PostgresDatabase::beginBackfill(const Change &change,
                                                             const RunTag &tag)
{
    return m_worker->submitHeld<BackfillRow>(
        change.name, [change, tag, memories = m_memories](Connection &connection) {
            return pilothouse::beginBackfill(connection, change, tag, (*memories)[change.name]);
        });
}

QFuture<Result<BatchAnswer>> PostgresDatabase::backfillBatch(const Change &change, int size)
{
    return m_worker->submitHeld<BatchAnswer>(change.name, [change, size, memories = m_memories](
                                                              Connection &connection) {
        return runBatch(connection, change, BatchKind::Backfill, size, (*memories)[change.name]);
    });
}

QFuture<Result<BackfillRow>> PostgresDatabase::beginSweep(const Change &change)
{
    return m_worker->submitHeld<BackfillRow>(
        change.name, [change, memories = m_memories](Connection &connection) {
            return pilothouse::beginSweep(connection, change, (*memories)[change.name]);
        });
}

QFuture<Result<BatchAnswer>> PostgresDatabase::sweepBatch(const Change &change, int size)
{
    return m_worker->submitHeld<BatchAnswer>(
        change.name, [change, size, memories = m_memories](Connection &connection) {
            return runBatch(connection, change, BatchKind::Sweep, size, (*memories)[change.name]);
        });
}

QFuture<Result<BackfillRow>> PostgresDatabase::setBackfillState(const Change &change,
                                                                BackfillRow::State state,
                                                                const QString &reason)
{
    return m_worker->submitHeld<BackfillRow>(
        change.name, [change, state, reason](Connection &connection) {
            return markBackfill(connection, change, state, reason);
        });
}

/// By the watcher: the worker may be at an index for an hour.
QFuture<Result<BackfillRow>> PostgresDatabase::pauseBackfill(const Change &change,
                                                             const QString &reason)
{
    return m_watcher->submit<BackfillRow>([change, reason](Connection &connection) {
        return pilothouse::pauseBackfill(connection, change, reason);
    });
}

QFuture<Result<Traces>> PostgresDatabase::traces()
{
    return m_watcher->submit<Traces>([](Connection &connection) { return readTraces(connection); });
}

/// By the watcher: the worker may be at an index for an hour, and this takes six seconds at most.
QFuture<Result<void>> PostgresDatabase::keep(const QStringList &statements)
{
    return m_watcher->submit<void>(
        [statements](Connection &connection) { return keepTogether(connection, statements); });
}

} // namespace pilothouse
