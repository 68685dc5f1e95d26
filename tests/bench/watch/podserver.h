#pragma once

#include "app/sandbox/http/server.h"
#include "bench/watch/podrecording.h"

#include <QElapsedTimer>

namespace pilothouse::bench {

/// The part of an API server that a track with a route and the recorded pods behind it watches, on
/// 127.0.0.1. Once the pods are watched it sends so many changes a second, evenly; then it says on
/// its standard output that it has. For a program of its own, so that neither its time nor its
/// memory counts.
class PodServer final : public QObject
{
public:
    PodServer(const PodRecording &recording, int changesPerSecond);

    /// Says its port on the standard output, then serves. false if there is none.
    [[nodiscard]] bool listen();

private:
    void answer(const sandbox::ExchangePtr &exchange);
    void list(const sandbox::ExchangePtr &exchange, const QByteArrayList &objects) const;
    void sendDue();

    const PodRecording &m_recording;
    int m_perSecond;
    QList<sandbox::ExchangePtr> m_watches; ///< of kinds in which nothing happens
    sandbox::ExchangePtr m_podWatch;
    QTimer m_timer;
    QElapsedTimer m_since;
    int m_sent = 0;
    std::unique_ptr<sandbox::Server> m_server;
};

} // namespace pilothouse::bench
