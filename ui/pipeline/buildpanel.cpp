#include "ui/pipeline/buildpanel.h"

#include "base/reading.h"
#include "pipeline/act/buildstage.h"
#include "pipeline/act/runactions.h"
#include "pipeline/act/runorder.h"
#include "pipeline/overlay.h"
#include "pipeline/pipelinecontroller.h"
#include "ui/pipeline/runbar.h"
#include "ui/pipeline/statuswords.h"
#include "ui/pipeline/stepmodel.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

namespace {

QPushButton *buildButton(const char *objectName, const QString &icon, const QString &text)
{
    auto *button = new QPushButton(themedIcon(icon), text);
    button->setObjectName(QLatin1String(objectName));
    button->setAutoDefault(false);
    QSizePolicy policy = button->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    button->setSizePolicy(policy);
    return button;
}

} // namespace

BuildPanel::BuildPanel(BuildStage &stage, RunActions &actions, QWidget *parent)
    : Panel(actions.systemName(), parent), m_stage(stage), m_actions(actions), m_words(new QLabel),
      m_came(new QLabel), m_steps(new StepModel(this)), m_list(new QListView),
      m_log(buildButton("buildLogButton", QStringLiteral("scroll-text"), tr("Log"))),
      m_approve(buildButton("approveBuildButton", QStringLiteral("circle-check"), tr("Approve…"))),
      m_reject(buildButton("rejectBuildButton", QStringLiteral("circle-x"), tr("Reject…"))),
      m_cancel(buildButton("cancelBuildButton", QStringLiteral("ban"), tr("Cancel…")))
{
    setObjectName(QStringLiteral("buildPanel"));
    m_words->setObjectName(QStringLiteral("buildWords"));
    m_words->setWordWrap(true);
    m_came->setObjectName(QStringLiteral("buildOutcome"));
    m_came->setWordWrap(true);
    m_list->setObjectName(QStringLiteral("buildStepList"));
    m_list->setAccessibleName(tr("Steps of the build"));
    m_list->setToolTip(tr("A double click or Enter goes to the step in the log"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setModel(m_steps);
    m_list->setItemDelegate(new StepDelegate(m_list));
    m_list->setUniformItemSizes(true);

    // No state of a build may widen the panel, for the graph would move: two rows, and a button
    // keeps its place when it is hidden.
    auto *decide = new QHBoxLayout;
    auto *look = new QHBoxLayout;
    for (QPushButton *button : {m_approve, m_reject})
        decide->addWidget(button);
    for (QPushButton *button : {m_log, m_cancel})
        look->addWidget(button);
    for (QHBoxLayout *line : {decide, look}) {
        line->setSpacing(spacing::Small);
        line->addStretch(1);
    }
    body()->addWidget(m_words);
    body()->addWidget(m_list, 1);
    body()->addLayout(decide);
    body()->addLayout(look);
    body()->addWidget(m_came);

    connect(m_log, &QPushButton::clicked, this, &BuildPanel::openLog);
    connect(m_list, &QListView::activated, this, [this](const QModelIndex &index) {
        openLog();
        Q_EMIT stepChosen(index.data(StepModel::NumberRole).toInt());
    });
    connect(m_approve, &QPushButton::clicked, this,
            [this] { confirmOrder(window(), m_actions, m_actions.review(ReviewState::Approved)); });
    connect(m_reject, &QPushButton::clicked, this,
            [this] { confirmOrder(window(), m_actions, m_actions.review(ReviewState::Rejected)); });
    connect(m_cancel, &QPushButton::clicked, this,
            [this] { confirmOrder(window(), m_actions, m_actions.cancel()); });
    connect(&m_actions, &RunActions::changed, this, &BuildPanel::refresh);
    connect(&m_stage, &ShownRuns::changed, this, &BuildPanel::refresh);
    refresh();
}

void BuildPanel::openLog()
{
    if (const auto build = m_stage.chosen())
        Q_EMIT logWanted(build->hostId,
                         tr("%1 · %2").arg(m_actions.systemName(), runWords(*build)));
}

void BuildPanel::refresh()
{
    setVisible(m_stage.standsAtChosen());
    const auto build = m_stage.chosen();
    QStringList words;
    if (build) {
        words << runWords(*build) << lookOf(build->status).word;
        if (const QList<Job> jobs = m_stage.jobs(build->id); !jobs.isEmpty()) {
            if (const auto took = elapsed(jobs.first(), m_stage.serverNow()))
                words << durationText(*took);
        }
        if (isStale(m_stage.source()))
            words << silenceWords(m_stage.source());
    } else if (const auto error = m_stage.source().error) {
        words << error->message;
    } else if (!m_stage.age()) {
        words
            << tr("No data: %1 has not told the builds of this commit").arg(m_stage.source().name);
    } else {
        words << tr("No build of this commit yet");
    }
    for (const QString &verb : m_actions.underWay())
        words << tr("%1 under way…").arg(verb);
    refreshAge();
    m_words->setText(words.join(QStringLiteral(" · ")));
    const QList<Step> steps = m_stage.steps();
    m_steps->setServerNow(m_stage.serverNow());
    m_steps->setRows({steps.begin(), steps.end()});
    m_list->setVisible(!steps.isEmpty());
    m_log->setEnabled(build.has_value());
    const bool waits = build && build->status == RunStatus::Waiting;
    for (QPushButton *button : {m_approve, m_reject}) {
        button->setVisible(waits);
        bindButton(button, m_actions.mayReview());
    }
    m_cancel->setVisible(build && !hasEnded(build->status));
    bindButton(m_cancel, m_actions.mayCancel());
    m_came->setText(m_actions.lastWords());
    m_came->setVisible(!m_actions.lastWords().isEmpty());
}

void BuildPanel::refreshAge()
{
    const auto age = m_stage.age();
    setRemark(!age                        ? QString()
              : isStale(m_stage.source()) ? tr("as read %1").arg(agoText(*age))
                                          : tr("read %1").arg(agoText(*age)));
}

} // namespace pilothouse
