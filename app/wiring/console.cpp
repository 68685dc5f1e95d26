#include "app/wiring/console.h"

#include "action/actionrunner.h"
#include "action/settle.h"
#include "action/settling.h"
#include "app/wiring/connections.h"
#include "app/wiring/credentials.h"
#include "app/wiring/databases.h"
#include "app/wiring/knownpaths.h"
#include "app/wiring/movingparts.h"
#include "app/wiring/oncallparts.h"
#include "app/wiring/places.h"
#include "app/wiring/rolloutsettings.h"
#include "app/wiring/seenparts.h"
#include "app/wiring/shiftparts.h"
#include "app/wiring/signin/accounts.h"
#include "app/wiring/signin/consentdesk.h"
#include "app/wiring/signin/loginname.h"
#include "app/wiring/signin/workspacelogins.h"
#include "app/wiring/trackcontrols.h"
#include "app/wiring/vendorviews.h"
#include "base/commandrunner.h"
#include "base/programs/loginpath.h"
#include "base/whendone.h"
#include "connectors/alertmanager/alertmanager.h"
#include "connectors/cloudbuild/cloudbuilds.h"
#include "connectors/git/gitrepository.h"
#include "connectors/github/githubruns.h"
#include "connectors/kubernetes/deploymentworkloads.h"
#include "connectors/notify/desktopnotifier.h"
#include "connectors/postgres/passage.h"
#include "connectors/prometheus/prometheusmetrics.h"
#include "journal/sqlitejournal.h"
#include "journal/unwritablejournal.h"
#include "logs/logcontroller.h"
#include "logs/runsearch/runsearch.h"
#include "migration/migrationcontroller.h"
#include "pipeline/act/buildstage.h"
#include "pipeline/act/pipelineruns.h"
#include "pipeline/act/runactions.h"
#include "pipeline/pipelinecontroller.h"
#include "release/compare/showndiff.h"
#include "release/incident/incidentnotes.h"
#include "release/logs/lastgreen.h"
#include "release/notices/noticedesk.h"
#include "release/releasecontroller.h"
#include "rollout/guard/headlessguard.h"
#include "rollout/rolloutcontroller.h"
#include "ui/shell/parts.h"

#include <QCoreApplication>
#include <QDir>
#include <QSettings>

#include <algorithm>

namespace pilothouse {

struct Console::Private
{
    Workspace workspace;
    Options options;
    // The console's own, whatever the program is called that has it in it.
    QSettings remembered{QStringLiteral("pilothouse"), QStringLiteral("pilothouse")};
    SystemClock clock;
    ProcessRunner processes;
    LoginPath loginPath{processes};
    FindingRunner runner{processes, loginPath};
    DesktopKeychain keychain;
    std::unique_ptr<Credentials> credentials;
    std::unique_ptr<ConsentDesk> consent;
    std::unique_ptr<SignInDesk> signIn;
    std::unique_ptr<Journal> journal;
    std::optional<Error> journalError;
    std::unique_ptr<ActionRunner> actions;
    std::unique_ptr<Connections> connections;
    std::unique_ptr<GitRepository> repository;
    std::unique_ptr<GithubRuns> runs;
    std::vector<std::unique_ptr<CloudBuilds>> builds;
    std::unique_ptr<PrometheusMetrics> metrics;
    std::unique_ptr<Alertmanager> alertmanager;
    std::vector<std::unique_ptr<TrafficControl>> controls;
    TrackLogs trackLogs;
    std::unique_ptr<DeploymentWorkloads> workloads;
    std::unique_ptr<SeenParts> seen;
    // Controllers last: they end before what they use.
    std::unique_ptr<PipelineController> pipeline;
    std::unique_ptr<PipelineRuns> pipelineRuns;
    std::unique_ptr<RunActions> runActions;
    std::vector<std::unique_ptr<BuildStage>> buildStages;
    std::vector<std::unique_ptr<RunActions>> buildActions;
    std::unique_ptr<LogController> jobLogs;
    std::unique_ptr<RunSearch> runSearch;
    std::unique_ptr<LastGreen> lastGreen;
    std::unique_ptr<LogController> podLogs;
    std::vector<std::unique_ptr<RolloutController>> tracks;
    std::unique_ptr<MovingParts> moving;
    std::unique_ptr<HeadlessGuard> headlessGuard;
    std::unique_ptr<SchemaParts> schema;
    std::unique_ptr<ReleaseController> release;
    std::unique_ptr<ShownDiff> diff;
    std::unique_ptr<OnCallParts> onCall;
    std::unique_ptr<IncidentNotes> incidentNotes;
    std::unique_ptr<DesktopNotifier> notifier;
    std::unique_ptr<NoticeDesk> notices;
    std::unique_ptr<Settler> settler;
    std::unique_ptr<Settling> settling;

