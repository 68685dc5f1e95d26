#include "release/releasecontroller.h"

#include "base/whendone.h"
#include "pipeline/pipelinecontroller.h"
#include "release/commitfacts.h"
#include "release/lately.h"
#include "release/releaserows.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>

namespace pilothouse {

using std::chrono::milliseconds;
using Standing = ReleaseItem::Standing;

namespace {

constexpr int rememberedRecords = 2000;
constexpr int latelyLines = 30;

} // namespace

struct ReleaseController::Private
{
    Private(ReleaseController *owner, ReleaseSettings given, SourceTree &tree, Ancestry &ancestry,
            Journal &written, Clock &time)
        : q(owner), settings(std::move(given)), files(tree), journal(written), clock(time),
          facts(tree, ancestry)
    {}

    void updateSoon();
    void update();
    void poll();
    void readJournal();
    void readRuns();
    void readWorkloads();
    void readHistory();

    void updateReleases();
    void addRelease(QList<ReleaseItem> &items, const CommitId &commit, Standing standing,
                    const QString &words);
    [[nodiscard]] CommitId choice();
    [[nodiscard]] Gate schemaGate();
    void updateReadiness();
    void updateReasons(RolloutController &rollout, const QString &database);
    void updateRows();
    void updateLately();
    [[nodiscard]] ChangeStanding standing(const ChangeView &view) const;
    [[nodiscard]] RolloutController *trying(const CommitId &commit) const;

    ReleaseController *q;
    ReleaseSettings settings;
    SourceTree &files;
    Journal &journal;
    Clock &clock;
    CommitFacts facts;
    QList<ReleaseTrack> tracks;
    MigrationController *migrations = nullptr;
    PipelineController *pipeline = nullptr;
    RunSource *runs = nullptr;
    Workloads *workloads = nullptr;

    CommitId shown;
    bool chosenByHand = false;
    std::optional<Commit> commit;
    QList<Record> records; ///< newest first
    QList<Run> latest;
    QList<Commit> history;
    std::optional<Reading<QList<Workload>>> placed;
    std::optional<Error> placedError;

