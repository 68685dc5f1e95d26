#include "ui/shell/footer.h"

#include "journal/journal.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"
#include "ui/journal/recordmodel.h"
#include "ui/shell/guardlabel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QApplication>
#include <QLabel>
#include <QPainter>

namespace pilothouse {
namespace {

constexpr auto alertShownFor = std::chrono::milliseconds(30'000);

} // namespace

Footer::Footer(const Parts &parts, QWidget *parent)
    : QStatusBar(parent), m_parts(parts), m_last(new QLabel), m_guard(new GuardLabel)
{
    setSizeGripEnabled(false);
    m_last->setContentsMargins(spacing::Small, 0, 0, 0);
    addWidget(m_last, 1);
    m_guard->setContentsMargins(0, 0, spacing::Medium, 0);
    // What came last gives way to what does not watch.
    m_last->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    addPermanentWidget(m_guard);
    connect(&parts.journal, &Journal::appended, this, &Footer::showRecord);
    for (RolloutController *track : parts.tracks) {
        connect(track, &RolloutController::changed, this, &Footer::refreshGuard);
        connect(&track->guard(), &RolloutGuard::acted, this, &Footer::showGuardActed);
        connect(track, &RolloutController::alertFired, this, &Footer::showAlert);
        connect(track, &RolloutController::chartsChanged, this, &Footer::dropEndedAlert);
    }
    refreshGuard();
}

/// Where what it covers stands, so that nothing jumps.
void Footer::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    const int left = m_last->x() + m_last->contentsMargins().left();
    const QRect place(left, 0, width() - left - m_guard->width(), height());
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(currentMessage(), Qt::ElideRight, place.width()));
}

void Footer::showRecord(const Record &record)
{
    m_last->setText(tr("%1   %2 · %3 · %4")
                        .arg(record.at.toLocalTime().toString(QStringLiteral("HH:mm:ss")),
                             record.actor, record.subject, RecordModel::sentence(record)));
}

void Footer::showAlert(const Alert &alert)
{
    QApplication::alert(window());
    m_shownAlert = alert.name;
    showMessage(tr("%1   ALERT %2: %3")
                    .arg(clockText(m_parts.clock.now()), alert.name,
                         alert.annotations.value(QStringLiteral("summary"))),
                int(alertShownFor.count()));
}

void Footer::dropEndedAlert()
{
    if (m_shownAlert.isEmpty())
        return;
    for (const RolloutController *track : std::as_const(m_parts.tracks)) {
        for (const Alert &alert : track->alerts()) {
            if (alert.name == m_shownAlert && alert.isFiring())
                return;
        }
    }
    m_shownAlert.clear();
    clearMessage();
}

void Footer::refreshGuard()
{
    QList<TrackGuard> guards;
    for (const RolloutController *track : std::as_const(m_parts.tracks)) {
        const WeightView weights = track->weights();
        const bool inFlight
            = weights.asked && weights.asked->percent > 0 && weights.asked->percent < 100;
        guards.append({track->track(), inFlight, track->guard().view()});
    }
    m_guard->setLine(guardLine(guards));
}

void Footer::showGuardActed(const QString &sentence)
{
    QApplication::alert(window());
    showMessage(tr("%1   GUARD %2").arg(clockText(m_parts.clock.now()), sentence),
                int(alertShownFor.count()));
}

} // namespace pilothouse