    void openJournal();
    void makeRepository();
    void makeBuilds(const RunActions::Settings &acting);
    void makeTracks();
    void makeRelease();
    void makeSettler();
    [[nodiscard]] CompareSources compareSources() const
    {
        return {*repository, *repository, *repository, knownPaths(workspace)};
    }
};

Console::Console(const Workspace &workspace, const Options &options, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->workspace = workspace;
    d->options = options;
    d->credentials
        = std::make_unique<Credentials>(d->runner, d->keychain, d->clock, workspace.file);
    d->consent
        = std::make_unique<ConsentDesk>(ConsentFile(consentFile()), d->clock, workspace.file);
    d->signIn = std::make_unique<SignInDesk>(d->runner, vendorLogins(workspace));
    d->connections = std::make_unique<Connections>(
        *d->credentials, PluginSetting{d->runner, d->loginPath, *d->consent, d->clock});
    d->openJournal();
    d->actions = std::make_unique<ActionRunner>(
        *d->journal, options.actor.isEmpty() ? loginName() : options.actor);
    d->makeRepository();
    d->makeTracks();
    d->schema = std::make_unique<SchemaParts>(
        d->workspace, PassageSetting{d->processes, d->loginPath, *d->consent}, *d->repository,
        *d->actions, d->clock, options.mode == Options::Mode::ReadOnly);
    d->makeRelease();
    d->makeSettler();
}

Console::~Console() = default;

void Console::Private::openJournal()
{
    auto opened = SqliteJournal::open(journalFile(workspace.file), clock);
    if (opened) {
        journal = std::move(*opened);
    } else {
        journalError = opened.error();
        journal = std::make_unique<UnwritableJournal>(opened.error());
    }
}

void Console::Private::makeRepository()
{
    const RepositorySettings &settings = workspace.repository;
    const bool fetches
        = !settings.github.isEmpty() && settings.credential.kind != CredentialChoice::Kind::None;
    CredentialSource *credential
        = fetches ? &credentials->of(settings.credential, githubAccount(settings)) : nullptr;
    repository = std::make_unique<GitRepository>(
        GitLocation{settings.path, mirrorFolder(workspace.file)}, credential);
    if (!settings.github.isEmpty())
        runs = connections->github(settings);
    if (workspace.prometheus)
        metrics = connections->prometheus(*workspace.prometheus);
    if (workspace.alertmanager)
        alertmanager = connections->alertmanager(*workspace.alertmanager);

    PipelineController::Settings pipelineSettings;
    pipelineSettings.workflowPaths = workspace.pipelines;
    pipelineSettings.staleAfter = workspace.limits.staleAfter;
    if (std::any_of(workspace.databases.begin(), workspace.databases.end(),
                    [](const DatabaseSettings &database) { return !database.changes.isEmpty(); }))
        pipelineSettings.surroundings.migrations = Surroundings::Migrations::ByConsole;
    pipeline = std::make_unique<PipelineController>(
        *repository, runs.get(), clock, pipelineSettings, runs ? &runs->files() : nullptr);
    RunActions::Settings acting;
    acting.environment = workspace.environment;
    acting.refuseAfter = workspace.limits.refuseAfter;
    acting.readOnly = options.mode == Options::Mode::ReadOnly;
    makeBuilds(acting);
    if (runs) {
        pipelineRuns = std::make_unique<PipelineRuns>(*pipeline, *repository);
        runActions
            = std::make_unique<RunActions>(acting, *pipelineRuns, runs->control(), *actions, clock);
    }
    std::vector<LogSource *> jobSources;
    if (runs)
        jobSources.push_back(runs.get());
    for (const auto &each : builds)
        jobSources.push_back(each.get());
    jobLogs = std::make_unique<LogController>(jobSources, spoolFolder(workspace.file), clock);
    jobLogs->spool().keepLimitIn(remembered);
    if (runs) {
        runSearch = std::make_unique<RunSearch>(jobSources, jobLogs->spool(), clock);
        lastGreen = std::make_unique<LastGreen>(*runs, jobSources, jobLogs->spool());
        for (const auto &each : builds)
            lastGreen->addBuilds(*each);
    }
}

void Console::Private::makeBuilds(const RunActions::Settings &acting)
{
    for (const TrackSettings &track : std::as_const(workspace.tracks)) {
        if (!track.build)
            continue;
        BuildStage::Settings settings;
        settings.job = track.build->job;
        settings.staleAfter = workspace.limits.staleAfter;
        builds.push_back(connections->cloudBuild(*track.build));
        buildStages.push_back(
            std::make_unique<BuildStage>(settings, *pipeline, *builds.back(), clock));
        buildActions.push_back(std::make_unique<RunActions>(
            acting, *buildStages.back(), builds.back()->control(), *actions, clock));
    }
}

void Console::Private::makeTracks()
{
    for (const TrackSettings &track : std::as_const(workspace.tracks)) {
        controls.push_back(controlOf(track, *connections, runner, clock, trackLogs));
        RolloutSettings settings = rolloutSettings(track, workspace);
        if (options.window == Options::Window::None)
            settings.guardArms = RolloutSettings::GuardArms::ByHand;
        tracks.push_back(std::make_unique<RolloutController>(settings, *controls.back(),
                                                             metrics.get(), *actions, clock));
        if (alertmanager)
            tracks.back()->setAlertmanager(*alertmanager);
        tracks.back()->setReadOnly(options.mode == Options::Mode::ReadOnly);
    }
    headlessGuard = std::make_unique<HeadlessGuard>(HeadlessGuard::Settings{
        QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("pilothouse-cli")),
        workspace.file, guardFolder(workspace.file)});
    podLogs
        = std::make_unique<LogController>(trackLogs.sources(), spoolFolder(workspace.file), clock);
    podLogs->spool().keepLimitIn(remembered);
}