    QList<ReleaseItem> releases;
    QList<NextRow> next;
    QList<LiveRow> live;
    QList<Gate> gates;
    QList<LatelyLine> lately;
    bool updateWaits = false;
};

ReleaseController::ReleaseController(ReleaseSettings settings, SourceTree &files,
                                     Ancestry &ancestry, Journal &journal, Clock &clock,
                                     QObject *parent)
    : QObject(parent),
      d(std::make_unique<Private>(this, std::move(settings), files, ancestry, journal, clock))
{
    connect(&d->facts, &CommitFacts::arrived, this, [this] { d->updateSoon(); });
}

ReleaseController::~ReleaseController() = default;

void ReleaseController::addTrack(RolloutController &track, const QString &database)
{
    d->tracks.append({&track, database});
    const auto soon = [this] {
        d->updateSoon();
    };
    connect(&track, &RolloutController::changed, this, soon);
    connect(&track, &RolloutController::revisionsChanged, this, soon);
    connect(&track, &RolloutController::chartsChanged, this, soon);
}

void ReleaseController::setMigrations(MigrationController &migrations)
{
    d->migrations = &migrations;
    const auto soon = [this] {
        d->updateSoon();
    };
    connect(&migrations, &MigrationController::listChanged, this, soon);
    connect(&migrations, &MigrationController::changed, this, soon);
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
    d->runs = &runs;
}

void ReleaseController::setWorkloads(Workloads &workloads)
{
    d->workloads = &workloads;
}

void ReleaseController::start()
{
    connect(&d->journal, &Journal::appended, this, [this](const Record &record) {
        d->records.prepend(record);
        d->updateSoon();
    });
    d->readJournal();
    d->poll();
}

void ReleaseController::refresh()
{
    whenDone(
        d->files.refresh(), this,
        [this](const Result<void> &) {
            // Without a fetch the clone still answers; the chip "Git copy" tells of the failure.
            d->facts.forgetFailures();
            d->readHistory();
            d->updateSoon();
        },
        [] {});
    d->readRuns();
    d->readWorkloads();
}

void ReleaseController::show(const CommitId &commit)
{
    d->chosenByHand = !commit.value.isEmpty();
    if (d->chosenByHand && commit != d->shown) {
        d->shown = commit;
        d->commit = d->facts.commit(commit);
        if (d->pipeline)
            d->pipeline->show(commit);
        Q_EMIT shownChanged(commit);
    }
    d->updateSoon();
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
    updateReadiness();
    for (const ReleaseTrack &track : std::as_const(tracks))
        updateReasons(*track.rollout, track.database);
    updateRows();
    updateLately();
}

void ReleaseController::Private::poll()
{
    readRuns();
    readWorkloads();
    readHistory();
    if (facts.hasFailures()) {
        whenDone(
            files.refresh(), q,
            [this](const Result<void> &) {
                facts.forgetFailures();
                updateSoon();
            },
            [] {});
    }
    updateSoon();
    clock.after(settings.poll, q, [this] { poll(); });
}

void ReleaseController::Private::readJournal()
{
    whenDone(
        journal.newest(rememberedRecords), q,
        [this](const Result<QList<Record>> &answer) {
            if (!answer)
                return; // the History page says why
            records = *answer;
            const auto retired = retiredIn(records);
            for (const ReleaseTrack &track : std::as_const(tracks))
                track.rollout->setRetired(retired.value(track.rollout->track().value));
            updateSoon();
        },
        [] {});
}

void ReleaseController::Private::readRuns()
{
    if (!runs)
        return;
    whenDone(
        runs->latestRuns(), q,
        [this](const Result<Reading<QList<Run>>> &answer) {
            if (!answer)
                return; // the chip of the CI host says why; what was known stays
            latest = answer->value;
            updateSoon();
        },
        [] {});
}

void ReleaseController::Private::readWorkloads()
{
    if (!workloads)
        return;
    whenDone(
        workloads->read(), q,
        [this](const Result<Reading<QList<Workload>>> &answer) {
            if (answer) {
                placed = *answer;
                placedError.reset();
            } else {
                placedError = answer.error();
            }
            updateSoon();
        },
        [] {});
}

void ReleaseController::Private::readHistory()
{
    whenDone(
        files.defaultTip(), q,
        [this](const Result<CommitId> &tip) {
            if (!tip)
                return;
            whenDone(
                files.history(*tip, settings.earlier), q,
                [this](const Result<QList<Commit>> &commits) {
                    history = commits.value_or(history);
                    updateSoon();
                },
                [] {});
        },
        [] {});
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
                       tr("candidate of %1 at %2 %").arg(where).arg(traffic.asked.percent));
        });
    }
    for (const Run &run : std::as_const(latest)) {
        if (!hasEnded(run.status)) {
            addRelease(items, run.commit, Standing::OnItsWay,
                       tr("%1 under way").arg(run.workflowPath.section(QLatin1Char('/'), -1)));
        }
    }
    each([&](const QString &where, Phase, const TrafficState &traffic) {
        if (traffic.stable)
            addRelease(items, traffic.stable->commit, Standing::Live, tr("live on %1").arg(where));
    });
    for (const Commit &earlier : std::as_const(history))
        addRelease(items, earlier.id, Standing::Earlier, {});

    releases = items;
    if (!chosenByHand) {
        const CommitId now = choice();
        if (!now.value.isEmpty() && now != shown) {
            shown = now;
            if (pipeline)
                pipeline->show(shown);
            Q_EMIT q->shownChanged(shown);
        }
    }
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

ChangeStanding ReleaseController::Private::standing(const ChangeView &view) const
{
    ChangeStanding standing;
    standing.name = view.key.change;
    standing.database = view.key.database;
    standing.databaseWords = settings.environment.name;
    standing.table = view.change.table.name;
    standing.column = view.change.column;
    if (view.facts)
        standing.facts = view.facts->value;
    return standing;
}

void ReleaseController::Private::updateReadiness()
{
    if (!migrations)
        return;
    for (const ChangeKey &key : migrations->keys()) {
        const auto view = migrations->view(key);
        if (!view)
            continue;
        QList<PlacedRevision> revisions;
        for (const ReleaseTrack &track : std::as_const(tracks)) {
            if (track.database != key.database)
                continue;
            const QString where = track.rollout->track().value;
            if (track.rollout->traffic()) {
                revisions += revisionsOf(where, track.rollout->traffic()->value,
                                         track.rollout->wayBack());
            } else {
                revisions.append({where, {}, RevisionReadiness::Role::Traffic});
            }
        }
        for (auto it = settings.workloadDatabase.cbegin(); it != settings.workloadDatabase.cend();
             ++it) {
            if (it.value() != key.database)
                continue;
            QList<Workload> mine;
            for (const Workload &workload : placed ? placed->value : QList<Workload>()) {
                if (workload.name == it.key())
                    mine.append(workload);
            }
            if (mine.isEmpty() || placedError)
                revisions.append({it.key(), {}, RevisionReadiness::Role::Worker});
            else
                revisions += revisionsOf(mine);
        }
        const auto readiness = readinessOf(
            revisions, [&](const CommitId &at) { return facts.file(at, view->change.path); });
        if (!view->readinessKnown || readiness != view->readiness)
            migrations->setReadiness(key, readiness);
    }
}

