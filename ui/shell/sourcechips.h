#pragma once

#include "base/reading.h"

#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace pilothouse {

class SignInDesk;
class SourceCard;

/// One chip a source of facts: state and age. A click tells the last error and what it costs, and
/// offers to sign in where that is what is missing. Takes the width that it is given.
class SourceChips final : public QWidget
{
    Q_OBJECT

public:
    /// `desk` outlives it; nullptr = no sign-in is offered.
    explicit SourceChips(const Clock &clock, SignInDesk *desk = nullptr, QWidget *parent = nullptr);

    /// How much a chip says: with the age, without it where the word says enough, or who it is.
    enum class Telling { State, Word, Name };

    /// Adds the source the first time its name is seen; order of arrival.
    void setSource(const SourceState &state);
    /// Ages go on between answers; called by the window's one timer.
    void refreshAges();
    /// As a press on its chip.
    void openCard(const QString &source);
    [[nodiscard]] QString wordOf(const QString &source) const;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// An address that the program of a login named.
    void pageRequested(const QUrl &page);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Chip
    {
        SourceState state;
        QToolButton *button;
    };

    /// Says all; where that is too wide, sources that stream show their name only, then all that
    /// are well.
    void draw();
    void draw(const Chip &chip, Telling telling);
    [[nodiscard]] QString textOf(const SourceState &state, Telling telling) const;
    [[nodiscard]] QString stateText(const SourceState &state) const;

    const Clock &m_clock;
    SignInDesk *m_desk;
    SourceCard *m_card;
    QHBoxLayout *m_row;
    QList<Chip> m_chips;
};

} // namespace pilothouse
