#include "ui/pipeline/jobpanel.h"

#include "pipeline/act/runactions.h"
#include "pipeline/pipelinecontroller.h"
#include "ui/pipeline/nodewords.h"
#include "ui/pipeline/statuswords.h"
#include "ui/pipeline/stepmodel.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace pilothouse {

JobPanel::JobPanel(PipelineController &controller, QWidget *parent)
    : Panel(tr("Job"), parent), m_controller(controller), m_stack(new QStackedWidget(this)),
      m_empty(new StateView), m_pill(new Pill), m_times(new QLabel), m_legs(new QLabel),
      m_condition(new QLabel), m_steps(new StepModel(this)), m_list(new QListView),
      m_rerun(new QPushButton)
{
    setObjectName(QStringLiteral("jobPanel"));
    m_list->setObjectName(QStringLiteral("stepList"));
    m_list->setAccessibleName(tr("Steps"));
    m_list->setToolTip(tr("A double click or Enter goes to the step in the log"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setModel(m_steps);
    m_list->setItemDelegate(new StepDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_legs->setTextFormat(Qt::RichText);
    m_legs->setWordWrap(true);
    m_legs->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_legs->setAccessibleName(tr("Legs of the matrix"));
    m_times->setWordWrap(true);
    m_condition->setObjectName(QStringLiteral("jobCondition"));
    m_condition->setAccessibleName(tr("Condition of the job"));
    m_condition->setTextFormat(Qt::PlainText);
    m_condition->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_condition->setWordWrap(true);

    auto *job = new QWidget;
    auto *column = new QVBoxLayout(job);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    auto *line = new QHBoxLayout;
    line->setSpacing(spacing::Small);
    line->addWidget(m_pill);
    line->addWidget(m_times, 1);
    column->addLayout(line);
    column->addWidget(m_legs);
    column->addWidget(m_list, 1);
    m_rerun->setObjectName(QStringLiteral("rerunJobButton"));
    m_rerun->setIcon(themedIcon(QStringLiteral("rotate-ccw")));
    m_rerun->setText(tr("Re-run Job…"));
    m_rerun->setAutoDefault(false);
    m_rerun->hide();
    column->addWidget(m_rerun, 0, Qt::AlignLeft);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(job);
    body()->addWidget(m_condition);
    body()->addWidget(m_stack, 1);

    connect(&m_controller, &PipelineController::selectionChanged, this, &JobPanel::refresh);
    connect(&m_controller, &PipelineController::overlayChanged, this, &JobPanel::refresh);
    // The time of what runs goes on with an answer that says the same.
    connect(&m_controller, &PipelineController::sourceChanged, this, &JobPanel::refresh);
    connect(m_list, &QListView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT stepChosen(index.data(StepModel::NumberRole).toInt());
    });
    connect(m_legs, &QLabel::linkActivated, this,
            [this](const QString &link) { m_controller.selectJob(JobId(link.toLongLong())); });
    refresh();
}

void JobPanel::setActions(RunActions &actions)
{
    m_actions = &actions;
    connect(&actions, &RunActions::changed, this, &JobPanel::refreshRerun);
    connect(m_rerun, &QPushButton::clicked, this, [this] {
        const auto job = m_controller.selectedJob();
        const auto order = job ? m_actions->rerunJob(*job) : std::nullopt;
        if (order)
            Q_EMIT ordered(*order);
    });
    refreshRerun();
}

void JobPanel::refreshRerun()
{
    const auto job = m_controller.selectedJob();
    const auto order = m_actions && job ? m_actions->rerunJob(*job) : std::nullopt;
    m_rerun->setVisible(order.has_value());
    if (!order)
        return;
    const Permission may = m_actions->may(*order);
    m_rerun->setEnabled(may.allowed());
    m_rerun->setToolTip(may.first(Reason::Kind::Blocks));
    m_rerun->setAccessibleDescription(m_rerun->toolTip());
}

/// What `if` says, and what is known of it; a condition that holds is only shown.
void JobPanel::refreshCondition()
{
    const GraphNode *node = m_controller.graph().node(m_controller.selectedNode());
    const NodeOverlay *state = m_controller.overlay().of(m_controller.selectedNode());
    QString words = state ? outlookWords(*state) : QString();
    if (words.isEmpty() && node && !node->job.condition.isEmpty())
        words = tr("if %1").arg(node->job.condition.text.simplified());
    m_condition->setText(words);
    m_condition->setVisible(!words.isEmpty());
}

void JobPanel::refresh()
{
    refreshRerun();
    refreshCondition();
    const auto job = m_controller.selectedJob();
    const NodeId node = m_controller.selectedNode();
    if (!job) {
        setTitle(tr("Job"));
        m_stack->setCurrentWidget(m_empty);
        const GraphNode *chosen = m_controller.graph().node(node);
        const NodeOverlay *overlay = m_controller.overlay().of(node);
        if (chosen && overlay && overlay->unread && !overlay->willBeSkipped())
            m_empty->showEmpty(chosen->title,
                               tr("No data: %1 has not told what ran for this commit.")
                                   .arg(m_controller.runState().name));
        else if (chosen && overlay && overlay->willBeSkipped())
            m_empty->showEmpty(chosen->title, tr("This job will be skipped."));
        else if (chosen)
            m_empty->showEmpty(chosen->title, tr("This job has not run for this commit."));
        else
            m_empty->showEmpty(tr("No job chosen"), tr("Choose a job in the graph."));
        return;
    }
    m_stack->setCurrentIndex(1);
    setTitle(job->name);
    const StatusLook look = lookOf(job->status);
    m_pill->setStatus(look.tone, look.icon, look.word);

    QStringList times;
    times << tr("attempt %1").arg(job->attempt);
    if (job->createdAt.isValid() && job->startedAt.isValid())
        times << tr("queued %1")
                     .arg(durationText(
                         std::chrono::milliseconds(job->createdAt.msecsTo(job->startedAt))));
    if (const auto took = elapsed(*job, m_controller.serverNow()))
        times << tr("took %1").arg(durationText(*took));
    m_times->setText(times.join(QStringLiteral(" · ")));

    QStringList legs;
    if (const NodeOverlay *overlay = m_controller.overlay().of(node)) {
        for (const Job &leg : overlay->jobs) {
            const QString text
                = QStringLiteral("%1 (%2)").arg(leg.name, lookOf(leg.status).word).toHtmlEscaped();
            legs << (leg.id == job->id
                         ? QStringLiteral("<b>%1</b>").arg(text)
                         : QStringLiteral("<a href=\"%1\">%2</a>").arg(leg.id.value).arg(text));
        }
    }
    m_legs->setText(legs.join(QStringLiteral(" · ")));
    m_legs->setVisible(legs.size() > 1);
    m_steps->setServerNow(m_controller.serverNow());
    m_steps->setRows({job->steps.begin(), job->steps.end()});
}

} // namespace pilothouse
