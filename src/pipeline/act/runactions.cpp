#include "pipeline/act/runactions.h"

#include "base/whendone.h"
#include "pipeline/act/runorder.h"
#include "pipeline/act/runpreviews.h"
#include "pipeline/overlay.h"

#include <algorithm>

namespace pilothouse {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

/// Who may approve can change while a run waits; the run itself does not tell.
constexpr milliseconds waitingAge = 15s;

} // namespace

RunActions::RunActions(const Settings &settings, ShownRuns &view, RunControl &control,
                       ActionRunner &actions, Clock &clock, QObject *parent)
    : QObject(parent), m_settings(settings), m_view(view), m_control(control), m_actions(actions),
      m_clock(clock)
{
    connect(&m_view, &ShownRuns::changed, this, &RunActions::follow);
}

RunActions::~RunActions() = default;

void RunActions::start()
{
    whenDone(
        m_control.access(), this,
        [this](const Result<RunAccess> &answer) {
            // Who cannot be asked does not forbid: the host itself will tell.
            m_access = answer.value_or(RunAccess{});
            Q_EMIT changed();
        },
        [] {});
}

QString RunActions::systemName() const
{
    return m_control.systemName();
}

std::optional<Run> RunActions::run() const
{
    std::optional<Run> found = m_view.chosen();
    if (found && m_fresh && m_fresh->value.id == found->id
        && m_fresh->age(m_clock) <= m_view.age().value_or(milliseconds::max()))
        return m_fresh->value;
    return found;
}

RunActFacts RunActions::facts() const
{
    RunActFacts facts;
    facts.run = run();
    facts.age = m_view.age();
    if (facts.run) {
        facts.jobs = m_view.jobs(facts.run->id);
        if (m_fresh && m_fresh->value.id == facts.run->id)
            facts.age = std::min(facts.age.value_or(milliseconds::max()), m_fresh->age(m_clock));
        facts.underWay = underWayFor(facts.run->id);
        if (m_waitingOf == facts.run->id) {
            facts.waiting = m_waiting;
            facts.waitingLost = m_waitingLost;
        }
    }
    facts.refuseAfter = m_settings.refuseAfter;
    facts.serverNow = m_view.serverNow();
    facts.access = m_access;
    facts.system = m_control.systemName();
    facts.readOnly = m_settings.readOnly;
    return facts;
}

/// The same about the run of an order, which need not be the chosen one any more.
RunActFacts RunActions::factsOf(const RunOrder &order) const
{
    RunActFacts own = factsOfRun(order);
    if (own.run && m_againstApproval)
        own.againstApproval = m_againstApproval(*own.run);
    return own;
}

RunActFacts RunActions::factsOfRun(const RunOrder &order) const
{
    RunActFacts own = facts();
    const RunId id = runOf(order);
    if (own.run && own.run->id == id)
        return own;
    own.run.reset();
    own.underWay = m_underWay.value(subjectOf(order));
    if (id == RunId())
        return own; // a dispatch is about no run that is there
    for (const Run &each : m_view.runs()) {
        if (each.id == id)
            own.run = each;
    }
    if (m_fresh && m_fresh->value.id == id) {
        own.run = m_fresh->value;
        own.age = m_fresh->age(m_clock);
    }
    own.jobs = m_view.jobs(id);
    own.waiting = m_waitingOf == id ? m_waiting : QList<PendingEnvironment>();
    own.waitingLost = m_waitingOf == id ? m_waitingLost : std::nullopt;
    return own;
}

QList<PendingEnvironment> RunActions::waiting() const
{
    return facts().waiting;
}

QList<ConcurrencyBlock> RunActions::blocks() const
{
    const auto now = run();
    return now && now->id == m_blocksOf ? m_blocks : QList<ConcurrencyBlock>();
}

QStringList RunActions::underWay() const
{
    const auto now = run();
    return now ? underWayFor(now->id) : QStringList();
}

QStringList RunActions::underWayFor(const RunId &run) const
{
    return m_underWay.value(subjectOf(CancelRun{run}));
}

Permission RunActions::may(const RunOrder &order) const
{
    return mayCarryOut(order, factsOf(order));
}

Permission RunActions::mayRerunFailed() const
{
    return pilothouse::mayRerunFailed(facts());
}

Permission RunActions::mayCancel() const
{
    return pilothouse::mayCancel(facts());
}

Permission RunActions::mayReview() const
{
    return pilothouse::mayReview(facts());
}

Permission RunActions::mayDispatch() const
{
    // Which workflow is asked afterwards; what goes on for the chosen run does not matter.
    RunActFacts own = facts();
    own.underWay.clear();
    return pilothouse::mayDispatch(own);
}

RunOrder RunActions::rerunFailed() const
{
    const Run now = run().value_or(Run());
    return RerunFailedJobs{now.id, now.attempt};
}

CancelRun RunActions::cancel() const
{
    const RunId id = run().value_or(Run()).id;
    return {id, m_cancelTaken.contains(id) ? CancelRun::Force::Yes : CancelRun::Force::No};
}

RunOrder RunActions::review(ReviewState state) const
{
    return ReviewEnvironments{run().value_or(Run()).id, reviewable(waiting()), state, {}};
}

