#include "migration/recipe/sqltext.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QSet>

namespace pilothouse {

namespace {

constexpr qsizetype longestName = 63;

/// Words that PostgreSQL 15 to 18 refuse as a plain column or table name (SQL Key Words appendix:
/// "reserved", with and without "can be function or type").
const QSet<QString> &reservedWords()
{
    static const QSet<QString> words = [] {
        const QString text = QStringLiteral(
            "all analyse analyze and any array as asc asymmetric authorization binary both case "
            "cast check collate collation column concurrently constraint create cross "
            "current_catalog current_date current_role current_schema current_time "
            "current_timestamp current_user default deferrable desc distinct do else end except "
            "false fetch for foreign freeze from full grant group having ilike in initially inner "
            "intersect into is isnull join lateral leading left like limit localtime "
            "localtimestamp natural not notnull null offset on only or order outer overlaps "
            "placing primary references returning right select session_user similar some "
            "symmetric system_user table tablesample then to trailing true union unique user "
            "using variadic verbose when where window with");
        const QStringList list = text.split(QLatin1Char(' '));
        return QSet<QString>(list.begin(), list.end());
    }();
    return words;
}

/// At most `bytes` of UTF-8, no character cut in two.
QString cut(const QString &text, qsizetype bytes)
{
    QString result = text;
    while (result.toUtf8().size() > bytes)
        result.chop(result.size() > 1 && result.back().isLowSurrogate() ? 2 : 1);
    return result;
}

} // namespace

QString sqlName(const TableName &table)
{
    return sqlName(table.schema) + QLatin1Char('.') + sqlName(table.name);
}

QString sqlName(const QString &identifier)
{
    static const QRegularExpression plain(QStringLiteral("\\A[a-z_][a-z0-9_]*\\z"));
    if (plain.match(identifier).hasMatch() && !reservedWords().contains(identifier))
        return identifier;
    QString inner = identifier;
    inner.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + inner + QLatin1Char('"');
}

QString sqlText(const QString &text)
{
    QString inner = text;
    inner.remove(QChar(QChar::Null)); // PostgreSQL's texts cannot hold it
    inner.replace(QLatin1Char('\''), QStringLiteral("''"));
    if (!inner.contains(QLatin1Char('\\')))
        return QLatin1Char('\'') + inner + QLatin1Char('\'');
    inner.replace(QLatin1Char('\\'), QStringLiteral("\\\\"));
    return QStringLiteral("E'") + inner + QLatin1Char('\'');
}

QString objectName(const QString &stem, const QString &suffix)
{
    QString whole = stem + suffix;
    if (whole.toUtf8().size() <= longestName)
        return whole;
    const QByteArray digest
        = QCryptographicHash::hash(stem.toUtf8(), QCryptographicHash::Sha256).toHex().left(8);
    const QString tail = QLatin1Char('_') + QString::fromLatin1(digest) + suffix;
    return cut(stem, longestName - tail.toUtf8().size()) + tail;
}

} // namespace pilothouse
