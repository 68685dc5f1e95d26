#include "connectors/http/jsonreader.h"

#include "base/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {
namespace {

bool isInteger(const QJsonValue &value)
{
    // toInteger gives its fallback for everything that is not exactly an integer.
    return value.isDouble() && (value.toInteger(0) != 0 || value.toInteger(1) == 0);
}

} // namespace

struct JsonReader::Shared
{
    QString source;
    QString problem;
};

JsonReader::JsonReader(QJsonValue value, QString path, std::shared_ptr<Shared> shared)
    : m_value(std::move(value)), m_path(std::move(path)), m_shared(std::move(shared))
{}

Result<JsonReader> JsonReader::parse(const QByteArray &text, const QString &source)
{
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorKind::Malformed,
                    Words::tr("%1 answered with something that is not JSON. Check the address; a "
                              "proxy or a sign-in page may stand in between.")
                        .arg(source),
                    QStringLiteral("%1 at byte %2: %3")
                        .arg(error.errorString())
                        .arg(error.offset)
                        .arg(QString::fromUtf8(text.left(200))));
    return of(document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object()),
              source);
}

JsonReader JsonReader::of(const QJsonValue &value, const QString &source)
{
    auto shared = std::make_shared<Shared>();
    shared->source = source;
    return JsonReader(value, {}, std::move(shared));
}

void JsonReader::complain(const QString &expected) const
{
    if (m_shared->problem.isEmpty())
        m_shared->problem = Words::tr("%1: expected %2")
                                .arg(m_path.isEmpty() ? Words::tr("the answer") : m_path, expected);
}

std::optional<Error> JsonReader::problem() const
{
    if (m_shared->problem.isEmpty())
        return std::nullopt;
    return Error{ErrorKind::Malformed,
                 Words::tr("%1 gave an answer that cannot be read: %2.")
                     .arg(m_shared->source, m_shared->problem),
                 m_shared->problem,
                 {}};
}

JsonReader JsonReader::at(const QString &key) const
{
    if (!m_value.isObject())
        complain(Words::tr("an object"));
    return JsonReader(m_value.toObject().value(key),
                      m_path.isEmpty() ? key : m_path + QLatin1Char('.') + key, m_shared);
}

JsonReader JsonReader::at(const char *key) const
{
    return at(QString::fromLatin1(key));
}

bool JsonReader::has(const char *key) const
{
    const QJsonValue value = at(key).m_value;
    return !value.isUndefined() && !value.isNull();
}

JsonReader JsonReader::child(const char *key) const
{
    JsonReader reader = at(key);
    if (!reader.m_value.isObject())
        reader.complain(Words::tr("an object"));
    return reader;
}

std::optional<JsonReader> JsonReader::find(const char *key) const
{
    if (!has(key))
        return std::nullopt;
    return at(key);
}

QList<JsonReader> JsonReader::items(const char *key) const
{
    return at(key).items();
}

QList<JsonReader> JsonReader::itemsIfAny(const char *key) const
{
    return has(key) ? items(key) : QList<JsonReader>();
}

QList<JsonReader> JsonReader::items() const
{
    if (!m_value.isArray()) {
        complain(Words::tr("an array"));
        return {};
    }
    const QJsonArray array = m_value.toArray();
    QList<JsonReader> result;
    result.reserve(array.size());
    for (qsizetype i = 0; i < array.size(); ++i)
        result.append(JsonReader(array.at(i), m_path + QStringLiteral("[%1]").arg(i), m_shared));
    return result;
}

qint64 JsonReader::asInteger() const
{
    if (isInteger(m_value))
        return m_value.toInteger();
    if (m_value.isString()) {
        bool good = false;
        const qint64 number = m_value.toString().toLongLong(&good);
        if (good)
            return number;
    }
    complain(Words::tr("an integer"));
    return 0;
}

qint64 JsonReader::integer(const char *key) const
{
    return at(key).asInteger();
}

qint64 JsonReader::integerOr(const char *key, qint64 fallback) const
{
    return has(key) ? integer(key) : fallback;
}

double JsonReader::asNumber() const
{
    if (!m_value.isDouble())
        complain(Words::tr("a number"));
    return m_value.toDouble();
}

double JsonReader::number(const char *key) const
{
    return at(key).asNumber();
}

QString JsonReader::asString() const
{
    if (!m_value.isString())
        complain(Words::tr("a string"));
    return m_value.toString();
}

QString JsonReader::string(const char *key) const
{
    return at(key).asString();
}

QString JsonReader::stringOr(const char *key, const QString &fallback) const
{
    return has(key) ? string(key) : fallback;
}

bool JsonReader::flag(const char *key) const
{
    if (!has(key))
        return false;
    const JsonReader reader = at(key);
    if (!reader.m_value.isBool())
        reader.complain(Words::tr("true or false"));
    return reader.m_value.toBool();
}

QDateTime JsonReader::time(const char *key) const
{
    const QString text = stringOr(key);
    if (text.isEmpty())
        return {};
    QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs).toUTC();
    if (!time.isValid())
        at(key).complain(Words::tr("a time like 2026-11-24T13:30:00Z"));
    return time;
}

QHash<QString, QString> JsonReader::strings(const char *key) const
{
    QHash<QString, QString> result;
    if (!has(key))
        return result;
    const JsonReader object = child(key);
    const QJsonObject members = object.m_value.toObject();
    for (auto it = members.begin(); it != members.end(); ++it)
        result.insert(it.key(), object.at(it.key()).asString());
    return result;
}

} // namespace pilothouse
