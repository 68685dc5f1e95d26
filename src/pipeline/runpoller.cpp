#include "pipeline/runpoller.h"

#include "base/reading.h"
#include "base/whendone.h"
#include "pipeline/overlay.h"

#include <QSet>

#include <algorithm>

namespace pilothouse {

namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// After a change the next one is likely near: a deployment begins when the tests have ended.
constexpr milliseconds restless = 60s;
/// Where a rate limit does not say how long it lasts.
constexpr milliseconds unknownLimit = 60s;

} // namespace

RunPoller::RunPoller(RunSource &source, Clock &clock, const QString &name, const Pace &pace,
                     QObject *parent)
    : QObject(parent), m_source(source), m_clock(clock), m_pace(pace)
{
    m_state.name = name;
    m_state.health = SourceState::Health::Loading;
}

template <typename T, typename What>
void RunPoller::ask(const QFuture<Result<T>> &question, What what)
{
    const qint64 generation = m_generation;
    whenDone(
        question, this,
        [this, generation, what](const Result<T> &answer) {
            if (generation != m_generation)
                return;
            if (answer)
                what(*answer);
            else
                failRound(answer.error());
        },
        [this, generation] {
            if (generation == m_generation)
                failRound({ErrorKind::Cancelled,
                           tr("The question to %1 was stopped: read again.").arg(m_state.name),
                           {},
                           {}});
        });
}

void RunPoller::follow(const CommitId &commit)
{
    ++m_generation;
    m_commit = commit;
    m_chosen.clear();
    m_runs.clear();
    m_jobs.clear();
    m_heard.clear();
    m_earlierRuns.clear();
    m_earlierJobs.clear();
    m_runsReceived.reset();
    m_earlierAsked = false;
    m_asking = false;
    m_askAgain = false;
    m_unsaid = false;
    m_lastChange = m_clock.sinceBoot();
    refresh();
}

void RunPoller::setPaths(const QStringList &paths)
{
    if (m_paths == paths)
        return;
    m_paths = paths;
    m_earlierAsked = false;
    refresh();
}

void RunPoller::choose(const RunId &run)
{
    const auto found = std::find_if(m_runs.begin(), m_runs.end(),
                                    [&](const Run &other) { return other.id == run; });
    if (found == m_runs.end())
        return;
    m_chosen.insert(found->workflowPath, run);
    Q_EMIT changed();
    refresh();
}

void RunPoller::setWatched(bool watched)
{
    if (m_watched == watched)
        return;
    m_watched = watched;
    if (watched)
        refresh();
}

void RunPoller::refresh()
{
    if (m_commit.value.isEmpty())
        return;
    if (m_limitedUntil && *m_limitedUntil > m_clock.sinceBoot()) {
        scheduleAfter(*m_limitedUntil - m_clock.sinceBoot());
        return;
    }
    startRound();
}

void RunPoller::startRound()
{
    if (m_asking) {
        m_askAgain = true;
        return;
    }
    ++m_alarm;
    m_limitedUntil.reset();
    m_asking = true;
    m_changedInRound = false;
    m_state.nextTryIn = 0ms;
    askRuns();
}

void RunPoller::askRuns()
{
    ask(m_source.runs(m_commit), [this](const Reading<QList<Run>> &answer) { acceptRuns(answer); });
}

void RunPoller::noteAnswer(const QDateTime &serverAt, milliseconds receivedSinceBoot)
{
    m_serverAt = serverAt.isValid() ? serverAt : m_clock.now();
    m_serverAtReceived = receivedSinceBoot;
}

void RunPoller::acceptRuns(const Reading<QList<Run>> &answer)
{
    noteAnswer(answer.serverAt, answer.receivedSinceBoot);
    // That there are no runs is news too, the first time.
    m_unsaid = m_unsaid || !m_runsReceived;
    m_runsReceived = answer.receivedSinceBoot;
    if (m_runs != answer.value) {
        m_runs = answer.value;
        noteChange();
    }
    m_toAsk.clear();
    for (const Run &run : shownRuns()) {
        if (wantsJobs(run))
            m_toAsk.append(run);
    }
    askNextJobs();
}

