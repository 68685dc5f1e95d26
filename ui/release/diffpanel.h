#pragma once

#include "ui/widgets/panel.h"

class QLabel;
class QPushButton;

namespace pilothouse {

class ShownDiff;

/// DIFF: what the shown release brings compared with what is stable, in one line. The controller
/// must outlive it.
class DiffPanel final : public Panel
{
    Q_OBJECT

public:
    explicit DiffPanel(const ShownDiff &diff, QWidget *parent = nullptr);

Q_SIGNALS:
    void openRequested();

private:
    void refresh();

    const ShownDiff &m_diff;
    QLabel *m_sentence;
    QPushButton *m_open;
};

} // namespace pilothouse
