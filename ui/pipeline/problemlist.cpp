#include "ui/pipeline/problemlist.h"

#include "pipeline/doctor/examine.h"
#include "ui/pipeline/problemmodel.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/pillstrip.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"

#include <QHeaderView>
#include <QLabel>
#include <QMouseEvent>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {

namespace {

constexpr int problemRowHeight = pillHeight + spacing::Hair;
constexpr int tableShare = 3;
constexpr int detailShare = 2;

QLabel *detailLabel(const QString &objectName)
{
    auto *label = new QLabel;
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

ProblemList::ProblemList(QWidget *parent)
    : QWidget(parent), m_model(new ProblemModel(this)), m_stack(new QStackedWidget),
      m_empty(new StateView), m_summary(new PillStrip(PillStrip::Between::Nothing)),
      m_table(new QTableView), m_caption(new QLabel(tr("Right form"))),
      m_title(detailLabel(QStringLiteral("findingTitle"))),
      m_sentence(detailLabel(QStringLiteral("findingSentence"))),
      m_explanation(detailLabel(QStringLiteral("findingExplanation"))), m_rightForm(new CodeView)
{
    setObjectName(QStringLiteral("doctorProblems"));
    m_table->setObjectName(QStringLiteral("findingTable"));
    m_table->setAccessibleName(tr("Problems of the pipeline"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(ProblemModel::SeverityColumn, new SeverityDelegate(m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(problemRowHeight);
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(ProblemModel::SentenceColumn, QHeaderView::Stretch);
    m_summary->setObjectName(QStringLiteral("findingSummary"));
    m_title->setFont(Theme::instance().titleFont());
    m_rightForm->setObjectName(QStringLiteral("rightForm"));
    m_rightForm->setAccessibleName(tr("Right form"));
    m_rightForm->setTabChangesFocus(true);

    auto *details = new QVBoxLayout;
    details->setContentsMargins(0, 0, 0, 0);
    details->setSpacing(spacing::Hair);
    details->addWidget(m_title);
    details->addWidget(m_sentence);
    details->addWidget(m_explanation);
    m_caption->setFont(Theme::instance().smallFont());
    m_caption->setBuddy(m_rightForm);
    details->addWidget(m_caption);
    details->addWidget(m_rightForm, 1);
    details->addStretch(0); // where there is no right form

    auto *problems = new QWidget;
    auto *column = new QVBoxLayout(problems);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    column->addWidget(m_summary);
    auto *row = new QHBoxLayout;
    row->setSpacing(spacing::Medium);
    row->addWidget(m_table, tableShare);
    row->addLayout(details, detailShare);
    column->addLayout(row, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(problems);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) {
                refreshDetails();
                // Once the layout has run.
                QMetaObject::invokeMethod(
                    m_table, [this] { m_table->scrollTo(m_table->currentIndex()); },
                    Qt::QueuedConnection);
                if (current.isValid())
                    Q_EMIT chosen(m_model->rowAt(current.row()));
            });
    // Where he is he does not come to; to be led to it once more he asks for it.
    m_table->viewport()->installEventFilter(this);
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT chosen(m_model->rowAt(index.row())); });
    setFindings({});
}

bool ProblemList::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table->viewport() && event->type() == QEvent::MouseButtonPress) {
        const auto *press = static_cast<QMouseEvent *>(event);
        const QModelIndex at = m_table->indexAt(press->position().toPoint());
        if (press->button() == Qt::LeftButton && at.isValid()
            && at.row() == m_table->currentIndex().row())
            Q_EMIT chosen(m_model->rowAt(at.row()));
    }
    return QWidget::eventFilter(watched, event);
}

void ProblemList::setFindings(const QList<Finding> &findings)
{
    m_model->setRows({findings.begin(), findings.end()});
    if (findings.isEmpty())
        m_empty->showEmpty(tr("No problem found by %1 rules").arg(doctorRules().size()),
                           tr("The workflow files of this commit were read as one pipeline."));
    m_stack->setCurrentIndex(findings.isEmpty() ? 0 : 1);
    refreshSummary(findings);
    refreshDetails();
}

void ProblemList::choose(const QList<Finding> &findings)
{
    const QModelIndex current = m_table->currentIndex();
    if (findings.isEmpty()
        || (current.isValid() && findings.contains(m_model->rowAt(current.row()))))
        return;
    const auto &rows = m_model->rows();
    const auto found = std::find(rows.begin(), rows.end(), findings.first());
    if (found != rows.end())
        m_table->setCurrentIndex(
            m_model->index(int(found - rows.begin()), ProblemModel::SentenceColumn));
}

void ProblemList::refreshSummary(const QList<Finding> &findings)
{
    using Severity = Finding::Severity;
    QList<PillStrip::Item> items;
    for (const Severity severity :
         {Severity::Blocks, Severity::Risk, Severity::Gate, Severity::Hygiene}) {
        const auto count
            = std::count_if(findings.begin(), findings.end(),
                            [&](const Finding &finding) { return finding.severity == severity; });
        const StatusLook look = lookOf(severity);
        if (count > 0)
            items.append({look.tone, look.icon, tr("%1 × %2").arg(count).arg(look.word), {}});
    }
    m_summary->setItems(items);
}

void ProblemList::refreshDetails()
{
    const QModelIndex current = m_table->currentIndex();
    m_caption->setVisible(current.isValid());
    m_rightForm->setVisible(current.isValid());
    if (!current.isValid()) {
        m_title->setText(tr("Choose a problem"));
        m_sentence->setText(tr("Its reason and the form to write instead will stand here."));
        m_explanation->clear();
        return;
    }
    const Finding &finding = m_model->rowAt(current.row());
    const Rule *rule = doctorRule(finding.rule);
    m_title->setText(rule ? tr("%1 · %2").arg(rule->id, rule->title) : finding.rule);
    m_sentence->setText(tr("%1: %2").arg(placeText(finding), finding.sentence));
    m_explanation->setText(rule ? rule->explanation : QString());
    m_rightForm->setCode(finding.rightForm, QStringLiteral("YAML"));
}

} // namespace pilothouse
