#include "app/cli/signin/tokeninput.h"

#include "app/wiring/signin/accounts.h"
#include "base/words.h"

#include <QFile>

#include <cstdio>
#include <termios.h>
#include <unistd.h>

namespace pilothouse {
namespace {

constexpr qint64 mostInput = 65 << 10; // more than any token

/// While it lives, the terminal shows nothing of what is typed.
class HiddenTyping
{
public:
    HiddenTyping()
    {
        m_terminal = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &m_before) == 0;
        if (!m_terminal)
            return;
        termios hidden = m_before;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~HiddenTyping()
    {
        if (!m_terminal)
            return;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        std::fputc('\n', stderr);
    }
    Q_DISABLE_COPY_MOVE(HiddenTyping)

    [[nodiscard]] bool onTerminal() const { return m_terminal; }

private:
    termios m_before{};
    bool m_terminal = false;
};

} // namespace

Result<Secret> tokenFromInput(const QString &prompt)
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return fail(ErrorKind::BadInput, Words::tr("Standard input cannot be read."));
    QByteArray text;
    {
        const HiddenTyping hidden;
        if (hidden.onTerminal()) {
            std::fputs(prompt.toLocal8Bit().constData(), stderr);
            std::fflush(stderr);
            text = input.readLine(mostInput);
        } else {
            text = input.read(mostInput);
        }
    }
    return tokenFromText(text);
}

} // namespace pilothouse
