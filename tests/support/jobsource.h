#pragma once

#include "logs/logsource.h"

#include <QMap>
#include <QPointer>

namespace pilothouse {

/// A source of job logs that hands its streams to the test, which plays the other side.
class JobSource final : public LogSource
{
public:
    std::unique_ptr<LogStream> open(const LogTarget &target) override
    {
        const auto *log = std::get_if<JobLog>(&target);
        if (!log)
            return nullptr;
        asked << log->job.value;
        auto next = std::make_unique<LogStream>();
        streams[log->job.value] = next.get();
        ending.removeAll(next.get()); // its place in memory may be one that is free again
        return next;
    }

    /// How many transfers are under way.
    [[nodiscard]] int underWay() const
    {
        int count = 0;
        for (const auto &stream : streams)
            count += stream && !ending.contains(stream) ? 1 : 0;
        return count;
    }
    void give(qint64 job, const QByteArray &text)
    {
        const QPointer<LogStream> stream = streams.value(job);
        if (!stream)
            return;
        Q_EMIT stream->bytesArrived(text);
        if (stream)
            end(stream, {});
    }
    void refuse(qint64 job, ErrorKind kind, const QString &sentence)
    {
        if (const QPointer<LogStream> stream = streams.value(job))
            end(stream, fail(kind, sentence));
    }

    QList<qint64> asked; ///< in their order
    QMap<qint64, QPointer<LogStream>> streams;

private:
    void end(LogStream *stream, const Result<void> &outcome)
    {
        ending << stream;
        Q_EMIT stream->ended(outcome);
    }
    QList<LogStream *> ending; ///< told that they ended; deleted a moment later
};

} // namespace pilothouse
