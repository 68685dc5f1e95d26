#include "rollout/alerts/alertdesk.h"

#include "base/reading.h"
#include "base/whendone.h"

#include <algorithm>

namespace pilothouse {
namespace {

bool looksTheSame(const Alert &a, const Alert &b)
{
    return a.name == b.name && a.labels == b.labels && a.activeAt == b.activeAt
           && a.state == b.state;
}

bool lookTheSame(const QList<Alert> &a, const QList<Alert> &b)
{
    return std::equal(a.cbegin(), a.cend(), b.cbegin(), b.cend(), looksTheSame);
}

QList<Alert> withoutAnothers(QList<Alert> alerts, const QString &track)
{
    alerts.removeIf(
        [&track](const Alert &each) { return whoseAlert(each, track) == AlertOf::AnotherTrack; });
    return alerts;
}

} // namespace

AlertDesk::AlertDesk(QString track, const Limits &limits, Clock &clock, QObject *parent)
    : QObject(parent), m_track(std::move(track)), m_limits(limits), m_clock(clock)
{}

void AlertDesk::tell(const QList<Alert> &alerts)
{
    m_lost.reset();
    m_hasTold = true;
    m_toldAt = m_clock.sinceBoot();
    m_told = withoutAnothers(alerts, m_track);
    join();
}

void AlertDesk::lose(const QString &server, const Error &error)
{
    m_lost = Error{error.kind, tr("alerts of %1 lost: %2").arg(server, error.message), {}, {}};
    join(); // what it told last may have grown old by now
}

void AlertDesk::ask()
{
    if (!m_manager || m_asking)
        return;
    m_asking = true;
    whenDone(
        m_manager->alerts(), this,
        [this](const Result<Reading<QList<Alert>>> &answer) {
            m_asking = false;
            m_error = answer ? std::nullopt : std::optional<Error>(answer.error());
            if (answer) {
                m_lastGood = m_clock.sinceBoot();
                m_managed = withoutAnothers(markedOurs(answer->value, *m_manager), m_track);
            }
            join(); // what it told last may have grown old by now
            Q_EMIT sourceChanged();
        },
        [this] { m_asking = false; });
}

void AlertDesk::join()
{
    const auto isOld = [this](const std::optional<Error> &error, std::chrono::milliseconds good) {
        return error && m_clock.sinceBoot() - good > ManagedAlerts::trusted;
    };
    QList<Alert> joined
        = joinedAlerts({m_told, isOld(m_lost, m_toldAt)}, {m_managed, isOld(m_error, m_lastGood)});
    std::stable_sort(joined.begin(), joined.end(),
                     [](const Alert &a, const Alert &b) { return a.isFiring() > b.isFiring(); });
    const auto ofTrack = [this](const Alert &each) {
        return whoseAlert(each, m_track) == AlertOf::ThisTrack;
    };
    const auto rest = std::stable_partition(joined.begin(), joined.end(), ofTrack);
    const QList<Alert> othersBefore = std::exchange(m_others, QList<Alert>(rest, joined.end()));
    joined.erase(rest, joined.end());
    const QList<Alert> before = std::exchange(m_alerts, joined);
    for (const Alert &alert : std::as_const(joined)) {
        const bool known = std::any_of(before.cbegin(), before.cend(), [&alert](const Alert &each) {
            return each.isFiring() && isSameAlert(each, alert);
        });
        if (alert.isFiring() && !known)
            Q_EMIT fired(alert);
    }
    if (!lookTheSame(before, m_alerts) || !lookTheSame(othersBefore, m_others))
        Q_EMIT changed();
}

SourceState AlertDesk::sourceState() const
{
    using Health = SourceState::Health;
    SourceState state;
    state.name = QStringLiteral("Alertmanager");
    state.lastGoodSinceBoot = m_lastGood;
    state.error = m_error;
    if (!m_manager)
        state.health = Health::NotSetUp;
    else if (m_error)
        state.health = healthAfter(*m_error);
    else if (m_lastGood.count() == 0)
        state.health = Health::Loading;
    else if (m_clock.sinceBoot() - m_lastGood > m_limits.staleAfter)
        state.health = Health::Old;
    else
        state.health = Health::Live;
    return state;
}

QString AlertDesk::whyUnseen() const
{
    QStringList unseen;
    const bool neverHadAny = m_lost && m_lost->kind == ErrorKind::NotFound && !m_hasTold;
    if (m_lost && !(neverHadAny && m_manager))
        unseen << m_lost->message;
    if (m_error)
        unseen << tr("Alertmanager lost: %1").arg(m_error->message);
    return unseen.join(QStringLiteral("; "));
}

} // namespace pilothouse
