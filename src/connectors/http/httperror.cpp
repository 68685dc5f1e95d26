#include "connectors/http/httperror.h"

#include "base/words.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QTimeZone>

namespace pilothouse {
namespace {

constexpr qsizetype keptCharacters = 2000;

QByteArray valueOf(const HttpHeaders &headers, const char *name)
{
    for (const auto &[key, value] : headers) {
        if (key == name)
            return value;
    }
    return {};
}

// When to come back, by this machine's clock: servers tell seconds, or a time of their own clock.
std::optional<QDateTime> retryTime(const HttpHeaders &headers, const QDateTime &now)
{
    const QDateTime serverNow = httpDate(valueOf(headers, "date"));
    const auto byOurClock = [&](const QDateTime &theirs) {
        return serverNow.isValid() ? now.addMSecs(serverNow.msecsTo(theirs)) : theirs;
    };
    if (const QByteArray after = valueOf(headers, "retry-after").trimmed(); !after.isEmpty()) {
        bool number = false;
        const qint64 seconds = after.toLongLong(&number);
        if (number && seconds >= 0)
            return now.addSecs(seconds);
        const QDateTime at = httpDate(after);
        if (at.isValid())
            return byOurClock(at);
    }
    if (valueOf(headers, "x-ratelimit-remaining").trimmed() == "0") {
        bool number = false;
        const qint64 epoch = valueOf(headers, "x-ratelimit-reset").trimmed().toLongLong(&number);
        if (number)
            return byOurClock(QDateTime::fromSecsSinceEpoch(epoch, QTimeZone::utc()));
    }
    return std::nullopt;
}

// Most APIs say in JSON what is wrong: GitHub and Kubernetes in `message`, Google in
// `error.message`, Prometheus in `error`.
QString wordsOf(const QByteArray &body)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    QString words = object.value(QLatin1String("message")).toString();
    const QJsonValue error = object.value(QLatin1String("error"));
    if (words.isEmpty())
        words = error.isObject() ? error.toObject().value(QLatin1String("message")).toString()
                                 : error.toString();
    words = words.simplified();
    while (words.endsWith(QLatin1Char('.')))
        words.chop(1);
    return words.left(300);
}

ErrorKind kindOf(int status, const HttpHeaders &headers)
{
    switch (status) {
    case 401:
        return ErrorKind::SignedOut;
    case 403:
        return valueOf(headers, "x-ratelimit-remaining").trimmed() == "0"
                       || !valueOf(headers, "retry-after").isEmpty()
                   ? ErrorKind::RateLimited
                   : ErrorKind::NotAllowed;
    case 404:
    case 410:
        return ErrorKind::NotFound;
    case 409:
    case 412:
        return ErrorKind::Conflict;
    case 429:
        return ErrorKind::RateLimited;
    default:
        return status >= 500 ? ErrorKind::Unavailable : ErrorKind::BadInput;
    }
}

QString sentence(const QString &system, int status, const Error &error, const QString &words)
{
    const QString said = words.isEmpty() ? QString() : Words::tr(" It says: %1.").arg(words);
    switch (error.kind) {
    case ErrorKind::SignedOut:
        return Words::tr("%1 does not accept the credential (401). Sign in again.%2")
            .arg(system, said);
    case ErrorKind::NotAllowed:
        return Words::tr("%1 does not allow this to the account in use (403). Ask for the right or "
                         "use another account.%2")
            .arg(system, said);
    case ErrorKind::RateLimited:
        if (error.retryAt)
            return Words::tr("%1 limits requests and asks to wait until %2.")
                .arg(system, error.retryAt->toLocalTime().toString(QStringLiteral("HH:mm:ss")));
        return Words::tr("%1 limits requests (%2). Wait a minute before the next try.")
            .arg(system)
            .arg(status);
    case ErrorKind::NotFound:
        return Words::tr("%1 does not have what was asked for (%2). Check the names in the "
                         "workspace file.%3")
            .arg(system)
            .arg(status)
            .arg(said);
    case ErrorKind::Conflict:
        return Words::tr("%1 refused because somebody else acted first (%2). Read again.%3")
            .arg(system)
            .arg(status)
            .arg(said);
    case ErrorKind::Unavailable:
        return Words::tr("%1 cannot answer now (%2). Try again in a moment.%3")
            .arg(system)
            .arg(status)
            .arg(said);
    default:
        return Words::tr("%1 does not accept the request (%2).%3")
            .arg(system)
            .arg(status)
            .arg(said.isEmpty() ? Words::tr(" The details show its answer.") : said);
    }
}

} // namespace

Error statusError(const QString &systemName, int status, const HttpHeaders &headers,
                  const QByteArray &body, const QDateTime &now)
{
    Error error;
    error.kind = kindOf(status, headers);
    error.retryAt = retryTime(headers, now);
    error.message = sentence(systemName, status, error, wordsOf(body));
    error.detail = QStringLiteral("HTTP %1").arg(status);
    if (!body.isEmpty())
        error.detail += QLatin1Char('\n') + QString::fromUtf8(body).left(keptCharacters);
    return error;
}

int statusOf(const Error &error)
{
    if (!error.detail.startsWith(QLatin1String("HTTP ")))
        return 0;
    return QStringView(error.detail).mid(5, 3).toInt();
}

QByteArray bodyOf(const Error &error)
{
    const qsizetype line = error.detail.indexOf(QLatin1Char('\n'));
    return statusOf(error) == 0 || line < 0 ? QByteArray() : error.detail.mid(line + 1).toUtf8();
}

QDateTime httpDate(const QByteArray &text)
{
    const QDateTime local = QLocale::c().toDateTime(
        QString::fromLatin1(text.trimmed()), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
    if (!local.isValid())
        return {};
    return QDateTime(local.date(), local.time(), QTimeZone::utc());
}

} // namespace pilothouse
