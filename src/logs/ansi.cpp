#include "logs/ansi.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace pilothouse {
namespace {

int nearestOfSixteen(int red, int green, int blue)
{
    const int most = std::max({red, green, blue});
    if (most < 48)
        return 0;
    const int bright = most > 200 ? 8 : 0;
    const int half = most / 2;
    const int hue = (red > half ? 1 : 0) | (green > half ? 2 : 0) | (blue > half ? 4 : 0);
    return hue == 7 && most < 128 ? 8 : hue + bright;
}

int nearestOfSixteen(int index)
{
    if (index < 16)
        return std::max(0, index);
    if (index >= 232) {
        const int grey = (index - 232) * 10 + 8;
        return nearestOfSixteen(grey, grey, grey);
    }
    const auto level = [](int step) {
        return step == 0 ? 0 : 55 + 40 * step;
    };
    const int cube = std::min(index, 255) - 16;
    return nearestOfSixteen(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
}

void applyCode(AnsiStyle &style, int code)
{
    switch (code) {
    case 0:
        style = {};
        return;
    case 1:
        style.flags |= AnsiStyle::Bold;
        return;
    case 2:
        style.flags |= AnsiStyle::Faint;
        return;
    case 3:
        style.flags |= AnsiStyle::Italic;
        return;
    case 4:
        style.flags |= AnsiStyle::Underline;
        return;
    case 22:
        style.flags &= ~(AnsiStyle::Bold | AnsiStyle::Faint);
        return;
    case 23:
        style.flags &= ~AnsiStyle::Italic;
        return;
    case 24:
        style.flags &= ~AnsiStyle::Underline;
        return;
    case 39:
        style.foreground = -1;
        return;
    case 49:
        style.background = -1;
        return;
    default:
        break;
    }
    if (code >= 30 && code <= 37)
        style.foreground = code - 30;
    else if (code >= 90 && code <= 97)
        style.foreground = code - 90 + 8;
    else if (code >= 40 && code <= 47)
        style.background = code - 40;
    else if (code >= 100 && code <= 107)
        style.background = code - 100 + 8;
}

/// Finds what may end a state; keeps both places, so that each byte is looked at once for each.
class ControlFinder
{
public:
    explicit ControlFinder(QByteArrayView bytes)
        : m_bytes(bytes), m_return(find('\r', 0)), m_escape(find('\x1b', 0))
    {}

    [[nodiscard]] qsizetype next(qsizetype from)
    {
        if (m_return < from)
            m_return = find('\r', from);
        if (m_escape < from)
            m_escape = find('\x1b', from);
        return std::min(m_return, m_escape);
    }

private:
    [[nodiscard]] qsizetype find(char c, qsizetype from) const
    {
        const qsizetype found = m_bytes.indexOf(c, from);
        return found < 0 ? m_bytes.size() : found;
    }

    QByteArrayView m_bytes;
    qsizetype m_return;
    qsizetype m_escape;
};

/// Programs go back to the begin of a line by going back so far.
constexpr int fartherThanAnyLine = 1000;

bool isBlank(QByteArrayView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == ' ' || c == '\t'; });
}

} // namespace

void applySgr(AnsiStyle &style, QByteArrayView parameters)
{
    std::array<int, 32> codes = {};
    size_t count = 1;
    for (const char c : parameters) {
        if (c >= '0' && c <= '9')
            codes[count - 1] = std::min(codes[count - 1] * 10 + (c - '0'), 1000);
        else if ((c == ';' || c == ':') && count < codes.size())
            ++count;
    }
    for (size_t i = 0; i < count; ++i) {
        if (codes[i] != 38 && codes[i] != 48) {
            applyCode(style, codes[i]);
            continue;
        }
        int &colour = codes[i] == 38 ? style.foreground : style.background;
        if (i + 2 < count && codes[i + 1] == 5) {
            colour = nearestOfSixteen(codes[i + 2]);
            i += 2;
        } else if (i + 4 < count && codes[i + 1] == 2) {
            colour = nearestOfSixteen(codes[i + 2], codes[i + 3], codes[i + 4]);
            i += 4;
        } else {
            return; // nobody knows what the rest means
        }
    }
}

qsizetype escapeLength(QByteArrayView bytes)
{
    if (bytes.size() < 2)
        return bytes.size();
    const auto isFinal = [](char c) {
        return c >= 0x40 && c <= 0x7e;
    };
    if (bytes[1] == '[') {
        qsizetype at = 2;
        while (at < bytes.size() && bytes[at] >= 0x20 && !isFinal(bytes[at]))
            ++at;
        // A control character ends a broken sequence and is not part of it.
        return at < bytes.size() && isFinal(bytes[at]) ? at + 1 : at;
    }
    if (bytes[1] == ']') {
        qsizetype at = 2;
        while (at < bytes.size() && bytes[at] != '\a' && bytes[at] != '\x1b' && bytes[at] != '\n')
            ++at;
        if (at < bytes.size() && bytes[at] == '\a')
            return at + 1;
        return at + 1 < bytes.size() && bytes[at] == '\x1b' && bytes[at + 1] == '\\' ? at + 2 : at;
    }
    return bytes[1] >= 0x20 && bytes[1] <= 0x7e ? 2 : 1;
}

bool endsState(QByteArrayView control)
{
    if (control.startsWith('\r'))
        return true;
    if (control.size() < 3 || control[1] != '[')
        return false;
    const char function = control.back();
    switch (function) {
    case 'A': // to other lines
    case 'B':
    case 'E':
    case 'F':
    case 'H':
    case 'd':
    case 'f':
        return true;
    case 'D': // backwards
    case 'G': // to a column
    case 'J': // erases the screen; without a number, only what comes after the cursor
    case 'K': // the same of the line
        break;
    default:
        return false;
    }
    int number = 0;
    for (const char c : control.sliced(2, control.size() - 3)) {
        if (c < '0' || c > '9')
            return false;
        number = std::min(number * 10 + (c - '0'), fartherThanAnyLine);
    }
    return function == 'G' ? number <= 1 : number >= (function == 'D' ? fartherThanAnyLine : 1);
}

LastState lastState(QByteArrayView line)
{
    ControlFinder controls(line);
    LastState last;
    int filled = 0;
    qsizetype begin = 0;
    bool isFilled = false;
    for (qsizetype at = 0;;) {
        const qsizetype control = controls.next(at);
        isFilled = isFilled || !isBlank(line.sliced(at, control - at));
        const bool isEnd = control == line.size();
        const QByteArrayView rest
            = line.sliced(control, std::min(line.size() - control, longestEscape));
        const qsizetype length = rest.startsWith('\x1b') ? escapeLength(rest) : isEnd ? 0 : 1;
        if (isEnd || endsState(rest.first(length))) {
            if (isFilled || (isEnd && filled == 0))
                last = {begin, control, filled};
            filled += isFilled ? 1 : 0;
            begin = control + length;
            isFilled = false;
        }
        if (isEnd)
            return last;
        at = control + length;
    }
}

AnsiStyle styleAfter(QByteArrayView bytes, AnsiStyle before)
{
    const char *at = bytes.data();
    const char *const end = at + bytes.size();
    while (at < end) {
        at = static_cast<const char *>(std::memchr(at, '\x1b', size_t(end - at)));
        if (!at)
            break;
        const qsizetype length = escapeLength({at, end});
        if (length > 2 && at[1] == '[' && at[length - 1] == 'm')
            applySgr(before, {at + 2, length - 3});
        at += length;
    }
    return before;
}

} // namespace pilothouse
