#include "ui/pipeline/runbar.h"

#include "base/whendone.h"
#include "pipeline/act/runactions.h"
#include "ui/action/confirmationflow.h"
#include "ui/pipeline/dispatchdialog.h"
#include "ui/pipeline/statuswords.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

namespace {

QPushButton *runButton(const char *objectName, const QString &icon, const QString &text)
{
    auto *button = new QPushButton(themedIcon(icon), text);
    button->setObjectName(QLatin1String(objectName));
    button->setAutoDefault(false);
    return button;
}

Tone toneOf(Outcome::Kind kind)
{
    switch (kind) {
    case Outcome::Kind::Done:
        return Tone::Success;
    case Outcome::Kind::Failed:
        return Tone::Danger;
    case Outcome::Kind::Refused:
    case Outcome::Kind::Conflict:
    case Outcome::Kind::Unknown:
        break;
    }
    return Tone::Warning;
}

QString waitWords(const QList<PendingEnvironment> &waiting)
{
    QStringList names;
    for (const PendingEnvironment &each : waiting)
        names << each.name;
    return RunBar::tr("waits for %1").arg(names.join(QStringLiteral(", ")));
}

} // namespace

void bindButton(QPushButton *button, const Permission &permission)
{
    QStringList lines;
    for (const Reason &reason : permission.reasons) {
        if (reason.kind == Reason::Kind::Blocks)
            lines << (reason.settle.isEmpty()
                          ? reason.text
                          : QStringLiteral("%1: %2").arg(reason.text, reason.settle));
    }
    button->setEnabled(permission.allowed());
    button->setToolTip(lines.join(QLatin1Char('\n')));
    button->setAccessibleDescription(button->toolTip());
}

void confirmOrder(QWidget *window, RunActions &actions, const RunOrder &order)
{
    if (!actions.may(order).allowed())
        return;
    auto *flow = ConfirmationFlow::open(
        window, [&actions, order] { return std::optional(actions.preview(order)); },
        [&actions, order](const Confirmation &confirmation) {
            return actions.carryOut(order, confirmation);
        });
    QObject::connect(&actions, &RunActions::previewChanged, flow, &ConfirmationFlow::refresh);
}

RunBar::RunBar(RunActions &actions, QWidget *parent)
    : QWidget(parent), m_actions(actions), m_words(new QLabel), m_came(new QLabel),
      m_rerun(runButton("rerunFailedButton", QStringLiteral("rotate-ccw"), tr("Re-run Failed…"))),
      m_cancel(runButton("cancelRunButton", QStringLiteral("ban"), tr("Cancel…"))),
      m_approve(runButton("approveButton", QStringLiteral("circle-check"), tr("Approve…"))),
      m_reject(runButton("rejectButton", QStringLiteral("circle-x"), tr("Reject…"))),
      m_start(runButton("startWorkflowButton", QStringLiteral("play"), tr("Run Workflow…"))),
      m_open(runButton("openRunButton", QStringLiteral("external-link"),
                       tr("Open on %1").arg(actions.systemName())))
{
    setObjectName(QStringLiteral("runBar"));
    m_words->setObjectName(QStringLiteral("runWords"));
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_came->setObjectName(QStringLiteral("runOutcome"));
    m_came->setWordWrap(true);

    auto *line = new QHBoxLayout;
    line->setSpacing(spacing::Small);
    m_words->setWordWrap(true);
    line->addWidget(m_words, 1);
    for (QPushButton *button : {m_approve, m_reject, m_rerun, m_cancel, m_start, m_open})
        line->addWidget(button);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Hair);
    column->addLayout(line);
    column->addWidget(m_came);

    connect(m_rerun, &QPushButton::clicked, this, [this] { confirm(m_actions.rerunFailed()); });
    connect(m_cancel, &QPushButton::clicked, this, [this] { confirm(m_actions.cancel()); });
    connect(m_approve, &QPushButton::clicked, this,
            [this] { confirm(m_actions.review(ReviewState::Approved)); });
    connect(m_reject, &QPushButton::clicked, this,
            [this] { confirm(m_actions.review(ReviewState::Rejected)); });
    connect(m_start, &QPushButton::clicked, this, &RunBar::startWorkflow);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const auto run = m_actions.run())
            QDesktopServices::openUrl(run->page);
    });
    connect(&m_actions, &RunActions::changed, this, &RunBar::refresh);
    connect(&Theme::instance(), &Theme::changed, this, &RunBar::refresh);
    refresh();
}

void RunBar::refresh()
{
    const auto run = m_actions.run();
    const QList<PendingEnvironment> waiting = m_actions.waiting();
    const QList<ConcurrencyBlock> blocks = m_actions.blocks();
    QStringList words;
    if (run) {
        words << tr("%1 · run %2 attempt %3")
                     .arg(run->workflowPath.section(QLatin1Char('/'), -1))
                     .arg(run->id.value)
                     .arg(run->attempt);
        words << lookOf(run->status).word;
    } else {
        words << tr("No run of this commit yet");
    }
    for (const ConcurrencyBlock &block : blocks)
        words << blockWords(block, m_actions.systemName());
    if (!waiting.isEmpty())
        words << waitWords(waiting);
    for (const QString &verb : m_actions.underWay())
        words << tr("%1 under way…").arg(verb);
    m_words->setText(words.join(QStringLiteral(" · ")));
    setInk(m_words, blocks.isEmpty() ? ColorRole::Text : ColorRole::Warning);

    bindButton(m_rerun, m_actions.mayRerunFailed());
    bindButton(m_cancel, m_actions.mayCancel());
    m_cancel->setText(m_actions.cancel().force == CancelRun::Force::Yes ? tr("Force Its End…")
                                                                        : tr("Cancel…"));
    const Permission review = m_actions.mayReview();
    for (QPushButton *button : {m_approve, m_reject}) {
        button->setVisible(!waiting.isEmpty() || m_actions.facts().waitingLost.has_value());
        bindButton(button, review);
    }
    bindButton(m_start, m_actions.mayDispatch());
    m_open->setEnabled(run && run->page.isValid() && !run->page.isEmpty());

    m_came->setVisible(!m_actions.lastWords().isEmpty());
    m_came->setText(m_actions.lastWords());
    setInk(m_came, toneOf(m_actions.lastKind()));
}

void RunBar::confirm(const RunOrder &order)
{
    confirmOrder(window(), m_actions, order);
}

void RunBar::startWorkflow()
{
    if (!m_actions.mayDispatch().allowed())
        return;
    const auto open = [this](const Result<QList<DispatchForm>> &forms) {
        const Run run = m_actions.run().value_or(Run());
        auto *dialog
            = new DispatchDialog(forms, m_actions.view().workflowPaths(), run.branch, window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &DispatchDialog::chosen, this,
                [this](const DispatchWorkflow &order) { confirm(order); });
        dialog->open();
    };
    whenDone(m_actions.view().dispatchForms(), this, open,
             [open] { open(fail(ErrorKind::Cancelled, tr("The workflow files were not read."))); });
}

} // namespace pilothouse
