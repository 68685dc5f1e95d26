#pragma once

#include "base/reading.h"
#include "journal/journal.h"
#include "rollout/alerts/alertrules.h"
#include "rollout/trafficcontrol.h"

#include <QJsonArray>
#include <QStringList>

namespace pilothouse {

/// One thing that must be right at the begin of a shift.
struct ReadyLine
{
    enum class State { Ok, No, CannotTell };

    QString what; ///< "Kubernetes", "sign-in to GitHub", "rights on standalone"
    State state = State::CannotTell;
    QString words;
    QString todo; ///< empty where it is ok

    bool operator==(const ReadyLine &) const = default;
};

/// How the console signs in to one system.
struct AccountFact
{
    QString system;
    bool needed = true;         ///< false: the system asks for nothing
    std::optional<Error> error; ///< there is no credential
    QDateTime until;            ///< UTC, by its own word; invalid = it does not tell
};

/// The copy of the repository that questions about commits are answered from.
struct MirrorFact
{
    std::optional<Error> fetchError; ///< origin could not be asked now
    QDateTime fetchedAt;             ///< UTC; invalid = never
    QStringList missing;             ///< short SHAs of live commits that are not in it
    int live = 0;                    ///< live commits whose SHA is known
};

[[nodiscard]] ReadyLine sourceLine(const SourceState &source);
/// What ends within a shift of eight hours is said, what is over is not ok.
[[nodiscard]] ReadyLine accountLine(const AccountFact &account, const QDateTime &now);
[[nodiscard]] ReadyLine rightsLine(const TrackName &track, const Result<TrafficAccess> &access);
/// Whether On call can show an alert of this track at all. Where an Alertmanager is asked too,
/// other servers than the one whose rules these are may send it.
enum class AlertSenders { MetricsAlone, OthersToo };
[[nodiscard]] ReadyLine alertsLine(const TrackName &track, const Result<TrackRules> &rules,
                                   AlertSenders senders);
[[nodiscard]] ReadyLine mirrorLine(const MirrorFact &mirror, const QDateTime &now);
[[nodiscard]] ReadyLine journalLine(const std::optional<Error> &unwritable,
                                    const Result<ChainState> &chain);
/// `read` is the outcome of reading one entry: that there is none does not speak against it.
[[nodiscard]] ReadyLine keychainLine(const Result<void> &read);
/// How far this machine's clock is before the servers'; nullopt = no server told its time.
[[nodiscard]] ReadyLine clockLine(const std::optional<std::chrono::milliseconds> &ahead,
                                  const QString &server);
/// `inPath` and `beside` are where the program was found; empty = not there.
[[nodiscard]] ReadyLine guardLine(const QString &inPath, const QString &beside);

/// Every line is ok.
[[nodiscard]] bool isReady(const QList<ReadyLine> &lines);
[[nodiscard]] QString readyText(const QList<ReadyLine> &lines);
[[nodiscard]] QJsonArray readyJson(const QList<ReadyLine> &lines);

} // namespace pilothouse
