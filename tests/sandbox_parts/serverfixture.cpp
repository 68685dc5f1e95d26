#include "sandbox_parts/serverfixture.h"

namespace pilothouse::sandbox {

Result<PgSession::Rows> asked(const PgSession::Place &place, const QByteArray &sql)
{
    PgSession session;
    std::optional<Result<PgSession::Rows>> answer;
    QObject::connect(&session, &PgSession::lost, &session,
                     [&](const Error &error) { answer = fail(error); });
    session.open(place);
    session.ask(sql, [&](const Result<PgSession::Rows> &rows) { answer = rows; });
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
        return fail(ErrorKind::TimedOut, QStringLiteral("no answer"));
    return *answer;
}

QByteArray value(const PgSession::Place &place, const QByteArray &sql)
{
    const auto rows = asked(place, sql);
    if (!rows)
        return (rows.error().message + rows.error().detail).toUtf8();
    return rows->size() == 1 && rows->first().size() == 1 ? rows->first().first()
                                                          : QByteArray("not one value");
}

} // namespace pilothouse::sandbox
