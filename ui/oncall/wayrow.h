#pragma once

#include "release/oncall/oncallviews.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace pilothouse {

/// One way out: its key, where it stands since when and by whom, what it leads to, what it would
/// break, and its button.
class WayRow final : public QWidget
{
    Q_OBJECT

public:
    /// `number` is its place, from 1 on: up to 9 it is the digit that presses the button, those
    /// beyond have no key.
    explicit WayRow(int number, QWidget *parent = nullptr);

    void setLine(const WayLine &line);
    [[nodiscard]] const WayLine &line() const { return m_line; }

Q_SIGNALS:
    void activated(const pilothouse::WayLine &line);

private:
    void showRiskIcon();

    QString m_key; ///< empty = none
    WayLine m_line;
    QLabel *m_name;
    QLabel *m_now;
    QLabel *m_since;
    QLabel *m_to;
    QLabel *m_riskIcon;
    QLabel *m_risk;
    QPushButton *m_button;
};

} // namespace pilothouse
