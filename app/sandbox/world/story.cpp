#include "app/sandbox/world/story.h"

#include "app/sandbox/world/world.h"

namespace pilothouse::sandbox {

namespace {

const QString standalone = QStringLiteral("standalone");
const QString coditect = QStringLiteral("coditect");
constexpr double scoreAfter = 20;

/// Beats that a person has to bring about; waiting there is answered by a line.
bool waitsForPerson(int beat)
{
    return beat == 4 || (beat >= 6 && beat <= 7) || (beat >= 9 && beat <= 12) || beat >= 13;
}

} // namespace

Story::Story(World &world) : m_world(world), m_alert(world.scenario().alert)
{
    const StartState &start = world.startState();
    m_pushed = start.pushedAt.size();
    m_backfillEnded = start.backfilled;
    connect(&world, &World::trafficChanged, this, &Story::onTraffic);
    connect(&world.runs(), &RunBook::jobEnded, this,
            [this](qint64 run, const QString &job) { onJobEnded(run, job); });
    connect(&world.runs(), &RunBook::runEnded, this, [this](qint64 run) { onRunEnded(run); });
    connect(&world.runs(), &RunBook::runChanged, this, &Story::onRunChanged);
}

void Story::begin()
{
    const int first = m_world.startState().beat;
    for (int beat = 1; beat < first; ++beat)
        m_begun.insert(beat);
    beginBeat(first);
    const auto &releases = m_world.scenario().releases;
    if (first == 2)
        push(0);
    if (first == 3)
        beginDeploys(releases.value(0).revision, 0);
    if (first == 8)
        push(1);
    if (first >= 10 && first <= 12) {
        m_score.badAt = m_world.second();
        m_failedBefore = m_world.meter(standalone).total().failed;
    }
    if (first >= 13)
        m_rolledBackAt = m_world.second();
}

void Story::beginBeat(int beat)
{
    if (m_begun.contains(beat))
        return;
    m_begun.insert(beat);
    m_played.append(beat);
    if (beat > m_beat) {
        m_beat = beat;
        m_beatAt = m_world.second();
        m_nagged = false;
    }
    Q_EMIT beatStarted(beat);
    if (beat == 16)
        later(scoreAfter, [this] { beginBeat(18); });
}

void Story::later(double seconds, std::function<void()> what)
{
    m_planned.append({m_world.second() + seconds, std::move(what)});
}

void Story::say(const QString &who, const QString &text)
{
    m_said.append({m_world.clockSecond(), who, text});
}

void Story::advance()
{
    for (qsizetype i = 0; i < m_planned.size();) {
        if (m_planned[i].second > m_world.second()) {
            ++i;
            continue;
        }
        const auto what = m_planned.takeAt(i).what;
        what();
    }
    watchAlert();
    rollWorkerIfDue();
    nag();
}

void Story::push(qsizetype release)
{
    if (release != m_pushed || release >= m_world.scenario().releases.size())
        return;
    ++m_pushed;
    const PlannedRelease &planned = m_world.scenario().releases[release];
    const QString ci = QStringLiteral("ci.yml");
    Q_EMIT releasePushed(planned.revision);
    m_world.runs().begin(m_world.scenario().workflows.value(ci), planned.runs.value(ci),
                         planned.revision, m_world.clockSecond());
}

void Story::noteWindowOpened()
{
    if (m_pushed > 0)
        return;
    beginBeat(2);
    push(0);
}

void Story::beginDeploys(const QString &revision, double at)
{
    for (const PlannedRelease &release : m_world.scenario().releases) {
        if (release.revision != revision)
            continue;
        for (const char *file : {"deploy-standalone.yml", "deploy-coditect.yml"}) {
            const QString name = QString::fromLatin1(file);
            if (!m_world.runs().find(release.runs.value(name)))
                m_world.runs().begin(m_world.scenario().workflows.value(name),
                                     release.runs.value(name), revision, at);
        }
    }
}

void Story::onRunEnded(qint64 run)
{
    const RunRecord *record = m_world.runs().find(run);
    if (!record || record->workflow.file != QLatin1String("ci.yml")
        || record->conclusion != QLatin1String("success"))
        return;
    beginBeat(3);
    const QString revision = record->revision; // new runs move the old ones in memory
    beginDeploys(revision, record->updatedAt);
}

void Story::onJobEnded(qint64 run, const QString &job)
{
    const RunRecord *record = m_world.runs().find(run);
    for (const RunJob &ended : record->jobs) {
        if (ended.plan.name != job || ended.conclusion != QLatin1String("success"))
            continue;
        const QString revision = record->revision;
        if (!ended.plan.deploys.isEmpty())
            Q_EMIT candidateWanted(ended.plan.deploys, revision);
        else if (!ended.plan.finishes.isEmpty())
            Q_EMIT finishWanted(ended.plan.finishes);
        else if (ended.plan.environment == QLatin1String("staging"))
            Q_EMIT stagingWanted(revision);
        return;
    }
}

void Story::onRunChanged(qint64 run)
{
    const RunRecord *record = m_world.runs().find(run);
    for (const RunJob &job : record->jobs) {
        if (job.plan.finishes.isEmpty() || job.phase != RunJob::Phase::Running
            || m_finishing.contains(job.id))
            continue;
        m_finishing.insert(job.id);
        Q_EMIT finishBegun(job.plan.finishes);
        return;
    }
}

void Story::onTraffic(const QString &track)
{
    const QString good = m_world.scenario().releases.value(0).revision;
    if (m_world.traffic(standalone).candidate == good
        && m_world.traffic(coditect).candidate == good)
        beginBeat(4);
    if (track == standalone)
        onStandalone();
}

void Story::onStandalone()
{
    const TrackTraffic now = m_world.traffic(standalone);
    const auto &releases = m_world.scenario().releases;
    if (now.candidate == releases.value(0).revision) {
        if (now.weight > 0)
            beginBeat(6);
        if (now.weight >= 50)
            beginBeat(7);
        if (now.weight == 100)
            m_world.runs().review(releases[0].runs.value(QStringLiteral("deploy-standalone.yml")),
                                  QStringLiteral("production"), QStringLiteral("approved"),
                                  m_world.clockSecond());
    } else if (now.candidate == releases.value(1).revision) {
        if (now.weight > 0)
            beginBeat(9);
        if (now.weight >= 50) {
            beginBeat(10);
            if (!m_score.badAt) {
                m_score.badAt = m_world.second();
                m_failedBefore = m_world.meter(standalone).total().failed;
            }
        }
        if (now.weight == 0 && m_score.askedAt && !m_score.acceptedAt)
            m_score.acceptedAt = m_world.second();
    } else if (now.stable == releases.value(0).revision && now.candidate.isEmpty()
               && !m_begun.contains(8)) {
        beginBeat(8);
        push(1);
        takeCoditectThrough(0);
    }
}

void Story::takeCoditectThrough(qsizetype step)
{
    const PlannedColleague &who = m_world.scenario().colleague;
    if (step >= who.steps.size())
        return;
    later(who.pause, [this, step] {
        const PlannedColleague &colleague = m_world.scenario().colleague;
        const TrackTraffic now = m_world.traffic(coditect);
        if (now.candidate != colleague.takesThrough)
            return;
        if (now.weight < colleague.steps[step])
            Q_EMIT weightWanted(coditect, colleague.steps[step], Attempt::Fresh);
        if (step + 1 == colleague.steps.size())
            say(colleague.name, tr("coditect is through with %1").arg(colleague.takesThrough));
        takeCoditectThrough(step + 1);
    });
}

void Story::noteDryRun(const QString &track, const QString &candidate, int weight)
{
    if (track == coditect && m_begun.contains(16))
        beginBeat(17);
    const bool rollback = track == standalone && weight == 0
                          && candidate == m_world.scenario().releases.value(1).revision;
    if (!rollback || !m_begun.contains(11) || m_dryRunSeen || m_rolledBackAt)
        return;
    m_dryRunSeen = true;
    m_score.confirmAt = m_world.second();
    later(m_world.scenario().colleague.afterDryRun, [this] { comeAfterDryRun(); });
}

void Story::comeAfterDryRun()
{
    const PlannedColleague &who = m_world.scenario().colleague;
    beginBeat(12);
    if (m_rolledBackAt) {
        Q_EMIT weightWanted(standalone, who.weightAfterDryRun, Attempt::WithOldVersion);
        say(who.name, tr("wanted to go to 100, but somebody changed it before me"));
        return;
    }
    Q_EMIT weightWanted(standalone, who.weightAfterDryRun, Attempt::Fresh);
    say(who.name, tr("all green in the chat, so I set it to %1").arg(who.weightAfterDryRun));
}

void Story::noteAsked(const QString &track, int weight, const QString &by)
{
    const TrackTraffic now = m_world.traffic(track);
    const bool firing = m_alert.state() == AlertWatch::State::Firing;
    const bool colleague = by == m_world.scenario().colleague.name;
    if (track == coditect) {
        if (firing && !colleague && weight == 0) {
            ++m_score.wrongTargets;
            say(m_world.scenario().colleague.name, tr("why coditect? it is standalone that hurts"));
        }
        return;
    }
    if (now.candidate != m_world.scenario().releases.value(1).revision)
        return;
    if (firing && weight > now.weight && !colleague)
        ++m_score.promotedInSpite;
    if (weight == 0 && m_score.badAt && !m_rolledBackAt)
        onRolledBack(by);
}

void Story::onRolledBack(const QString &by)
{
    const PlannedColleague &who = m_world.scenario().colleague;
    m_rolledBackAt = m_world.second();
    m_score.askedAt = m_world.second();
    beginBeat(13);
    if (m_backfillEnded)
        beginBeat(14);
    if (by != who.name && !m_dryRunSeen && m_begun.contains(11))
        later(who.afterDryRun, [this] { comeAfterDryRun(); });
}

void Story::noteWayBackRetired(const QString &track)
{
    m_retired.insert(track);
}

void Story::noteLockAsked()
{
    beginBeat(5);
}

void Story::noteBackfillEnded()
{
    m_backfillEnded = true;
    if (m_begun.contains(13))
        beginBeat(14);
}

void Story::noteContracted()
{
    beginBeat(16);
}

void Story::watchAlert()
{
    const TrackTraffic now = m_world.traffic(standalone);
    const TrackMeter &meter = m_world.meter(standalone);
    m_alert.observe(m_world.second(), meter.count("candidate"));
    if (m_score.badAt && !m_score.acceptedAt) {
        const double normal = m_world.scenario().revisions.value(now.stable).errorRatio;
        const double seconds = m_world.second() - *m_score.badAt;
        const double expected
            = normal * meter.demand(m_world.second()) * seconds / m_world.options().speed;
        m_score.requestsFailed = std::max(0.0, meter.total().failed - m_failedBefore - expected);
    }
    if (m_alert.state() != AlertWatch::State::Firing
        || now.candidate != m_world.scenario().releases.value(1).revision || m_score.firingAt
        || m_rolledBackAt) // its window may still hold the errors of before
        return;
    m_score.firingAt = m_world.second();
    beginBeat(11);
    later(m_world.scenario().restarts.after, [this] { restartPods(); });
    later(m_world.scenario().colleague.rollsBackAfter, [this] {
        if (m_rolledBackAt)
            return;
        say(m_world.scenario().colleague.name, tr("nobody answered, I roll standalone back"));
        Q_EMIT weightWanted(standalone, 0, Attempt::Fresh);
    });
}

void Story::restartPods()
{
    if (m_rolledBackAt)
        return;
    Q_EMIT podRestartWanted();
    later(m_world.scenario().restarts.every, [this] { restartPods(); });
}

void Story::rollWorkerIfDue()
{
    if (!m_rolledBackAt || m_begun.contains(15))
        return;
    const bool retired = m_retired.contains(standalone) && m_retired.contains(coditect);
    const double waited = m_world.second() - *m_rolledBackAt;
    if (!retired && waited < m_world.scenario().workerRollsAfter)
        return;
    beginBeat(15);
    Q_EMIT workerRollWanted(m_world.scenario().releases.value(0).revision);
}

void Story::nag()
{
    const PlannedColleague &who = m_world.scenario().colleague;
    if (m_nagged || !waitsForPerson(m_beat) || m_world.second() - m_beatAt < who.nagsAfter)
        return;
    m_nagged = true;
    say(who.name, who.nag);
}

} // namespace pilothouse::sandbox