void Console::Private::makeRelease()
{
    ReleaseSettings settings;
    settings.environment = workspace.environment;
    for (const auto &track : std::as_const(workspace.tracks)) {
        if (track.budget)
            settings.budgets.append({track.name, *track.budget});
    }
    QList<DeploymentWorkloads::Place> places;
    for (const AlsoLive &each : std::as_const(workspace.alsoLive)) {
        settings.workloadDatabase.insert(each.name, each.database);
        const auto cluster = connections->cluster(each.kubeconfig, each.context);
        // A place whose cluster cannot be reached is shown as such, never left out of LIVE.
        places.append({each.name, cluster ? &(*cluster)->api : nullptr, each.nameSpace,
                       each.deployment, each.commitFrom,
                       cluster ? std::nullopt : std::optional(cluster.error())});
        trackLogs.places.append({each.name,
                                 places.last().api,
                                 each.nameSpace,
                                 {},
                                 each.deployment,
                                 places.last().unreachable});
    }
    release
        = std::make_unique<ReleaseController>(settings, *repository, *repository, *journal, clock);
    for (size_t i = 0; i < tracks.size(); ++i)
        release->addTrack(*tracks[i], workspace.tracks[qsizetype(i)].database);
    release->setMigrations(schema->migrations);
    release->setPipeline(*pipeline);
    if (runs)
        release->setRuns(*runs);
    if (options.window == Options::Window::Shown) // LATELY is shown nowhere else
        seen = std::make_unique<SeenParts>(workspace, *connections, runs.get(), *release, clock);
    if (!places.isEmpty()) {
        workloads = std::make_unique<DeploymentWorkloads>(places);
        release->setWorkloads(*workloads);
    }
    diff = std::make_unique<ShownDiff>(*release, compareSources());
    QList<RolloutController *> all;
    for (const auto &track : tracks)
        all.append(track.get());
    moving = std::make_unique<MovingParts>(*actions, clock);
    if (runs)
        release->addMovingRuns(
            moving->followRuns(workspace, *pipeline, runs->control(), all, *runActions));
    for (size_t i = 0, at = 0; i < tracks.size(); ++i) {
        if (!workspace.tracks[qsizetype(i)].build)
            continue;
        release->addMovingRuns(moving->followBuilds(builds[at]->control(), *repository, *tracks[i],
                                                    *buildActions[at]));
        ++at;
    }
    onCall = std::make_unique<OnCallParts>(
        OnCallParts::Settings{lastKnownFile(workspace.file), trackLogs.places, trackLogs.sources(),
                              metrics.get(), runs ? pipeline.get() : nullptr},
        all, *release, schema->migrations, clock);
    incidentNotes = std::make_unique<IncidentNotes>(all, *journal, clock, actions->actor());
    if (options.window == Options::Window::Shown) {
        notifier = std::make_unique<DesktopNotifier>(
            DesktopNotifier::Settings{QStringLiteral("Pilothouse"), {}});
        notices = std::make_unique<NoticeDesk>(*release, all, *actions, *notifier, clock);
        notices->keepIn(remembered);
    }
}

