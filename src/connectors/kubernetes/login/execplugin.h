#pragma once

#include "base/result.h"
#include "document/yamlnode.h"

#include <QJsonObject>
#include <QList>
#include <QStringList>

#include <utility>

namespace pilothouse {

/// The program that a kubeconfig's user signs in with.
struct ExecPlugin
{
    QString apiVersion; ///< client.authentication.k8s.io/v1 or /v1beta1
    QString command;    ///< a name for the PATH, or an absolute path
    QStringList arguments;
    QList<std::pair<QString, QString>> environment;
    QString installHint;
    bool wantsCluster = false; ///< provideClusterInfo
    QByteArray info;           ///< value of KUBERNETES_EXEC_INFO
    QString file;              ///< the kubeconfig
    QString context;
};

/// Reads users[].user.exec of `file`; a relative path to the program begins at its folder.
/// `cluster` goes to a plugin that asks for it. BadInput with file, line and column; Refused where
/// the program wants to talk to a person.
[[nodiscard]] Result<ExecPlugin> readExecPlugin(const YamlNode &exec, const QString &file,
                                                const QString &context, const QJsonObject &cluster);

/// The value as JSON: what is written without quotes and reads as a number, a truth or null is one,
/// by YAML 1.1 as kubectl reads it ("yes" and "on" are true, 0x10 is 16).
[[nodiscard]] QJsonValue jsonOf(const YamlNode &node);

} // namespace pilothouse