std::optional<RunOrder> RunActions::rerunJob(const Job &job) const
{
    const auto now = run();
    if (!now || now->id != job.run)
        return {};
    return RerunJob{now->id, now->attempt, job.id, job.name};
}

Preview RunActions::preview(const RunOrder &order) const
{
    return previewOf(order, factsOf(order), m_settings.environment,
                     m_control.plan(maskedOrder(order)));
}

/// Environments and concurrency are asked for only while a run stands still.
void RunActions::follow()
{
    const auto now = run();
    const QList<Job> jobs = now ? m_view.jobs(now->id) : QList<Job>();
    const auto any = [&](RunStatus status) {
        return now
               && (now->status == status
                   || std::any_of(jobs.begin(), jobs.end(),
                                  [&](const Job &job) { return job.status == status; }));
    };
    const bool waits = now && !hasEnded(now->status) && any(RunStatus::Waiting);
    // The host may call a run going on although all that is left of it waits for a group.
    const bool queues
        = now && !hasEnded(now->status) && !waits && any(RunStatus::Queued)
          && std::none_of(jobs.begin(), jobs.end(),
                          [](const Job &job) { return job.status == RunStatus::Running; })
          && (!jobs.isEmpty() || now->status == RunStatus::Queued);
    if (!waits) {
        m_waitingOf = RunId();
        m_waiting.clear();
        m_waitingLost.reset();
    }
    if (!queues) {
        m_blocksOf = RunId();
        m_blocks.clear();
    }
    const QString key = now ? QStringLiteral("%1/%2/%3%4")
                                  .arg(now->id.value)
                                  .arg(now->attempt)
                                  .arg(int(waits))
                                  .arg(int(queues))
                            : QString();
    if (key != m_askedFor)
        ++m_generation; // what is still to come is about what was
    // What was lost is asked for whenever the runs are read again: F5 is the way on.
    const bool old = m_waitingLost || m_clock.sinceBoot() - m_askedAt >= waitingAge;
    if ((waits || queues) && (key != m_askedFor || old)) {
        m_askedAt = m_clock.sinceBoot();
        ++m_generation;
        if (waits)
            askWaiting(now->id);
        else
            askBlocks(*now);
    }
    m_askedFor = key;
    Q_EMIT changed();
}

void RunActions::askWaiting(const RunId &run)
{
    whenDone(
        m_control.waiting(run), this,
        [this, run, generation = m_generation](const Result<QList<PendingEnvironment>> &answer) {
            if (generation != m_generation)
                return;
            m_waitingOf = run;
            m_waitingLost = answer ? std::nullopt : std::optional(answer.error());
            const QList<PendingEnvironment> before
                = std::exchange(m_waiting, answer.value_or(QList<PendingEnvironment>()));
            Q_EMIT changed();
            if (before != m_waiting)
                Q_EMIT previewChanged();
        },
        [] {});
}

void RunActions::askBlocks(const Run &run)
{
    if (!m_blocksOffered)
        return workOutBlocks(run);
    whenDone(
        m_control.blocks(run.id), this,
        [this, run, generation = m_generation](const Result<QList<ConcurrencyBlock>> &answer) {
            if (!answer && answer.error().kind == ErrorKind::NotFound)
                m_blocksOffered = false;
            if (generation != m_generation)
                return;
            if (answer)
                showBlocks(run.id, *answer);
            else
                workOutBlocks(run);
        },
        [] {});
}

void RunActions::workOutBlocks(const Run &run)
{
    whenDone(
        m_view.fileOf(run), this,
        [this, generation = m_generation](const Result<RunFile> &own) {
            // Without its file nothing can be said, and without a group nothing is to say.
            if (generation != m_generation || !own || claimsOf(*own).isEmpty())
                return;
            whenDone(
                m_control.active(), this,
                [this, own = *own, generation](const Result<QList<Run>> &runs) {
                    if (generation != m_generation)
                        return;
                    if (runs)
                        readOthers(own, *runs, {}, 0);
                    else
                        showBlocks(own.run.id, blocksWorkedOut(own, {}, 1));
                },
                [] {});
        },
        [] {});
}

void RunActions::readOthers(const RunFile &own, QList<Run> unread, const QList<RunFile> &read,
                            qsizetype missing)
{
    if (unread.isEmpty())
        return showBlocks(own.run.id, blocksWorkedOut(own, read, missing));
    const Run next = unread.takeFirst();
    if (next.id == own.run.id || hasEnded(next.status))
        return readOthers(own, unread, read, missing);
    whenDone(
        m_view.fileOf(next), this,
        [this, own, unread, read, missing, generation = m_generation](const Result<RunFile> &file) {
            if (generation == m_generation)
                readOthers(own, unread, file ? read + QList<RunFile>{*file} : read,
                           missing + (file ? 0 : 1));
        },
        [] {});
}

void RunActions::showBlocks(const RunId &run, const QList<ConcurrencyBlock> &blocks)
{
    m_blocksOf = run;
    m_blocks = blocks;
    Q_EMIT changed();
}

} // namespace pilothouse
