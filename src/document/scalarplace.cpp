#include "document/scalarplace.h"

#include <algorithm>

namespace pilothouse {

namespace {

bool standsAt(const QByteArray &content, qint64 offset, const std::string &text)
{
    return content.size() - offset >= qint64(text.size())
           && std::equal(text.begin(), text.end(), content.begin() + offset);
}

/// Blank lines at the beginning belong to the text; the first other line has its indentation.
Position literalPlace(const QByteArray &content, qint64 offset, const Position &at)
{
    qint64 line = content.indexOf('\n', offset);
    const QByteArray header = content.mid(offset, line - offset);
    if (line < 0 || std::any_of(header.begin(), header.end(), [](char c) { return isdigit(c); }))
        return {}; // told by a number, the indentation counts from the parent's
    for (++line; line < content.size();) {
        qint64 first = line;
        while (first < content.size() && content[first] == ' ')
            ++first;
        if (first == content.size())
            break;
        if (content[first] != '\n' && content[first] != '\r')
            return {at.line + 1, int(first - line) + 1};
        line = content.indexOf('\n', first) + 1;
        if (line == 0)
            break;
    }
    return {};
}

} // namespace

Position scalarPlace(const QByteArray &content, qint64 offset, const Position &at,
                     const std::string &text)
{
    if (offset < 0 || offset >= content.size())
        return {};
    const char first = content[offset];
    if (first == '|')
        return literalPlace(content, offset, at);
    if ((first == '"' || first == '\'') && standsAt(content, offset + 1, text))
        return {at.line, at.column + 1};
    return standsAt(content, offset, text) ? at : Position();
}

} // namespace pilothouse
