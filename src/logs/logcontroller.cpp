#include "logs/logcontroller.h"

#include <QFileSystemWatcher>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

/// A job's log may come a moment after its end; asked again at these distances.
constexpr int mostTries = 5;
constexpr std::chrono::milliseconds betweenTries{1000};
/// How often it is looked whether a log has fallen silent.
constexpr std::chrono::milliseconds betweenLooks{10'000};

/// An opened file is looked at so often, whatever the system tells about it.
constexpr std::chrono::milliseconds betweenSizes{1000};
/// Told of something it is looked at a frame later: a program may write a thousand times a second.
constexpr std::chrono::milliseconds afterTold{16};

} // namespace

LogController::LogController(std::vector<LogSource *> sources, QString spoolFolder, Clock &clock,
                             QObject *parent)
    : QObject(parent), m_sources(std::move(sources)), m_spool(std::move(spoolFolder)),
      m_clock(clock)
{}

LogController::~LogController() = default;

void LogController::open(const LogTarget &target, const QString &title)
{
    m_tries = 0;
    if (m_target != std::optional<LogTarget>(target))
        m_origin = {};
    m_target = target;
    m_title = title;
    forgetFile();
    m_paused = false;
    reopen();
}

void LogController::openHeld(const LogTarget &target, const QString &title,
                             std::shared_ptr<LogStore> log)
{
    close();
    m_tries = 0;
    m_target = target;
    m_title = title;
    m_store = std::move(log);
    findErrors();
    setState(State::Complete);
}

void LogController::openFile(const QString &path)
{
    close();
    auto store = LogStore::openFile(path);
    m_path = path;
    m_title = path.section(QLatin1Char('/'), -1);
    if (!store) {
        m_error = store.error();
        setState(State::Failed);
        return;
    }
    m_store = std::move(*store);
    findErrors();
    followFile();
    setState(State::Complete);
}

void LogController::followFile()
{
    ++m_followed;
    m_onDisk = OnDisk::Whole;
    m_lastBytes = m_clock.sinceBoot();
    m_watcher = std::make_unique<QFileSystemWatcher>(QStringList{m_path});
    connect(m_watcher.get(), &QFileSystemWatcher::fileChanged, this, [this] {
        if (!std::exchange(m_lookWaits, true))
            lookSoon(afterTold);
    });
    lookSoon(betweenSizes);
}

void LogController::lookSoon(std::chrono::milliseconds delay)
{
    m_clock.after(delay, this, [this, delay, followed = m_followed] {
        if (followed != m_followed || m_onDisk == OnDisk::None || m_onDisk == OnDisk::Replaced)
            return;
        m_lookWaits = m_lookWaits && delay != afterTold;
        if (delay == betweenSizes)
            lookSoon(betweenSizes);
        look();
    });
}

void LogController::look()
{
    const OnDisk before = m_onDisk;
    switch (m_store->follow()) {
    case FileChange::Cut:
        return cutFile();
    case FileChange::Grown:
        m_onDisk = OnDisk::Grows;
        m_lastBytes = m_clock.sinceBoot();
        if (!std::exchange(m_lookWaits, true)) // there may be more
            lookSoon(afterTold);
        Q_EMIT onDiskChanged();
        return;
    case FileChange::Replaced:
        m_onDisk = OnDisk::Replaced;
        break;
    case FileChange::Gone:
        m_onDisk = OnDisk::Gone;
        break;
    case FileChange::None:
        if (m_onDisk == OnDisk::Gone) // it came back
            m_onDisk = OnDisk::Whole;
        break;
    }
    if (m_onDisk != before)
        Q_EMIT onDiskChanged();
}

void LogController::cutFile()
{
    stopSearches();
    m_watcher.release()->deleteLater(); // the sender, perhaps
    m_onDisk = OnDisk::None;
    m_store.reset();
    m_error = Error{ErrorKind::Conflict,
                    tr("“%1” was cut or written anew since it was opened: its lines are no longer "
                       "what was shown. Choose Read Again.")
                        .arg(m_title),
                    {},
                    {}};
    setState(State::Failed);
}

std::chrono::milliseconds LogController::silence() const
{
    return m_state == State::Streaming ? m_clock.sinceBoot() - m_lastBytes
                                       : std::chrono::milliseconds(0);
}

void LogController::setOrigin(const LogTarget &target, const LogOrigin &origin)
{
    if (m_target == std::optional<LogTarget>(target))
        m_origin = origin;
}

QList<StepBegin> LogController::stepBegins() const
{
    if (!m_store || !m_store->isIndexed())
        return {};
    return pilothouse::stepBegins(m_store->text(), m_store->marks(), m_origin.steps);
}

void LogController::noteReconnect()
{
    ++m_reconnects;
    m_reconnectedAt = m_clock.now();
    Q_EMIT silenceChanged();
}

void LogController::watchSilence()
{
    if (m_watching)
        return;
    m_watching = true;
    m_clock.after(betweenLooks, this, [this] {
        m_watching = false;
        if (m_state != State::Streaming)
            return;
        Q_EMIT silenceChanged();
        watchSilence();
    });
}

void LogController::waitForEnd(const JobLog &target, const QString &title)
{
    close();
    m_target = target;
    m_title = title;
    setState(State::WaitingEnd);
}

