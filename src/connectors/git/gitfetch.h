#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "connectors/git/gitmirror.h"

#include <QString>

#include <atomic>
#include <chrono>
#include <memory>

namespace pilothouse {

/// One fetch from the remote `origin` into the mirror.
struct GitFetch
{
    GitLocation location;
    QString url;  ///< https, http or a local path; see `canFetch`
    Secret token; ///< sent as the password to `url`'s host alone; empty = none
    std::chrono::milliseconds silence{30'000}; ///< of the host, that is waited out
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
/// stopped, TimedOut if the host falls silent, NotFound if it has no such repository, NotAllowed if
/// it lets nobody in, Unavailable for all else, also where the mirror cannot be written. What was
/// fetched before stays.
[[nodiscard]] Result<void> fetchOrigin(const GitFetch &fetch);

} // namespace pilothouse
