#pragma once

#include "workspace/credentialchoice.h"

#include <QString>
#include <QUrl>

#include <variant>

namespace pilothouse {

/// Where a server is.
struct ServerAddress
{
    QUrl url;           ///< empty = the vendor's own
    bool plain = false; ///< http beyond loopback, allowed by the file: marked on screen

    bool operator==(const ServerAddress &) const = default;
};

/// A namespace of a cluster.
struct ClusterPlace
{
    QString kubeconfig; ///< absolute path; empty = as kubectl finds it
    QString context;
    QString nameSpace;

    bool operator==(const ClusterPlace &) const = default;
};

/// A track that moves by the weights of a Gateway API HTTPRoute.
struct HttpRouteSettings
{
    ClusterPlace at;
    QString name;      ///< of the HTTPRoute
    QString stable;    ///< Service
    QString candidate; ///< Service
    /// helm, for the way back where a release brings the stable: as HelmSettings::program.
    QString program = QStringLiteral("helm");

    bool operator==(const HttpRouteSettings &) const = default;
};

/// A track that moves by the traffic split of a Cloud Run service.
struct CloudRunSettings
{
    QString project;
    QString region;
    QString service;
    CredentialChoice credential{CredentialChoice::Kind::Gcloud, {}};
    ServerAddress api;

    bool operator==(const CloudRunSettings &) const = default;
};

/// A track that follows the steps of an Argo Rollouts Rollout.
struct ArgoRolloutSettings
{
    ClusterPlace at;
    QString name; ///< of the Rollout

    bool operator==(const ArgoRolloutSettings &) const = default;
};

/// A track that moves by the canary annotations of ingress-nginx.
struct NginxCanarySettings
{
    ClusterPlace at;
    QString name;                                                   ///< of the canary Ingress
    QString stable;                                                 ///< Service
    QString candidate;                                              ///< Service
    QString prefix = QStringLiteral("nginx.ingress.kubernetes.io"); ///< of the annotations

    bool operator==(const NginxCanarySettings &) const = default;
};

/// A track whose weights stand in an Istio VirtualService; read only.
struct IstioSettings
{
    ClusterPlace at;
    QString name;            ///< of the VirtualService
    QString stable;          ///< Service
    QString candidate;       ///< Service
    QString stableSubset;    ///< empty = the whole Service
    QString candidateSubset; ///< empty = the whole Service

    bool operator==(const IstioSettings &) const = default;
};

/// A track that Flagger moves by itself; read only.
struct FlaggerSettings
{
    ClusterPlace at;
    QString name; ///< of the Canary

    bool operator==(const FlaggerSettings &) const = default;
};

/// A track whose weight is a value of a Helm release, and that its chart brings to a route.
struct HelmSettings
{
    /// What really has the traffic: an HTTPRoute, or the canary annotations of an Ingress.
    struct Route
    {
        enum class Kind { HttpRoute, NginxCanary } kind = Kind::HttpRoute;
        QString name;      ///< of the HTTPRoute, or of the canary Ingress
        QString stable;    ///< Service
        QString candidate; ///< Service
        QString prefix = QStringLiteral("nginx.ingress.kubernetes.io"); ///< of the annotations

        bool operator==(const Route &) const = default;
    };

    ClusterPlace at;
    QString release;
    QString chart;   ///< absolute path, REPOSITORY/CHART or oci://…
    QString value;   ///< dotted
    QString program; ///< helm: a name on the PATH, or an absolute path
    Route route;

    bool operator==(const HelmSettings &) const = default;
};

/// The build service that makes a track's images: Google Cloud Build.
struct BuildSettings
{
    QString project;
    QString region; ///< "global" where the file says nothing
    QString job;    ///< key of the pipeline's job that hands its builds over; empty = none
    CredentialChoice credential{CredentialChoice::Kind::Gcloud, {}};
    ServerAddress api;
    ServerAddress storage; ///< of the logs

    bool operator==(const BuildSettings &) const = default;
};

using Control = std::variant<HttpRouteSettings, CloudRunSettings, ArgoRolloutSettings,
                             NginxCanarySettings, IstioSettings, FlaggerSettings, HelmSettings>;

/// In which cluster a control is; nullptr for one in none.
[[nodiscard]] const ClusterPlace *placeOf(const Control &control);
[[nodiscard]] ClusterPlace *placeOf(Control &control);

} // namespace pilothouse
