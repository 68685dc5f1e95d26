#pragma once

#include "base/result.h"

#include <QJsonObject>

#include <functional>
#include <optional>

namespace pilothouse {

/// What an object says of the weights, as somebody would apply it.
struct AppliedWeights
{
    enum class Says { NoObject, Nothing, Weights };

    Says says = Says::NoObject;
    std::optional<int> percent; ///< of the candidate, where a weight of ours would look the same

    bool operator==(const AppliedWeights &) const = default;
};

/// How the weights stand in one kind of object.
struct WeightFields
{
    /// Helm 3 sends of a custom resource only what differs between its own two manifests, of a
    /// built-in kind also what differs from the live object.
    enum class Type { Custom, BuiltIn };

    QString kind; ///< "HTTPRoute"
    Type type = Type::Custom;
    /// Of an object of that kind without anything that only a server adds. Called in any thread.
    std::function<Result<AppliedWeights>(const QJsonObject &object)> read;
};

/// What a rendered manifest says for the object called `name` in `nameSpace`.
[[nodiscard]] Result<AppliedWeights> weightsIn(const QString &manifest, const WeightFields &fields,
                                               const QString &nameSpace, const QString &name);

} // namespace pilothouse
