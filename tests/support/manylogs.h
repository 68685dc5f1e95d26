#pragma once

#include "support/fakelogsource.h"

#include <QHash>
#include <QStringList>

namespace pilothouse {

/// Logs of pods, of which several may be open: a stream for each pod, played by the test.
class ManyLogs final : public LogSource
{
public:
    std::unique_ptr<LogStream> open(const LogTarget &target) override
    {
        const auto *pod = std::get_if<PodLog>(&target);
        if (!pod)
            return nullptr;
        opened << pod->pod;
        auto next = std::make_unique<FakeLogStream>(0);
        streams[pod->pod] = next.get();
        return next;
    }
    void write(const QString &pod, const QByteArray &bytes)
    {
        Q_EMIT streams.value(pod)->bytesArrived(bytes);
    }
    void end(const QString &pod, const Result<void> &outcome)
    {
        Q_EMIT streams.value(pod)->ended(outcome);
    }
    /// How many are open now.
    [[nodiscard]] int open() const
    {
        int count = 0;
        for (const auto &stream : streams)
            count += stream ? 1 : 0;
        return count;
    }

    QStringList opened; ///< pods, each time
    QHash<QString, QPointer<LogStream>> streams;
};

} // namespace pilothouse
