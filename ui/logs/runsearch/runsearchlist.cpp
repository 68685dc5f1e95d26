#include "ui/logs/runsearch/runsearchlist.h"

#include "ui/logs/runsearch/runhitdelegate.h"
#include "ui/logs/runsearch/runsearchmodel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"

#include <QShortcut>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace pilothouse {

RunSearchList::RunSearchList(RunSearch &search, QWidget *parent)
    : QWidget(parent), m_search(search), m_model(new RunSearchModel(this)),
      m_delegate(new RunHitDelegate(this)), m_stack(new QStackedWidget), m_state(new StateView),
      m_tree(new QTreeView)
{
    setObjectName(QStringLiteral("runSearchList"));
    m_state->setObjectName(QStringLiteral("runSearchState"));
    m_tree->setObjectName(QStringLiteral("runSearchTree"));
    m_tree->setAccessibleName(tr("Hits in all jobs of the run"));
    m_tree->setModel(m_model);
    m_tree->setItemDelegate(m_delegate);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setHeaderHidden(true);
    m_tree->setIndentation(spacing::Medium);
    m_tree->setExpandsOnDoubleClick(false); // it opens
    m_tree->setUniformRowHeights(false);
    m_tree->setSelectionMode(QAbstractItemView::SingleSelection);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_tree);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    // Not QTreeView::activated: the platform decides which keys and clicks make that one.
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto *shortcut = new QShortcut(QKeySequence(key), m_tree);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this,
                [this] { activate(m_tree->currentIndex()); });
    }
    connect(m_tree, &QTreeView::doubleClicked, this, &RunSearchList::activate);
    connect(m_model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &job, int first) {
                // The first hits of a job unfold it; a fold that somebody makes later stays.
                if (job.isValid() && first == 0)
                    m_tree->expand(job);
            });
    connect(&m_search, &RunSearch::changed, this, &RunSearchList::refresh);
    refresh();
}

void RunSearchList::refresh()
{
    m_delegate->setQuery(m_search.query());
    m_model->setRows(m_search.rows());
    refreshState();
}

void RunSearchList::refreshState()
{
    const bool typed = !m_search.query().text.isEmpty();
    if (m_model->rowCount() == 0)
        m_state->showEmpty(tr("No jobs to search"),
                           tr("The CI host has told of no job of this commit yet."));
    else if (!typed)
        m_state->showEmpty(tr("Search the logs of all %1 jobs").arg(m_model->rowCount()),
                           tr("Type above what to look for. The logs of the jobs that have ended "
                              "are then fetched and kept while you search."));
    else if (m_search.error())
        m_state->showEmpty(tr("No log was searched"), tr("Correct the expression above first."));
    else
        return m_stack->setCurrentWidget(m_tree);
    m_stack->setCurrentWidget(m_state);
}

void RunSearchList::choose(int step)
{
    QList<QModelIndex> hits;
    qsizetype at = step > 0 ? -1 : 0;
    const QModelIndex current = m_tree->currentIndex();
    for (int job = 0; job < m_model->rowCount(); ++job) {
        const QModelIndex parent = m_model->index(job, 0);
        if (parent == current)
            at = step > 0 ? hits.size() - 1 : hits.size();
        for (int hit = 0; hit < m_model->rowCount(parent); ++hit) {
            hits.append(m_model->index(hit, 0, parent));
            if (hits.last() == current)
                at = hits.size() - 1;
        }
    }
    if (hits.isEmpty())
        return;
    const QModelIndex next = hits[(at + step + hits.size()) % hits.size()];
    m_tree->setCurrentIndex(next);
    m_tree->scrollTo(next);
    m_tree->setFocus(); // Enter opens it
}

void RunSearchList::activate(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const RunSearchRow row = m_model->rowAt(index);
    const qint64 line = index.data(RunSearchModel::LineRole).toLongLong();
    if (line >= 0)
        Q_EMIT hitOpened(row.target, row.title, line);
    else if (row.state == RunSearchRow::State::Failed)
        m_search.retry(row.target);
    else if (m_search.log(row.target))
        Q_EMIT hitOpened(row.target, row.title, 0);
}

} // namespace pilothouse
