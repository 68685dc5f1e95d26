#include "ui/migration/changedetails.h"

#include "base/whendone.h"
#include "migration/act/pausing.h"
#include "ui/action/confirmationflow.h"
#include "ui/action/reasonlist.h"
#include "ui/migration/changemodel.h"
#include "ui/migration/changewords.h"
#include "ui/migration/snoozebutton.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int rowHeight = 26;
constexpr int progressSteps = 1000;
constexpr int sqlHeight = 128;
constexpr int reasonsWidth = 420;

QPushButton *button(const char *objectName, const QString &icon, const QString &text)
{
    auto *made = new QPushButton(themedIcon(icon), text);
    made->setObjectName(QLatin1String(objectName));
    return made;
}

} // namespace

ChangeDetails::ChangeDetails(MigrationController &controller, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_heading(new Panel(QString())),
      m_ticket(button("copyTicketButton", QStringLiteral("copy"), tr("Copy Ticket"))),
      m_snooze(new SnoozeButton), m_phases(new QLabel), m_drift(new QLabel),
      m_running(new Panel(tr("Running"))), m_progress(new QProgressBar),
      m_progressWords(new QLabel), m_wait(new QLabel),
      m_pause(button("pauseButton", QStringLiteral("pause"), tr("Pause"))),
      m_stop(button("stopButton", QStringLiteral("ban"), tr("Stop"))),
      m_cancelBlocker(
          button("cancelBlockerButton", QStringLiteral("x"), tr("Cancel Their Statement…"))),
      m_checklist(new Panel(tr("Checklist"))), m_steps(new ChecklistModel(this)),
      m_table(new QTableView), m_step(new Panel(tr("Step"))), m_sql(new CodeView),
      m_locks(new QLabel), m_reasons(new ReasonList), m_beside(new QScrollArea),
      m_undo(button("undoStepButton", QStringLiteral("undo-2"), tr("Undo…"))),
      m_run(button("runStepButton", QStringLiteral("play"), tr("Run…")))
{
    m_phases->setObjectName(QStringLiteral("phasesLabel"));
    m_phases->setTextFormat(Qt::RichText);
    for (QLabel *label : {m_drift, m_locks, m_wait, m_progressWords}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_ticket->setToolTip(tr("Copies a text for a ticket that reminds of CONTRACT, in Markdown"));
    m_ticket->hide();
    m_heading->addAction(m_ticket);
    m_heading->addAction(m_snooze);
    m_heading->body()->addWidget(m_phases);
    m_heading->body()->addWidget(m_drift);

    m_progress->setObjectName(QStringLiteral("backfillProgress"));
    m_progress->setAccessibleName(tr("Progress of the backfill"));
    m_progress->setRange(0, progressSteps);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(spacing::Small);
    m_progressWords->setObjectName(QStringLiteral("progressWords"));
    m_wait->setObjectName(QStringLiteral("waitWords"));
    for (QPushButton *each : {m_cancelBlocker, m_pause, m_stop})
        m_running->addAction(each);
    m_running->body()->addWidget(m_progress);
    m_running->body()->addWidget(m_progressWords);
    m_running->body()->addWidget(m_wait);

    m_table->setObjectName(QStringLiteral("checklist"));
    m_table->viewport()->installEventFilter(this);
    m_table->setAccessibleName(tr("Checklist of the change"));
    m_table->setModel(m_steps);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(ChecklistModel::ProofColumn,
                                                      QHeaderView::Stretch);
    m_checklist->body()->addWidget(m_table, 1);

    m_sql->setObjectName(QStringLiteral("stepSql"));
    m_sql->setAccessibleName(tr("Statements of the step"));
    m_sql->setTabChangesFocus(true);
    m_sql->setMinimumHeight(sqlHeight);
    m_run->setAccessibleName(tr("Run the step"));
    m_step->addAction(m_undo);
    m_step->addAction(m_run);
    m_beside->setWidget(m_reasons);
    m_beside->setWidgetResizable(true);
    m_beside->setFrameShape(QFrame::NoFrame);
    m_beside->setMinimumWidth(reasonsWidth);
    m_beside->setFocusPolicy(Qt::NoFocus);
    m_beside->viewport()->setAutoFillBackground(false);
    m_reasons->setAutoFillBackground(false);
    auto *lower = new QHBoxLayout;
    lower->setSpacing(spacing::Medium);
    lower->addWidget(m_sql, 3);
    lower->addWidget(m_beside, 2);
    m_step->body()->addWidget(m_locks);
    m_step->body()->addLayout(lower, 1);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    column->addWidget(m_heading);
    column->addWidget(m_running);
    column->addWidget(m_checklist, 5);
    column->addWidget(m_step, 3);

    connect(&m_controller, &MigrationController::changed, this, [this](const ChangeKey &key) {
        if (key == m_key)
            refresh();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ChangeDetails::refreshStep);
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (const auto step = chosenStep())
            runStep(step->step.id);
    });
    connect(m_undo, &QPushButton::clicked, this, &ChangeDetails::undoStep);
    connect(m_ticket, &QPushButton::clicked, this, [this] {
        if (const auto ticket = m_reminders->ticket(m_key))
            QGuiApplication::clipboard()->setText(*ticket);
    });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_controller.stop(m_key); });
    connect(m_cancelBlocker, &QPushButton::clicked, this, &ChangeDetails::cancelBlocker);
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (m_view && m_view->running)
            m_controller.pause(m_key);
        else if (m_view && backfillsElsewhere(*m_view))
            pauseElsewhere();
        else if (m_view)
            whenDone(
                m_controller.resume(m_key), this,
                [this](const Outcome &outcome) {
                    if (outcome.kind != Outcome::Kind::Done)
                        m_wait->setText(outcome.text);
                },
                [] {});
    });
    connect(&Theme::instance(), &Theme::changed, this, &ChangeDetails::refresh);
}

