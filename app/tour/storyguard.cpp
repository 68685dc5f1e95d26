#include "app/tour/story.h"

#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"
#include "ui/action/confirmationdialog.h"

#include <QLabel>
#include <QPushButton>
#include <QTableView>

namespace pilothouse {

/// Somebody who leaves the good release to itself.
void Story::armGuard()
{
    m_guide.click(QStringLiteral("guardButton"), patience);
    m_guide.expect(QStringLiteral("the guard is to be confirmed"),
                   [&] { return m_guide.dialog() != nullptr; });
    m_guide.picture(QStringLiteral("guard-confirmation"),
                    QStringLiteral("Arm the guard: what it watches, what it does by itself, and "
                                   "that it watches only while this computer is awake"));
    const auto *dialog = qobject_cast<ConfirmationDialog *>(m_guide.dialog());
    m_guide.confirm(dialog ? dialog->preview().typed : QString(), {}, patience);
    m_guide.expect(
        QStringLiteral("the guard judges"),
        [&] {
            const RolloutController *track = playedTrack();
            return track && track->guard().view().kind == GuardView::Kind::Watching;
        },
        patience);
}

/// What the verdicts rest on, beside the window.
void Story::evidence()
{
    const auto *table = qobject_cast<QTableView *>(m_guide.find(QStringLiteral("verdictTable")));
    if (table && table->model()->rowCount() > 0)
        m_guide.clickAt(*table->viewport(),
                        table->visualRect(table->model()->index(0, 0)).center());
    m_guide.click(QStringLiteral("evidenceButton"));
    QWidget *beside = nullptr;
    m_guide.expect(QStringLiteral("the evidence is shown, with its sentence"), [&] {
        beside = Guide::findAnywhere(QStringLiteral("evidenceDialog"));
        const auto *sentence
            = beside ? beside->findChild<QLabel *>(QStringLiteral("evidenceSentence")) : nullptr;
        return sentence && sentence->isVisible() && !sentence->text().isEmpty();
    });
    m_guide.pictureOf(*beside, QStringLiteral("evidence"),
                      QStringLiteral("Evidence: series, samples, estimate and interval, and the "
                                     "sentence that explains the verdict"));
    auto *close = beside->findChild<QPushButton *>(QStringLiteral("closeButton"));
    m_guide.clickAt(*close, close->rect().center());
    m_guide.expect(QStringLiteral("the evidence is closed"), [] {
        return Guide::findAnywhere(QStringLiteral("evidenceSentence")) == nullptr;
    });
}

/// The window does not close with a rollout in flight without a word; the story stays.
void Story::closing()
{
    m_guide.closeByTitleBar(m_guide.window());
    m_guide.expect(QStringLiteral("closing asks what is to become of the rollout"), [&] {
        return m_guide.dialog() && m_guide.dialog()->objectName() == QLatin1String("closingDialog");
    });
    m_guide.picture(QStringLiteral("closing"),
                    QStringLiteral("Closing with a rollout in flight: roll back, leave a guard "
                                   "behind, or leave it so; Stay is the default"));
    m_guide.key(Qt::Key_Escape);
    m_guide.expect(QStringLiteral("the window stays"),
                   [&] { return !m_guide.dialog() && m_workspace.window().isVisible(); });
}

} // namespace pilothouse
