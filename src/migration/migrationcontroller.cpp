#include "migration/migrationcontroller.h"

#include "base/whendone.h"
#include "migration/act/pausing.h"
#include "migration/confirmation.h"
#include "migration/migrationtrack.h"

#include <QFuture>
#include <QJsonArray>
#include <QSet>

namespace pilothouse {

namespace {

/// Worst last: what the chip shows when databases differ.
int badness(SourceState::Health health)
{
    using enum SourceState::Health;
    switch (health) {
    case Live:
        return 1;
    case Old:
        return 2;
    case Loading:
        return 3;
    case NotAllowed:
        return 4;
    case SignedOut:
        return 5;
    case Lost:
        return 6;
    case NotSetUp:
        break;
    }
    return 0;
}

} // namespace

/// One of the workspace's databases.
struct MigrationController::Target
{
    QString name;
    QString folder;
    Database *database = nullptr;
};

BackfillLimits MigrationSettings::limitsIn(const QString &database) const
{
    BackfillLimits limits = backfill;
    limits.rowsPerSecond = rowsPerSecond.value(database, limits.rowsPerSecond);
    return limits;
}

MigrationController::MigrationController(MigrationSettings settings, SourceTree &source,
                                         ActionRunner &actions, Clock &clock, QObject *parent)
    : QObject(parent), m_settings(std::move(settings)), m_source(source), m_actions(actions),
      m_clock(clock)
{}

MigrationController::~MigrationController() = default;

void MigrationController::addDatabase(const QString &name, const QString &changesFolder,
                                      Database &database)
{
    m_targets.push_back(std::make_unique<Target>(Target{name, changesFolder, &database}));
}

void MigrationController::start()
{
    const int generation = ++m_generation;
    m_loading = true;
    Q_EMIT listChanged();
    whenDone(
        m_source.defaultTip(), this,
        [this, generation](const Result<CommitId> &tip) {
            if (generation != m_generation)
                return;
            if (!tip)
                endLoading(tip.error());
            else
                loadFolders(generation, *tip);
        },
        [this, generation] { givenUp(generation); });
}

void MigrationController::givenUp(int generation)
{
    if (generation == m_generation)
        endLoading(Error{ErrorKind::Cancelled, tr("Reading the repository was ended."), {}, {}});
}

void MigrationController::endLoading(const std::optional<Error> &error)
{
    m_loading = false;
    m_listError = error;
    Q_EMIT listChanged();
    Q_EMIT sourceStateChanged(sourceState());
}

void MigrationController::loadFolders(int generation, const CommitId &tip)
{
    QStringList folders;
    for (const auto &target : m_targets) {
        if (!folders.contains(target->folder))
            folders << target->folder;
    }
    if (folders.isEmpty()) {
        take(tip, {});
        return;
    }
    struct Pending
    {
        QHash<QString, QList<SourceFile>> files;
        qsizetype left = 0;
    };
    auto pending = std::make_shared<Pending>();
    pending->left = folders.size();
    for (const QString &folder : folders) {
        whenDone(
            m_source.files(tip, folder), this,
            [this, generation, tip, folder, pending](const Result<QList<SourceFile>> &files) {
                if (generation != m_generation || pending->left < 0)
                    return;
                if (!files) {
                    pending->left = -1;
                    endLoading(files.error());
                    return;
                }
                pending->files.insert(folder, *files);
                if (--pending->left == 0)
                    take(tip, pending->files);
            },
            [this, generation] { givenUp(generation); });
    }
}

void MigrationController::take(const CommitId &tip,
                               const QHash<QString, QList<SourceFile>> &filesOfFolder)
{
    m_tip = tip;
    m_broken.clear();
    QSet<QString> names;
    for (const auto &target : m_targets)
        names.insert(target->name);

    std::vector<std::unique_ptr<MigrationTrack>> tracks;
    QSet<QString> seen;
    for (const auto &folderOf : m_targets) {
        if (seen.contains(folderOf->folder))
            continue;
        seen.insert(folderOf->folder);
        for (const SourceFile &file : filesOfFolder.value(folderOf->folder)) {
            if (!file.path.endsWith(QLatin1String(".yaml")))
                continue;
            const Result<Change> change = readChange(file.content, file.path, tip);
            if (!change) {
                m_broken.append({file.path, change.error()});
                continue;
            }
            for (const QString &name : change->databases) {
                if (!names.contains(name)) {
                    m_broken.append(
                        {file.path,
                         {ErrorKind::BadInput,
                          tr("%1: the workspace has no database \"%2\"; name one of its databases.")
                              .arg(file.path, name),
                          {},
                          {}}});
                    continue;
                }
                for (const auto &target : m_targets) {
                    if (target->name == name && target->folder == folderOf->folder)
                        tracks.push_back(makeTrack(*change, *target));
                }
            }
        }
    }
    m_tracks = std::move(tracks);
    endLoading({});
    for (const auto &track : m_tracks) {
        track->setVisible(m_visible);
        track->refresh();
    }
}

std::unique_ptr<MigrationTrack> MigrationController::makeTrack(const Change &change,
                                                               const Target &target)
{
    const ChangeKey key{change.name, target.name};
    // A track that has not changed keeps its facts, its run and its readiness.
    for (auto &track : m_tracks) {
        if (!track || !(track->key() == key))
            continue;
        Change known = track->change();
        known.commit = change.commit;
        if (known == change || track->busy())
            return std::move(track);
    }
    auto made = std::make_unique<MigrationTrack>(key, change, m_settings, *target.database,
                                                 m_actions, m_clock);
    MigrationTrack *track = made.get();
    connect(track, &MigrationTrack::changed, this, [this, key] { Q_EMIT changed(key); });
    connect(track, &MigrationTrack::blocked, this,
            [this, key](const WaitState &wait) { Q_EMIT blocked(key, wait); });
    connect(track, &MigrationTrack::sourceStateChanged, this,
            [this] { Q_EMIT sourceStateChanged(sourceState()); });
    const auto readiness = m_readiness.find(key);
    if (readiness != m_readiness.end())
        track->setReadiness(readiness->second);
    return made;
}

void MigrationController::setVisible(bool visible)
{
    m_visible = visible;
    for (const auto &track : m_tracks)
        track->setVisible(visible);
}

void MigrationController::setReadiness(const ChangeKey &key,
                                       const QList<RevisionReadiness> &readiness)
{
    m_readiness[key] = readiness;
    if (MigrationTrack *found = track(key))
        found->setReadiness(readiness);
}

MigrationTrack *MigrationController::track(const ChangeKey &key) const
{
    for (const auto &track : m_tracks) {
        if (track->key() == key)
            return track.get();
    }
    return nullptr;
}

QList<ChangeKey> MigrationController::keys() const
{
    QList<ChangeKey> keys;
    for (const auto &track : m_tracks)
        keys << track->key();
    return keys;
}

std::optional<ChangeView> MigrationController::view(const ChangeKey &key) const
{
    const MigrationTrack *found = track(key);
    return found ? std::optional<ChangeView>(found->view()) : std::nullopt;
}

std::optional<std::chrono::milliseconds> MigrationController::factsAge(const ChangeKey &key) const
{
    const std::optional<ChangeView> found = view(key);
    return found && found->facts ? std::optional(found->facts->age(m_clock)) : std::nullopt;
}

SourceState MigrationController::sourceState() const
{
    SourceState worst;
    worst.name = QStringLiteral("PostgreSQL");
    for (const auto &track : m_tracks) {
        const SourceState state = track->sourceState();
        if (badness(state.health) > badness(worst.health))
            worst = state;
    }
    if (m_tracks.empty() && !m_targets.empty() && m_loading)
        worst.health = SourceState::Health::Loading;
    else if (m_tracks.empty() && !m_targets.empty() && m_listError) {
        // The workspace names a database, and nobody knows what to ask it.
        worst.health = SourceState::Health::Lost;
        worst.error = m_listError;
        worst.error->message = tr("The changes are not known, so no database is asked: %1")
                                   .arg(worst.error->message);
    }
    return worst;
}

std::optional<Preview> MigrationController::preview(const ChangeKey &key, StepId step)
{
    MigrationTrack *found = track(key);
    return found ? found->preview(step) : std::nullopt;
}

std::optional<Preview> MigrationController::undoPreview(const ChangeKey &key, StepId step)
{
    MigrationTrack *found = track(key);
    return found ? found->undoPreview(step) : std::nullopt;
}

template <typename Act>
QFuture<Outcome> MigrationController::with(const ChangeKey &key, Act act)
{
    MigrationTrack *found = track(key);
    if (!found) {
        return QtFuture::makeReadyFuture(
            Outcome{Outcome::Kind::Refused,
                    tr("There is no change %1 for database %2 at the default branch's tip.")
                        .arg(key.change.value, key.database),
                    {}});
    }
    return act(*found);
}

QFuture<Outcome> MigrationController::run(const ChangeKey &key, StepId step,
                                          const Confirmation &confirmation)
{
    return with(key, [&](MigrationTrack &track) { return track.run(step, confirmation); });
}

QFuture<Outcome> MigrationController::undo(const ChangeKey &key, StepId step,
                                           const Confirmation &confirmation)
{
    return with(key, [&](MigrationTrack &track) { return track.undo(step, confirmation); });
}

void MigrationController::pause(const ChangeKey &key)
{
    if (MigrationTrack *found = track(key))
        found->pause();
}

std::optional<Preview> MigrationController::pausePreview(const ChangeKey &key) const
{
    const auto shown = view(key);
    if (!shown || !(backfillsHere(*shown) || backfillsElsewhere(*shown)))
        return std::nullopt;
    return pilothouse::pausePreview(*shown, m_settings.environment);
}

QFuture<Outcome> MigrationController::pauseElsewhere(const ChangeKey &key, const QString &where)
{
    return with(key, [&where](MigrationTrack &track) { return track.pauseElsewhere(where); });
}

QFuture<Outcome> MigrationController::resume(const ChangeKey &key)
{
    return with(key, [](MigrationTrack &track) { return track.resume(); });
}

void MigrationController::stop(const ChangeKey &key)
{
    if (MigrationTrack *found = track(key))
        found->stop();
}

Preview MigrationController::cancelPreview(const ChangeKey &key, const Blocker &blocker) const
{
    const MigrationTrack *found = track(key);
    return confirmCancel(m_settings.environment, found ? found->view().place : key.database,
                         blocker);
}

QFuture<Outcome> MigrationController::cancelBlocker(const ChangeKey &key, const Blocker &blocker,
                                                    const Confirmation &confirmation)
{
    return with(key,
                [&](MigrationTrack &track) { return track.cancelBlocker(blocker, confirmation); });
}

bool MigrationController::claims(const Record &intent)
{
    return intent.body.contains(QLatin1String("change"))
           && intent.body.contains(QLatin1String("database"))
           && (intent.body.contains(QLatin1String("steps"))
               || intent.body.contains(QLatin1String("pauses")));
}

QFuture<Outcome> MigrationController::settle(const Record &intent)
{
    const QJsonObject &body = intent.body;
    const ChangeKey key{ChangeName(body.value(QLatin1String("change")).toString()),
                        body.value(QLatin1String("database")).toString()};
    QList<StepId> steps;
    const QJsonArray words = body.value(QLatin1String("steps")).toArray();
    for (const auto &word : words) {
        if (const std::optional<StepId> step = stepOfWord(word.toString()))
            steps << *step;
    }
    MigrationTrack *found = track(key);
    if (found && body.contains(QLatin1String("pauses")))
        return found->settlePause(body.value(QLatin1String("pauses")).toString());
    if (!found || steps.isEmpty()) {
        return QtFuture::makeReadyFuture(
            Outcome{Outcome::Kind::Unknown,
                    tr("No change file or no step of this name is known any more."),
                    {}});
    }
    const bool back = body.value(QLatin1String("undo")).toBool();
    return found->settle(steps, back ? MigrationTrack::Direction::Back
                                     : MigrationTrack::Direction::Forward);
}

} // namespace pilothouse