void LogController::close()
{
    stopSearches();
    m_stream.reset();
    m_paused = false;
    m_store.reset();
    m_error.reset();
    m_target.reset();
    m_origin = {};
    m_title.clear();
    forgetFile();
    setState(State::Empty);
}

void LogController::forgetFile()
{
    m_path.clear();
    m_onDisk = OnDisk::None;
    m_lookWaits = false;
    m_watcher.reset();
}

void LogController::stopSearches()
{
    m_search.start(nullptr, SearchQuery{});
    m_errors.start(nullptr, SearchQuery{});
}

void LogController::findErrors()
{
    if (m_store && m_errors.text().isEmpty())
        m_errors.start(m_store.get(), errorQuery());
}

void LogController::reopen()
{
    if (!m_path.isEmpty())
        openFile(QString(m_path));
    if (!m_target)
        return;
    if (m_paused)
        return goOn();
    stopSearches();
    m_stream.reset();
    m_unlooked = 0;
    m_error.reset();
    m_reconnects = 0;
    m_reconnectedAt = {};
    m_store.reset(); // its room is free before the next one asks for some
    // What cannot be deleted now is no reason not to show this log; the menu tells how full it is.
    (void)m_spool.enforce();
    auto store = LogStore::create(m_spool.folder());
    if (!store) {
        m_error = store.error();
        setState(State::Failed);
        return;
    }
    m_store = std::move(*store);
    for (LogSource *source : m_sources) {
        m_stream = source->open(*m_target);
        if (m_stream)
            break;
    }
    if (!m_stream) {
        m_error = Error{ErrorKind::NotFound,
                        tr("No source knows this log. Add the source to pilothouse.yaml."),
                        {},
                        {}};
        setState(State::Failed);
        return;
    }
    connect(m_stream.get(), &LogStream::bytesArrived, this, &LogController::take);
    connect(m_stream.get(), &LogStream::reconnected, this, &LogController::noteReconnect);
    connect(m_stream.get(), &LogStream::ended, this, &LogController::end);
    m_lastBytes = m_clock.sinceBoot();
    const bool streams = !std::holds_alternative<JobLog>(*m_target);
    if (streams)
        watchSilence();
    setState(streams ? State::Streaming : State::Loading);
}

void LogController::jobEnded(const JobId &job)
{
    if (m_state != State::WaitingEnd || !m_target)
        return;
    const auto *target = std::get_if<JobLog>(&*m_target);
    if (target && target->job == job)
        open(*m_target, m_title);
}

void LogController::take(const QByteArray &bytes)
{
    m_lastBytes = m_clock.sinceBoot();
    const Result<void> written = m_store->append(bytes);
    if (!written) {
        dropStream();
        m_error = written.error();
        return setState(State::Failed);
    }
    m_unlooked += bytes.size();
    if (m_unlooked < LogSpool::betweenLooks)
        return;
    m_unlooked = 0;
    if (!m_spool.makeRoom())
        stopAtLimit();
}

void LogController::stopAtLimit()
{
    m_paused = m_stream->pause();
    if (!m_paused) {
        dropStream();
        (void)m_store->finish(); // whether its last line is whole or not, the log is incomplete
    }
    findErrors();
    tellLimit();
}

void LogController::tellLimit()
{
    const QString limit = QLocale(QLocale::English).formattedDataSize(m_spool.limit(), 1);
    const QString sentence
        = m_paused ? tr("The kept logs have come to their limit of %1, and the reading stopped "
                        "here. Raise the limit in the menu Copy, then choose Read On there.")
                   : tr("The kept logs have come to their limit of %1, and the reading stopped "
                        "here. Raise the limit in the menu Copy, then choose Read Again there.");
    m_error = Error{ErrorKind::Unavailable, sentence.arg(limit), {}, {}};
    setState(State::Failed);
}

void LogController::goOn()
{
    if (!m_spool.makeRoom())
        return tellLimit(); // as it is now
    m_paused = false;
    m_error.reset();
    m_lastBytes = m_clock.sinceBoot();
    watchSilence();
    setState(State::Streaming);
    m_stream->goOn();
}

/// The stream may be the sender of the signal that is being handled.
void LogController::dropStream()
{
    m_paused = false;
    if (!m_stream)
        return;
    m_stream->disconnect(this);
    m_stream.release()->deleteLater();
}

void LogController::end(const Result<void> &outcome)
{
    dropStream();
    const Result<void> finished = m_store->finish();
    findErrors();
    if (outcome && finished) {
        setState(State::Complete);
        return;
    }
    m_error = outcome ? finished.error() : outcome.error();
    const bool tooEarly = !outcome && outcome.error().kind == ErrorKind::NotFound;
    if (tooEarly && std::holds_alternative<JobLog>(*m_target) && m_tries < mostTries) {
        ++m_tries;
        m_clock.after(betweenTries, this, [this, target = *m_target] {
            if (m_target == target && m_state == State::Loading)
                reopen();
        });
        return;
    }
    setState(State::Failed);
}

void LogController::setState(State state)
{
    m_state = state;
    Q_EMIT changed();
}

} // namespace pilothouse
