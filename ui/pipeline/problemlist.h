#pragma once

#include "pipeline/doctor/finding.h"

#include <QList>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTableView;

namespace pilothouse {

class CodeView;
class PillStrip;
class ProblemModel;
class StateView;

/// What the pipeline doctor found: a table, and below it the chosen finding with the reason for its
/// rule and the form to write instead. A refresh keeps the choice.
class ProblemList final : public QWidget
{
    Q_OBJECT

public:
    explicit ProblemList(QWidget *parent = nullptr);

    /// In the order in which they are to be shown.
    void setFindings(const QList<Finding> &findings);
    /// The first of these becomes the chosen one, unless one of them is.
    void choose(const QList<Finding> &findings);

Q_SIGNALS:
    /// Somebody went to it, by mouse or keyboard; also to the one where he is, by a press or Enter.
    void chosen(const pilothouse::Finding &finding);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refreshSummary(const QList<Finding> &findings);
    void refreshDetails();

    ProblemModel *m_model;
    QStackedWidget *m_stack;
    StateView *m_empty;
    PillStrip *m_summary;
    QTableView *m_table;
    QLabel *m_caption;
    QLabel *m_title;
    QLabel *m_sentence;
    QLabel *m_explanation;
    CodeView *m_rightForm;
};

} // namespace pilothouse