void ReleaseController::Private::updateReasons(RolloutController &rollout, const QString &database)
{
    QList<Reason> promote;
    QList<Reason> rollback;
    const auto &reading = rollout.traffic();
    const WayBack back = rollout.wayBack();
    if (migrations && !database.isEmpty() && reading) {
        if (migrations->loading() && migrations->keys().isEmpty()) {
            promote.append({Reason::Kind::Blocks, tr("the list of changes is being read"),
                            tr("wait a moment")});
        }
        if (const auto error = migrations->listError()) {
            promote.append(
                {Reason::Kind::Against,
                 tr("the schema: the list of changes cannot be read: %1").arg(error->message),
                 {}});
        }
        for (const ChangeKey &key : migrations->keys()) {
            const auto view = migrations->view(key);
            if (!view || key.database != database)
                continue;
            const ChangeStanding change = standing(*view);
            if (reading->value.candidate) {
                const CommitId candidate = reading->value.candidate->commit;
                promote
                    += promoteReasons(change, candidate, facts.file(candidate, view->change.path));
            }
            if (back.target) {
                const CommitId target = back.target->commit;
                rollback += rollbackReasons(change, target, facts.file(target, view->change.path));
            }
        }
    }
    rollout.setExternalReasons(promote, rollback);
    QStringList notMoved;
    for (const Workload &workload : placed ? placed->value : QList<Workload>()) {
        notMoved.append(
            workload.name + QLatin1Char(' ')
            + (workload.commit.value.isEmpty() ? tr("unknown commit") : shortSha(workload.commit)));
    }
    rollout.setNotMoved(notMoved);
}

void ReleaseController::Private::updateRows()
{
    next.clear();
    live.clear();
    CommitId reference;
    for (const ReleaseTrack &track : std::as_const(tracks)) {
        next.append(nextRow(*track.rollout));
        live.append(liveRow(*track.rollout));
        if (reference.value.isEmpty() && live.last().stable)
            reference = live.last().stable->commit;
    }
    if (migrations) {
        for (const ChangeKey &key : migrations->keys()) {
            const auto view = migrations->view(key);
            if (view && isOpen(*view))
                next.append(nextRow(*view));
        }
    }
    for (const Workload &workload : placed ? placed->value : QList<Workload>()) {
        LiveRow row = liveRow(workload, reference, facts);
        row.age = clock.sinceBoot() - placed->receivedSinceBoot;
        if (placedError)
            row.error = placedError->message;
        live.append(row);
    }
    const bool ofShown = pipeline && pipeline->commit() == shown;
    gates = gatesOf(settings.gates, ofShown ? allJobs(pipeline->overlay()) : QList<Job>());
    if (migrations)
        gates.append(schemaGate());
    Q_EMIT q->changed();
}

/// Whether the schema of every database has what the shown commit needs.
Gate ReleaseController::Private::schemaGate()
{
    Gate gate;
    gate.name = tr("schema");
    gate.text = tr("no change that %1 depends on").arg(shortSha(shown));
    for (const ChangeKey &key : migrations->keys()) {
        const auto view = migrations->view(key);
        if (!view || shown.value.isEmpty())
            continue;
        const FileAtCommit file = facts.file(shown, view->change.path);
        for (const Reason &reason : promoteReasons(standing(*view), shown, file)) {
            const bool blocks = reason.kind == Reason::Kind::Blocks;
            if (gate.state == Gate::State::Fail || (gate.state == Gate::State::Pass && !blocks))
                continue;
            gate.state = blocks                             ? Gate::State::Fail
                         : reason.kind == Reason::Kind::For ? Gate::State::Pass
                                                            : Gate::State::NoData;
            gate.text = reason.text;
            gate.at = view->facts ? view->facts->value.at : QDateTime();
        }
    }
    return gate;
}

void ReleaseController::Private::updateLately()
{
    QList<LatelyLine> lines = linesOf(records);
    lines += linesOf(latest);
    for (const ReleaseTrack &track : std::as_const(tracks)) {
        if (track.rollout->traffic())
            lines += linesOf(track.rollout->track(), track.rollout->traffic()->value, records);
        lines += linesOf(track.rollout->alerts());
    }
    const QList<LatelyLine> before = std::exchange(lately, merged(lines, latelyLines));
    if (before != lately)
        Q_EMIT q->latelyChanged();
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

std::optional<milliseconds> ReleaseController::machineTime() const
{
    if (!d->pipeline || d->pipeline->commit() != d->shown)
        return {};
    return pilothouse::machineTime(d->pipeline->overlay(), d->pipeline->serverNow());
}

const QList<LatelyLine> &ReleaseController::lately() const
{
    return d->lately;
}

const ReleaseSettings &ReleaseController::settings() const
{
    return d->settings;
}

} // namespace pilothouse
