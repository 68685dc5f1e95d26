#pragma once

#include "release/releaseviews.h"
#include "ui/widgets/panel.h"

#include <vector>

class QLabel;
class QPushButton;
class QToolButton;

namespace pilothouse {

class ReasonList;

/// NEXT: the next action of each track and of the schema, with the reasons under it.
class NextView final : public Panel
{
    Q_OBJECT

public:
    explicit NextView(QWidget *parent = nullptr);

    void setRows(const QList<NextRow> &rows);
    /// Ctrl+Return: the first row that has something to do.
    void activateFirst();

Q_SIGNALS:
    void activated(const pilothouse::NextRow &row);

private:
    struct Line
    {
        QWidget *widget;
        QLabel *where;
        QLabel *sentence;
        QToolButton *counts;
        QLabel *blocked;
        QPushButton *action;
        QPushButton *otherwise; ///< the other answer to what the sentence asks
        ReasonList *reasons;
    };

    void addLine();

    QList<NextRow> m_rows;
    std::vector<Line> m_lines;
};

} // namespace pilothouse
