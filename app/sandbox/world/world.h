#pragma once

#include "app/sandbox/world/runbook.h"
#include "app/sandbox/world/scenario.h"
#include "app/sandbox/world/startstate.h"
#include "app/sandbox/world/trackmeter.h"

#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <map>
#include <memory>

namespace pilothouse::sandbox {

class Story;

/// How often the container of one pod was started again.
struct PodRestarts
{
    QString pod;
    QByteArray version; ///< "stable" or "candidate"
    int count = 0;
};

/// Nickname ("9f3c2a1") → full SHA of the commit that the sandbox made.
using CommitTable = QHash<QString, QString>;

/// How the rehearsal was started.
struct WorldOptions
{
    double speed = 1; ///< 1 to 10: divides every duration of the scenario
    quint32 seed = 1;
    int startAt = 1; ///< beat; everything before it counts as done (the database too)
};

/// The one model behind every server of the sandbox: time, traffic, runs, the story's beats.
/// Names of jobs stand in resources/scenarios/good-then-bad.yaml; the repository's workflow files
/// spell them alike (matrix leg "lint (ruff)").
/// Everything happens in the main thread. Revisions are named by nickname, tracks "standalone" and
/// "coditect". A scenario second is a second at speed 1; request rates do not change with speed.
class World : public QObject
{
    Q_OBJECT

public:
    World(std::shared_ptr<const Scenario> scenario, WorldOptions options, CommitTable commits,
          QObject *parent = nullptr);
    ~World() override;

    /// Lets the clock drive the world. Until then, and in tests, `moveTo` does.
    void start();
    /// Plays everything up to a scenario second. Never backwards.
    void moveTo(double second);

    [[nodiscard]] const Scenario &scenario() const { return *m_scenario; }
    [[nodiscard]] const WorldOptions &options() const { return m_options; }
    [[nodiscard]] const StartState &startState() const { return m_startState; }

    /// Seconds of the scenario since the start; moves `speed` times as fast as the clock.
    [[nodiscard]] double second() const { return m_second; }
    /// Seconds on the clock since the start.
    [[nodiscard]] double clockSecond() const { return m_second / m_options.speed; }
    /// Wall time of the start, UTC.
    [[nodiscard]] QDateTime startedAt() const { return m_startedAt; }
    /// How long `scenarioSeconds` take on the clock.
    [[nodiscard]] std::chrono::milliseconds real(double scenarioSeconds) const;
    /// The wall time of a second on the clock since the start (negative: before), UTC.
    [[nodiscard]] QDateTime wallTime(double clockSecond) const;

    /// The latest beat that has begun, 1 to 18.
    [[nodiscard]] int beat() const;

    /// Full SHA of a nickname; empty if the scenario has no such commit.
    [[nodiscard]] QString commit(const QString &nickname) const;
    /// Nickname of a full SHA; empty if unknown.
    [[nodiscard]] QString nickname(const QString &sha) const;

    [[nodiscard]] TrackTraffic traffic(const QString &track) const;
    /// What runs in context-worker now (nickname).
    [[nodiscard]] QString workerRevision() const { return m_workerRevision; }
    /// Whether that revision writes conversations.organization_id.
    [[nodiscard]] bool writesOrganization(const QString &nickname) const;

    /// Exposition text of all service metrics now (Prometheus scrapes it at /metrics).
    [[nodiscard]] QByteArray metricsText();
    /// The hour before the start, as OpenMetrics with timestamps, for
    /// `promtool tsdb create-blocks-from openmetrics`. Ends in "# EOF".
    [[nodiscard]] QByteArray historyOpenMetrics() const;

    [[nodiscard]] Story &story() { return *m_story; }
    [[nodiscard]] const Story &story() const { return *m_story; }
    [[nodiscard]] RunBook &runs() { return m_runs; }
    [[nodiscard]] const RunBook &runs() const { return m_runs; }
    [[nodiscard]] const TrackMeter &meter(const QString &track) const;
    /// How the metrics name a revision of a track: "stable", "candidate" or a Cloud Run revision.
    [[nodiscard]] QByteArray metricLabel(const QString &track, const QString &nickname) const;

    void setTraffic(const QString &track, const TrackTraffic &traffic);
    void setWorkerRevision(const QString &nickname);
    /// Of every pod that serves standalone.
    void setRestarts(const QList<PodRestarts> &restarts) { m_restarts = restarts; }

Q_SIGNALS:
    void beatStarted(int beat);
    void trafficChanged(const QString &track);
    void workerRolled(const QString &nickname);
    /// A few times a second, after everything due has been played.
    void moved();

private:
    [[nodiscard]] std::map<QString, TrackMeter> makeMeters() const;
    [[nodiscard]] QList<TrackMeter::Side> sidesOf(const QString &track,
                                                  const TrackTraffic &traffic) const;
    /// Plays the hour before the start on fresh meters.
    void playHistory(std::map<QString, TrackMeter> &meters, QList<MetricMoment> *moments) const;
    void prepareRuns();
    void moveWithClock();

    std::shared_ptr<const Scenario> m_scenario;
    WorldOptions m_options;
    StartState m_startState;
    CommitTable m_commits;
    QDateTime m_startedAt;
    std::chrono::steady_clock::time_point m_start;
    double m_second = 0;
    qint64 m_steps = 0; ///< of a tenth of a scenario second that the meters have played
    QString m_workerRevision;
    QHash<QString, TrackTraffic> m_traffic;
    std::map<QString, TrackMeter> m_meters;
    QList<PodRestarts> m_restarts;
    RunBook m_runs;
    std::unique_ptr<Story> m_story;
    QTimer m_timer;
};

} // namespace pilothouse::sandbox
