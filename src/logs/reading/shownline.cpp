#include "logs/reading/shownline.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// More would be beyond any screen.
constexpr qint64 shownBytes = 16 << 10;
/// A line up to here is read whole to see what state it came to.
constexpr qint64 readWhole = 1 << 20;
constexpr qsizetype stampBytes = 64;

void cutLineEnd(QByteArray &bytes)
{
    while (bytes.endsWith('\n') || bytes.endsWith('\r'))
        bytes.chop(1);
}

ShownLine beginOf(QByteArray bytes, const AnsiStyle &before)
{
    ShownLine shown;
    shown.unshown = std::max<qint64>(0, bytes.size() - shownBytes);
    shown.isRead = shown.unshown == 0;
    bytes.truncate(shownBytes);
    shown.line = readLine(bytes, before);
    return shown;
}

/// The state behind the stamp of its line. `bytes` hold the line's end, without line end.
ShownLine stateOf(const QByteArray &stamp, QByteArrayView bytes, const LastState &state,
                  const AnsiStyle &before)
{
    ShownLine shown
        = beginOf(stamp + bytes.sliced(state.begin, state.end - state.begin).toByteArray(),
                  styleAfter(bytes.first(state.begin), before));
    shown.line.after = styleAfter(bytes.sliced(state.end), shown.line.after);
    return shown;
}

} // namespace

ShownLine shownLine(const LogText &text, qint64 number, const AnsiStyle &before)
{
    const QByteArray head = text.line(number, shownBytes);
    if (head.size() < shownBytes)
        return {readLine(head, before), 0, true};
    const QByteArray stamp
        = head.left(stampLength(QByteArrayView(head).first(std::min(head.size(), stampBytes))));
    const qint64 length = text.length(number);
    if (length <= readWhole || text.isOpen(number)) {
        QByteArray whole = text.line(number, length);
        cutLineEnd(whole);
        const QByteArrayView behind = QByteArrayView(whole).sliced(stamp.size());
        const LastState last = lastState(behind);
        if (last.begin == 0 && last.end == behind.size())
            return beginOf(whole, before);
        ShownLine shown = stateOf(stamp, behind, last, before);
        shown.line.earlierStates = last.earlier;
        return shown;
    }
    QByteArray tail(shownBytes, Qt::Uninitialized);
    tail.truncate(
        text.file->read(text.index.start(number) + length - shownBytes, tail.data(), tail.size()));
    cutLineEnd(tail);
    ShownLine shown;
    // What begins before it may be long, and be cut within an escape.
    if (const LastState last = lastState(tail); last.begin > 0) {
        shown = stateOf(stamp, tail, last, before);
        shown.line.earlierStates = LogLine::manyStates;
    } else {
        shown = beginOf(head, before);
        const qint64 end = number < text.index.endedLines() ? 1 : 0;
        shown.unshown = length - end - head.size();
    }
    shown.isRead = false;
    return shown;
}

} // namespace pilothouse
