#pragma once

#include "base/reading.h"

#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace pilothouse {

/// One chip a source of facts: state and age. A click tells the last error and what it costs.
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

private:
    struct Chip
    {
        SourceState state;
        QToolButton *button;
    };

    void draw(Chip &chip);
    void explain(const SourceState &state);

    const Clock &m_clock;
    QHBoxLayout *m_row;
    QList<Chip> m_chips;
};

} // namespace pilothouse
