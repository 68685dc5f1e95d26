#include "ui/shell/linkguide.h"

#include "base/whendone.h"
#include "migration/migrationcontroller.h"
#include "pipeline/act/runcontrol.h"
#include "pipeline/pipelinecontroller.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"
#include "ui/migration/migrationpage.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/trackview.h"
#include "ui/shell/mainwindow.h"

#include <QTimer>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr auto betweenLooks = std::chrono::milliseconds(200);
constexpr int mostLooks = 50; // 10 s: sources may still be asked for the first time

bool hasAnswered(const SourceState &source)
{
    return source.health == SourceState::Health::NotSetUp || source.lastGoodSinceBoot.count() > 0;
}

std::optional<bool> known(bool isThere, bool isAnswered)
{
    return isThere || isAnswered ? std::optional(isThere) : std::nullopt;
}

} // namespace

LinkGuide::LinkGuide(const Parts &parts, MainWindow &window)
    : QObject(&window), m_parts(parts), m_window(window), m_again(new QTimer(this))
{
    m_again->setInterval(betweenLooks);
    connect(m_again, &QTimer::timeout, this, &LinkGuide::lookAgain);
}

void LinkGuide::follow(const QString &link)
{
    ++m_generation;
    m_again->stop();
    const Result<ThingLink> read = parseLink(link);
    if (!read)
        return say(read.error().message);
    // A desktop may write what it takes for a host in small letters.
    if (read->workspace.compare(m_parts.workspaceName, Qt::CaseInsensitive) != 0)
        return say(tr("The link is of workspace “%1”; this window shows “%2”.")
                       .arg(quotable(read->workspace), m_parts.workspaceName));
    show(read->thing);
}

void LinkGuide::show(const Thing &thing)
{
    switch (thing.kind) {
    case Thing::Kind::Workspace:
        return;
    case Thing::Kind::OnCall:
        return m_window.showPage(Pages::Night);
    case Thing::Kind::History:
        return m_window.showPage(Pages::Journal);
    case Thing::Kind::Commit:
    case Thing::Kind::Build:
        return showCommit(thing);
    case Thing::Kind::Run:
    case Thing::Kind::Job:
        return showRun(thing);
    case Thing::Kind::Track:
    case Thing::Kind::Revision:
    case Thing::Kind::Pod:
        return showInTrack(thing);
    case Thing::Kind::Change:
        return showChange(thing);
    case Thing::Kind::Alert:
        return await(
            tr("alert “%1”").arg(quotable(thing.id)),
            [this, name = thing.id] {
                bool isThere = false;
                bool isAnswered = true;
                for (const RolloutController *track : std::as_const(m_parts.tracks)) {
                    const QList<Alert> &alerts = track->alerts();
                    isThere |= std::any_of(alerts.cbegin(), alerts.cend(),
                                           [&](const Alert &alert) { return alert.name == name; });
                    isAnswered &= hasAnswered(track->metricsSource());
                }
                return known(isThere, isAnswered);
            },
            [this] { m_window.showPage(Pages::Night); },
            tr("No alert “%1” is firing or pending now.").arg(quotable(thing.id)));
    case Thing::Kind::Workload:
        return await(
            tr("“%1”").arg(quotable(thing.id)),
            [this, name = thing.id] {
                const QList<LiveRow> &live = m_parts.release.live();
                return known(std::any_of(live.cbegin(), live.cend(),
                                         [&](const LiveRow &row) { return row.where == name; }),
                             !live.isEmpty());
            },
            [this] { m_window.showPage(Pages::Release); },
            tr("Nothing called “%1” is among what is live here.").arg(quotable(thing.id)));
    }
}

void LinkGuide::showCommit(const Thing &thing)
{
    const bool isBuild = thing.kind == Thing::Kind::Build;
    const QString sha = isBuild ? thing.within : thing.id;
    const QString missing
        = tr("This repository knows no commit %1, or it was not fetched yet.").arg(sha.left(12));
    if (!m_parts.files)
        return say(missing);
    say(tr("Looking for commit %1 …").arg(sha.left(12)));
    whenDone(
        m_parts.files->resolve(sha), this,
        [this, isBuild, missing, sha, generation = m_generation](const Result<CommitId> &commit) {
            if (generation != m_generation)
                return;
            // A branch may have a name of hexadecimal digits: another thing than the commit.
            if (!commit || !commit->value.startsWith(sha))
                return say(commit || commit.error().kind == ErrorKind::NotFound
                               ? missing
                               : commit.error().message);
            m_parts.release.show(*commit);
            m_window.showPage(isBuild ? Pages::Pipeline : Pages::Release);
            say(tr("Commit %1 is shown.").arg(shortSha(*commit)));
        },
        [this, missing] { say(missing); });
}

void LinkGuide::showRun(const Thing &thing)
{
    const QString number = thing.kind == Thing::Kind::Job ? thing.within : thing.id;
    if (!m_parts.runs)
        return say(tr("Run %1 cannot be looked up: the workspace names no CI host.").arg(number));
    say(tr("Looking for run %1 …").arg(number));
    const QString missing
        = tr("%1 knows no run %2 of this repository.").arg(m_parts.runs->systemName(), number);
    whenDone(
        m_parts.runs->run(RunId(number.toLongLong())), this,
        [this, thing, missing, generation = m_generation](const Result<Reading<Run>> &run) {
            if (generation != m_generation)
                return;
            if (!run)
                return say(run.error().kind == ErrorKind::NotFound ? missing : run.error().message);
            showRunOf(thing, run->value);
        },
        [this, missing] { say(missing); });
}

