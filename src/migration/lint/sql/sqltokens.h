#pragma once

#include <QByteArray>
#include <QList>

namespace pilothouse {

/// A word, name, text or sign of SQL, where it stands. Comments and white space are none.
struct SqlToken
{
    enum class Kind {
        Word,   ///< a keyword or a name without quotes
        Quoted, ///< a name in quotes
        Text,   ///< a string, also E'…' and $tag$…$tag$
        Number,
        Sign, ///< one byte of anything else
    };

    Kind kind = Kind::Sign;
    qsizetype from = 0; ///< byte
    qsizetype to = 0;   ///< byte behind it
    /// A word in lower case, a quoted name as it is meant, else as written.
    QByteArray text;

    [[nodiscard]] bool is(const char *word) const
    {
        return (kind == Kind::Word || kind == Kind::Sign) && text == word;
    }
    [[nodiscard]] bool isName() const { return kind == Kind::Word || kind == Kind::Quoted; }
    bool operator==(const SqlToken &) const = default;
};

/// The tokens of a text as PostgreSQL reads them, with standard_conforming_strings on. What is not
/// closed reaches to the end. `sql` is UTF-8.
[[nodiscard]] QList<SqlToken> sqlTokens(const QByteArray &sql);

/// One statement of a file.
struct SqlPart
{
    qsizetype from = 0; ///< byte of its first token
    qsizetype to = 0;   ///< byte behind its last one, without the semicolon
    QList<SqlToken> tokens;
    /// A command of psql ("\copy …"), which no server reads.
    bool isOfPsql = false;
};

/// The statements of a file. A semicolon in the body of a function (BEGIN ATOMIC … END) divides
/// nothing, and the rows behind COPY … FROM stdin are no statements.
[[nodiscard]] QList<SqlPart> sqlParts(const QByteArray &sql);

} // namespace pilothouse
