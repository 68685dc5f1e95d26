#include "migration/lint/sql/sqltokens.h"

#include <algorithm>

namespace pilothouse {
namespace {

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isOfName(char c)
{
    return isLetter(c) || isDigit(c) || c == '$';
}
bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/// Reads one text, from its beginning.
class Reader
{
public:
    explicit Reader(const QByteArray &sql) : m_sql(sql) {}

    [[nodiscard]] bool atEnd()
    {
        skipBlank();
        return m_at >= m_sql.size();
    }
    [[nodiscard]] qsizetype at() const { return m_at; }
    void goTo(qsizetype at) { m_at = at; }

    [[nodiscard]] SqlToken next()
    {
        SqlToken token;
        token.from = m_at;
        const char c = now();
        if (c == '"') {
            token.kind = SqlToken::Kind::Quoted;
            token.text = quoted('"');
        } else if (c == '\'') {
            token.kind = SqlToken::Kind::Text;
            (void)quoted('\'');
        } else if ((c == 'e' || c == 'E') && ahead(1) == '\'') {
            token.kind = SqlToken::Kind::Text;
            ++m_at;
            escaped();
        } else if (isPrefixOfText(c)) {
            token.kind = SqlToken::Kind::Text;
            m_at = m_sql.indexOf('\'', m_at);
            (void)quoted('\'');
        } else if (c == '$' && dollarTag() > 0) {
            token.kind = SqlToken::Kind::Text;
            dollarQuoted(dollarTag());
        } else if (isLetter(c)) {
            token.kind = SqlToken::Kind::Word;
            while (m_at < m_sql.size() && isOfName(now()))
                ++m_at;
        } else if (isDigit(c) || (c == '.' && isDigit(ahead(1)))) {
            token.kind = SqlToken::Kind::Number;
            while (m_at < m_sql.size() && (isOfName(now()) || now() == '.'))
                ++m_at;
        } else {
            ++m_at;
        }
        token.to = m_at;
        if (token.kind == SqlToken::Kind::Word)
            token.text = m_sql.mid(token.from, token.to - token.from).toLower();
        else if (token.kind != SqlToken::Kind::Quoted)
            token.text = m_sql.mid(token.from, token.to - token.from);
        return token;
    }

private:
    [[nodiscard]] char now() const { return m_sql[m_at]; }
    [[nodiscard]] char ahead(qsizetype by) const
    {
        return m_at + by < m_sql.size() ? m_sql[m_at + by] : '\0';
    }
    /// b'…', x'…', n'…' and u&'…'.
    [[nodiscard]] bool isPrefixOfText(char c) const
    {
        const char lower = char(c | 0x20);
        if ((lower == 'b' || lower == 'x' || lower == 'n') && ahead(1) == '\'')
            return true;
        return lower == 'u' && ahead(1) == '&' && ahead(2) == '\'';
    }

    void skipBlank()
    {
        while (m_at < m_sql.size()) {
            if (isSpace(now())) {
                ++m_at;
            } else if (now() == '-' && ahead(1) == '-') {
                const qsizetype end = m_sql.indexOf('\n', m_at);
                m_at = end < 0 ? m_sql.size() : end;
            } else if (now() == '/' && ahead(1) == '*') {
                skipComment();
            } else {
                return;
            }
        }
    }
    /// They may stand in each other.
    void skipComment()
    {
        int depth = 0;
        while (m_at < m_sql.size()) {
            if (now() == '/' && ahead(1) == '*') {
                ++depth;
                m_at += 2;
            } else if (now() == '*' && ahead(1) == '/') {
                --depth;
                m_at += 2;
                if (depth == 0)
                    return;
            } else {
                ++m_at;
            }
        }
    }

    QByteArray quoted(char mark)
    {
        QByteArray text;
        for (++m_at; m_at < m_sql.size(); ++m_at) {
            if (now() == mark && ahead(1) != mark) {
                ++m_at;
                return text;
            }
            if (now() == mark)
                ++m_at;
            text += now();
        }
        return text;
    }
    void escaped()
    {
        for (++m_at; m_at < m_sql.size(); ++m_at) {
            if (now() == '\\') {
                ++m_at;
            } else if (now() == '\'' && ahead(1) == '\'') {
                ++m_at;
            } else if (now() == '\'') {
                ++m_at;
                return;
            }
        }
        m_at = m_sql.size();
    }

    /// Bytes of "$tag$" at this place; 0 = it is none.
    [[nodiscard]] qsizetype dollarTag() const
    {
        qsizetype length = 1;
        while (isLetter(ahead(length)) || (length > 1 && isDigit(ahead(length))))
            ++length;
        return ahead(length) == '$' ? length + 1 : 0;
    }
    void dollarQuoted(qsizetype length)
    {
        const QByteArray tag = m_sql.mid(m_at, length);
        const qsizetype end = m_sql.indexOf(tag, m_at + length);
        m_at = end < 0 ? m_sql.size() : end + length;
    }

    const QByteArray &m_sql;
    qsizetype m_at = 0;
};

/// Whether a COPY reads the rows behind it.
bool readsRows(const SqlPart &part)
{
    const QList<SqlToken> &all = part.tokens;
    if (all.isEmpty() || !all.first().is("copy"))
        return false;
    for (qsizetype i = 0; i + 1 < all.size(); ++i) {
        if (all[i].is("from") && all[i + 1].is("stdin"))
            return true;
    }
    return false;
}

qsizetype behindRows(const QByteArray &sql, qsizetype from)
{
    const qsizetype end = sql.indexOf("\n\\.", from);
    return end < 0 ? sql.size() : end + 3;
}

bool beginsLine(const QByteArray &sql, qsizetype at)
{
    while (at > 0 && (sql[at - 1] == ' ' || sql[at - 1] == '\t'))
        --at;
    return at == 0 || sql[at - 1] == '\n';
}

} // namespace

QList<SqlToken> sqlTokens(const QByteArray &sql)
{
    QList<SqlToken> tokens;
    Reader reader(sql);
    while (!reader.atEnd())
        tokens.append(reader.next());
    return tokens;
}

QList<SqlPart> sqlParts(const QByteArray &sql)
{
    QList<SqlPart> parts;
    SqlPart part;
    int open = 0; // BEGIN ATOMIC and CASE that wait for their END
    const auto finish = [&] {
        if (!part.tokens.isEmpty()) {
            part.from = part.tokens.first().from;
            part.to = part.tokens.last().to;
            parts.append(part);
        }
        part = SqlPart();
        open = 0;
    };
    Reader reader(sql);
    while (!reader.atEnd()) {
        SqlToken token = reader.next();
        if (token.is("\\") && part.tokens.isEmpty() && beginsLine(sql, token.from)) {
            const qsizetype end = sql.indexOf('\n', token.from);
            token.to = end < 0 ? sql.size() : end;
            reader.goTo(token.to);
            part.isOfPsql = true;
            part.tokens.append(token);
            finish();
            continue;
        }
        if (token.is(";") && open == 0) {
            const bool hasRows = readsRows(part);
            finish();
            if (hasRows)
                reader.goTo(behindRows(sql, token.to));
            continue;
        }
        const bool isAtomic
            = token.is("atomic") && !part.tokens.isEmpty() && part.tokens.last().is("begin");
        if (isAtomic || (open > 0 && token.is("case")))
            ++open;
        else if (open > 0 && token.is("end"))
            --open;
        part.tokens.append(token);
    }
    finish();
    return parts;
}

} // namespace pilothouse
