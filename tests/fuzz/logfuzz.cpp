#include "fuzz/failed.h"
#include "logs/logline.h"
#include "logs/logstore.h"

#include <QDir>

using namespace pilothouse;

namespace {

/// Further on, a line that comes byte by byte would take too long.
constexpr qsizetype openReadTo = 1024;

} // namespace

/// Whatever a log holds, in pieces cut anywhere: every line is there, and can be shown, the last
/// one also before its end has come.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    auto store = LogStore::create(QDir::tempPath() + QStringLiteral("/pilothouse-fuzz"));
    if (!store)
        failed("a store can be made", store.error().message);
    // The first byte decides where the pieces are cut.
    const qsizetype piece = bytes.isEmpty() ? 1 : 1 + static_cast<unsigned char>(bytes.at(0));
    qint64 begun = 0;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        const QByteArray next = bytes.mid(at, piece);
        begun += next.count('\n');
        const bool isOpen = !next.endsWith('\n');
        if (const Result<void> appended = (*store)->append(next); !appended)
            failed("bytes can be appended", appended.error().message);
        if ((*store)->lineCount() != begun + (isOpen ? 1 : 0))
            failed("every line that has begun is counted",
                   QStringLiteral("%1 of %2, open: %3, after byte %4")
                       .arg((*store)->lineCount())
                       .arg(begun)
                       .arg(isOpen)
                       .arg(at + next.size()));
        if (at < openReadTo)
            (void)readLine((*store)->line((*store)->lineCount() - 1));
    }
    if (const Result<void> finished = (*store)->finish(); !finished)
        failed("a log can be finished", finished.error().message);
    const qint64 whole = bytes.count('\n') + (bytes.isEmpty() || bytes.endsWith('\n') ? 0 : 1);
    if ((*store)->lineCount() != whole)
        failed("a finished log has as many lines as its bytes",
               QStringLiteral("%1 of %2").arg((*store)->lineCount()).arg(whole));
    AnsiStyle style;
    for (qint64 line = 0; line < whole; ++line) {
        const LogLine shown = readLine((*store)->line(line), style);
        for (const StyledSpan &span : shown.spans) {
            if (span.start < 0 || span.length < 0 || span.start + span.length > shown.text.size())
                failed("a span lies within its line", QStringLiteral("line %1: %2 + %3 of %4")
                                                          .arg(line)
                                                          .arg(span.start)
                                                          .arg(span.length)
                                                          .arg(shown.text.size()));
        }
        style = shown.after;
    }
    return 0;
}
