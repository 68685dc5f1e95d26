#include "app/wiring/headless/guardnotices.h"

#include "connectors/notify/desktopnotifier.h"

#include <QCoreApplication>
#include <QTimer>

namespace pilothouse {
namespace {

/// A bus that answers does so in milliseconds.
constexpr std::chrono::milliseconds takenWithin{1'500};

} // namespace

GuardNotices::GuardNotices(TrackName track) : m_track(std::move(track))
{
    if (qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") && !qEnvironmentVariableIsSet("CI"))
        m_desktop = std::make_unique<DesktopNotifier>(
            DesktopNotifier::Settings{QStringLiteral("Pilothouse"), {}});
}

GuardNotices::~GuardNotices() = default;

void GuardNotices::tell(const QString &title, const QString &text)
{
    if (!m_desktop)
        return;
    m_told = true;
    Notice notice;
    notice.kind = Notice::Kind::Guard;
    notice.subject = m_track.value;
    notice.title = QStringLiteral("%1: %2").arg(m_track.value, title);
    notice.text = text;
    notice.track = m_track;
    m_desktop->show(notice);
}

void GuardNotices::leave(const std::function<void()> &done)
{
    if (!m_told)
        return done();
    QTimer::singleShot(takenWithin, QCoreApplication::instance(), done);
}

} // namespace pilothouse
