#include "connectors/kubernetes/deploys/deployowner.h"

#include "base/words.h"

#include <QJsonDocument>

namespace pilothouse {
namespace {

constexpr QLatin1String lastAppliedKey("kubectl.kubernetes.io/last-applied-configuration");
const QString helmManager = QStringLiteral("helm");

QString broughtWords(const AppliedWeights &weights)
{
    return weights.percent ? Words::tr("%1 %").arg(*weights.percent)
                           : Words::tr("weights of its own");
}

NextDeploy byChart(const ReleaseChart &chart, WeightFields::Type type)
{
    if (!chart.pending.isEmpty())
        return unknownNextDeploy(Words::tr("a Helm deploy is under way (%1)").arg(chart.pending));
    if (chart.weights.says != AppliedWeights::Says::Weights)
        return {NextDeploy::Kind::Keeps,
                Words::tr("the next Helm deploy keeps this weight: its chart sets none (checked: "
                          "revision %1)")
                    .arg(chart.revision),
                {}};
    const QString brought = broughtWords(chart.weights);
    if (chart.serverSide)
        return {NextDeploy::Kind::Conflicts,
                Words::tr("the next Helm deploy fails on a conflict: revision %1 is applied by the "
                          "server and says %2; with --force-conflicts it overwrites this weight")
                    .arg(chart.revision)
                    .arg(brought),
                chart.weights.percent};
    if (type == WeightFields::Type::Custom)
        return {NextDeploy::Kind::Keeps,
                Words::tr("the next Helm deploy keeps this weight as long as its chart renders the "
                          "same rules as in revision %1 (%2); others overwrite it")
                    .arg(chart.revision)
                    .arg(brought),
                {}};
    return {NextDeploy::Kind::Overwrites,
            Words::tr("the next Helm deploy overwrites this weight: revision %1 says %2")
                .arg(chart.revision)
                .arg(brought),
            chart.weights.percent};
}

NextDeploy byApply(const AppliedWeights &applied)
{
    if (applied.says != AppliedWeights::Says::Weights)
        return {NextDeploy::Kind::Keeps,
                Words::tr("the next kubectl apply keeps this weight: what was applied last sets "
                          "none"),
                {}};
    return {NextDeploy::Kind::Overwrites,
            Words::tr("the next kubectl apply overwrites this weight: what was applied last says "
                      "%1")
                .arg(broughtWords(applied)),
            applied.percent};
}

} // namespace

std::optional<HelmRelease> releaseOf(const KubeMeta &object, const QString &nameSpace)
{
    const QString name = object.annotations.value(QStringLiteral("meta.helm.sh/release-name"));
    if (name.isEmpty())
        return {};
    return HelmRelease{
        object.annotations.value(QStringLiteral("meta.helm.sh/release-namespace"), nameSpace),
        name};
}

DeployOwner deployOwner(const KubeMeta &object, const QString &nameSpace,
                        const WeightFields &fields)
{
    DeployOwner owner;
    owner.type = fields.type;
    owner.release = releaseOf(object, nameSpace);
    owner.appliers = object.appliers;
    if (owner.release)
        owner.appliers.removeAll(helmManager);
    const QString applied = object.annotations.value(lastAppliedKey);
    if (!applied.isEmpty())
        owner.lastApplied = fields.read(QJsonDocument::fromJson(applied.toUtf8()).object());
    return owner;
}

NextDeploy nextDeploy(const DeployOwner &owner)
{
    if (!owner.appliers.isEmpty())
        return unknownNextDeploy(Words::tr("%1 applies this object by the server (managed fields)")
                                     .arg(owner.appliers.join(QStringLiteral(", "))));
    if (owner.release && owner.lastApplied)
        return unknownNextDeploy(
            Words::tr("both the Helm release %1 and kubectl apply make this object")
                .arg(owner.release->name));
    if (owner.release) {
        if (!owner.chart)
            return unknownNextDeploy(
                Words::tr("the Helm release %1 was not read yet").arg(owner.release->name));
        if (!*owner.chart)
            return unknownNextDeploy(owner.chart->error().message);
        return byChart(**owner.chart, owner.type);
    }
    if (owner.lastApplied)
        return *owner.lastApplied ? byApply(**owner.lastApplied)
                                  : unknownNextDeploy(owner.lastApplied->error().message);
    return {NextDeploy::Kind::NoDeploys,
            Words::tr("no deploy is known to set this weight (looked for: Helm, kubectl apply, "
                      "managed fields)"),
            {}};
}

} // namespace pilothouse
