#pragma once

#include "logs/runsearch/runsearch.h"

#include <QWidget>

class QStackedWidget;
class QTreeView;

namespace pilothouse {

class RunHitDelegate;
class RunSearchModel;
class StateView;

/// What a search found in the logs of all jobs of a run: the jobs, and below each its first hits.
/// Enter or a double click on a hit opens it, on a job its first hit, on a log that was not read
/// reads it again. The search must outlive it.
class RunSearchList final : public QWidget
{
    Q_OBJECT

public:
    explicit RunSearchList(RunSearch &search, QWidget *parent = nullptr);

    /// Goes to the next (previous) hit of the list, around its end; the list has the focus then.
    void choose(int step);
    [[nodiscard]] QTreeView *tree() const { return m_tree; }

Q_SIGNALS:
    /// A line of the log that the search keeps.
    void hitOpened(const pilothouse::LogTarget &target, const QString &title, qint64 line);

private:
    void refresh();
    void refreshState();
    void activate(const QModelIndex &index);

    RunSearch &m_search;
    RunSearchModel *m_model;
    RunHitDelegate *m_delegate;
    QStackedWidget *m_stack;
    StateView *m_state;
    QTreeView *m_tree;
};

} // namespace pilothouse
