#include "app/sandbox/parts/prometheusserver.h"

#include "app/sandbox/parts/servers/serverplace.h"
#include "app/sandbox/parts/servers/serverprocess.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <csignal>

namespace pilothouse::sandbox {

namespace {

/// "1500ms": Prometheus' durations are whole numbers.
QByteArray prometheusDuration(double seconds)
{
    return QByteArray::number(std::max(1, int(std::lround(seconds * 1000)))) + "ms";
}

QByteArray configuration(const PrometheusServer::Settings &settings)
{
    const QByteArray interval = prometheusDuration(std::max(0.1, 1 / settings.speed));
    return "global:\n  scrape_interval: " + interval + "\n  scrape_timeout: " + interval
           + "\n  evaluation_interval: " + interval
           + "\nrule_files: [rules.yml]\n"
             "scrape_configs:\n"
             "  - job_name: sandbox\n"
             "    honor_labels: true\n"
             "    static_configs:\n"
             "      - targets: ['127.0.0.1:"
           + QByteArray::number(settings.metricsPort)
           + "']\n"
             "    metric_relabel_configs:\n"
             "      - {regex: job|instance, action: labeldrop}\n";
}

QByteArray alert(const QByteArray &expression, double speed)
{
    return "      - alert: HighErrorRatio\n"
           "        expr: "
           + expression + "\n        for: " + prometheusDuration(15 / speed)
           + "\n        labels: {severity: page}\n"
             "        annotations:\n"
             "          summary: '{{ $labels.track }} {{ $labels.version }}: {{ $value | "
             "humanizePercentage }} of requests fail'\n"
             "          runbook_url: https://runbooks.coditect.example/high-error-ratio\n"
             "          dashboard_url: https://dashboards.coditect.example/d/{{ $labels.track }}\n";
}

/// A container that is started again and again is no outage yet: it has to go on for longer.
QByteArray restartAlert(double speed)
{
    return "      - alert: PodRestarts\n"
           "        expr: sum by (track, version) "
           "(increase(kube_pod_container_status_restarts_total["
           + prometheusDuration(60 / speed)
           + "])) > 0\n        for: " + prometheusDuration(120 / speed)
           + "\n        labels: {severity: warning}\n"
             "        annotations:\n"
             "          summary: '{{ $labels.track }} {{ $labels.version }}: pods are started "
             "again'\n"
             "          runbook_url: https://runbooks.coditect.example/pod-restarts\n"
             "          dashboard_url: https://dashboards.coditect.example/d/{{ $labels.track }}\n";
}

QByteArray rules(double speed)
{
    const QByteArray window = prometheusDuration(15 / speed);
    const QByteArray standalone
        = "sum by (track, version) (rate(http_requests_total{code=~\"5..\"}[" + window
          + "])) / sum by (track, version) (rate(http_requests_total[" + window + "])) > 0.01";
    // Cloud Run's series tell the revision; the alert's label is the same for both tracks.
    const QByteArray coditect
        = "label_replace(sum by (track, revision_name) (rate(run_requests_total{code=~\"5..\"}["
          + window + "])) / sum by (track, revision_name) (rate(run_requests_total[" + window
          + "])), \"version\", \"$1\", \"revision_name\", \"(.*)\") > 0.01";
    return "groups:\n  - name: rehearsal\n    rules:\n" + alert(standalone, speed)
           + alert(coditect, speed) + restartAlert(speed);
}

bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace

struct PrometheusServer::Private
{
    PrometheusServer *q = nullptr;
    Settings settings;
    ServerPrograms programs;
    QString folder; ///< of this run: configuration, data and log
    std::unique_ptr<ServerProcess> server;
    bool isReady = false;

    void prepare()
    {
        const auto made = makeServerFolder(settings.dir, QStringLiteral("prometheus"));
        if (!made) {
            Q_EMIT q->failed(made.error());
            return;
        }
        folder = *made;
        const bool written
            = writeFile(folder + QStringLiteral("/prometheus.yml"), configuration(settings))
              && writeFile(folder + QStringLiteral("/rules.yml"), rules(settings.speed))
              && writeFile(folder + QStringLiteral("/history.txt"), settings.history)
              && QDir(folder).mkdir(QStringLiteral("data"));
        if (!written) {
            Q_EMIT q->failed(
                {ErrorKind::Unavailable,
                 PrometheusServer::tr("The folder %1 cannot be written: make room there.")
                     .arg(folder),
                 {},
                 {}});
            return;
        }
        if (auto given = giveToServers(folder); !given)
            Q_EMIT q->failed(given.error());
        else if (settings.history.isEmpty())
            serve();
        else
            import();
    }

