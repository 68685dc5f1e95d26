#pragma once

#include "base/result.h"

#include <QDateTime>
#include <QHash>
#include <QJsonValue>
#include <QList>

#include <memory>
#include <optional>

namespace pilothouse {

/// Reads foreign JSON into our values, once, at the edge, and knows where it is.
///
/// The first thing that is not as expected is remembered for the whole document; getters then give
/// a default, so that decoding stays straight-line code. `finish(value)` at the end gives the value
/// or that Malformed error: "GitHub: jobs[3].id: expected an integer".
///
/// A reader is a place in a document and cheap to copy; copies share the remembered problem.
class JsonReader
{
public:
    /// Malformed for a text that is not JSON. `source` names the system in messages.
    [[nodiscard]] static Result<JsonReader> parse(const QByteArray &text, const QString &source);

    /// For what is parsed already.
    [[nodiscard]] static JsonReader of(const QJsonValue &value, const QString &source);

    /// There and not null.
    [[nodiscard]] bool has(const char *key) const;

    /// The member, which must be there.
    [[nodiscard]] JsonReader child(const char *key) const;
    /// The member, or nothing if it is absent or null.
    [[nodiscard]] std::optional<JsonReader> find(const char *key) const;
    /// The elements of an array member that must be there.
    [[nodiscard]] QList<JsonReader> items(const char *key) const;
    /// The same, but absent or null is empty.
    [[nodiscard]] QList<JsonReader> itemsIfAny(const char *key) const;
    /// The elements of this array.
    [[nodiscard]] QList<JsonReader> items() const;

    /// Exact to 64 bits, from a number or from a string of digits (Google's int64).
    [[nodiscard]] qint64 integer(const char *key) const;
    [[nodiscard]] qint64 integerOr(const char *key, qint64 fallback) const;
    [[nodiscard]] double number(const char *key) const;
    [[nodiscard]] QString string(const char *key) const;
    /// `fallback` for absent or null.
    [[nodiscard]] QString stringOr(const char *key, const QString &fallback = {}) const;
    /// An absent or null member is false.
    [[nodiscard]] bool flag(const char *key) const;
    /// RFC 3339, to UTC. Absent, null and "" are an invalid time, not an error.
    [[nodiscard]] QDateTime time(const char *key) const;
    /// An object of strings; absent or null is empty.
    [[nodiscard]] QHash<QString, QString> strings(const char *key) const;

    /// This place itself as a value of that type.
    [[nodiscard]] QString asString() const;
    [[nodiscard]] double asNumber() const;

    /// The value here, for what this reader has no word for.
    [[nodiscard]] const QJsonValue &value() const { return m_value; }
    /// "jobs[3].id"; empty at the top.
    [[nodiscard]] const QString &path() const { return m_path; }

    /// Remembers a problem at this place (the first one counts): `expected` completes "expected …".
    void complain(const QString &expected) const;

    /// The value, or the first problem of the document.
    template <typename T>
    [[nodiscard]] Result<T> finish(T result) const
    {
        if (const std::optional<Error> error = problem())
            return fail(*error);
        return result;
    }
    [[nodiscard]] std::optional<Error> problem() const;

private:
    struct Shared;

    JsonReader(QJsonValue value, QString path, std::shared_ptr<Shared> shared);
    [[nodiscard]] JsonReader at(const QString &key) const;
    [[nodiscard]] JsonReader at(const char *key) const;
    [[nodiscard]] qint64 asInteger() const;

    QJsonValue m_value;
    QString m_path;
    std::shared_ptr<Shared> m_shared;
};

} // namespace pilothouse
