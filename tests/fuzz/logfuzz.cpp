#include "logs/logline.h"
#include "logs/logstore.h"

#include <QDir>

#include <cstdlib>

using namespace pilothouse;

/// Whatever a log holds, in pieces cut anywhere: every line is there, and can be shown.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    auto store = LogStore::create(QDir::tempPath() + QStringLiteral("/pilothouse-fuzz"));
    if (!store)
        std::abort();
    // The first byte decides where the pieces are cut.
    const qsizetype piece = bytes.isEmpty() ? 1 : 1 + static_cast<unsigned char>(bytes.at(0));
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        if (!(*store)->append(bytes.mid(at, piece)))
            std::abort();
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
