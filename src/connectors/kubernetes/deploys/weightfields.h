#pragma once

#include "document/yamlnode.h"

#include <QStringList>

#include <functional>
#include <optional>

namespace pilothouse {

/// What an object, as somebody would apply it, says of the weights.
struct AppliedWeights
{
    enum class Says { NoObject, Nothing, Weights } says = Says::NoObject;
    std::optional<int> percent; ///< of the candidate, where a write of ours would look the same

    bool operator==(const AppliedWeights &) const = default;
};

/// How the weights stand in their object.
struct WeightFields
{
    /// What a client that applies by itself (Helm 3, kubectl apply) sends of them.
    enum class Patch {
        Changes,     ///< Helm: what differs between its two manifests (a custom resource)
        Differences, ///< what differs from the live object (a built-in kind)
    };

    QString kind;    ///< "HTTPRoute"
    QStringList path; ///< in managed fields: "f:spec", "f:rules"
    Patch patch = Patch::Differences;
    /// Of an object of that kind and name.
    std::function<AppliedWeights(const YamlNode &object)> read;
};

/// Those in a manifest of several YAML documents, for the object called `name` in `nameSpace`.
[[nodiscard]] AppliedWeights weightsIn(const QString &manifest, const WeightFields &fields,
                                       const QString &nameSpace, const QString &name);

} // namespace pilothouse
