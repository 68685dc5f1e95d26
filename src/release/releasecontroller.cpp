#include "release/releasecontroller.h"

#include "pipeline/pipelinecontroller.h"
#include "release/commitfacts.h"
#include "release/lately.h"
#include "release/moving/approvals.h"
#include "release/moving/movingrunsdesk.h"
#include "release/notmoved.h"
#include "release/releaserows.h"
#include "release/releasesources.h"
#include "release/schemajoin.h"
#include "release/seen/happenings.h"
#include "release/seen/seenreader.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>

namespace pilothouse {

using std::chrono::milliseconds;
using Standing = ReleaseItem::Standing;

namespace {

constexpr int latelyLines = 30;

} // namespace

struct ReleaseController::Private
{
    Private(ReleaseController *owner, ReleaseSettings given, SourceTree &files, Ancestry &ancestry,
            Journal &journal, Clock &time)
        : q(owner), settings(std::move(given)), facts(files, ancestry),
          sources(files, journal, time, facts, settings.poll, settings.earlier),
          seen(time, settings.seenPoll), notMoved(time), clock(time)
    {}

    void updateSoon();
    void update();
    void updateReleases();
    void addRelease(QList<ReleaseItem> &items, const CommitId &commit, Standing standing,
                    const QString &words);
    void show(const CommitId &commit);
    [[nodiscard]] CommitId choice();
    void updateRows();
    void updateLately();
    [[nodiscard]] QList<Unheard> notHeard() const;
    [[nodiscard]] RolloutController *trying(const CommitId &commit) const;

    ReleaseController *q;
    ReleaseSettings settings;
    CommitFacts facts;
    ReleaseSources sources;
    SeenReader seen;
    NotMoved notMoved;
    Clock &clock;
    std::optional<SchemaJoin> schema;
    QList<ReleaseTrack> tracks;
    MigrationController *migrations = nullptr;
    PipelineController *pipeline = nullptr;
    QList<MovingRunsDesk *> desks; ///< empty without a CI host

