#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "connectors/git/gitmirror.h"

#include <QString>

#include <atomic>
#include <memory>

namespace pilothouse {

/// One fetch from the remote `origin` into the mirror.
struct GitFetch
{
    GitLocation location;
    QString url;  ///< https, http or a local path; see `canFetch`
    Secret token; ///< sent as the password to `url`'s host alone; empty = none
    std::shared_ptr<std::atomic<bool>> stopped = std::make_shared<std::atomic<bool>>(false);
};

/// Whether the console fetches from such a URL itself: https, http and local paths. Others (ssh)
/// would ask for keys and passphrases; there the user's own `git fetch` brings the news.
[[nodiscard]] bool canFetch(const QString &url);
/// Whether a credential belongs to it: https and http.
[[nodiscard]] bool needsCredential(const QString &url);

/// Fetches branches and tags of origin into the mirror's refs/remotes/origin and refs/tags, prunes
/// branches that are gone, and notes the default branch. Blocks until done, failed or `stopped`.
/// SignedOut if the token is refused, Refused for http beyond loopback with a token, Cancelled if
/// stopped, Unavailable if the host does not answer.
[[nodiscard]] Result<void> fetchOrigin(const GitFetch &fetch);

} // namespace pilothouse
