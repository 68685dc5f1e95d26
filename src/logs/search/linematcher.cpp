#include "logs/search/linematcher.h"

#include "base/words.h"
#include "logs/ansi.h"
#include "logs/logline.h"

#include <hs.h>

#include <cstdlib>

namespace pilothouse {
namespace {

constexpr auto stampPattern = "(?:(?:\\xef\\xbb\\xbf)?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:"
                              "\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d) ?)?";

/// Walks through a pattern: what stands for itself, what is a class, what is escaped.
class PatternReader
{
public:
    explicit PatternReader(const QString &pattern) : m_pattern(pattern) {}

    /// The next piece: one character, an escape with its letter, or a whole class.
    QString next()
    {
        const qsizetype start = m_at;
        const QChar first = m_pattern[m_at++];
        if (first == QLatin1Char('\\') && m_at < m_pattern.size()) {
            ++m_at;
        } else if (first == QLatin1Char('[')) {
            if (m_at < m_pattern.size() && m_pattern[m_at] == QLatin1Char('^'))
                ++m_at;
            if (m_at < m_pattern.size() && m_pattern[m_at] == QLatin1Char(']'))
                ++m_at;
            while (m_at < m_pattern.size() && m_pattern[m_at] != QLatin1Char(']'))
                m_at += m_pattern[m_at] == QLatin1Char('\\') ? 2 : 1;
            m_at = std::min(m_at + 1, m_pattern.size());
        }
        return m_pattern.mid(start, m_at - start);
    }
    [[nodiscard]] bool atEnd() const { return m_at >= m_pattern.size(); }
    [[nodiscard]] QChar following() const { return atEnd() ? QChar() : m_pattern[m_at]; }

private:
    const QString &m_pattern;
    qsizetype m_at = 0;
};

/// Whether some piece may stand for a part of a character: "." and the classes that exclude. With
/// '*' or '+' behind it any number of bytes is any number of characters.
bool countsCharactersIn(const QString &pattern)
{
    PatternReader reader(pattern);
    while (!reader.atEnd()) {
        const QString piece = reader.next();
        const bool open
            = piece == QLatin1String(".") || piece.startsWith(QLatin1String("[^"))
              || piece == QLatin1String("\\W") || piece == QLatin1String("\\S")
              || piece == QLatin1String("\\D") || piece == QLatin1String("\\N")
              || (piece.startsWith(QLatin1Char('['))
                  && (piece.contains(QLatin1String("\\W")) || piece.contains(QLatin1String("\\S"))
                      || piece.contains(QLatin1String("\\D"))));
        const QChar after = reader.following();
        if (open && after != QLatin1Char('*') && after != QLatin1Char('+'))
            return true;
    }
    return false;
}

/// In the file a stamp stands before what the reader takes for the begin of a line.
QString withStampBehindCaret(const QString &pattern)
{
    QString out;
    PatternReader reader(pattern);
    while (!reader.atEnd()) {
        const QString piece = reader.next();
        out += piece;
        if (piece == QLatin1String("^"))
            out += QLatin1String(stampPattern);
    }
    return out;
}

/// Null if bytes alone cannot answer: characters outside ASCII in an expression, anchors that
/// mean the whole text.
QString bytesPatternOf(const SearchQuery &query, const QString &pattern)
{
    bool ascii = true;
    for (const QChar c : query.text)
        ascii = ascii && c.unicode() < 0x80;
    if (!query.has(SearchQuery::Regex)) {
        if (!ascii && !query.has(SearchQuery::CaseSensitive))
            return {};
        QString out;
        for (const char c : query.text.toUtf8())
            out += QStringLiteral("\\x%1").arg(uchar(c), 2, 16, QLatin1Char('0'));
        return query.has(SearchQuery::WholeWord) ? QStringLiteral("\\b(?:%1)\\b").arg(out) : out;
    }
    if (!ascii)
        return {};
    PatternReader reader(pattern);
    while (!reader.atEnd()) {
        const QString piece = reader.next();
        for (const char *anchor : {"\\A", "\\z", "\\Z", "\\G", "\\K"}) {
            if (piece == QLatin1String(anchor))
                return {};
        }
    }
    return pattern;
}

/// False for what may match a mere place: a match that ends where it begins tells no line.
bool hasWidth(const QString &pattern, unsigned flags)
{
    hs_expr_info_t *info = nullptr;
    hs_compile_error_t *error = nullptr;
    if (hs_expression_info(pattern.toLatin1().constData(), flags, &info, &error) != HS_SUCCESS) {
        hs_free_compile_error(error);
        return false;
    }
    const bool width = info->min_width > 0;
    std::free(info); // by default hs_expression_info takes its memory from malloc
    return width;
}

std::shared_ptr<hs_database> compiled(const QString &pattern, unsigned flags)
{
    hs_database_t *database = nullptr;
    hs_compile_error_t *error = nullptr;
    const QByteArray bytes = pattern.toLatin1();
    if (hs_compile(bytes.constData(), flags, HS_MODE_BLOCK, nullptr, &database, &error)
        != HS_SUCCESS) {
        hs_free_compile_error(error);
        return {};
    }
    return {database, [](hs_database_t *old) {
                hs_free_database(old);
            }};
}

} // namespace

Result<LineMatcher> LineMatcher::create(const SearchQuery &query)
{
    QString pattern
        = query.has(SearchQuery::Regex) ? query.text : QRegularExpression::escape(query.text);
    LineMatcher matcher;
    matcher.m_query = query;
    // Told by the expression as it was written: the frame of "whole word" would move the place.
    const QRegularExpression written(pattern);
    if (!written.isValid())
        return fail(ErrorKind::BadInput,
                    Words::tr("The regular expression is wrong at character %1: %2.")
                        .arg(written.patternErrorOffset())
                        .arg(written.errorString()));
    if (query.has(SearchQuery::WholeWord))
        pattern = QStringLiteral("\\b(?:%1)\\b").arg(pattern);
    matcher.m_expression = QRegularExpression(
        pattern, query.has(SearchQuery::CaseSensitive) ? QRegularExpression::NoPatternOption
                                                       : QRegularExpression::CaseInsensitiveOption);
    matcher.m_expression.optimize();
    matcher.m_bytesPattern = bytesPatternOf(query, pattern);
    matcher.m_countsCharacters
        = query.has(SearchQuery::Regex) && countsCharactersIn(matcher.m_bytesPattern);
    // A word's end depends on its neighbours, an expression on anything.
    static const QRegularExpression special(QStringLiteral("[\\\\^$.\\[\\](){}?*+]"));
    matcher.m_joinsAny = query.has(SearchQuery::WholeWord)
                         || (query.has(SearchQuery::Regex) && query.text.contains(special));
    for (const char c : query.text.toUtf8()) {
        matcher.m_bytes[uchar(c)] = true;
        if (!query.has(SearchQuery::CaseSensitive) && uchar(c) < 0x80) {
            matcher.m_bytes[uchar(QChar::toLower(uint(c)))] = true;
            matcher.m_bytes[uchar(QChar::toUpper(uint(c)))] = true;
        }
    }
    return matcher;
}

void LineMatcher::prepare()
{
    if (m_candidates || m_bytesPattern.isEmpty())
        return;
    const unsigned flags
        = HS_FLAG_MULTILINE | (m_query.has(SearchQuery::CaseSensitive) ? 0U : HS_FLAG_CASELESS);
    if (!hasWidth(m_bytesPattern, flags))
        return;
    auto decider = compiled(m_bytesPattern, flags | HS_FLAG_SINGLEMATCH);
    if (!decider)
        return;
    m_candidates = compiled(withStampBehindCaret(m_bytesPattern), flags);
    m_decider = std::move(decider);
}

bool LineMatcher::matches(QByteArrayView line) const
{
    return matchesText(QString::fromUtf8(searchedBytes(line)));
}

bool LineMatcher::matchesText(const QString &text) const
{
    return !m_query.text.isEmpty() && m_expression.match(text).hasMatch();
}

QList<LineMatcher::Span> LineMatcher::spans(const QString &text) const
{
    QList<Span> all;
    if (m_query.text.isEmpty())
        return all;
    for (auto hits = m_expression.globalMatch(text); hits.hasNext();) {
        const QRegularExpressionMatch hit = hits.next();
        if (hit.capturedLength() > 0)
            all.append({hit.capturedStart(), hit.capturedLength()});
    }
    return all;
}

QByteArray searchedBytes(QByteArrayView line)
{
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    QByteArray searched = withoutEscapes(line.sliced(stampLength(line)));
    while (searched.endsWith('\r'))
        searched.chop(1);
    return searched;
}

QByteArray withoutEscapes(QByteArrayView bytes)
{
    QByteArray out;
    out.reserve(bytes.size());
    while (!bytes.isEmpty()) {
        const qsizetype escape = bytes.indexOf('\x1b');
        if (escape < 0)
            break;
        out.append(bytes.data(), escape);
        bytes = bytes.sliced(escape);
        const qsizetype length = escapeLength(bytes);
        if (!out.isEmpty() && !out.endsWith('\r') && endsState(bytes.first(length)))
            out += '\r';
        bytes = bytes.sliced(length);
    }
    return out.append(bytes.data(), bytes.size());
}

} // namespace pilothouse
