#pragma once

#include "rollout/analysis/judge.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QTableView;

namespace pilothouse {

class DifferenceChart;
class VerdictModel;

/// A judgement with what it rests on: the table of verdicts, and of the chosen check the sentence,
/// series, samples, window, estimate and interval, and the difference over time.
class EvidenceView final : public QWidget
{
    Q_OBJECT

public:
    explicit EvidenceView(QWidget *parent = nullptr);

    /// Keeps the chosen check.
    void setResults(const QList<CheckResult> &results);
    void choose(int row);

private:
    void refresh();
    QLabel *addFact(QGridLayout *grid, const QString &name, const char *objectName);

    VerdictModel *m_verdicts;
    QTableView *m_table;
    QLabel *m_sentence;
    QLabel *m_series;
    QLabel *m_samples;
    QLabel *m_window;
    QLabel *m_difference;
    QLabel *m_warnings;
    DifferenceChart *m_chart;
};

} // namespace pilothouse
