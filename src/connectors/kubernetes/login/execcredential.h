#pragma once

#include "base/tokencache.h"
#include "connectors/kubernetes/login/execplugin.h"

namespace pilothouse {

/// The token, or the client certificate with its key, or both, that a plugin printed as an
/// ExecCredential of the version that the file names. SignedOut, never with a word of what was
/// printed, for anything else.
[[nodiscard]] Result<TokenCache::Token> readExecCredential(const QByteArray &printed,
                                                           const ExecPlugin &plugin);

} // namespace pilothouse