void Console::Private::makeSettler()
{
    settler = std::make_unique<Settler>(*journal, actions->actor());
    settling = std::make_unique<Settling>(*settler, clock);
    for (const auto &track : tracks) {
        settler->add([subject = track->track().value](
                         const Record &intent) { return intent.subject == subject; },
                     [&track = *track](const Record &intent) { return track.settle(intent); });
    }
    settler->add(&Reminders::claims,
                 [this](const Record &intent) { return schema->reminders.settle(intent); });
    settler->add(
        [](const Record &intent) { return intent.subject.startsWith(QLatin1String("change ")); },
        [this](const Record &intent) { return schema->migrations.settle(intent); });
    if (runActions)
        settler->add([this](const Record &intent) { return runActions->claims(intent); },
                     [this](const Record &intent) { return runActions->settle(intent); });
    for (const auto &acting : buildActions)
        settler->add([&own = *acting](const Record &intent) { return own.claims(intent); },
                     [&own = *acting](const Record &intent) { return own.settle(intent); });
}

void Console::start()
{
    for (const auto &track : d->tracks)
        track->start();
    if (d->runActions)
        d->runActions->start();
    d->moving->start();
    for (const auto &each : d->buildActions)
        each->start();
    d->schema->migrations.start();
    d->schema->reminders.start();
    d->release->start();
    connect(d->settling.get(), &Settling::looked, this, &Console::settled);
    d->settling->start();
}

bool Console::isSettled() const
{
    return d->settling->hasLooked();
}

bool Console::looksAgain() const
{
    return d->settling->looksAgain();
}

QList<SourceState> Console::sources() const
{
    QList<SourceState> all;
    const auto add = [&all](const SourceState &state) {
        const auto known = std::find_if(all.begin(), all.end(), [&](const SourceState &each) {
            return each.name == state.name;
        });
        if (known == all.end() && state.health != SourceState::Health::NotSetUp)
            all.append(state);
    };
    add(d->pipeline->runState());
    for (const auto &stage : d->buildStages)
        add(stage->source());
    for (const auto &track : d->tracks) {
        add(track->trafficSource());
        add(track->metricsSource());
        add(track->alertsSource());
    }
    add(d->schema->migrations.sourceState());
    return all;
}

Parts Console::parts()
{
    QList<RolloutController *> all = tracks();
    QList<BuildParts> builds;
    for (size_t i = 0; i < d->buildStages.size(); ++i)
        builds.append({d->buildStages[i].get(), d->buildActions[i].get()});
    return Parts{d->workspace.environment,
                 d->workspace.name,
                 d->options.mode == Options::Mode::ReadOnly,
                 d->clock,
                 *d->journal,
                 *d->actions,
                 *d->release,
                 *d->diff,
                 d->compareSources(),
                 *d->pipeline,
                 *d->jobLogs,
                 *d->podLogs,
                 d->schema->migrations,
                 d->onCall->onCall(),
                 all,
                 builds,
                 d->runActions.get(),
                 d->runSearch.get(),
                 d->lastGreen.get(),
                 d->headlessGuard.get(),
                 d->notices.get(),
                 vendorPages(d->workspace),
                 d->repository.get(),
                 d->runs ? &d->runs->control() : nullptr,
                 d->onCall->pods(),
                 &d->schema->reminders,
                 d->signIn.get()};
}

ShiftParts Console::shiftParts()
{
    ShiftParts parts{d->connections->accounts(),
                     keychainAccounts(d->workspace),
                     {},
                     *d->repository,
                     mirrorFolder(d->workspace.file),
                     *d->journal,
                     d->journalError,
                     d->keychain,
                     d->clock,
                     d->metrics.get(),
                     d->alertmanager != nullptr};
    for (size_t i = 0; i < d->controls.size(); ++i)
        parts.controls.append({d->tracks[i]->track(), d->controls[i].get()});
    return parts;
}

QList<MovingRunsDesk *> Console::movingRuns() const
{
    return d->moving->desks();
}

const std::optional<Error> &Console::journalError() const
{
    return d->journalError;
}

Keychain &Console::keychain()
{
    return d->keychain;
}

ConsentDesk &Console::consent()
{
    return *d->consent;
}

ReleaseController &Console::release()
{
    return *d->release;
}

PipelineController &Console::pipeline()
{
    return *d->pipeline;
}

LogController &Console::jobLogs()
{
    return *d->jobLogs;
}

LogController &Console::podLogs()
{
    return *d->podLogs;
}

MigrationController &Console::migrations()
{
    return d->schema->migrations;
}

Reminders &Console::reminders()
{
    return d->schema->reminders;
}

Journal &Console::journal()
{
    return *d->journal;
}

QList<RolloutController *> Console::tracks() const
{
    QList<RolloutController *> all;
    for (const auto &track : d->tracks)
        all.append(track.get());
    return all;
}

} // namespace pilothouse
