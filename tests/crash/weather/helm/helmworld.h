#pragma once

#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/helm/helmcommand.h"
#include "connectors/kubernetes/kubeconfig.h"
#include "connectors/kubernetes/kubernetesapi.h"
#include "connectors/kubernetes/kubetoken.h"
#include "support/kube/canaryworld.h"
#include "support/kube/kubeserver.h"

#include <QTimer>

namespace pilothouse {

/// A real kube-apiserver with the canary's Services, Deployments and Pods, whose route belongs to a
/// release of a real helm. A Gateway's stand-in accepts what is asked, and every weight that the
/// route ever has is noted.
class HelmWorld final : public QObject
{
public:
    explicit HelmWorld(KubeServer &server);

    /// Where somebody else's helm would go, with that program.
    [[nodiscard]] HelmTarget target(const QString &program) const;

    /// A release afresh, by `helm`: revision 1 with weight 0, then revision 2 with 10. `hook` is
    /// the one at which a later helm hangs; empty = at none. Empty, or what failed.
    [[nodiscard]] QString begin(const QString &helm, const QString &hook);
    /// Of the candidate, from 10 on, as they followed each other.
    [[nodiscard]] const QList<int> &weights() const { return m_weights; }
    [[nodiscard]] QJsonObject route() { return m_canary.route(); }
    /// "superseded: canary.weight 10 -> 50 by …" of each revision, oldest first, as helm tells it.
    [[nodiscard]] QStringList history(const QString &helm) const;

private:
    void look();
    [[nodiscard]] QString run(const QString &helm, const QStringList &arguments,
                              QByteArray *output = nullptr) const;

    KubeServer &m_server;
    CanaryWorld m_canary;
    QString m_kubeconfig;
    QTimer m_timer;
    QList<int> m_weights;
    int m_round = 0; ///< of begin()
    bool m_looking = false;
};

/// A console's own connection to it, whose server's clock can be put forward.
class HelmClient final : public HttpClient
{
public:
    explicit HelmClient(const QString &kubeconfig);

    std::chrono::seconds later{0};
    [[nodiscard]] Clock &clock() { return m_clock; }
    [[nodiscard]] KubernetesApi &api() { return m_api; }

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override;
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override
    {
        return m_network.stream(request);
    }

private:
    [[nodiscard]] NetworkHttp::Settings settings() const;

    SystemClock m_clock;
    KubeContext m_context;
    KubeToken m_token;
    NetworkHttp m_network;
    QObject m_self;
    KubernetesApi m_api;
};

} // namespace pilothouse
