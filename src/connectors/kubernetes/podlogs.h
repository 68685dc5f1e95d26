#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "logs/logsource.h"

namespace pilothouse {

/// Follows the log of a pod of one track's cluster, each line with its time stamp. A connection
/// that breaks is taken up without losing or doubling a line, and that is told; a log that the
/// server ends is asked for once more, since it also ends when it is rotated or its container
/// starts anew. Answers nullptr for other tracks and for jobs. GUI thread; api and clock outlive
/// the streams.
class PodLogs final : public LogSource
{
public:
    PodLogs(KubernetesApi &api, Clock &clock, TrackName track, QString nameSpace);

    [[nodiscard]] std::unique_ptr<LogStream> open(const LogTarget &target) override;

private:
    KubernetesApi &m_api;
    Clock &m_clock;
    TrackName m_track;
    QString m_nameSpace;
};

} // namespace pilothouse
