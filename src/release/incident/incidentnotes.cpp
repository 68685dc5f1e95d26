#include "release/incident/incidentnotes.h"

#include "action/outcomewords.h"
#include "base/whendone.h"
#include "release/incident/failedrequests.h"
#include "rollout/alerts/joinedalerts.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds lookedAtEvery{5'000};
constexpr milliseconds lookedAtFor{600'000};
/// How far before the alert, or the rollback, its first bad sample is looked for.
constexpr int lookedBackSeconds = 600;

} // namespace

IncidentNotes::IncidentNotes(const QList<RolloutController *> &tracks, Journal &journal,
                             Clock &clock, QString actor, QObject *parent)
    : QObject(parent), m_journal(journal), m_clock(clock), m_actor(std::move(actor))
{
    for (RolloutController *track : tracks) {
        const QString name = track->track().value;
        m_watched[name].track = track;
        connect(track, &RolloutController::alertFired, this,
                [this, name] { see(m_watched[name]); });
        connect(track, &RolloutController::visibleChanged, this,
                [this, name] { see(m_watched[name]); });
        connect(track, &RolloutController::chartsChanged, this,
                [this, name] { forgetEnded(m_watched[name]); });
    }
    connect(&journal, &Journal::appended, this, &IncidentNotes::take);
}

void IncidentNotes::see(Watched &watched)
{
    if (!watched.track->isVisible())
        return;
    for (const Alert &alert : watched.track->alerts()) {
        const bool known = std::any_of(
            watched.firing.cbegin(), watched.firing.cend(), [&alert](const Alert &each) {
                return each.name == alert.name && each.activeAt == alert.activeAt;
            });
        if (!alert.isFiring() || known)
            continue;
        watched.firing.append(alert);
        if (!watched.alertedAt.isValid() || alert.activeAt < watched.alertedAt)
            watched.alertedAt = alert.activeAt;
        write(alertSeenNote(watched.track->track(), m_actor, alert.name, alert.activeAt));
    }
}

void IncidentNotes::forgetEnded(Watched &watched)
{
    const QList<Alert> &now = watched.track->alerts();
    watched.firing.removeIf([&now](const Alert &seen) {
        return std::none_of(now.cbegin(), now.cend(), [&seen](const Alert &alert) {
            return alert.isFiring() && alert.name == seen.name;
        });
    });
}

void IncidentNotes::take(const Record &record)
{
    const auto at = m_watched.find(record.subject);
    if (at == m_watched.end())
        return;
    if (record.kind == RecordKind::Intent
        && record.body[QLatin1String("verb")].toString() == QLatin1String("roll back")) {
        at->rollback = record.id;
        at->rollbackAt = record.at;
    } else if (record.kind == RecordKind::Outcome && record.id == at->rollback) {
        at->rollback = {};
        if (outcomeOf(record).kind == Outcome::Kind::Done)
            look(record.subject, {record.id, at->rollbackAt, 0});
    }
}

void IncidentNotes::look(const QString &track, const Ended &ended)
{
    m_clock.after(lookedAtEvery, this, [this, track, ended] {
        const Watched &watched = m_watched[track];
        const QDateTime since
            = (watched.alertedAt.isValid() ? watched.alertedAt : ended.confirmedAt)
                  .addSecs(-lookedBackSeconds);
        whenDone(
            watched.track->chartsBetween(since, watched.track->metricsNow()), this,
            [this, track, ended, since](const QList<ChartSeries> &charts) {
                reckon(track, ended, since, charts);
            },
            [] {});
    });
}

void IncidentNotes::reckon(const QString &track, const Ended &ended, const QDateTime &since,
                           const QList<ChartSeries> &charts)
{
    Watched &watched = m_watched[track];
    const BadTime bad = badTime(charts, since);
    const bool firing = !firingNames(watched.track->alerts()).isEmpty();
    if ((bad.goesOn || firing) && (ended.looks + 1) * lookedAtEvery < lookedAtFor) {
        look(track, {ended.rollback, ended.confirmedAt, ended.looks + 1});
        return;
    }
    Damage damage = failedRequests(charts, bad.from.isValid() ? bad.from : ended.confirmedAt,
                                   bad.to.isValid() ? bad.to : watched.track->metricsNow());
    if (damage.failedRequests && (bad.goesOn || firing))
        damage.notCounted = tr("it still went on ten minutes later");
    watched.alertedAt = {};
    write(damageNote(watched.track->track(), m_actor, ended.rollback, damage));
}

void IncidentNotes::write(const Record &note)
{
    // A journal that cannot be written is said in the window already.
    whenDone(
        m_journal.append(note), this, [](const Result<Record> &) {}, [] {});
}

} // namespace pilothouse
