#include "release/notices/noticedesk.h"

#include "action/actionrunner.h"
#include "release/releasecontroller.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"

#include <QSettings>

namespace pilothouse {
namespace {

/// What follows an act of one's own so soon is its consequence: the traffic system takes a moment.
constexpr std::chrono::seconds consequence{15};

QString keptOn()
{
    return QStringLiteral("notifications");
}

} // namespace

NoticeDesk::NoticeDesk(ReleaseController &release, QList<RolloutController *> tracks,
                       ActionRunner &actions, Notifier &notifier, const Clock &clock,
                       QObject *parent)
    : QObject(parent), m_release(release), m_tracks(std::move(tracks)), m_actions(actions),
      m_notifier(notifier), m_clock(clock)
{
    const auto acted = [this](const QString &subject) {
        m_acted.insert(subject, m_clock.sinceBoot());
    };
    connect(&actions, &ActionRunner::began, this, acted);
    connect(&actions, &ActionRunner::ended, this, acted);
    connect(&release, &ReleaseController::changed, this, &NoticeDesk::lookSoon);
    for (RolloutController *track : std::as_const(m_tracks)) {
        connect(track, &RolloutController::changed, this, &NoticeDesk::lookSoon);
        connect(track, &RolloutController::chartsChanged, this, &NoticeDesk::lookSoon);
        connect(&track->guard(), &RolloutGuard::acted, this,
                [this, track](const QString &sentence) {
                    m_deeds.append({track->track(), sentence});
                    lookSoon();
                });
    }
    connect(&notifier, &Notifier::chosen, this, &NoticeDesk::chosen);
    connect(&notifier, &Notifier::lost, this, [this](const Error &error) {
        Q_EMIT lost(tr("No desktop notifications here: %1 Alerts show in this window only.")
                        .arg(error.message));
    });
}

void NoticeDesk::keepIn(QSettings &settings)
{
    m_settings = &settings;
    const bool on = settings.value(keptOn(), true).toBool();
    if (std::exchange(m_on, on) != on)
        Q_EMIT onChanged(on);
}

void NoticeDesk::setOn(bool on)
{
    if (std::exchange(m_on, on) == on)
        return;
    if (m_settings)
        m_settings->setValue(keptOn(), on);
    Q_EMIT onChanged(on);
}

/// Many signals come at once; they are one change of the world.
void NoticeDesk::lookSoon()
{
    if (std::exchange(m_waits, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_waits = false;
            look();
        },
        Qt::QueuedConnection);
}

void NoticeDesk::look()
{
    const Noticed now = noticed();
    QList<Notice> news = noticesOf(std::exchange(m_before, now), now);
    if (!m_on)
        return;
    erase_if(news, [this](const Notice &notice) { return isOwn(notice); });
    for (const Notice &notice : m_limit.admitted(news, m_clock.sinceBoot()))
        m_notifier.show(notice);
}

bool NoticeDesk::isOwn(const Notice &notice) const
{
    if (!m_focused || notice.isUrgent())
        return false;
    const auto acted = m_acted.constFind(notice.subject);
    return m_actions.busy(notice.subject)
           || (acted != m_acted.cend() && m_clock.sinceBoot() - *acted <= consequence);
}

Noticed NoticeDesk::noticed() const
{
    Noticed seen;
    seen.next = m_release.next();
    seen.deeds = m_deeds;
    seen.waitingOf = m_release.waitingOf();
    for (const RolloutController *track : m_tracks) {
        NoticedTrack each;
        each.track = track->track();
        each.phase = track->state().phase;
        each.ended = track->state().ended;
        if (const auto &reading = track->traffic()) {
            if (reading->value.candidate)
                each.candidate = reading->value.candidate->commit;
            if (reading->value.stable)
                each.stable = reading->value.stable->commit;
        }
        for (const Alert &alert : track->alerts()) {
            if (alert.isFiring())
                each.firing.append(alert);
        }
        seen.tracks.append(each);
    }
    return seen;
}

} // namespace pilothouse