    CommitId shown;
    bool chosenByHand = false;
    std::optional<Commit> commit;
    QList<ReleaseItem> releases;
    QList<NextRow> next;
    QList<LiveRow> live;
    QList<Gate> gates;
    QList<ChangeView> changes;
    QList<LatelyLine> happened;
    QList<Unheard> unheard;
    bool updateWaits = false;
};

ReleaseController::ReleaseController(ReleaseSettings settings, SourceTree &files,
                                     Ancestry &ancestry, Journal &journal, Clock &clock,
                                     QObject *parent)
    : QObject(parent),
      d(std::make_unique<Private>(this, std::move(settings), files, ancestry, journal, clock))
{
    connect(&d->facts, &CommitFacts::arrived, this, [this] { d->updateSoon(); });
    connect(&d->sources, &ReleaseSources::changed, this, [this] { d->updateSoon(); });
    connect(&d->seen, &SeenReader::changed, this, [this] { d->updateSoon(); });
    connect(&d->notMoved, &NotMoved::changed, this, &ReleaseController::changed);
    connect(&d->sources, &ReleaseSources::journalRead, this, [this] {
        const auto retired = retiredIn(d->sources.records());
        const auto guards = guardsLeftIn(d->sources.records());
        for (const ReleaseTrack &track : std::as_const(d->tracks)) {
            const QString name = track.rollout->track().value;
            track.rollout->setRetired(retired.value(name));
            track.rollout->guard().setEarlier(
                guards.contains(name) ? std::optional(guards.value(name)) : std::nullopt);
        }
    });
}

ReleaseController::~ReleaseController() = default;

void ReleaseController::addTrack(RolloutController &track, const QString &database)
{
    d->tracks.append({&track, database});
    d->notMoved.addTrack(track);
    const auto soon = [this] {
        d->updateSoon();
    };
    connect(&track, &RolloutController::changed, this, soon);
    connect(&track, &RolloutController::revisionsChanged, this, soon);
    connect(&track, &RolloutController::chartsChanged, this, soon);
    connect(&track, &RolloutController::sourceChanged, this, soon);
}

void ReleaseController::setMigrations(MigrationController &migrations)
{
    d->migrations = &migrations;
    d->schema.emplace(migrations, d->facts, d->clock, d->settings.environment.name);
    const auto soon = [this] {
        d->updateSoon();
    };
    connect(&migrations, &MigrationController::listChanged, this, soon);
    connect(&migrations, &MigrationController::changed, this, soon);
    connect(&migrations, &MigrationController::sourceStateChanged, this, soon);
}

void ReleaseController::setPipeline(PipelineController &pipeline)
{
    d->pipeline = &pipeline;
    const auto soon = [this] {
        d->updateSoon();
    };
    connect(&pipeline, &PipelineController::graphChanged, this, soon);
    connect(&pipeline, &PipelineController::overlayChanged, this, soon);
}

void ReleaseController::setRuns(RunSource &runs)
{
    d->sources.setRuns(runs);
}

void ReleaseController::setWorkloads(Workloads &workloads)
{
    d->sources.setWorkloads(workloads);
}

void ReleaseController::setConfigMaps(ConfigMapSource &source)
{
    d->notMoved.setConfigMaps(source);
}

void ReleaseController::addSeen(SeenSource &source)
{
    d->seen.add(source);
}

void ReleaseController::addMovingRuns(MovingRunsDesk &desk)
{
    d->desks.append(&desk);
    desk.setRelease(d->shown);
    connect(this, &ReleaseController::shownChanged, &desk, &MovingRunsDesk::setRelease);
    connect(&desk, &MovingRunsDesk::changed, this, [this] { d->updateSoon(); });
}

void ReleaseController::start()
{
    d->sources.start();
    d->seen.refresh();
    d->updateSoon();
}

void ReleaseController::refresh()
{
    d->sources.refresh();
    d->seen.refresh();
    for (MovingRunsDesk *desk : std::as_const(d->desks))
        desk->look();
}

void ReleaseController::show(const CommitId &commit)
{
    d->chosenByHand = !commit.value.isEmpty();
    if (d->chosenByHand)
        d->show(commit);
    d->updateSoon();
}

void ReleaseController::Private::show(const CommitId &wanted)
{
    if (wanted == shown)
        return;
    shown = wanted;
    commit = facts.commit(shown);
    if (pipeline)
        pipeline->show(shown);
    Q_EMIT q->shownChanged(shown);
}

void ReleaseController::Private::updateSoon()
{
    if (std::exchange(updateWaits, true))
        return;
    // Many signals come at once; the rows are computed for the last of them.
    QMetaObject::invokeMethod(
        q,
        [this] {
            updateWaits = false;
            update();
        },
        Qt::QueuedConnection);
}

void ReleaseController::Private::update()
{
    updateReleases();
    if (schema) {
        SchemaJoin::Placed placed;
        placed.workloads = sources.workloads();
        placed.databaseOf = settings.workloadDatabase;
        placed.lost = sources.workloadsError().has_value();
        schema->tellChanges(tracks, placed);
        for (const ReleaseTrack &track : std::as_const(tracks))
            schema->tellRollout(track);
    }
    notMoved.setWorkloads(sources.workloads());
    updateRows();
    updateLately();
}

RolloutController *ReleaseController::Private::trying(const CommitId &id) const
{
    for (const ReleaseTrack &track : tracks) {
        const auto &reading = track.rollout->traffic();
        if (reading && reading->value.candidate && reading->value.candidate->commit == id)
            return track.rollout;
    }
    return nullptr;
}

void ReleaseController::Private::addRelease(QList<ReleaseItem> &items, const CommitId &commitId,
                                            Standing standing, const QString &words)
{
    if (commitId.value.isEmpty())
        return;
    const auto known = std::find_if(items.begin(), items.end(), [&](const ReleaseItem &item) {
        return item.commit == commitId;
    });
    if (known != items.end()) {
        if (!words.isEmpty() && !known->words.contains(words))
            known->words += (known->words.isEmpty() ? QString() : QStringLiteral(", ")) + words;
        return;
    }
    ReleaseItem item;
    item.commit = commitId;
    item.standing = standing;
    item.words = words;
    if (const auto told = facts.commit(commitId)) {
        item.subject = told->subject;
        item.author = told->author;
        item.at = told->at;
    }
    items.append(item);
}

void ReleaseController::Private::updateReleases()
{
    QList<ReleaseItem> items;
    const auto each = [this](auto use) {
        for (const ReleaseTrack &track : std::as_const(tracks)) {
            if (track.rollout->traffic())
                use(track.rollout->track().value, track.rollout->state().phase,
                    track.rollout->traffic()->value);
        }
    };
    // Those that have traffic stand before those that wait at 0.
    for (const bool moving : {true, false}) {
        each([&](const QString &where, Phase phase, const TrafficState &traffic) {
            const bool tried = traffic.candidate && phase != Phase::Idle && phase != Phase::Done;
            if (!tried || (traffic.asked.percent > 0) != moving)
                return;
            addRelease(items, traffic.candidate->commit, Standing::Candidate,
                       tr("%1 % on %2").arg(traffic.asked.percent).arg(where));
        });
    }
    for (const Run &run : sources.latest()) {
        if (!hasEnded(run.status)) {
            addRelease(items, run.commit, Standing::OnItsWay,
                       tr("%1 under way").arg(run.workflowPath.section(QLatin1Char('/'), -1)));
        }
    }
    each([&](const QString &where, Phase, const TrafficState &traffic) {
        if (traffic.stable)
            addRelease(items, traffic.stable->commit, Standing::Live, tr("live on %1").arg(where));
    });
    for (const Commit &earlier : sources.history())
        addRelease(items, earlier.id, Standing::Earlier, {});

    releases = items;
    const CommitId now = chosenByHand ? CommitId() : choice();
    if (!now.value.isEmpty())
        show(now);
    commit = facts.commit(shown);
}

CommitId ReleaseController::Private::choice()
{
    if (releases.isEmpty())
        return {};
    const ReleaseItem &first = releases.first();
    if (first.standing != Standing::Live)
        return first.commit;
    // Of the live ones the newest by ancestry; what is not related does not count as newer.
    CommitId newest = first.commit;
    for (const ReleaseItem &item : releases) {
        if (item.standing == Standing::Live
            && facts.relation(item.commit, newest) == Relation::Newer) {
            newest = item.commit;
        }
    }
    return newest;
}

void ReleaseController::Private::updateRows()
{
    next.clear();
    live.clear();
    changes.clear();
    CommitId reference;
    QList<WaitingRun> waiting;
    for (const MovingRunsDesk *desk : std::as_const(desks))
        waiting += desk->waiting();
    const bool ofShown = pipeline && pipeline->commit() == shown;
    const QList<Job> jobs = ofShown ? allJobs(pipeline->overlay()) : QList<Job>();
    for (const ReleaseTrack &track : std::as_const(tracks)) {
        next.append(nextRow(*track.rollout));
        next += approvalRows(waiting, track.rollout->track(), shown, jobs);
        live.append(liveRow(*track.rollout));
        if (reference.value.isEmpty() && live.last().stable)
            reference = live.last().stable->commit;
    }
    next += approvalRows(waiting, TrackName(), shown, jobs);
    if (migrations) {
        for (const ChangeKey &key : migrations->keys()) {
            const auto view = migrations->view(key);
            if (view)
                changes.append(*view);
            if (view && isOpen(*view))
                next.append(nextRow(*view));
        }
    }
    for (const Workload &workload : sources.workloads()) {
        live.append(sources.asRead(liveRow(workload, reference, facts)));
    }
    gates = gatesOf(settings.gates, jobs);
    if (schema)
        gates.append(schema->gate(shown));
    Q_EMIT q->changed();
}

void ReleaseController::Private::updateLately()
{
    Happenings all;
    all.records = sources.records();
    all.runs = sources.latest();
    for (const ReleaseTrack &track : std::as_const(tracks)) {
        TrackHappenings own{track.rollout->track(), {}, track.rollout->alerts()};
        if (track.rollout->traffic())
            own.traffic = track.rollout->traffic()->value;
        all.tracks.append(own);
    }
    all.changes = changes;
    all.told = seen.told();
    const QList<LatelyLine> before = std::exchange(happened, linesOf(all));
    const QList<Unheard> unheardBefore = std::exchange(unheard, notHeard());
    if (before != happened || unheardBefore != unheard)
        Q_EMIT q->latelyChanged();
}

QList<Unheard> ReleaseController::Private::notHeard() const
{
    QList<Unheard> each;
    if (const auto &error = sources.journalError())
        each.append({tr("the journal of this machine"), error->message, Unheard::State::Lost});
    if (const auto &error = sources.runsError())
        each.append({tr("runs"), error->message, Unheard::State::Lost});
    each += unheardOf(seen.told());
    QList<SourceState> states;
    for (const ReleaseTrack &track : tracks)
        states += {track.rollout->trafficSource(), track.rollout->metricsSource(),
                   track.rollout->alertsSource()};
    if (migrations)
        states.append(migrations->sourceState());
    return together(each + unheardOf(states));
}

CommitId ReleaseController::shown() const
{
    return d->shown;
}

const std::optional<Commit> &ReleaseController::commit() const
{
    return d->commit;
}

const QList<ReleaseItem> &ReleaseController::releases() const
{
    return d->releases;
}

const QList<NextRow> &ReleaseController::next() const
{
    return d->next;
}

CommitId ReleaseController::waitingOf() const
{
    const bool allLooked
        = std::all_of(d->desks.cbegin(), d->desks.cend(),
                      [](const MovingRunsDesk *desk) { return desk->hasLooked(); });
    return !d->desks.isEmpty() && allLooked ? d->shown : CommitId();
}

const QList<LiveRow> &ReleaseController::live() const
{
    return d->live;
}

const QList<Gate> &ReleaseController::gates() const
{
    return d->gates;
}

QList<PathChip> ReleaseController::path() const
{
    const RolloutController *track = d->trying(d->shown);
    if (!d->pipeline || d->pipeline->commit() != d->shown)
        return pathChips({}, {}, {}, track);
    return pathChips(d->pipeline->graph(), d->pipeline->overlay(), d->pipeline->serverNow(), track);
}

QList<BudgetView> ReleaseController::budgets() const
{
    if (!d->pipeline || d->pipeline->commit() != d->shown)
        return budgetViews(d->settings.budgets, {}, {}, {});
    return budgetViews(d->settings.budgets, d->pipeline->graph(), d->pipeline->overlay(),
                       d->pipeline->serverNow());
}

std::optional<milliseconds> ReleaseController::machineTime() const
{
    if (!d->pipeline || d->pipeline->commit() != d->shown)
        return {};
    return pilothouse::machineTime(d->pipeline->overlay(), d->pipeline->serverNow());
}

const QList<LatelyLine> &ReleaseController::happened() const
{
    return d->happened;
}

QList<LatelyLine> ReleaseController::lately() const
{
    return d->happened.mid(0, latelyLines);
}

const QList<Unheard> &ReleaseController::unheard() const
{
    return d->unheard;
}

bool ReleaseController::schemaAwaited(const RolloutController &track) const
{
    if (!d->schema)
        return false;
    const auto known = std::find_if(d->tracks.cbegin(), d->tracks.cend(),
                                    [&](const auto &each) { return each.rollout == &track; });
    // What has come is told with the next update.
    return known != d->tracks.cend() && (d->updateWaits || d->schema->isAwaited(*known));
}

bool ReleaseController::configMapsAwaited(const RolloutController &track) const
{
    return d->notMoved.isAwaited(track);
}

const ReleaseSources &ReleaseController::sources() const
{
    return d->sources;
}

const ReleaseSettings &ReleaseController::settings() const
{
    return d->settings;
}

} // namespace pilothouse
