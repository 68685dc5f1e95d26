#pragma once

#include "ui/widgets/panel.h"

class QLabel;
class QPushButton;

namespace pilothouse {

class ShownDiff;

/// DIFF: what the shown release brings compared with what is stable, in one line, with the ways to
/// see more of it. The controller must outlive it.
class DiffPanel final : public Panel
{
    Q_OBJECT

public:
    explicit DiffPanel(const ShownDiff &diff, QWidget *parent = nullptr);

Q_SIGNALS:
    void compareRequested();
    void notesRequested();

private:
    void refresh();

    const ShownDiff &m_diff;
    QLabel *m_sentence;
    QPushButton *m_compare;
    QPushButton *m_notes;
};

} // namespace pilothouse