    void import()
    {
        const QStringList arguments{QStringLiteral("tsdb"), QStringLiteral("create-blocks-from"),
                                    QStringLiteral("openmetrics"),
                                    folder + QStringLiteral("/history.txt"),
                                    folder + QStringLiteral("/data")};
        ProcessRunner()
            .run(serverCommand(programs, QStringLiteral("promtool"), arguments,
                               QStringLiteral("KILL")))
            .then(q, [this](const Result<CommandOutput> &output) {
                const auto done = succeeded(
                    output,
                    PrometheusServer::tr("Prometheus did not take the history: see the detail."));
                if (!done)
                    Q_EMIT q->failed(done.error());
                else
                    serve();
            });
    }

    void serve()
    {
        server = std::make_unique<ServerProcess>(QStringLiteral("Prometheus"),
                                                 folder + QStringLiteral("/log"));
        connect(server.get(), &ServerProcess::lost, q, &PrometheusServer::failed);
        const QStringList arguments{
            QStringLiteral("--config.file=") + folder + QStringLiteral("/prometheus.yml"),
            QStringLiteral("--storage.tsdb.path=") + folder + QStringLiteral("/data"),
            QStringLiteral("--storage.tsdb.retention.time=1d"),
            QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(settings.port)};
        server->start(serverCommand(programs, QStringLiteral("prometheus"), arguments,
                                    QStringLiteral("KILL")));
        askWhetherReady();
    }

    /// GET /-/ready answers 200 once the data is open. A plain socket: this is the only thing that
    /// is ever asked here.
    void askWhetherReady()
    {
        auto *socket = new QTcpSocket(q);
        const auto again = [this, socket] {
            socket->deleteLater();
            if (isReady || !server || !server->isRunning())
                return;
            QTimer::singleShot(40, q, [this] { askWhetherReady(); });
        };
        connect(socket, &QTcpSocket::connected, q,
                [socket] { socket->write("GET /-/ready HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"); });
        connect(socket, &QTcpSocket::disconnected, q, [this, socket, again] {
            if (!isReady && socket->readAll().startsWith("HTTP/1.0 200")) {
                isReady = true;
                Q_EMIT q->ready();
            }
            again();
        });
        connect(socket, &QTcpSocket::errorOccurred, q, [again](QAbstractSocket::SocketError error) {
            if (error != QAbstractSocket::RemoteHostClosedError)
                again();
        });
        socket->connectToHost(QStringLiteral("127.0.0.1"), settings.port);
    }
};

PrometheusServer::PrometheusServer(Settings settings, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->settings = std::move(settings);
}

PrometheusServer::~PrometheusServer()
{
    // Its data is thrown away: nothing is gained by letting it write that down first.
    if (d->server)
        d->server->end(SIGKILL, std::chrono::seconds(1));
    if (!d->folder.isEmpty())
        QDir(d->folder).removeRecursively();
}

void PrometheusServer::start()
{
    const auto folder = binaryFolder();
    if (!folder) {
        Q_EMIT failed(folder.error());
        return;
    }
    ServerPrograms programs;
    programs.folder = *folder;
    const QString parts = qEnvironmentVariable("PILOTHOUSE_PARTS");
    if (!parts.isEmpty() && folder->startsWith(parts)) {
        programs.root = parts;
        programs.needed
            = {QStringLiteral("usr/bin/prometheus"), QStringLiteral("usr/bin/promtool")};
    }
    withinReach(programs, this).then(this, [this](const Result<ServerPrograms> &reached) {
        if (!reached) {
            Q_EMIT failed(reached.error());
            return;
        }
        d->programs = *reached;
        d->prepare();
    });
}

void PrometheusServer::setLost(bool lost)
{
    if (d->server)
        d->server->signal(lost ? SIGSTOP : SIGCONT);
}

quint16 PrometheusServer::port() const
{
    return d->settings.port;
}

Result<QString> PrometheusServer::binaryFolder()
{
    QStringList folders;
    const QString parts = qEnvironmentVariable("PILOTHOUSE_PARTS");
    if (!parts.isEmpty())
        folders << parts + QStringLiteral("/usr/bin");
    folders << QStringLiteral("/usr/bin");
    for (const QString &folder : std::as_const(folders)) {
        if (QFileInfo(folder + QStringLiteral("/prometheus")).isExecutable()
            && QFileInfo(folder + QStringLiteral("/promtool")).isExecutable())
            return folder;
    }
    return fail(ErrorKind::NotFound,
                tr("Prometheus is not here: install prometheus, or set PILOTHOUSE_PARTS to the "
                   "folder of unpacked packages."));
}

} // namespace pilothouse::sandbox
