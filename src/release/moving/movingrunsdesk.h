#pragma once

#include "action/actionrunner.h"
#include "base/clock.h"
#include "pipeline/act/runerrand.h"
#include "release/moving/approvals.h"
#include "release/moving/movingruns.h"

#include <QObject>

#include <chrono>
#include <vector>

namespace pilothouse {

class RolloutController;

/// Looks at the CI host for runs that could still move a track's traffic, tells the track, and
/// cancels them once a rollback of this console was accepted: each once for a rollback, with an
/// intent and an outcome of its own. A hold of this console cancels those alike that wait at a gate
/// or are queued. One that the host does not let be cancelled is rejected at
/// its gate. What an earlier console left undone is shown, and never done by itself.
///
/// Nothing of it can delay or fail a rollback. GUI thread; everything it is given outlives it.
class MovingRunsDesk final : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        std::chrono::milliseconds quiet{
            10'000}; ///< between two looks; unchanged answers cost nothing
        std::chrono::milliseconds urgent{5'000}; ///< while something can still promote
        RunErrand::Pace pace;                    ///< of a cancellation
    };

    MovingRunsDesk(const Settings &settings, RunControl &control, ActionRunner &actions,
                   Clock &clock, QObject *parent = nullptr);

    /// Before start(). `workflowPath` is the file that deploys the track; empty = the workspace
    /// names none.
    void addTrack(RolloutController &track, const QString &workflowPath);
    /// The release whose waiting runs are asked about whatever their workflow is; empty = none.
    void setRelease(const CommitId &release);
    void start();

    /// Every run that could still move this track, as far as it is seen.
    [[nodiscard]] MovingRuns runs(const TrackName &track) const;
    /// The first look is over, whatever came of it.
    [[nodiscard]] bool hasLooked() const { return m_sight.read || m_sight.lost; }
    /// A rollback's or a hold's runs are being looked for or cancelled. A lost host ends it, though
    /// it is asked again as long as this lives.
    [[nodiscard]] bool busy() const;
    /// The runs that wait at a gate, of the tracks' workflows and of the release.
    [[nodiscard]] QList<WaitingRun> waiting() const;
    /// What is against approving this run; empty = nothing.
    [[nodiscard]] QList<Reason> againstApproving(const Run &run) const;

public Q_SLOTS:
    void look();

Q_SIGNALS:
    void changed();
    /// A look came to nothing; whoever else asks this host may want to look, too.
    void lost(const pilothouse::Error &error);

private:
    struct Track
    {
        RolloutController *rollout = nullptr;
        QString workflowPath;
    };
    enum class Cause { Rollback, Hold };
    /// A rollback or a hold whose runs are to be cancelled.
    struct Stop
    {
        Cause cause = Cause::Rollback;
        RolloutController *rollout = nullptr;
        QString workflowPath;
        QString reason; ///< as the journal of the run keeps it
        QString actor;
        QDateTime since;     ///< UTC
        bool looked = false; ///< a look since then came to nothing
    };

    void note(Cause cause, const Track &track, const QString &reason, const QString &actor);
    void askWaiting(QList<RunId> left, const RunsSight &sight);
    void lose(const Error &error);
    void endLook();
    void stopAll(const Stop &stop);
    void cancel(const RunId &run, const Stop &stop);
    void reject(const RunId &run, const Stop &stop);
    void give(const RunOrder &order, const BeforeOrder &before, const Stop &stop);
    void conclude(const RunOrder &order, const Stop &stop, const Outcome &outcome);
    void end(const RunId &run, const QString &said);
    void tell();
    void lookLater();
    /// It deploys a track, or is of the release.
    [[nodiscard]] bool isOurs(const Run &run) const;

    Settings m_settings;
    RunControl &m_control;
    ActionRunner &m_actions;
    Clock &m_clock;
    std::vector<Track> m_tracks;
    CommitId m_release;
    RunsSight m_sight;
    QList<Stop> m_stops;
    QList<RunId> m_underWay; ///< cancellations whose end is awaited
    bool m_looking = false;
    bool m_again = false; ///< something happened during a look
    qint64 m_alarm = 0;   ///< of the timer: an earlier one is not heard
};

} // namespace pilothouse