QList<Run> RunPoller::shownRuns() const
{
    QList<Run> shown = newestRuns(m_runs);
    for (Run &run : shown) {
        const RunId chosen = m_chosen.value(run.workflowPath, run.id);
        const auto found = std::find_if(m_runs.begin(), m_runs.end(),
                                        [&](const Run &other) { return other.id == chosen; });
        if (found != m_runs.end())
            run = *found;
    }
    return shown;
}

bool RunPoller::wantsJobs(const Run &run) const
{
    if (!m_paths.contains(run.workflowPath.section(QLatin1Char('@'), 0, 0)))
        return false;
    const auto heard = m_heard.constFind(run.id);
    return heard == m_heard.constEnd() || !heard->complete || heard->attempt != run.attempt
           || !hasEnded(run.status);
}

void RunPoller::askNextJobs()
{
    if (m_toAsk.isEmpty()) {
        askEarlierRuns();
        return;
    }
    const Run run = m_toAsk.takeFirst();
    ask(m_source.jobs(run.id), [this, run](const Reading<QList<Job>> &answer) {
        acceptJobs(run, answer);
        askNextJobs();
    });
}

void RunPoller::acceptJobs(const Run &run, const Reading<QList<Job>> &answer)
{
    noteAnswer(answer.serverAt, answer.receivedSinceBoot);
    const bool ended = hasEnded(run.status)
                       && std::all_of(answer.value.begin(), answer.value.end(),
                                      [](const Job &job) { return hasEnded(job.status); });
    const bool first = !m_heard.contains(run.id);
    m_heard.insert(run.id, {run.attempt, ended, answer.receivedSinceBoot});

    const QList<Job> before = m_jobs.value(run.id);
    if (!first && before == answer.value)
        return;
    QSet<JobId> endedBefore;
    for (const Job &job : before) {
        if (hasEnded(job.status))
            endedBefore.insert(job.id);
    }
    m_jobs.insert(run.id, answer.value);
    noteChange();
    // At once, not at the end of the round: the next question may take its time.
    tellChanges();
    for (const Job &job : answer.value) {
        if (!first && hasEnded(job.status) && job.status != RunStatus::Skipped
            && !endedBefore.contains(job.id))
            Q_EMIT jobEnded(job.id);
    }
}

void RunPoller::askEarlierRuns()
{
    if (m_earlierAsked || m_paths.isEmpty()) {
        finishRound();
        return;
    }
    m_earlierAsked = true;
    const qint64 generation = m_generation;
    // Only the "of about 2:00" of a running job hangs on these answers: without them it is not
    // shown, and a host that is really in trouble says so at the next question.
    whenDone(
        m_source.latestRuns(), this,
        [this, generation](const Result<Reading<QList<Run>>> &answer) {
            if (generation != m_generation)
                return;
            QList<Run> good = answer ? answer->value : QList<Run>();
            good.removeIf([&](const Run &run) {
                return run.status != RunStatus::Succeeded || run.commit == m_commit
                       || !m_paths.contains(run.workflowPath.section(QLatin1Char('@'), 0, 0));
            });
            m_earlierToAsk = newestRuns(good);
            askNextEarlierJobs();
        },
        [this, generation] {
            if (generation == m_generation)
                finishRound();
        });
}

void RunPoller::askNextEarlierJobs()
{
    if (m_earlierToAsk.isEmpty()) {
        finishRound();
        return;
    }
    const Run run = m_earlierToAsk.takeFirst();
    const qint64 generation = m_generation;
    whenDone(
        m_source.jobs(run.id), this,
        [this, generation, run](const Result<Reading<QList<Job>>> &answer) {
            if (generation != m_generation)
                return;
            if (answer) {
                m_earlierRuns.append(run);
                m_earlierJobs.insert(run.id, answer->value);
                m_unsaid = true;
            }
            askNextEarlierJobs();
        },
        [this, generation] {
            if (generation == m_generation)
                finishRound();
        });
}

