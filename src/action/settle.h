#pragma once

#include "action/actionrunner.h"

#include <memory>
#include <vector>

namespace pilothouse {

/// What a start found out about the intents of processes that are gone.
struct Settled
{
    Record intent;
    Outcome outcome; ///< Done, Failed (not done) or Unknown (shown, with choices)
};

/// What a look answers that could not see the world, or came too early: Unknown for now. The intent
/// stays open and is to be looked at again, by this start or the next one.
[[nodiscard]] Outcome unseen(const QString &why);
[[nodiscard]] bool isUnseen(const Outcome &outcome);

/// Settles orphaned intents: asks whoever knows the subject to look at the world, and writes what
/// it says as the outcome. Nothing is done again. GUI thread; the journal outlives it.
class Settler : public QObject
{
    Q_OBJECT

public:
    /// Whether an intent is of this subject.
    using Claims = std::function<bool(const Record &intent)>;
    /// Looks at the world, changes nothing.
    using Look = std::function<QFuture<Outcome>(const Record &intent)>;

    /// `actor` writes the outcomes.
    Settler(Journal &journal, QString actor, QObject *parent = nullptr);

    /// The first that claims an intent is asked. An intent that nobody claims ends as Unknown.
    void add(Claims claims, Look look);

    /// At start, after everyone was added, and again while something was unseen; one at a time. One
    /// intent after the other, oldest first. An outcome that cannot be written fails it: the intent
    /// stays an orphan. So does one that was `unseen`, which is told and does not stop the others.
    [[nodiscard]] QFuture<Result<QList<Settled>>> settle();

Q_SIGNALS:
    void settled(const pilothouse::Settled &what);

private:
    struct Job;
    struct Knower
    {
        Claims claims;
        Look look;
    };

    void next(const std::shared_ptr<Job> &job);
    void write(const std::shared_ptr<Job> &job, const Outcome &outcome);

    Journal &m_journal;
    QString m_actor;
    std::vector<Knower> m_knowers;
};

} // namespace pilothouse
