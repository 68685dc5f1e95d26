#include "connectors/kubernetes/deploys/appliedweights.h"

#include "connectors/kubernetes/deploys/manifestobjects.h"
#include "connectors/kubernetes/login/execplugin.h"

namespace pilothouse {

Result<AppliedWeights> weightsIn(const QString &manifest, const WeightFields &fields,
                                 const QString &nameSpace, const QString &name)
{
    for (const YamlNode &object : manifestObjects(manifest)) {
        const YamlNode metadata = object.value(u"metadata");
        // Left out, it is the release's own, and so is the object's.
        const QString where = metadata.value(u"namespace").text();
        if (object.value(u"kind").text() == fields.kind && metadata.value(u"name").text() == name
            && (where.isEmpty() || where == nameSpace))
            return fields.read(jsonOf(object).toObject());
    }
    return AppliedWeights{};
}

} // namespace pilothouse
