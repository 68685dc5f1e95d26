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

/// A track that moves by the weights of a Gateway API HTTPRoute.
struct HttpRouteSettings
{
    QString kubeconfig; ///< absolute path; empty = as kubectl finds it
    QString context;
    QString nameSpace;
    QString name;      ///< of the HTTPRoute
    QString stable;    ///< Service
    QString candidate; ///< Service

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

using Control = std::variant<HttpRouteSettings, CloudRunSettings>;

} // namespace pilothouse