void ChangeDetails::setReminders(Reminders &reminders)
{
    m_reminders = &reminders;
    m_snooze->setReminders(reminders);
}

void ChangeDetails::show(const ChangeKey &key)
{
    m_key = key;
    m_snooze->setChange(key);
    m_shownNext.reset();
    refresh();
}

void ChangeDetails::refresh()
{
    m_view = m_controller.view(m_key);
    if (!m_view)
        return;
    m_heading->setTitle(m_view->key.change.value);
    refreshAges();
    m_phases->setText(phaseWords(*m_view));
    QStringList drift = m_view->drift;
    if (m_view->error)
        drift << m_view->error->message;
    m_drift->setText(drift.join(QLatin1Char('\n')));
    m_drift->setVisible(!drift.isEmpty());
    setInk(m_drift, m_view->error ? Tone::Danger : Tone::Warning);

    m_steps->setContext(m_view->next, m_view->running ? m_view->running->steps : QList<StepId>());
    m_steps->setRows({m_view->steps.begin(), m_view->steps.end()});
    // The next step is chosen when it becomes another one; a person's choice stays until then.
    if (m_view->next && m_shownNext != m_view->next) {
        m_shownNext = m_view->next;
        for (int row = 0; row < m_steps->rowCount(); ++row) {
            if (m_steps->rowAt(row).step.id == *m_view->next)
                m_table->selectRow(row);
        }
    }
    // Before EXPAND there is nothing to end, after C5 neither.
    m_ticket->setVisible(m_reminders && m_view->facts && m_view->facts->value.column
                         && m_view->state != ChangeState::Cleaned);
    refreshRunning();
    refreshStep();
}

void ChangeDetails::refreshAges()
{
    if (!m_view)
        return;
    QStringList remark{tr("required column"), m_view->change.table.text(), m_view->place};
    if (m_view->facts) {
        remark << tr("PostgreSQL %1").arg(m_view->facts->value.server.versionText);
        remark << tr("as %1").arg(m_view->facts->value.server.user);
    }
    if (const auto age = m_controller.factsAge(m_key))
        remark << (m_view->error ? tr("as read %1") : tr("read %1")).arg(agoText(*age));
    m_heading->setRemark(remark.join(QStringLiteral(" · ")));
}

bool ChangeDetails::eventFilter(QObject *watched, QEvent *event)
{
    // The panel of the run takes room from the checklist; the chosen step stays in sight if it was.
    if (watched == m_table->viewport() && event->type() == QEvent::Resize) {
        const QSize before = static_cast<QResizeEvent *>(event)->oldSize();
        const QModelIndex chosen = m_table->currentIndex();
        if (QRect({}, before).intersects(m_table->visualRect(chosen)))
            QTimer::singleShot(0, m_table, [this] { m_table->scrollTo(m_table->currentIndex()); });
    }
    return QWidget::eventFilter(watched, event);
}

void ChangeDetails::refreshRunning()
{
    const auto &run = m_view->running;
    const bool paused = !run && m_view->state == ChangeState::Paused;
    const bool elsewhere = backfillsElsewhere(*m_view);
    m_running->setVisible(run || paused || elsewhere || m_view->lastRun);
    const bool backfills = paused || elsewhere
                           || (run && (run->current == StepId::M2 || run->current == StepId::M3));
    m_progress->setVisible(backfills);
    m_pause->setVisible(backfills);
    m_pause->setText(paused                ? tr("Resume")
                     : elsewhere           ? tr("Pause…")
                     : run && run->pausing ? tr("Pausing…")
                                           : tr("Pause"));
    // What was last seen long ago may be over.
    m_pause->setEnabled(!elsewhere || !m_view->error);
    m_pause->setIcon(themedIcon(paused ? QStringLiteral("play") : QStringLiteral("pause")));
    m_stop->setVisible(run && !backfills);
    const bool blocked = run && !run->wait.blockedBy.isEmpty();
    m_cancelBlocker->setVisible(blocked);
    if (blocked)
        m_cancelBlocker->setText(run->wait.blockedBy.first().idle()
                                     ? tr("End Their Session…")
                                     : tr("Cancel Their Statement…"));
    if (run) {
        m_running->setTitle(tr("Running %1").arg(stepWord(run->current)));
        m_progress->setValue(int(run->progress.fraction() * progressSteps));
        m_progressWords->setText(progressWords(*run));
        m_wait->setText(waitWords(*run, m_view->inTheWay));
    } else if ((paused || elsewhere) && m_view->facts && m_view->facts->value.backfill) {
        const BackfillRow &row = *m_view->facts->value.backfill;
        m_running->setTitle(elsewhere ? tr("Runs in another console") : tr("Paused"));
        m_progress->setValue(
            row.rowsTotal > 0 ? int(double(row.rowsScanned) / double(row.rowsTotal) * progressSteps)
                              : 0);
        m_progressWords->setText(elsewhere ? backfillText(*m_view) : pausedWords(row));
        m_wait->clear();
    } else if (m_view->lastRun) {
        m_running->setTitle(tr("Last run"));
        m_progressWords->setText(lastRunWords(*m_view->lastRun));
        m_wait->clear();
    }
    m_wait->setVisible(!m_wait->text().isEmpty());
    setInk(m_wait, blocked ? Tone::Warning : Tone::Neutral);
}

