#pragma once

#include "base/reading.h"

#include <QFrame>
#include <QPointer>

class QLabel;
class QPushButton;

namespace pilothouse {

class SignInDesk;

/// What a source's chip opens: its state, its last error and what that costs. Where the source is
/// signed out and its vendor has a program for that, the button runs the vendor's own login; what
/// the program says on the way stands here. Closing it ends nothing. Closes at Escape and at a
/// press beside it.
class SourceCard final : public QFrame
{
    Q_OBJECT

public:
    /// `desk` may be nullptr: nothing is offered then.
    SourceCard(const Clock &clock, SignInDesk *desk, QWidget *parent = nullptr);

    /// Of the source that it was opened for; another one's is not taken.
    void setSource(const SourceState &state);
    /// Opens below `place`, a point of the screen, for this source.
    void open(const SourceState &state, const QPoint &place);

Q_SIGNALS:
    /// An address that the login's program named.
    void pageRequested(const QUrl &page);

private:
    void refresh();
    void press();

    const Clock &m_clock;
    QPointer<SignInDesk> m_desk;
    SourceState m_state;
    QLabel *m_headline;
    QLabel *m_text;
    QLabel *m_said;
    QPushButton *m_signIn;
    QPushButton *m_page;
    QPushButton *m_copy;
};

} // namespace pilothouse
