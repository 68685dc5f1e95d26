#pragma once

#include "base/reading.h"

#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace pilothouse {

/// One chip a source of facts: state and age. A click tells the last error and what it costs. Takes
/// the width that it is given.
class SourceChips final : public QWidget
{
    Q_OBJECT

public:
    explicit SourceChips(const Clock &clock, QWidget *parent = nullptr);

    /// Adds the source the first time its name is seen; order of arrival.
    void setSource(const SourceState &state);
    /// Ages go on between answers; called by the window's one timer.
    void refreshAges();
    [[nodiscard]] QString wordOf(const QString &source) const;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Chip
    {
        SourceState state;
        QToolButton *button;
    };

    /// Says all; where that is too wide, sources that are well show their name only.
    void draw();
    void draw(const Chip &chip, bool inFull);
    void explain(const SourceState &state);

    const Clock &m_clock;
    QHBoxLayout *m_row;
    QList<Chip> m_chips;
};

} // namespace pilothouse
