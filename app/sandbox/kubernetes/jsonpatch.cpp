#include "app/sandbox/kubernetes/jsonpatch.h"

#include <QStringList>

#include <optional>

namespace pilothouse::sandbox {

namespace {

using Failure = tl::unexpected<PatchFailure>;

Failure failed(const QString &reason)
{
    return Failure(PatchFailure{PatchFailure::Kind::Failed, reason});
}

Failure malformed(const QString &reason)
{
    return Failure(PatchFailure{PatchFailure::Kind::Malformed, reason});
}

/// "/a/b~1c" → ["a", "b/c"]; nullopt if it is no pointer.
std::optional<QStringList> pointer(const QString &path)
{
    if (path.isEmpty())
        return QStringList();
    if (!path.startsWith(QLatin1Char('/')))
        return std::nullopt;
    QStringList parts = path.mid(1).split(QLatin1Char('/'));
    for (QString &part : parts)
        part.replace(QLatin1String("~1"), QLatin1String("/"))
            .replace(QLatin1String("~0"), QLatin1String("~"));
    return parts;
}

std::optional<qsizetype> arrayIndex(const QString &part, qsizetype limit)
{
    bool ok = false;
    const qsizetype index = part.toInt(&ok);
    if (!ok || index < 0 || index > limit || (part.size() > 1 && part.startsWith(QLatin1Char('0'))))
        return std::nullopt;
    return index;
}

std::optional<QJsonValue> valueAt(const QJsonValue &root, const QStringList &path)
{
    QJsonValue value = root;
    for (const QString &part : path) {
        if (value.isObject()) {
            const QJsonObject object = value.toObject();
            const auto it = object.find(part);
            if (it == object.end())
                return std::nullopt;
            value = it.value();
        } else if (value.isArray()) {
            const QJsonArray array = value.toArray();
            const auto index = arrayIndex(part, array.size() - 1);
            if (!index)
                return std::nullopt;
            value = array.at(*index);
        } else {
            return std::nullopt;
        }
    }
    return value;
}

enum class Edit { Add, Replace, Remove };

/// `root` with one place edited; nullopt if the place is not there.
std::optional<QJsonValue> edited(const QJsonValue &root, const QStringList &path, Edit edit,
                                 const QJsonValue &value)
{
    if (path.isEmpty())
        return edit == Edit::Remove ? QJsonValue(QJsonValue::Null) : value;
    const QString &part = path.first();
    const QStringList rest = path.mid(1);
    if (root.isObject()) {
        QJsonObject object = root.toObject();
        const bool there = object.contains(part);
        if (rest.isEmpty()) {
            if (!there && edit != Edit::Add)
                return std::nullopt;
            if (edit == Edit::Remove)
                object.remove(part);
            else
                object.insert(part, value);
            return object;
        }
        if (!there)
            return std::nullopt;
        const auto inner = edited(object.value(part), rest, edit, value);
        if (!inner)
            return std::nullopt;
        object.insert(part, *inner);
        return object;
    }
    if (!root.isArray())
        return std::nullopt;
    QJsonArray array = root.toArray();
    if (rest.isEmpty() && edit == Edit::Add) {
        const auto index = part == QLatin1String("-") ? std::optional(array.size())
                                                      : arrayIndex(part, array.size());
        if (!index)
            return std::nullopt;
        array.insert(*index, value);
        return array;
    }
    const auto index = arrayIndex(part, array.size() - 1);
    if (!index)
        return std::nullopt;
    if (!rest.isEmpty()) {
        const auto inner = edited(array.at(*index), rest, edit, value);
        if (!inner)
            return std::nullopt;
        array[*index] = *inner;
    } else if (edit == Edit::Remove) {
        array.removeAt(*index);
    } else {
        array[*index] = value;
    }
    return array;
}

tl::expected<QJsonValue, PatchFailure> applyOperation(const QJsonValue &target,
                                                      const QJsonObject &operation)
{
    const QString op = operation.value(QLatin1String("op")).toString();
    const QString pathText = operation.value(QLatin1String("path")).toString();
    const auto path = pointer(pathText);
    if (!path || !operation.value(QLatin1String("path")).isString())
        return malformed(QStringLiteral("missing or invalid path"));
    const QJsonValue value = operation.value(QLatin1String("value"));
    const auto missing = [&] {
        return failed(QStringLiteral("%1 operation does not apply: doc is missing path: %2")
                          .arg(op, pathText));
    };
    const auto editTo
        = [&](Edit edit, const QJsonValue &with) -> tl::expected<QJsonValue, PatchFailure> {
        const auto result = edited(target, *path, edit, with);
        if (!result)
            return missing();
        return *result;
    };
    if (op == QLatin1String("add"))
        return editTo(Edit::Add, value);
    if (op == QLatin1String("replace"))
        return editTo(Edit::Replace, value);
    if (op == QLatin1String("remove"))
        return editTo(Edit::Remove, {});
    if (op == QLatin1String("test")) {
        const auto found = valueAt(target, *path);
        // A missing value equals null, as in the server's own library.
        const QJsonValue actual = found.value_or(QJsonValue(QJsonValue::Null));
        if (actual != (value.isUndefined() ? QJsonValue(QJsonValue::Null) : value))
            return failed(QStringLiteral("testing value %1 failed").arg(pathText));
        return target;
    }
    if (op == QLatin1String("copy") || op == QLatin1String("move")) {
        const auto from = pointer(operation.value(QLatin1String("from")).toString());
        const auto found = from ? valueAt(target, *from) : std::nullopt;
        if (!found)
            return missing();
        const auto base = op == QLatin1String("move")
                              ? edited(target, *from, Edit::Remove, {}).value_or(target)
                              : target;
        const auto result = edited(base, *path, Edit::Add, *found);
        if (!result)
            return missing();
        return *result;
    }
    return malformed(QStringLiteral("unexpected kind: %1").arg(op));
}

} // namespace

tl::expected<QJsonObject, PatchFailure> applyJsonPatch(const QJsonObject &target,
                                                       const QJsonArray &patch)
{
    QJsonValue value = target;
    for (const auto &operation : patch) {
        if (!operation.isObject())
            return malformed(QStringLiteral("an operation is not an object"));
        const auto next = applyOperation(value, operation.toObject());
        if (!next)
            return tl::unexpected<PatchFailure>(next.error());
        value = *next;
    }
    if (!value.isObject())
        return failed(QStringLiteral("the result is not an object"));
    return value.toObject();
}

QJsonObject applyMergePatch(const QJsonObject &target, const QJsonObject &patch)
{
    QJsonObject out = target;
    for (auto it = patch.begin(); it != patch.end(); ++it) {
        if (it.value().isNull())
            out.remove(it.key());
        else if (it.value().isObject())
            out.insert(it.key(),
                       applyMergePatch(out.value(it.key()).toObject(), it.value().toObject()));
        else
            out.insert(it.key(), it.value());
    }
    return out;
}

} // namespace pilothouse::sandbox
