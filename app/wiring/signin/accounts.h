#pragma once

#include "connectors/secrets/keychaintoken.h"
#include "workspace/workspace.h"

namespace pilothouse {

// Whose token a credential of the workspace is: the host or the project, so that a token goes to
// no other.

[[nodiscard]] KeychainAccount githubAccount(const RepositorySettings &settings);
[[nodiscard]] KeychainAccount prometheusAccount(const PrometheusSettings &settings);
[[nodiscard]] KeychainAccount alertmanagerAccount(const AlertmanagerSettings &settings);
/// Cloud Run and Cloud Build of one project share a token.
[[nodiscard]] KeychainAccount googleAccount(const QString &project);

/// Those whose token the workspace wants from the keychain, each once.
[[nodiscard]] QList<KeychainAccount> keychainAccounts(const Workspace &workspace);

/// One token out of what was typed, without the space around it. BadInput, without a word of it,
/// for nothing, for more than one word, and for more than 64 KiB.
[[nodiscard]] Result<Secret> tokenFromText(const QByteArray &text);

/// The command that puts an account's token into the keychain.
[[nodiscard]] QString howToLogIn(const KeychainAccount &account, const QString &workspaceFile);

} // namespace pilothouse
