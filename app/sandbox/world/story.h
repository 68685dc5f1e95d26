#pragma once

#include "app/sandbox/world/alertwatch.h"

#include <QList>
#include <QObject>
#include <QSet>
#include <QString>

#include <functional>
#include <optional>

namespace pilothouse::sandbox {

class World;

/// A line that a person of the cast has written where colleagues read it.
struct Said
{
    double clockSecond = 0;
    QString who;
    QString text;
};

/// How the drill went. Seconds of the scenario; absent = it has not come.
struct DrillScore
{
    std::optional<double> badAt; ///< the bad release got half of the traffic
    std::optional<double> firingAt;
    std::optional<double> confirmAt; ///< the first dry run of a rollback
    std::optional<double> askedAt;   ///< weight 0 written
    std::optional<double> acceptedAt;
    double requestsFailed = 0; ///< above what is normal, from badAt until weight 0 was accepted
    int wrongTargets = 0;
    int promotedInSpite = 0; ///< weights written upwards while the alert fired
};

/// The director: begins each beat at its trigger and plays those of the cast who are not you.
/// It tells what it wants by signals; the servers carry it out and tell back what happened.
class Story final : public QObject
{
    Q_OBJECT

public:
    enum class Attempt { Fresh, WithOldVersion };

    explicit Story(World &world);

    /// The rehearsal starts: what the first beat brings begins.
    void begin();
    /// Plays what is due at the world's second.
    void advance();
    [[nodiscard]] int beat() const { return m_beat; }
    /// Those that have begun since the start, in their order.
    [[nodiscard]] const QList<int> &played() const { return m_played; }
    [[nodiscard]] const QList<Said> &said() const { return m_said; }
    [[nodiscard]] const DrillScore &score() const { return m_score; }
    [[nodiscard]] const AlertWatch &alert() const { return m_alert; }

    // What the servers see.
    void noteWindowOpened();
    /// Somebody tried a weight without writing it (dryRun=All, validateOnly).
    void noteDryRun(const QString &track, const QString &candidate, int weight);
    /// Somebody wrote a weight; the traffic system has not taken it over yet.
    void noteAsked(const QString &track, int weight, const QString &by);
    void noteWayBackRetired(const QString &track);

    // What the database shows; each counts once.
    void noteLockAsked();
    void noteBackfillEnded();
    void noteContracted();

Q_SIGNALS:
    void beatStarted(int beat);
    void releasePushed(const QString &nickname);
    void candidateWanted(const QString &track, const QString &nickname);
    /// Finishing has begun: stable gets the candidate's code.
    void finishBegun(const QString &track);
    /// Finishing is at its end: stable gets the traffic back.
    void finishWanted(const QString &track);
    void stagingWanted(const QString &nickname);
    void weightWanted(const QString &track, int weight,
                      pilothouse::sandbox::Story::Attempt attempt);
    void workerRollWanted(const QString &nickname);
    /// A pod of the candidate ends for want of a connection and is started again.
    void podRestartWanted();

private:
    struct Planned
    {
        double second;
        std::function<void()> what;
    };

    void beginBeat(int beat);
    void later(double seconds, std::function<void()> what);
    void say(const QString &who, const QString &text);
    void push(qsizetype release);
    void onTraffic(const QString &track);
    void onStandalone();
    void onJobEnded(qint64 run, const QString &job);
    void onRunEnded(qint64 run);
    void onRunChanged(qint64 run);
    void beginDeploys(const QString &revision, double at);
    void watchAlert();
    void nag();
    void comeAfterDryRun();
    void takeCoditectThrough(qsizetype step);
    void restartPods();
    void rollWorkerIfDue();
    void onRolledBack(const QString &by);

    World &m_world;
    int m_beat = 0;
    double m_beatAt = 0;
    qsizetype m_pushed = 0;
    QList<Planned> m_planned;
    QList<Said> m_said;
    AlertWatch m_alert;
    DrillScore m_score;
    double m_failedBefore = 0;
    QSet<int> m_begun;
    QList<int> m_played;
    QSet<QString> m_retired;
    QSet<qint64> m_finishing; ///< jobs whose beginning was told
    bool m_nagged = false;
    bool m_dryRunSeen = false;
    bool m_backfillEnded = false;
    std::optional<double> m_rolledBackAt;
};

} // namespace pilothouse::sandbox
