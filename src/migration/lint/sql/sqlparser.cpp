#include "migration/lint/sql/sqlparser.h"

#include "base/words.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <pg_query.h>

#include <memory>

namespace pilothouse {
namespace {

/// Of what libpg_query hands out.
struct Answer
{
    explicit Answer(const QByteArray &sql) : result(pg_query_parse(sql.constData())) {}
    ~Answer() { pg_query_free_parse_result(result); }
    Q_DISABLE_COPY_MOVE(Answer)

    PgQueryParseResult result;
};

} // namespace

Result<SqlTree> parseSql(const QByteArray &statement)
{
    const Answer answer(statement);
    if (answer.result.error)
        return fail(ErrorKind::BadInput, QString::fromUtf8(answer.result.error->message),
                    QStringLiteral("at byte %1").arg(answer.result.error->cursorpos));
    const QJsonObject all = QJsonDocument::fromJson(answer.result.parse_tree).object();
    const QJsonArray statements = all.value(QLatin1String("stmts")).toArray();
    if (statements.size() != 1)
        return fail(ErrorKind::BadInput,
                    Words::tr("These are %1 statements, and not one.").arg(statements.size()));
    const QJsonObject statementNode
        = statements.first().toObject().value(QLatin1String("stmt")).toObject();
    if (statementNode.isEmpty())
        return fail(ErrorKind::BadInput, Words::tr("This is an empty statement."));
    return SqlTree{statementNode.constBegin().key(), statementNode.constBegin().value().toObject()};
}

} // namespace pilothouse
