#include "connectors/kubernetes/deploys/deployowner.h"

#include "base/words.h"
#include "document/yamlparser.h"

namespace pilothouse {
namespace {

using Kind = NextDeploy::Kind;
using Says = AppliedWeights::Says;

constexpr QLatin1String lastAppliedKey("kubectl.kubernetes.io/last-applied-configuration");

QString shareWords(const AppliedWeights &weights)
{
    return weights.percent ? Words::tr("%1 %").arg(*weights.percent) : Words::tr("its own weights");
}

NextDeploy byChart(const ReleaseChart &chart, WeightFields::Patch patch)
{
    if (chart.weights.says != Says::Weights)
        return {Kind::Keeps,
                Words::tr("the next Helm deploy keeps these weights: its chart does not own them "
                          "(checked: managed fields, Helm revision %1)")
                    .arg(chart.revision),
                {}};
    const QString share = shareWords(chart.weights);
    if (chart.serverSide)
        return {Kind::Conflicts,
                Words::tr("the next Helm deploy fails on a conflict: Helm revision %1 applies %2 "
                          "by the server; forced, it overwrites these weights")
                    .arg(chart.revision)
                    .arg(share),
                chart.weights.percent};
    if (patch == WeightFields::Patch::Changes)
        return {Kind::Keeps,
                Words::tr("the next Helm deploy keeps these weights as long as its chart says what "
                          "it says in Helm revision %1 (%2)")
                    .arg(chart.revision)
                    .arg(share),
                {}};
    return {Kind::Overwrites,
            Words::tr("the next Helm deploy overwrites these weights: Helm revision %1 says %2")
                .arg(chart.revision)
                .arg(share),
            chart.weights.percent};
}

NextDeploy cannotTell(const QString &why)
{
    return {Kind::CannotTell,
            Words::tr("whether the next deploy keeps these weights cannot be told: %1").arg(why),
            {}};
}

} // namespace

std::optional<HelmRelease> releaseOf(const KubeMeta &meta, const QString &nameSpace)
{
    const QString name = meta.annotations.value(QStringLiteral("meta.helm.sh/release-name"));
    if (name.isEmpty())
        return {};
    return HelmRelease{
        meta.annotations.value(QStringLiteral("meta.helm.sh/release-namespace"), nameSpace), name};
}

DeployOwner deployOwner(const KubeMeta &meta, const QString &nameSpace, const WeightFields &fields)
{
    DeployOwner owner;
    owner.patch = fields.patch;
    owner.release = releaseOf(meta, nameSpace);
    for (const KubeFieldOwner &each : meta.fieldOwners) {
        const bool isHelm = owner.release && each.manager == QLatin1String("helm");
        if (each.how == KubeFieldOwner::How::Apply && !isHelm)
            owner.appliers << each.manager;
    }
    owner.appliers.removeDuplicates();
    if (const QString text = meta.annotations.value(lastAppliedKey); !text.isEmpty())
        owner.lastApplied = weightsIn(text, fields, nameSpace, meta.name);
    return owner;
}

NextDeploy nextDeploy(const DeployOwner &owner)
{
    if (!owner.appliers.isEmpty())
        return cannotTell(Words::tr("%1 applies this object too (managed fields)")
                              .arg(owner.appliers.join(QStringLiteral(", "))));
    if (owner.release) {
        if (!owner.chart)
            return cannotTell(
                Words::tr("the Helm release “%1” was not read yet").arg(owner.release->name));
        if (!*owner.chart)
            return cannotTell(owner.chart->error().message);
        return byChart(**owner.chart, owner.patch);
    }
    if (!owner.lastApplied)
        return {Kind::NoDeploys,
                Words::tr("no deploy tool owns this object (checked: managed fields, annotations)"),
                {}};
    if (owner.lastApplied->says == Says::Weights)
        return {Kind::Overwrites,
                Words::tr("kubectl apply made this object: done again, it sets %1")
                    .arg(shareWords(*owner.lastApplied)),
                owner.lastApplied->percent};
    return {Kind::Keeps,
            Words::tr("the next kubectl apply keeps these weights: its file does not say them "
                      "(checked: last applied)"),
            {}};
}

} // namespace pilothouse