void RunPoller::noteChange()
{
    m_changedInRound = true;
    m_unsaid = true;
}

void RunPoller::tellChanges()
{
    if (std::exchange(m_unsaid, false))
        Q_EMIT changed();
}

void RunPoller::finishRound()
{
    m_asking = false;
    m_failures = 0;
    if (m_changedInRound)
        m_lastChange = m_clock.sinceBoot();
    const milliseconds pause = std::exchange(m_askAgain, false) ? 0ms : pauseAfterSuccess();
    m_state.health = SourceState::Health::Live;
    m_state.error.reset();
    m_state.lastGoodSinceBoot = m_clock.sinceBoot();
    m_state.nextTryIn = pause;
    scheduleAfter(pause);
    growOldAfter(pause);
    tellChanges();
    Q_EMIT stateChanged(m_state);
}

/// A question that nobody answers brings no error either.
void RunPoller::growOldAfter(milliseconds pause)
{
    const qint64 alarm = ++m_ageAlarm;
    m_clock.after(std::max(m_pace.staleAfter, pause + m_pace.focused), this, [this, alarm] {
        if (alarm != m_ageAlarm || m_state.health != SourceState::Health::Live)
            return;
        m_state.health = SourceState::Health::Old;
        Q_EMIT stateChanged(m_state);
    });
}

void RunPoller::failRound(const Error &error)
{
    m_asking = false;
    m_askAgain = false;
    ++m_failures;
    const milliseconds pause = pauseAfter(error);
    if (error.kind == ErrorKind::RateLimited)
        m_limitedUntil = m_clock.sinceBoot() + pause;
    m_state.health = healthAfter(error);
    m_state.error = error;
    m_state.nextTryIn = pause;
    scheduleAfter(pause);
    tellChanges();
    Q_EMIT stateChanged(m_state);
}

milliseconds RunPoller::pauseAfterSuccess() const
{
    const QList<Run> shown = shownRuns();
    const bool running = std::any_of(shown.begin(), shown.end(),
                                     [](const Run &run) { return !hasEnded(run.status); });
    const bool lively = running || m_clock.sinceBoot() - m_lastChange < restless;
    return m_watched && lively ? m_pace.focused : m_pace.quiet;
}

milliseconds RunPoller::pauseAfter(const Error &error) const
{
    if (error.kind == ErrorKind::RateLimited) {
        if (!error.retryAt)
            return unknownLimit;
        return std::max(milliseconds(m_clock.now().msecsTo(*error.retryAt)), m_pace.focused);
    }
    // These wait for a person; F5 tries at once.
    if (error.kind == ErrorKind::SignedOut || error.kind == ErrorKind::NotAllowed)
        return m_pace.quiet;
    const int doublings = std::min(m_failures - 1, 10);
    return std::min(m_pace.focused * (1 << doublings), m_pace.quiet);
}

void RunPoller::scheduleAfter(milliseconds delay)
{
    const qint64 alarm = ++m_alarm;
    m_clock.after(delay, this, [this, alarm] {
        if (alarm == m_alarm)
            startRound();
    });
}

std::optional<milliseconds> RunPoller::runsAge() const
{
    if (!m_runsReceived)
        return std::nullopt;
    return m_clock.sinceBoot() - *m_runsReceived;
}

std::optional<milliseconds> RunPoller::jobsAge(const RunId &run) const
{
    const auto heard = m_heard.constFind(run);
    if (heard == m_heard.constEnd())
        return std::nullopt;
    return m_clock.sinceBoot() - heard->receivedSinceBoot;
}

QDateTime RunPoller::serverNow() const
{
    if (!m_serverAt.isValid())
        return {};
    return m_serverAt.addMSecs((m_clock.sinceBoot() - m_serverAtReceived).count());
}

} // namespace pilothouse
