#include "connectors/kubernetes/deploys/weightfields.h"

#include "connectors/kubernetes/helm/helmbody.h"

namespace pilothouse {

AppliedWeights weightsIn(const QString &manifest, const WeightFields &fields,
                         const QString &nameSpace, const QString &name)
{
    for (const YamlNode &object : manifestObjects(manifest)) {
        const YamlNode metadata = object.value(u"metadata");
        const QString where = metadata.value(u"namespace").text();
        if (object.value(u"kind").text() == fields.kind
            && metadata.value(u"name").text() == name && (where.isEmpty() || where == nameSpace))
            return fields.read(object);
    }
    return {};
}

} // namespace pilothouse
