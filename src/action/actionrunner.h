#pragma once

#include "base/id.h"
#include "base/result.h"
#include "journal/journal.h"

#include <QFuture>
#include <QJsonObject>
#include <QObject>

#include <chrono>
#include <functional>
#include <memory>

namespace pilothouse {

/// A decision on its way into the journal.
struct Intent
{
    QString subject;  ///< track or change, as in Record::subject
    QString verb;     ///< "promote", "roll back", "run E1" …
    QJsonObject body; ///< from, to, target identity, preconditions, evidence with ages, reason
    /// What must not run twice at a time; empty = the subject. A rollback has a lane of its own, so
    /// that nothing that hangs can stand before it.
    QString lane;
    QString actor; ///< who acts, where that is not the person at this machine; empty = the runner's
};

/// How an intent ended.
struct Outcome
{
    enum class Kind { Done, Failed, Refused, Conflict, Unknown };
    Kind kind = Kind::Unknown;
    QString text; ///< "accepted 50 % after 0.39 s"
    QJsonObject body;
};

/// The one way to change the world: intent (durable), effect, observation, outcome.
class ActionRunner : public QObject
{
    Q_OBJECT

public:
    /// Does the effect and observes until the world agrees; starts only after the intent is
    /// durable, or as WithoutJournal says.
    using Effect = std::function<QFuture<Outcome>(const IntentId &)>;

    enum class WithoutJournal {
        Refuse, ///< promote, schema steps: no record, no action
        Go,     ///< rollback: goes on, the record is kept in memory and that is said
    };
    /// How long the answer of a journal is waited for, before an effect under Go and to tell an
    /// outcome: a disk that hangs must not stop a rollback. What was asked of the journal stays
    /// asked; an outcome follows once its intent is there.
    static constexpr std::chrono::milliseconds journalPatience{1'000};
    /// How long an action under Refuse waits for its record. Then it is Refused and never begun; a
    /// record that is written afterwards all the same gets an outcome that says so.
    static constexpr std::chrono::milliseconds recordPatience{10'000};

    /// `actor` is who acts on this machine ("A. Muster"). The journal outlives the runner.
    ActionRunner(Journal &journal, QString actor, QObject *parent = nullptr,
                 std::chrono::milliseconds patience = journalPatience,
                 std::chrono::milliseconds recordWithin = recordPatience);

    [[nodiscard]] QString actor() const { return m_actor; }

    /// Never runs two effects in one lane at a time: a second one is Refused.
    [[nodiscard]] QFuture<Outcome> run(const Intent &intent, Effect effect,
                                       WithoutJournal policy = WithoutJournal::Refuse);

    /// Something is under way in this lane.
    [[nodiscard]] bool busy(const QString &lane) const;

    /// Records that the journal would not take, or has not answered for (a rollback without a
    /// journal), oldest first.
    [[nodiscard]] const QList<Record> &unrecorded() const { return m_unrecorded; }

Q_SIGNALS:
    void began(const QString &subject, const QString &verb);
    void ended(const QString &subject, const pilothouse::Outcome &outcome);

private:
    struct Going;

    void notRecorded(const std::shared_ptr<Going> &going, const Error &why, WithoutJournal policy);
    void giveUp(const std::shared_ptr<Going> &going);
    void start(const std::shared_ptr<Going> &going);
    void record(const std::shared_ptr<Going> &going, const Outcome &outcome);
    void append(const std::shared_ptr<Going> &going, const Record &outcomeSaid,
                const Outcome &outcome);
    void keep(const Record &record);
    void forget(const Record &record);
    void finish(const std::shared_ptr<Going> &going, const Outcome &outcome);

    Journal &m_journal;
    QString m_actor;
    std::chrono::milliseconds m_patience;     ///< as journalPatience
    std::chrono::milliseconds m_recordWithin; ///< as recordPatience
    QList<QString> m_busy;
    QList<Record> m_unrecorded;
};

} // namespace pilothouse
