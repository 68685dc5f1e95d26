#include "crash/weather/helm/helmworld.h"

#include "base/chaining.h"
#include "support/places.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkReply>
#include <QProcess>

namespace pilothouse {
namespace {

const QString production = QStringLiteral("production");
const QString chart = QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/crash/weather/helm/chart");
constexpr int lookEvery = 20; // ms

/// One of its own: kubectl's is written again for each kubectl.
QString copyOf(const QString &kubeconfig)
{
    QString copy = kubeconfig + QStringLiteral(".copy");
    QFile::copy(kubeconfig, copy);
    return copy;
}

} // namespace

HelmWorld::HelmWorld(KubeServer &server)
    : m_server(server), m_canary(server.admin()),
      m_kubeconfig(copyOf(server.kubeconfig(KubeServer::User::Admin)))
{
    if (const QString failure = m_canary.make(); !failure.isEmpty())
        qFatal("the canary was not made: %s", qPrintable(failure));
    connect(&m_timer, &QTimer::timeout, this, &HelmWorld::look);
    m_timer.start(lookEvery);
}

HelmTarget HelmWorld::target(const QString &program) const
{
    return {program,
            m_kubeconfig,
            {},
            production,
            CanaryWorld::name(),
            chart,
            QStringLiteral("canary.weight")};
}

QString HelmWorld::begin(const QString &helm, const QString &hook)
{
    KubeAsk &admin = m_server.admin();
    for (const QString &path :
         {QStringLiteral("/api/v1/namespaces/production/secrets?labelSelector=owner%3Dhelm"),
          QStringLiteral("/apis/batch/v1/namespaces/production/jobs"), CanaryWorld::routePath()})
        (void)admin.ask("DELETE", path);
    QStringList install{QStringLiteral("install"), CanaryWorld::name(), chart};
    if (!hook.isEmpty())
        install << QStringLiteral("--set") << QStringLiteral("hangs=") + hook;
    QString failure = run(helm, install);
    const QStringList upgrade{QStringLiteral("upgrade"),
                              CanaryWorld::name(),
                              chart,
                              QStringLiteral("--reuse-values"),
                              QStringLiteral("--set"),
                              QStringLiteral("canary.weight=10"),
                              QStringLiteral("--no-hooks")};
    if (failure.isEmpty())
        failure = run(helm, upgrade);
    m_weights = {10};
    ++m_round; // what was asked meanwhile is answered only now
    return failure;
}

QString HelmWorld::run(const QString &helm, const QStringList &arguments, QByteArray *output) const
{
    QProcess process;
    process.start(helm, arguments
                            + QStringList{QStringLiteral("--namespace"), production,
                                          QStringLiteral("--kubeconfig"), m_kubeconfig});
    const bool ended = process.waitForFinished(60'000);
    if (output)
        *output = process.readAllStandardOutput();
    return ended && process.exitCode() == 0
               ? QString()
               : QStringLiteral("helm: ") + QString::fromUtf8(process.readAllStandardError());
}

QStringList HelmWorld::history(const QString &helm) const
{
    QByteArray output;
    QStringList lines;
    if (const QString failure = run(helm,
                                    {QStringLiteral("history"), CanaryWorld::name(),
                                     QStringLiteral("--output"), QStringLiteral("json")},
                                    &output);
        !failure.isEmpty())
        lines << failure;
    const QJsonArray revisions = QJsonDocument::fromJson(output).array();
    for (const auto &revision : revisions)
        lines << revision[QLatin1String("status")].toString() + QStringLiteral(": ")
                     + revision[QLatin1String("description")].toString();
    return lines;
}

/// In the place of a Gateway.
void HelmWorld::look()
{
    if (std::exchange(m_looking, true))
        return;
    QNetworkReply *read = m_server.admin().begin("GET", CanaryWorld::routePath());
    connect(read, &QNetworkReply::finished, this, [this, read, round = m_round] {
        if (round != m_round) {
            m_looking = false;
            return;
        }
        const QJsonObject route = KubeAsk::answerOf(*read).object;
        const int weight = CanaryWorld::weightOf(route);
        if (weight >= 0 && !m_weights.isEmpty() && m_weights.last() != weight)
            m_weights.append(weight);
        const qint64 generation = CanaryWorld::generationOf(route);
        if (generation == 0 || CanaryWorld::isAccepted(route)) {
            m_looking = false;
            return;
        }
        QNetworkReply *written = m_server.admin().begin(
            "PATCH", CanaryWorld::routePath() + QStringLiteral("/status"),
            CanaryWorld::acceptance(generation), "application/merge-patch+json");
        connect(written, &QNetworkReply::finished, this, [this] { m_looking = false; });
    });
}

HelmClient::HelmClient(const QString &kubeconfig)
    : m_context(*readKubeconfig(kubeconfig, {})), m_token(m_context),
      m_network(settings(), m_token, m_clock), m_api(*this, m_clock, m_context.server)
{}

NetworkHttp::Settings HelmClient::settings() const
{
    NetworkHttp::Settings settings;
    settings.systemName = QStringLiteral("Kubernetes");
    settings.base = m_context.server;
    settings.tls.caPem = m_context.caPem;
    settings.tls.clientCertificatePem = m_context.clientCertificatePem;
    settings.tls.clientKeyPem = m_context.clientKeyPem;
    return settings;
}

QFuture<Result<HttpResponse>> HelmClient::send(const HttpRequest &request)
{
    return converted<HttpResponse>(
        m_network.send(request), &m_self,
        [this](const Result<HttpResponse> &answer) -> Result<HttpResponse> {
            Result<HttpResponse> moved = answer;
            if (moved)
                moved->serverAt = moved->serverAt.addSecs(later.count());
            return moved;
        });
}

} // namespace pilothouse
