#include "app/sandbox/kubernetes/validation.h"

#include "app/sandbox/kubernetes/objectstore.h"

#include <QJsonArray>

#include <cmath>

namespace pilothouse::sandbox {

namespace {

constexpr qint64 mostWeight = 1'000'000;
constexpr qsizetype mostBackends = 16;

const QStringList &knownRuleFields()
{
    static const QStringList names = QStringLiteral("name matches filters backendRefs timeouts "
                                                    "retry sessionPersistence")
                                         .split(QLatin1Char(' '));
    return names;
}

const QStringList &knownBackendFields()
{
    static const QStringList names
        = QStringLiteral("group kind name namespace port weight filters").split(QLatin1Char(' '));
    return names;
}

std::optional<Refusal> unknownField(const QJsonObject &object, const QStringList &known,
                                    const QString &path)
{
    for (const QString &key : object.keys())
        if (!known.contains(key))
            return badRequest(
                QStringLiteral("strict decoding error: unknown field \"%1.%2\"").arg(path, key));
    return std::nullopt;
}

std::optional<Refusal> backendProblem(const ResourceType &type, const QString &name,
                                      const QJsonObject &backend, const QString &path)
{
    const auto refuse = [&](const char *field, const QString &detail) {
        return invalidField(type, name, path + QLatin1Char('.') + QLatin1String(field), detail);
    };
    if (!backend.value(QLatin1String("name")).isString())
        return refuse("name", QStringLiteral("Required value"));
    if (!backend.contains(QLatin1String("port")))
        return invalidField(type, name, path,
                            QStringLiteral("Invalid value: \"object\": Must have port for Service "
                                           "reference"));
    const QJsonValue weight = backend.value(QLatin1String("weight"));
    if (weight.isUndefined())
        return std::nullopt;
    if (!weight.isDouble() || std::floor(weight.toDouble()) != weight.toDouble())
        return refuse(
            "weight",
            QStringLiteral("Invalid value: \"%1\": %2.weight in body must be of type "
                           "integer: \"%1\"")
                .arg(weight.isString() ? QStringLiteral("string") : QStringLiteral("number"),
                     path));
    const qint64 value = weight.toInteger();
    if (value < 0)
        return refuse("weight",
                      QStringLiteral("Invalid value: %1: %2.weight in body should be greater than "
                                     "or equal to 0")
                          .arg(value)
                          .arg(path));
    if (value > mostWeight)
        return refuse("weight",
                      QStringLiteral("Invalid value: %1: %2.weight in body should be less than or "
                                     "equal to 1e+06")
                          .arg(value)
                          .arg(path));
    return std::nullopt;
}

} // namespace

std::optional<Refusal> validate(const ResourceType &type, const QJsonObject &object,
                                FieldValidation fields)
{
    if (type.kind != QLatin1String("HTTPRoute"))
        return std::nullopt;
    const QString name = nameOf(object);
    const QJsonArray rules
        = object.value(QLatin1String("spec")).toObject().value(QLatin1String("rules")).toArray();
    for (qsizetype i = 0; i < rules.size(); ++i) {
        const QString path = QStringLiteral("spec.rules[%1]").arg(i);
        const QJsonObject rule = rules[i].toObject();
        if (fields == FieldValidation::Strict)
            if (auto wrong = unknownField(rule, knownRuleFields(), path))
                return wrong;
        const QJsonArray backends = rule.value(QLatin1String("backendRefs")).toArray();
        if (backends.size() > mostBackends)
            return invalidField(type, name, path + QLatin1String(".backendRefs"),
                                QStringLiteral("Too many: %1: must have at most %2 items")
                                    .arg(backends.size())
                                    .arg(mostBackends));
        for (qsizetype j = 0; j < backends.size(); ++j) {
            const QString inner = path + QStringLiteral(".backendRefs[%1]").arg(j);
            const QJsonObject backend = backends[j].toObject();
            if (fields == FieldValidation::Strict)
                if (auto wrong = unknownField(backend, knownBackendFields(), inner))
                    return wrong;
            if (auto wrong = backendProblem(type, name, backend, inner))
                return wrong;
        }
    }
    return std::nullopt;
}

} // namespace pilothouse::sandbox
