#pragma once

#include "base/future.h"
#include "logs/logsource.h"
#include "pipeline/runsource.h"

namespace pilothouse {

/// A build that ended at 13:00 of the day.
inline Run buildRun(const QString &id, RunStatus status)
{
    Run run;
    run.id = RunId(qint64(qHash(id)));
    run.hostId = id;
    run.status = status;
    run.updatedAt = QDateTime::fromString(QStringLiteral("2026-11-24T13:00:00Z"), Qt::ISODate);
    return run;
}

/// A build service that knows one pair: the build, and the last green one before it.
class BuildHost final : public RunSource
{
public:
    QString knows;
    std::optional<Run> green;

    QFuture<Result<Reading<QList<Run>>>> runs(const CommitId &) override { return nothing(); }
    QFuture<Result<Reading<QList<Run>>>> latestRuns() override { return nothing(); }
    QFuture<Result<Reading<QList<Job>>>> jobs(const RunId &run) override
    {
        Job job = Job();
        job.run = run;
        job.name = QStringLiteral("cloud build");
        job.status = RunStatus::Succeeded;
        Reading<QList<Job>> reading;
        reading.value = {job};
        return ready<Reading<QList<Job>>>(reading);
    }
    QFuture<Result<Reading<std::optional<Run>>>> lastGreen(const Run &before) override
    {
        using Green = Reading<std::optional<Run>>;
        if (before.hostId != knows)
            return ready<Green>(
                fail(ErrorKind::NotFound, QStringLiteral("There is no such build.")));
        Green reading;
        reading.value = green;
        return ready<Green>(reading);
    }

private:
    static QFuture<Result<Reading<QList<Run>>>> nothing()
    {
        return ready<Reading<QList<Run>>>(Reading<QList<Run>>());
    }
};

/// Logs of builds: each says which one it is.
class BuildLogs final : public LogSource
{
public:
    std::unique_ptr<LogStream> open(const LogTarget &target) override
    {
        const auto *log = std::get_if<BuildLog>(&target);
        if (!log)
            return nullptr;
        auto made = std::make_unique<LogStream>();
        QMetaObject::invokeMethod(
            made.get(),
            [stream = made.get(), text = "log of " + log->build.toUtf8() + "\n"] {
                Q_EMIT stream->bytesArrived(text);
                Q_EMIT stream->ended({});
            },
            Qt::QueuedConnection);
        return made;
    }
};

} // namespace pilothouse
