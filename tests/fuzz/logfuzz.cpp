#include "logs/logline.h"
#include "logs/logstore.h"

#include <QDir>

#include <cstdlib>

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
        std::abort();
    // The first byte decides where the pieces are cut.
    const qsizetype piece = bytes.isEmpty() ? 1 : 1 + static_cast<unsigned char>(bytes.at(0));
    qint64 begun = 0;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        const QByteArray next = bytes.mid(at, piece);
        begun += next.count('\n');
        const bool isOpen = !next.endsWith('\n');
        if (!(*store)->append(next) || (*store)->lineCount() != begun + (isOpen ? 1 : 0))
            std::abort();
        if (at < openReadTo)
            (void)readLine((*store)->line((*store)->lineCount() - 1));
    }
    if (!(*store)->finish())
        std::abort();
    const qint64 whole = bytes.count('\n') + (bytes.isEmpty() || bytes.endsWith('\n') ? 0 : 1);
    if ((*store)->lineCount() != whole)
        std::abort();
    AnsiStyle style;
    for (qint64 line = 0; line < whole; ++line) {
        const LogLine shown = readLine((*store)->line(line), style);
        for (const StyledSpan &span : shown.spans) {
            if (span.start < 0 || span.length < 0 || span.start + span.length > shown.text.size())
                std::abort();
        }
        style = shown.after;
    }
    return 0;
}
