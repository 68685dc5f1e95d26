#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "logs/logsource.h"

namespace pilothouse {

/// Follows the log of a pod of one track's cluster, each line with its time stamp. A connection
/// that breaks, or is silent for long, is taken up without losing or doubling a line, and that is
/// told; a line is passed on when it is whole, since it comes again as a whole. A log that the
/// server ends is asked for once more, since it also ends when it is rotated or its container
/// starts anew. Answers nullptr for other tracks and for jobs. GUI thread; api and clock outlive
/// the streams.
class PodLogs final : public LogSource
{
public:
    /// A pod may have nothing to say; only a dead connection must not be waited for.
    static constexpr std::chrono::minutes longestSilence{2};

    PodLogs(KubernetesApi &api, Clock &clock, TrackName track, QString nameSpace,
            std::chrono::milliseconds silence = longestSilence);

    [[nodiscard]] std::unique_ptr<LogStream> open(const LogTarget &target) override;

private:
    KubernetesApi &m_api;
    Clock &m_clock;
    TrackName m_track;
    QString m_nameSpace;
    std::chrono::milliseconds m_silence;
};

} // namespace pilothouse
