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

/// The last state of a progress line behind its stamp; `bytes` hold its end, without line end.
QByteArray lastState(const QByteArray &head, const QByteArray &bytes, qsizetype lastReturn)
{
    return head.left(stampLength(QByteArrayView(head).first(std::min(head.size(), stampBytes))))
           + bytes.mid(lastReturn + 1);
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

} // namespace

ShownLine shownLine(const LogText &text, qint64 number, const AnsiStyle &before)
{
    const QByteArray head = text.line(number, shownBytes);
    if (head.size() < shownBytes)
        return {readLine(head, before), 0, true};
    const qint64 length = text.length(number);
    if (length <= readWhole || text.isOpen(number)) {
        QByteArray whole = text.line(number, length);
        cutLineEnd(whole);
        const qsizetype last = whole.lastIndexOf('\r');
        if (last < 0)
            return beginOf(whole, before);
        ShownLine shown
            = beginOf(lastState(head, whole, last), styleAfter(whole.first(last), before));
        shown.line.earlierStates = int(whole.count('\r'));
        return shown;
    }
    QByteArray tail(shownBytes, Qt::Uninitialized);
    tail.truncate(
        text.file->read(text.index.start(number) + length - shownBytes, tail.data(), tail.size()));
    cutLineEnd(tail);
    ShownLine shown;
    if (const qsizetype last = tail.lastIndexOf('\r'); last >= 0) {
        shown = beginOf(lastState(head, tail, last), before);
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
