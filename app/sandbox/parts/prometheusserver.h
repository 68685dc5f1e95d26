#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <memory>

namespace pilothouse::sandbox {

/// A real Prometheus for one run on 127.0.0.1. It scrapes http://127.0.0.1:metricsPort/metrics
/// every 1 s / speed (at least 100 ms) and judges the alerts HighErrorRatio (5xx share of one
/// version over 1 % for 15 s / speed) and PodRestarts (containers started again in the last minute
/// / speed, for two of them; labels track, version, severity; annotations summary,
/// runbook_url, dashboard_url). The labels `job` and `instance` are dropped from scraped series, so
/// that the imported history and the scraped present are the same series.
///
/// Series it needs: http_requests_total{track,version,code}, run_requests_total{track,
/// revision_name,code}, kube_pod_container_status_restarts_total{track,version}; see
/// workspacewriter.h for all that the workspace's queries name.
///
/// Binaries: $PILOTHOUSE_PARTS/usr/bin/{prometheus,promtool}, else /usr/bin. As root both run as
/// `nobody` with their data in the system's temporary folder. The destructor ends the server.
class PrometheusServer : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        QString dir; ///< the sandbox's folder; must exist
        quint16 port = 0;
        quint16 metricsPort = 0;
        double speed = 1;
        /// OpenMetrics text with time stamps, "# EOF" at its end, for
        /// `promtool tsdb create-blocks-from openmetrics`; the last sample must lie before now.
        /// Without labels `job` and `instance`. Empty = no history.
        QByteArray history;
    };

    explicit PrometheusServer(Settings settings, QObject *parent = nullptr);
    ~PrometheusServer() override;

    /// Begins: imports the history, starts the server, waits until it says it is ready.
    void start();
    /// The fault `prometheus=lost`: the process is stopped or goes on (SIGSTOP, SIGCONT).
    void setLost(bool lost);
    [[nodiscard]] quint16 port() const;

    /// The folder that holds prometheus and promtool. NotFound says what to install.
    [[nodiscard]] static Result<QString> binaryFolder();

Q_SIGNALS:
    void ready();
    void failed(const pilothouse::Error &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse::sandbox
