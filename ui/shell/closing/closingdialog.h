#pragma once

#include "action/preview.h"
#include "base/clock.h"
#include "release/leaving.h"
#include "ui/widgets/theme.h"

#include <QDialog>

class QGridLayout;
class QLabel;
class QPushButton;

namespace pilothouse {

class CodeView;

/// The one question of closing the window: what it leaves behind, and what to do about that. Stay
/// is the default, and what Esc means. It decides nothing itself and stays open until its owner
/// closes it.
class ClosingDialog final : public QDialog
{
    Q_OBJECT

public:
    /// Whether a guard can be started from here, or only its command be told.
    enum class Headless { CanStart, TellCommand };

    ClosingDialog(const EnvironmentMark &environment, Headless headless, const Clock &clock,
                  QWidget *parent = nullptr);

    void setLeaving(const Leaving &leaving);
    /// A sentence above the buttons; empty = none.
    void setNotice(Tone tone, const QString &text);
    /// While something is being done nothing can be pressed but Stay.
    void setUnderWay(bool underWay);

Q_SIGNALS:
    void leaveChosen();
    void armChosen();
    void rollBackChosen(const pilothouse::TrackName &track);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void fill();
    void addTrack(const LeftTrack &track);
    void addRollBack(const LeftTrack &track, int line);
    void addStep(const LeftStep &step);
    /// A row of the grid; an empty icon leaves its place free.
    void addRow(const QString &label, const QString &icon, Tone tone, const QString &text);
    void fillCommands();
    void updateButtons();

    Headless m_headless;
    const Clock &m_clock;
    Leaving m_leaving;
    bool m_underWay = false;
    QLabel *m_heading;
    QWidget *m_rows;
    QGridLayout *m_grid;
    QLabel *m_choices;
    CodeView *m_commands;
    QLabel *m_notice;
    QPushButton *m_copy;
    QPushButton *m_arm;
    QPushButton *m_leave;
    QPushButton *m_stay;
};

} // namespace pilothouse
