#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "app/tour/sandboxprocess.h"
#include "app/tour/story.h"
#include "migration/migrationcontroller.h"
#include "rollout/rolloutcontroller.h"
#include "ui/action/confirmationdialog.h"

#include <algorithm>

namespace pilothouse {

void Story::retire(const QString &track)
{
    showTrack(track);
    m_guide.click(QStringLiteral("retireButton"), patience);
    const auto *dialog = qobject_cast<ConfirmationDialog *>(m_guide.dialog());
    m_guide.confirm(dialog ? dialog->preview().typed : QString(), {}, patience);
}

/// Right after the rollback: the backfill may still run, and the forgotten worker and the way back
/// are of the code that does not know the column.
void Story::contractRefused()
{
    page(4);
    chooseStep(QStringLiteral("C1"));
    m_guide.expect(
        QStringLiteral(
            "CONTRACT is refused because of NULLs or rows to come, the worker, and more"),
        [&] {
            const QStringList reasons = whatStops(QStringLiteral("C1"));
            return reasons.size() >= 2
                   && std::any_of(reasons.begin(), reasons.end(), [](const QString &reason) {
                          return reason.contains(QLatin1String("celery worker"));
                      });
        },
        patience);
    m_guide.note(QStringLiteral("contractRefused"),
                 QJsonArray::fromStringList(whatStops(QStringLiteral("C1"))));
    m_guide.picture(
        QStringLiteral("contract-refused"),
        QStringLiteral(
            "CONTRACT refused with every reason at once, each with the way to settle it"));
}

void Story::contract()
{
    // The backfill yields to load: a busy machine takes long, and that is no fault.
    m_guide.expectWorking(
        QStringLiteral("the backfill is proved"), [&] { return stepDone(QStringLiteral("M3")); },
        [&] { return rowsDone(); }, patience);
    runStep(QStringLiteral("M4"), {}, {});
    m_guide.expect(
        QStringLiteral("index and statistics are there"),
        [&] { return stepDone(QStringLiteral("M5")); }, patience);
    for (const RolloutController *track : m_workspace.console().tracks()) {
        const bool old
            = track->wayBack().target
              && shortSha(track->wayBack().target->commit) == shortOf(QStringLiteral("4be81c0"));
        if (old || track->mayRetire().allowed())
            retire(track->track().value);
    }
    m_guide.expect(
        QStringLiteral("the worker has the new code"),
        [&] {
            return m_sandbox.state().value(QLatin1String("worker")).toString()
                   == QLatin1String("9f3c2a1");
        },
        2 * patience);
    page(4);
    runStep(
        QStringLiteral("C1"), QStringLiteral("contract-confirmation"),
        QStringLiteral(
            "CONTRACT: typed by its consequence, locks on every table, what breaks from where on"));
    m_guide.expect(
        QStringLiteral("the column is NOT NULL"),
        [&] { return stepDone(QStringLiteral("C4")) && nothingRuns(); }, patience);
    runStep(QStringLiteral("C5"), {}, {});
    m_guide.expect(
        QStringLiteral("the change is done"),
        [&] { return stepDone(QStringLiteral("C5")) && nothingRuns(); }, patience);
    m_guide.picture(QStringLiteral("contracted"),
                    QStringLiteral("EXPAND, MIGRATE, CONTRACT: all proved by the database"));
}

/// The old code is the way back of nothing any more, and yet a revision of Cloud Run: whoever
/// chooses it is told what it would break, and leaves it.
void Story::chosenByHand()
{
    const QString before = m_track;
    const QString old = shortOf(QStringLiteral("4be81c0"));
    showTrack(QStringLiteral("coditect"));
    const QString entry = m_guide.chooseFromMenu(QStringLiteral("moreButton"),
                                                 QStringLiteral("back to %1 ").arg(old));
    m_guide.note(QStringLiteral("entry"), entry);
    m_guide.expect(QStringLiteral("the menu says already what it breaks"), [&entry] {
        return entry.contains(QLatin1String("inserts without organization_id"));
    });
    m_guide.expect(
        QStringLiteral("the dialog says what would break, and the dry run was taken"),
        [&] {
            return rowOf(QStringLiteral("Schema"))
                       .contains(
                           QStringLiteral("BREAKS: %1 inserts without organization_id").arg(old))
                   && rowOf(QStringLiteral("Dry run")).startsWith(QLatin1String("taken"));
        },
        patience);
    m_guide.note(QStringLiteral("breaks"), rowOf(QStringLiteral("Schema")));
    m_guide.picture(QStringLiteral("chosen-by-hand"),
                    QStringLiteral("A revision chosen by hand after CONTRACT: the same frame says "
                                   "what it would break, and a reason is asked"));
    m_guide.click(QStringLiteral("cancelButton"));
    m_guide.expect(QStringLiteral("nothing was moved"), [&] {
        const QJsonValue tracks = m_sandbox.state().value(QLatin1String("tracks"));
        return !m_guide.dialog()
               && tracks[QLatin1String("coditect")][QLatin1String("stable")]
                        [QLatin1String("revision")]
                            .toString()
                      == QLatin1String("9f3c2a1");
    });
    showTrack(before);
}

} // namespace pilothouse