std::optional<StepView> ChangeDetails::chosenStep() const
{
    const QModelIndex index = m_table->currentIndex();
    if (!index.isValid())
        return std::nullopt;
    return m_steps->rowAt(index.row());
}

void ChangeDetails::refreshStep()
{
    const auto step = chosenStep();
    m_step->setEnabled(step.has_value());
    if (!step)
        return;
    const ChangeStep &plan = step->step;
    m_step->setTitle(QStringLiteral("%1 %2").arg(stepWord(plan.id), plan.title));
    m_step->setRemark(plan.state == ChangeStep::State::Done ? tr("done")
                                                            : ReasonList::summary(step->may));
    m_sql->setCode(statementsOf(plan), QStringLiteral("SQL (PostgreSQL)"));
    m_locks->setText(lockWords(plan));
    const bool open = plan.state != ChangeStep::State::Done;
    const Permission &may = open ? step->may : step->mayUndo;
    m_reasons->setPermission(may);
    m_beside->setVisible(!may.reasons.isEmpty()); // else the statements have the whole width
    const QList<StepId> together = runTogether(plan.id);
    m_run->setText(
        together.size() > 1
            ? tr("Run %1 to %2…").arg(stepWord(together.first()), stepWord(together.last()))
            : tr("Run %1…").arg(stepWord(plan.id)));
    m_run->setVisible(open && !together.isEmpty());
    m_run->setEnabled(step->may.allowed());
    m_run->setToolTip(step->may.first(Reason::Kind::Blocks));
    m_undo->setVisible(!open && !plan.undo.groups.isEmpty());
    m_undo->setEnabled(step->mayUndo.allowed());
    m_undo->setToolTip(step->mayUndo.first(Reason::Kind::Blocks));
}

void ChangeDetails::runNext()
{
    if (m_view && m_view->next)
        runStep(*m_view->next);
}

void ChangeDetails::runStep(StepId step)
{
    auto *flow = ConfirmationFlow::open(
        window(), [this, step] { return m_controller.preview(m_key, step); },
        [this, step](const Confirmation &confirmation) {
            return m_controller.run(m_key, step, confirmation);
        },
        ConfirmationFlow::Close::WhenBegun);
    followRun(flow);
}

void ChangeDetails::undoStep()
{
    const auto chosen = chosenStep();
    if (!chosen)
        return;
    const StepId step = chosen->step.id;
    auto *flow = ConfirmationFlow::open(
        window(), [this, step] { return m_controller.undoPreview(m_key, step); },
        [this, step](const Confirmation &confirmation) {
            return m_controller.undo(m_key, step, confirmation);
        },
        ConfirmationFlow::Close::WhenBegun);
    followRun(flow);
}

/// The dialog shows what changes until the run has begun, then makes room for its progress.
void ChangeDetails::followRun(ConfirmationFlow *flow)
{
    if (!flow)
        return;
    connect(&m_controller, &MigrationController::changed, flow, [this, flow] {
        const auto view = m_controller.view(m_key);
        if (view && view->running)
            flow->markBegun();
        else
            flow->refresh();
    });
}

void ChangeDetails::pauseElsewhere()
{
    ConfirmationFlow::open(
        window(), [this] { return m_controller.pausePreview(m_key); },
        [this](const Confirmation &) {
            return m_controller.pauseElsewhere(m_key, tr("the Migrations page"));
        });
}

void ChangeDetails::cancelBlocker()
{
    if (!m_view || !m_view->running || m_view->running->wait.blockedBy.isEmpty())
        return;
    const Blocker blocker = m_view->running->wait.blockedBy.first();
    ConfirmationFlow::open(
        window(),
        [this, blocker] { return std::optional(m_controller.cancelPreview(m_key, blocker)); },
        [this, blocker](const Confirmation &confirmation) {
            return m_controller.cancelBlocker(m_key, blocker, confirmation);
        });
}

} // namespace pilothouse
