#include "ui/shell/closing/closing.h"

#include "base/whendone.h"
#include "ui/shell/closing/closingdialog.h"

#include <QTimer>
#include <QWidget>

#include <memory>

namespace pilothouse {
namespace {

QString notArmed(const TrackName &track, const Error &error)
{
    const QString said = Closing::tr("%1 has no guard: %2").arg(track.value, error.message);
    return error.detail.isEmpty()
               ? said
               : Closing::tr("%1. What it said is in %2").arg(said, error.detail);
}

} // namespace

Closing::Closing(const Sources &sources, QWidget &window)
    : QObject(&window), m_sources(sources), m_window(window)
{}

bool Closing::mayClose()
{
    if (m_decided)
        return true;
    const Leaving leaving = m_sources.leaving();
    if (leaving.isNothing())
        return true;
    if (m_dialog) {
        m_dialog->raise();
        return false;
    }
    const bool canStart = m_sources.headless && m_sources.headless->isInstalled();
    m_dialog = new ClosingDialog(m_sources.environment,
                                 canStart ? ClosingDialog::Headless::CanStart
                                          : ClosingDialog::Headless::TellCommand,
                                 m_sources.clock, &m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_unwritten = false;
    connect(m_dialog, &QDialog::rejected, this, &Closing::stay);
    connect(m_dialog, &ClosingDialog::leaveChosen, this, &Closing::leave);
    connect(m_dialog, &ClosingDialog::armChosen, this, &Closing::arm);
    connect(m_dialog, &ClosingDialog::rollBackChosen, this, [this](const TrackName &track) {
        m_dialog->reject();
        Q_EMIT rollBackRequested(track);
    });
    m_dialog->setLeaving(leaving);
    m_dialog->open();
    return false;
}

void Closing::refresh()
{
    if (m_dialog)
        m_dialog->setLeaving(m_sources.leaving());
}

void Closing::close()
{
    m_decided = true;
    if (m_dialog)
        m_dialog->accept();
    signOff([this] {
        // Not from within the dialog's own signal.
        QTimer::singleShot(0, &m_window, [window = &m_window] { window->window()->close(); });
    });
}

void Closing::signOff(const std::function<void()> &done)
{
    if (m_sources.signOff)
        m_sources.signOff(done);
    else
        done();
}

/// Nothing that was begun for the closing goes on when it does not come.
void Closing::stay()
{
    for (const HeadlessGuard::Watching &guard : std::as_const(m_watched))
        HeadlessGuard::end(guard);
    m_watched.clear();
}

void Closing::write(const std::function<void(const std::optional<Error> &)> &done)
{
    const Leaving leaving = m_sources.leaving();
    QHash<TrackName, QString> watched;
    for (auto it = m_watched.cbegin(); it != m_watched.cend(); ++it)
        watched.insert(it.key(), tr("guarded without a window by process %1, which writes to %2")
                                     .arg(it->process)
                                     .arg(it->output));
    const auto notes = closingNotes(leaving, watched);
    struct Writing
    {
        qsizetype open;
        std::optional<Error> error;
    };
    const auto writing = std::make_shared<Writing>(Writing{notes.size(), {}});
    if (notes.isEmpty())
        return done({});
    const auto answered = [writing, done](const std::optional<Error> &error) {
        if (error && !writing->error)
            writing->error = error;
        if (--writing->open == 0)
            done(writing->error);
    };
    for (const LeftTrack &track : leaving.tracks) {
        if (!notes.contains(track.track))
            continue;
        Record note;
        note.kind = RecordKind::Note;
        note.subject = track.track.value;
        note.actor = m_sources.actor;
        note.body = {{QStringLiteral("text"), notes.value(track.track)}, {closingKey, true}};
        whenDone(
            m_sources.journal.append(note), this,
            [answered](const Result<Record> &written) {
                answered(written ? std::nullopt : std::optional(written.error()));
            },
            [answered] {
                answered(Error{ErrorKind::Unavailable, tr("The journal gave no answer."), {}, {}});
            });
    }
}

void Closing::noteLeft(const std::function<void()> &done)
{
    if (m_decided)
        return done();
    write([this, done](const std::optional<Error> &) { signOff(done); });
}

void Closing::leave()
{
    if (m_unwritten)
        return close();
    m_dialog->setUnderWay(true);
    write([this](const std::optional<Error> &error) {
        if (!error)
            return close();
        m_unwritten = true;
        if (!m_dialog)
            return;
        m_dialog->setUnderWay(false);
        m_dialog->setNotice(Tone::Danger,
                            tr("It cannot be written into the journal: %1 Press again to close "
                               "without a note.")
                                .arg(error->message));
    });
}

void Closing::arm()
{
    QList<TrackName> tracks;
    for (const LeftTrack &track : m_sources.leaving().tracks) {
        if (track.inFlight && !m_watched.contains(track.track))
            tracks.append(track.track);
    }
    m_dialog->setUnderWay(true);
    armNext(tracks);
}

void Closing::armNext(const QList<TrackName> &tracks)
{
    if (tracks.isEmpty())
        return leave();
    const TrackName track = tracks.first();
    m_dialog->setNotice(Tone::Info,
                        tr("Starting the guard of %1, and waiting until it says that it watches…")
                            .arg(track.value));
    whenDone(
        m_sources.headless->start(track), this,
        [this, tracks](const Result<HeadlessGuard::Watching> &guard) {
            if (guard)
                m_watched.insert(tracks.first(), *guard);
            if (!m_dialog)
                return stay();
            if (guard)
                return armNext(tracks.mid(1));
            m_dialog->setUnderWay(false);
            m_dialog->setNotice(Tone::Danger, notArmed(tracks.first(), guard.error()));
        },
        [] {});
}

} // namespace pilothouse
