#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "connectors/kubernetes/login/execplugin.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

#include <optional>

namespace pilothouse {

/// How to reach and sign in to one cluster, read from a kubeconfig.
struct KubeContext
{
    QString name;
    QUrl server;
    QString nameSpace; ///< of the context; "default" if it names none
    QByteArray caPem;  ///< empty = the machine's authorities
    QString tlsServerName;
    bool skipVerification = false; ///< insecure-skip-tls-verify
    QUrl proxy;
    QByteArray clientCertificatePem;
    Secret clientKeyPem;
    Secret token;
    QString tokenFile;              ///< wins over `token`, read again for each sign-in
    std::optional<ExecPlugin> exec; ///< signs in where there is neither
};

/// Reads a context of a kubeconfig file. An empty `path` = the files that kubectl reads (those of
/// the variable KUBECONFIG, else ~/.kube/config), merged as it merges them. An empty `context` =
/// current-context. Base64 data wins over a path; relative paths are relative to the file they
/// stand in. A context without a user signs in as nobody.
///
/// BadInput with file, line and column for what is wrong, NotFound for a context that is not there
/// (the message lists those that are), Refused for a sign-in that this version does not offer (a
/// program that needs a terminal, an auth-provider, a password, acting as somebody else).
[[nodiscard]] Result<KubeContext> readKubeconfig(const QString &path, const QString &context);

} // namespace pilothouse