void LinkGuide::showRunOf(const Thing &thing, const Run &run)
{
    const QString number = QString::number(run.id.value);
    m_parts.release.show(run.commit);
    m_window.showPage(Pages::Pipeline);
    PipelineController &pipeline = m_parts.pipeline;
    const auto hasRun = [&pipeline, id = run.id, commit = run.commit] {
        const QList<Run> &runs = pipeline.runs();
        return pipeline.commit() == commit
               && std::any_of(runs.cbegin(), runs.cend(),
                              [&](const Run &each) { return each.id == id; });
    };
    const auto showJob = [this, thing, number, id = run.id] {
        m_parts.pipeline.showRun(id);
        if (thing.kind != Thing::Kind::Job)
            return say(tr("Run %1 is shown.").arg(number));
        const JobId job(thing.id.toLongLong());
        await(
            tr("job %1").arg(job.value),
            [this, job, id] {
                // Jobs are known once they stand in the graph.
                const PipelineController &all = m_parts.pipeline;
                return known(all.overlay().job(job).has_value(),
                             all.jobsAge(id) && !all.isLoading() && !all.loadError());
            },
            [this, job, number] {
                m_parts.pipeline.selectJob(job);
                say(tr("Job %1 of run %2 is shown.").arg(job.value).arg(number));
            },
            tr("Run %1 is shown; its newest attempt has no job %2.").arg(number, thing.id));
    };
    await(tr("run %1").arg(number), [hasRun] { return known(hasRun(), false); }, showJob, {});
}

void LinkGuide::showInTrack(const Thing &thing)
{
    const QString name = thing.kind == Thing::Kind::Track ? thing.id : thing.within;
    RolloutController *track = trackOf(name);
    if (!track)
        return say(tr("This workspace has no track “%1”.").arg(quotable(name)));
    const auto showTrack = [this, track] {
        m_window.pages().rollout().showTrack(track->track());
        m_window.showPage(Pages::Rollout);
    };
    if (thing.kind == Thing::Kind::Track)
        return showTrack();
    const bool isPod = thing.kind == Thing::Kind::Pod;
    const auto has = [isPod, id = thing.id](const std::optional<RevisionState> &revision) {
        return revision && (isPod ? revision->pods.contains(id) : revision->name.value == id);
    };
    await(
        isPod ? tr("pod “%1”").arg(quotable(thing.id))
              : tr("revision “%1”").arg(quotable(thing.id)),
        [track, has] {
            const auto &traffic = track->traffic();
            return known(traffic && (has(traffic->value.candidate) || has(traffic->value.stable)),
                         traffic.has_value());
        },
        [this, showTrack, isPod, id = thing.id] {
            showTrack();
            if (TrackView *view = isPod ? m_window.pages().rollout().current() : nullptr)
                view->choosePod(id);
        },
        isPod ? tr("%1 has no pod “%2” now.").arg(name, quotable(thing.id))
              : tr("%1 has no revision “%2” now.").arg(name, quotable(thing.id)));
}

void LinkGuide::showChange(const Thing &thing)
{
    const auto find = [this, thing]() -> std::optional<ChangeKey> {
        for (const ChangeKey &key : m_parts.migrations.keys()) {
            if (key.change.value == thing.id
                && (thing.within.isEmpty() || key.database == thing.within))
                return key;
        }
        return {};
    };
    await(
        tr("change “%1”").arg(quotable(thing.id)),
        [this, find] {
            const MigrationController &all = m_parts.migrations;
            return known(find().has_value(), !all.loading() && !all.listError());
        },
        [this, find] {
            m_window.showPage(Pages::Migration);
            if (const auto key = find())
                m_window.pages().migration().showChange(*key);
        },
        thing.within.isEmpty()
            ? tr("There is no change “%1” at the tip of the default branch.")
                  .arg(quotable(thing.id))
            : tr("There is no change “%1” for database “%2” at the tip of the default branch.")
                  .arg(quotable(thing.id), quotable(thing.within)));
}

void LinkGuide::await(const QString &what, const Look &look, const std::function<void()> &there,
                      const QString &missing)
{
    m_what = what;
    m_look = look;
    m_there = there;
    m_missing = missing;
    m_looksLeft = mostLooks;
    m_again->start();
    lookAgain();
}

void LinkGuide::lookAgain()
{
    const std::optional<bool> isThere = m_look();
    if (!isThere && --m_looksLeft > 0)
        return;
    m_again->stop();
    // Either may await the next thing.
    const auto there = m_there;
    if (isThere.value_or(false))
        there();
    else
        say(isThere ? m_missing
                    : tr("Whether there is %1 was not told in time. Open the link again once its "
                         "source answers.")
                          .arg(m_what));
}

void LinkGuide::say(const QString &sentence)
{
    Q_EMIT said(sentence);
}

RolloutController *LinkGuide::trackOf(const QString &name) const
{
    for (RolloutController *track : m_parts.tracks) {
        if (track->track().value == name)
            return track;
    }
    return nullptr;
}

} // namespace pilothouse
