#pragma once

#include "connectors/kubernetes/helm/helmbody.h"

#include <QHash>
#include <QList>

#include <chrono>

namespace pilothouse {

/// A release as its Secrets tell it: the revisions that Helm still keeps, newest first, and of some
/// of them what their bodies say.
struct HelmHistory
{
    QList<HelmRevision> revisions;
    QHash<int, HelmBody> bodies; ///< by number

    [[nodiscard]] const HelmRevision *newest() const
    {
        return revisions.isEmpty() ? nullptr : &revisions.first();
    }
    [[nodiscard]] const HelmRevision *find(int number) const;
    /// Empty for a revision whose body was not read.
    [[nodiscard]] HelmBody body(int number) const { return bodies.value(number); }
    /// The newest revision that is Helm's own starting point of an upgrade: the highest deployed
    /// one, since concurrent use can leave two. nullptr = none.
    [[nodiscard]] const HelmRevision *deployed() const;
};

/// From the items of a list of Secrets, or of their metadata. What cannot be read is left out and
/// named in `unreadable`.
[[nodiscard]] HelmHistory historyFrom(const QJsonArray &items, QStringList *unreadable = nullptr);

/// What can be gone back to.
struct GoodRevisions
{
    QList<HelmRevision> good; ///< newest first
    QStringList skipped;      ///< one sentence for each revision above the first good one, and why
};

/// Deployed, or superseded after it had been deployed. Never failed, pending or uninstalled. Helm
/// calls a failed revision superseded where no other was ever deployed, so its description counts
/// too, if its body was read.
[[nodiscard]] GoodRevisions goodRevisions(const HelmHistory &history);

/// The revision that holds the release, if one does.
struct HelmLock
{
    enum class Kind {
        None,
        Deploying,  ///< made so lately that its client still works
        LeftBehind, ///< its client must have ended without taking it away
    };

    Kind kind = Kind::None;
    int revision = 0;
    QString word;                     ///< "pending-upgrade"
    std::chrono::milliseconds age{0}; ///< since Helm made it
    QString sentence;                 ///< what it is and what to do; empty = None
};

/// How long a lock passes for somebody at work: Helm waits five minutes for each operation unless
/// told otherwise, and an upgrade that undoes itself has two.
inline constexpr std::chrono::minutes deploysFor{10};

/// `now` is the server's time, UTC. A lock of unknown age counts as somebody at work.
[[nodiscard]] HelmLock lockOf(const HelmHistory &history, const QDateTime &now);

} // namespace pilothouse
