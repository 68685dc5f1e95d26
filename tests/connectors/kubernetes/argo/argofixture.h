#pragma once

#include "argoobjects.h"
#include "controlfixture.h"

#include "connectors/kubernetes/argo/argocontrol.h"

namespace pilothouse {

struct ArgoFixture : ControlFixture<ArgoControl, ArgoWorld>
{
    ArgoFixture()
        : ControlFixture(ArgoControl::Settings{argoNames(), QStringLiteral("prod")}, argoNames())
    {
        lists = {setObjects(), setPods()};
        object = rolloutObject();
    }
    [[nodiscard]] static OwnRequest own(const char *action)
    {
        OwnRequest request;
        request.action = QLatin1String(action);
        request.expectedVersion = QStringLiteral("81723");
        request.actor = QStringLiteral("mara");
        request.reason = QStringLiteral("errors");
        request.intent = IntentId(QStringLiteral("i8"));
        return request;
    }
    /// The deed that the write of this number notes, if it does.
    [[nodiscard]] Deed deedIn(int write) const
    {
        const QJsonObject annotations = body(write)
                                            .value(QLatin1String("metadata"))
                                            .toObject()
                                            .value(QLatin1String("annotations"))
                                            .toObject();
        const QString text = annotations.value(QLatin1String(deedsAnnotation)).toString();
        return decodeDeeds(text.toUtf8()).value(0);
    }
    /// After a resume the controller has not gone on yet.
    [[nodiscard]] static QJsonObject resumed(const QByteArray &version)
    {
        return with(rolloutObject(version), "status.pauseConditions", QJsonValue::Undefined);
    }
};

} // namespace pilothouse
