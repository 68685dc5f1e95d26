#pragma once

#include <QObject>

class QLabel;
class QPushButton;

namespace pilothouse {

class RolloutController;

/// What a track's page shows of its guard, and the button that arms it: a short word for the
/// heading, a sentence where nothing watches, with what would. The page owns the three widgets from
/// when it puts them in; the controller outlives this.
class GuardControls final : public QObject
{
    Q_OBJECT

public:
    explicit GuardControls(RolloutController &track, QObject *parent = nullptr);

    [[nodiscard]] QLabel *words() const { return m_words; }
    [[nodiscard]] QLabel *trouble() const { return m_trouble; }
    [[nodiscard]] QPushButton *button() const { return m_button; }

    /// The confirmation that arms or disarms, over the window of the button.
    void confirm();

private:
    void refresh();

    RolloutController &m_track;
    QLabel *m_words;
    QLabel *m_trouble;
    QPushButton *m_button;
};

} // namespace pilothouse
