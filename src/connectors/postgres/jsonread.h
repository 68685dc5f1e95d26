#pragma once

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace pilothouse {

/// Reads one object of a server's JSON answer; the first wrong value is kept with its path.
class JsonRead
{
public:
    JsonRead(QJsonObject object, QString path, QString &problem)
        : m_object(std::move(object)), m_path(std::move(path)), m_problem(&problem)
    {}

    [[nodiscard]] bool absent(const char *key) const
    {
        const QJsonValue value = m_object.value(QLatin1String(key));
        return value.isUndefined() || value.isNull();
    }
    /// Empty if null.
    [[nodiscard]] QString text(const char *key) const
    {
        const QJsonValue value = m_object.value(QLatin1String(key));
        if (!absent(key) && !value.isString())
            expected(key, QStringLiteral("a text"));
        return value.toString();
    }
    /// 0 if null.
    [[nodiscard]] qint64 integer(const char *key) const
    {
        const QJsonValue value = m_object.value(QLatin1String(key));
        if (!absent(key) && !value.isDouble())
            expected(key, QStringLiteral("an integer"));
        return value.toInteger();
    }
    /// false if null.
    [[nodiscard]] bool flag(const char *key) const
    {
        const QJsonValue value = m_object.value(QLatin1String(key));
        if (!absent(key) && !value.isBool())
            expected(key, QStringLiteral("true or false"));
        return value.toBool();
    }
    /// UTC; invalid if null.
    [[nodiscard]] QDateTime time(const char *key) const
    {
        const QString value = text(key);
        if (value.isEmpty())
            return {};
        QDateTime parsed = QDateTime::fromString(value, Qt::ISODateWithMs).toUTC();
        if (!parsed.isValid())
            expected(key, QStringLiteral("a time"));
        return parsed;
    }
    [[nodiscard]] std::optional<JsonRead> object(const char *key) const
    {
        if (absent(key))
            return std::nullopt;
        const QJsonValue value = m_object.value(QLatin1String(key));
        if (!value.isObject())
            expected(key, QStringLiteral("an object"));
        return JsonRead(value.toObject(), pathOf(key), *m_problem);
    }
    [[nodiscard]] QList<JsonRead> objects(const char *key) const
    {
        QList<JsonRead> list;
        const QJsonArray array = m_object.value(QLatin1String(key)).toArray();
        for (const auto &value : array) {
            list.append(JsonRead(value.toObject(),
                                 QStringLiteral("%1[%2]").arg(pathOf(key)).arg(list.size()),
                                 *m_problem));
        }
        return list;
    }

private:
    [[nodiscard]] QString pathOf(const char *key) const
    {
        return m_path + QLatin1Char('.') + QLatin1String(key);
    }
    void expected(const char *key, const QString &what) const
    {
        if (m_problem->isEmpty())
            *m_problem = QStringLiteral("%1: expected %2").arg(pathOf(key), what);
    }

    QJsonObject m_object;
    QString m_path;
    QString *m_problem;
};

} // namespace pilothouse
