#include "connectors/postgres/servererror.h"

#include "base/words.h"

namespace pilothouse {

namespace {

Error error(ErrorKind kind, const QString &message, const QString &detail)
{
    return {kind, message, detail, {}};
}

/// Errors of a connection that did not come about, told by their words alone.
Error connectError(const QString &text, const QString &place)
{
    struct Known
    {
        const char *words;
        ErrorKind kind;
        const char *end = "";
    };
    static const Known known[] = {
        {"role \"", ErrorKind::SignedOut, "\" does not exist"},
        {"database \"", ErrorKind::NotFound, "\" does not exist"},
        {"password authentication failed", ErrorKind::SignedOut},
        {"no password supplied", ErrorKind::SignedOut},
        {"authentication failed", ErrorKind::SignedOut},
        {"no pg_hba.conf entry", ErrorKind::SignedOut},
        {"certificate", ErrorKind::SignedOut},
        {"definition of service", ErrorKind::BadInput},
        {"service file", ErrorKind::BadInput},
        {"is not permitted to log in", ErrorKind::SignedOut},
        {"permission denied for database", ErrorKind::NotAllowed},
        {"timeout expired", ErrorKind::TimedOut},
    };
    ErrorKind kind = ErrorKind::Unavailable;
    for (const Known &entry : known) {
        const auto at = text.indexOf(QLatin1String(entry.words));
        if (at >= 0 && text.indexOf(QLatin1String(entry.end), at) >= 0) {
            kind = entry.kind;
            break;
        }
    }
    switch (kind) {
    case ErrorKind::SignedOut:
        return error(
            kind,
            Words::tr("%1 refused the login. Check the user and the entry in pgpass.").arg(place),
            text);
    case ErrorKind::BadInput:
        return error(
            kind, Words::tr("libpq knows no service %1. Check pg_service.conf.").arg(place), text);
    case ErrorKind::NotFound:
        return error(kind, Words::tr("%1: there is no such database on that server.").arg(place),
                     text);
    case ErrorKind::NotAllowed:
        return error(kind, Words::tr("%1: this login may not connect to that database.").arg(place),
                     text);
    case ErrorKind::TimedOut:
        return error(kind, Words::tr("%1 did not answer in time.").arg(place), text);
    default:
        return error(ErrorKind::Unavailable,
                     Words::tr("%1 cannot be reached; it is tried again.").arg(place), text);
    }
}

} // namespace

Error serverError(const QString &sqlState, const QString &text, const QString &place)
{
    if (sqlState.isEmpty())
        return connectError(text, place);
    const QString sentence = text.section(QLatin1Char('\n'), 0, 0);
    const QString klass = sqlState.left(2);
    if (sqlState == QLatin1String("42501")) {
        return error(ErrorKind::NotAllowed,
                     Words::tr("%1: this login lacks a right: %2").arg(place, sentence), text);
    }
    if (klass == QLatin1String("28"))
        return error(ErrorKind::SignedOut, Words::tr("%1 refused the login.").arg(place), text);
    if (klass == QLatin1String("08") || sqlState == QLatin1String("57P01")
        || sqlState == QLatin1String("57P02") || sqlState == QLatin1String("57P03")) {
        return error(ErrorKind::Unavailable,
                     Words::tr("The connection to %1 was lost; it is made again.").arg(place),
                     text);
    }
    if (isLockTrouble(sqlState) || isCancelled(sqlState)) {
        return error(ErrorKind::TimedOut, Words::tr("%1 gave up waiting: %2").arg(place, sentence),
                     text);
    }
    if (klass == QLatin1String("53")) {
        return error(ErrorKind::Unavailable,
                     Words::tr("%1 has run out of something: %2").arg(place, sentence), text);
    }
    if (klass == QLatin1String("23")) {
        return error(ErrorKind::Conflict, Words::tr("A row breaks the rule: %1").arg(sentence),
                     text);
    }
    if (sqlState == QLatin1String("42P07") || sqlState == QLatin1String("42701")
        || sqlState == QLatin1String("42710")) {
        return error(ErrorKind::Conflict,
                     Words::tr("Something of that name is there already: %1").arg(sentence), text);
    }
    return error(ErrorKind::Internal, Words::tr("%1 refused a statement: %2").arg(place, sentence),
                 text);
}

bool isLockTrouble(const QString &sqlState)
{
    return sqlState == QLatin1String("55P03") || sqlState == QLatin1String("40P01")
           || sqlState == QLatin1String("40001");
}

bool isCancelled(const QString &sqlState)
{
    return sqlState == QLatin1String("57014");
}

} // namespace pilothouse
