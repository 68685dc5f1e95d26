#pragma once

#include "rollout/analysis/pastwindow.h"

#include <QDialog>

class QLabel;
class QListWidget;

namespace pilothouse {

class EvidenceView;
class Pill;
class RolloutController;

/// What the verdicts of a track rest on, now and over every time that a candidate held a weight. It
/// stands beside its window and follows what is judged now. The controller outlives it.
class EvidenceDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit EvidenceDialog(RolloutController &track, QWidget *parent = nullptr);

    /// The present judgement, with this check of the table chosen.
    void showLive(int check);
    /// The newest window that is over, or else the newest there is.
    void showNewestPast();

private:
    void refreshWindows();
    void refreshLive();
    void chosen(int row);
    void showResults(const QList<CheckResult> &results);
    void raiseIt();

    RolloutController &m_track;
    QList<PastWindow> m_past; ///< newest first; row 0 of the list is now
    QListWidget *m_windows;
    QLabel *m_head;
    Pill *m_verdict;
    EvidenceView *m_view;
    int m_asked = 0; ///< latest choice wins
};

} // namespace pilothouse
