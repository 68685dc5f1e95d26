#include "workspace/clusterreader.h"

#include "base/words.h"
#include "workspace/helmreader.h"
#include "workspace/sharedfields.h"

#include <QRegularExpression>

namespace pilothouse {

namespace {

using Need = Fields::Need;

template <typename Place, typename AnyControl>
Place *placeIn(AnyControl &control)
{
    return std::visit(
        [](auto &one) -> Place * {
            if constexpr (requires { one.at; })
                return &one.at;
            else
                return nullptr;
        },
        control);
}

} // namespace

ClusterPlace readPlace(Fields &fields, const QString &folder)
{
    ClusterPlace place;
    const std::optional<QString> kubeconfig = fields.text("kubeconfig", Need::Optional);
    place.kubeconfig = kubeconfig ? absolutePath(*kubeconfig, folder) : QString();
    place.context = fields.text("context").value_or(QString());
    place.nameSpace = readKubernetesName(fields, "namespace");
    return place;
}

void refuseSameEnds(Fields &fields, const QString &stable, const QString &candidate)
{
    if (candidate.isEmpty() || candidate != stable)
        return;
    fields.report("candidate", Words::tr("candidate: expected another Service than stable, found "
                                         "\"%1\" for both")
                                   .arg(candidate));
}

QString readAnnotationsPrefix(Fields &fields, const QString &absent)
{
    const std::optional<QString> prefix = fields.text("annotations_prefix", Need::Optional);
    if (!prefix)
        return absent;
    static const QRegularExpression valid(
        QStringLiteral(R"(^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$)"));
    if (!valid.match(*prefix).hasMatch())
        fields.report("annotations_prefix",
                      Words::tr("annotations_prefix: expected a name such as "
                                "nginx.ingress.kubernetes.io, without a slash, found \"%1\"")
                          .arg(*prefix));
    return *prefix;
}

const ClusterPlace *placeOf(const Control &control)
{
    return placeIn<const ClusterPlace>(control);
}

ClusterPlace *placeOf(Control &control)
{
    return placeIn<ClusterPlace>(control);
}

Control readHttpRoute(Fields &fields, const QString &folder)
{
    HttpRouteSettings control;
    control.at = readPlace(fields, folder);
    control.name = readKubernetesName(fields, "name");
    control.stable = readKubernetesName(fields, "stable");
    control.candidate = readKubernetesName(fields, "candidate");
    control.program = readHelmProgram(fields, folder);
    refuseSameEnds(fields, control.stable, control.candidate);
    return control;
}

Control readArgoRollout(Fields &fields, const QString &folder)
{
    ArgoRolloutSettings control;
    control.at = readPlace(fields, folder);
    control.name = readKubernetesName(fields, "name");
    return control;
}

Control readNginxCanary(Fields &fields, const QString &folder)
{
    NginxCanarySettings control;
    control.at = readPlace(fields, folder);
    control.name = readKubernetesName(fields, "name");
    control.stable = readKubernetesName(fields, "stable");
    control.candidate = readKubernetesName(fields, "candidate");
    control.prefix = readAnnotationsPrefix(fields, control.prefix);
    refuseSameEnds(fields, control.stable, control.candidate);
    return control;
}

Control readIstio(Fields &fields, const QString &folder)
{
    IstioSettings control;
    control.at = readPlace(fields, folder);
    control.name = readKubernetesName(fields, "name");
    control.stable = readKubernetesName(fields, "stable");
    control.candidate = readKubernetesName(fields, "candidate");
    control.stableSubset = fields.text("stable_subset", Need::Optional).value_or(QString());
    control.candidateSubset = fields.text("candidate_subset", Need::Optional).value_or(QString());
    if (control.stableSubset == control.candidateSubset)
        refuseSameEnds(fields, control.stable, control.candidate);
    return control;
}

Control readFlagger(Fields &fields, const QString &folder)
{
    FlaggerSettings control;
    control.at = readPlace(fields, folder);
    control.name = readKubernetesName(fields, "name");
    return control;
}

} // namespace pilothouse
