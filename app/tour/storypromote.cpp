#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "app/tour/story.h"
#include "app/wiring/console.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"
#include "ui/action/confirmationdialog.h"

namespace pilothouse {

void Story::promote(int to, const QString &reason, const QString &picture, const QString &caption)
{
    showTrack(m_track);
    m_guide.expect(
        QStringLiteral("%1 can be promoted to %2 %").arg(m_track).arg(to),
        [&] {
            const QWidget *promote = m_guide.find(QStringLiteral("promoteButton"));
            return promote && promote->isEnabled()
                   && m_guide.textOf(QStringLiteral("promoteButton"))
                          .contains(QStringLiteral("→ %1").arg(to));
        },
        2 * patience);
    m_guide.click(QStringLiteral("promoteButton"));
    confirmPromotion(to, reason, picture, caption);
}

void Story::promoteByNext(int to)
{
    page(1);
    QString button;
    m_guide.expect(
        QStringLiteral("the next action of %1 is its promotion to %2 %").arg(m_track).arg(to),
        [&] {
            const QList<NextRow> &rows = m_workspace.console().release().next();
            for (qsizetype i = 0; i < rows.size(); ++i) {
                if (rows[i].kind == NextRow::Kind::Track && rows[i].track.value == m_track
                    && rows[i].verb.contains(QStringLiteral("→ %1").arg(to))
                    && rows[i].permission.allowed())
                    button = QStringLiteral("nextButton-%1").arg(i);
            }
            return !button.isEmpty();
        },
        2 * patience);
    m_guide.click(button);
    confirmPromotion(to, {}, {}, {});
}

void Story::confirmPromotion(int to, const QString &reason, const QString &picture,
                             const QString &caption)
{
    m_guide.expect(QStringLiteral("the promotion is to be confirmed"),
                   [&] { return m_guide.dialog() != nullptr; });
    const auto *dialog = qobject_cast<ConfirmationDialog *>(m_guide.dialog());
    const QString why = dialog && dialog->preview().reasonRequired ? reason : QString();
    if (!why.isEmpty())
        m_guide.note(QStringLiteral("reason"), why);
    if (!picture.isEmpty()) {
        m_guide.expect(QStringLiteral("the dry run was taken"), [&] {
            return rowOf(QStringLiteral("Dry run")).startsWith(QLatin1String("taken"));
        });
        m_guide.picture(picture, caption);
    }
    m_guide.confirm(QString::number(to), why, patience);
    m_guide.expect(QStringLiteral("%1 % is accepted").arg(to), [&] {
        const RolloutController *track = playedTrack();
        return track && track->weights().accepted == Weight{to};
    });
}

/// The other track, while the first one bakes: its first stage is a person's, the rest a
/// colleague's.
void Story::cloudRun()
{
    const QString before = m_track;
    showTrack(QStringLiteral("coditect"));
    promote(10, QStringLiteral("watched by hand"), QStringLiteral("cloud-run-confirmation"),
            QStringLiteral("Cloud Run through the same frame: its own request with the etag, both "
                           "revisions pinned by name"));
    m_guide.picture(QStringLiteral("cloud-run"),
                    QStringLiteral("Cloud Run's split: asked, accepted and measured, as on "
                                   "Kubernetes"));
    showTrack(before);
}

} // namespace pilothouse
