#include "connectors/kubernetes/nginx/canaryingress.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {
namespace {

QString canaryKey(const QString &prefix, const char *name)
{
    return prefix + QLatin1Char('/') + QLatin1String(name);
}

void addService(const JsonReader &backend, CanaryIngress &ingress)
{
    if (const auto service = backend.find("service"))
        ingress.services << service->string("name");
}

/// Digits only, as the controller takes them; nullopt for anything else.
std::optional<int> wholeNumber(const QString &text)
{
    bool isNumber = false;
    const int number = text.trimmed().toInt(&isNumber);
    return isNumber && number >= 0 ? std::optional(number) : std::nullopt;
}

} // namespace

Result<CanaryIngress> decodeIngress(const QJsonObject &object)
{
    const auto root = objectReader("Ingress", object);
    if (!root)
        return fail(root.error());
    CanaryIngress ingress;
    const JsonReader metadata = root->child("metadata");
    ingress.meta = decodeMeta(metadata);
    // The weight stands in an annotation: who wrote the spec did not move it.
    ingress.meta.writer = writerOf(metadata, {"f:metadata", "f:annotations"});
    const JsonReader spec = root->child("spec");
    if (const auto backend = spec.find("defaultBackend"))
        addService(*backend, ingress);
    for (const JsonReader &rule : spec.itemsIfAny("rules")) {
        const auto http = rule.find("http");
        if (!http)
            continue;
        for (const JsonReader &path : http->itemsIfAny("paths"))
            addService(path.child("backend"), ingress);
    }
    ingress.services.removeDuplicates();
    return root->finish(ingress);
}

Weight CanaryShare::share() const
{
    if (!isCanary || weight == 0)
        return Weight{0};
    if (weight >= total)
        return Weight{100};
    return Weight{std::clamp((weight * 100 + total / 2) / total, 1, 99)};
}

CanaryShare canaryShare(const CanaryIngress &ingress, const QString &prefix)
{
    const auto text = [&](const char *name) {
        return ingress.meta.annotations.value(canaryKey(prefix, name));
    };
    CanaryShare share;
    share.isCanary = text("canary") == QLatin1String("true");
    if (const QString total = text("canary-weight-total"); !total.isEmpty()) {
        const auto number = wholeNumber(total);
        if (number && *number > 0)
            share.total = *number;
        else
            share.problem = Words::tr("canary-weight-total “%1” is no number").arg(total);
    }
    if (const QString weight = text("canary-weight"); !weight.isEmpty()) {
        if (const auto number = wholeNumber(weight))
            share.weight = *number;
        else
            share.problem = Words::tr("canary-weight “%1” is no number").arg(weight);
    }
    share.bySelector = !text("canary-by-header").isEmpty() || !text("canary-by-cookie").isEmpty();
    return share;
}

Result<int> canaryWeight(const CanaryShare &now, Weight share)
{
    if (share.percent * now.total % 100 != 0)
        return fail(ErrorKind::Refused,
                    Words::tr("A canary-weight-total of %1 cannot express %2 %. Set it to 100.")
                        .arg(now.total)
                        .arg(share.percent));
    return share.percent * now.total / 100;
}

WeightFields canaryFields(const NginxNames &names)
{
    const auto read = [prefix = names.prefix](const QJsonObject &object) -> Result<AppliedWeights> {
        const auto root = objectReader("Ingress", object);
        if (!root)
            return fail(root.error());
        CanaryIngress ingress;
        ingress.meta.annotations = root->child("metadata").strings("annotations");
        if (!ingress.meta.annotations.contains(canaryKey(prefix, "canary-weight")))
            return root->finish(AppliedWeights{AppliedWeights::Says::Nothing, {}});
        const CanaryShare share = canaryShare(ingress, prefix);
        AppliedWeights weights{AppliedWeights::Says::Weights, {}};
        if (share.isCanary && share.problem.isEmpty() && share.weight * 100 % share.total == 0)
            weights.percent = share.share().percent;
        return root->finish(weights);
    };
    return {QStringLiteral("Ingress"), WeightFields::Type::BuiltIn, read};
}

NginxWorld::NginxWorld(NginxNames names)
    : BackendsWorld(names.nameSpace), m_names(std::move(names)),
      m_ingresses(guardedStore<CanaryIngress>(decodeIngress, m_names.ingress))
{
    add({QStringLiteral("apis/networking.k8s.io/v1"), m_names.nameSpace,
         QStringLiteral("ingresses")},
        m_ingresses);
}

const KubeMeta *NginxWorld::guarded() const
{
    return ingress() ? &ingress()->meta : nullptr;
}

Result<TrafficState> NginxWorld::state() const
{
    if (const auto error = m_ingresses.whyUnreadable(m_names.ingress))
        return fail(*error);
    const CanaryIngress *now = ingress();
    if (!now)
        return fail(ErrorKind::NotFound,
                    Words::tr("There is no Ingress “%1” in this namespace. Check “control” in "
                              "pilothouse.yaml.")
                        .arg(m_names.ingress));
    if (!now->services.contains(m_names.candidate))
        return fail(ErrorKind::NotFound,
                    Words::tr("Ingress “%1” sends no traffic to the Service “%2”. Check "
                              "“candidate” in pilothouse.yaml.")
                        .arg(m_names.ingress, m_names.candidate));
    TrafficState state;
    QStringList problems;
    tellMeta(now->meta, state, problems);
    const CanaryShare share = canaryShare(*now, m_names.prefix);
    if (!share.problem.isEmpty())
        problems << share.problem;
    if (!share.isCanary) {
        const QString why = Words::tr("Ingress “%1” has no annotation %2 of “true”: its weight "
                                      "counts for nothing")
                                .arg(m_names.ingress, canaryKey(m_names.prefix, "canary"));
        problems << why;
        state.promoteOff = why;
    }
    state.asked = share.share();
    // The controller tells nobody what it has taken over: what the API server took counts.
    state.accepted = state.asked;
    state.progress = Words::tr("ingress-nginx is retired: weights only, and nothing confirms them");
    tellEnds({revisionBehind(backends(), m_names.commitFrom, m_names.stable),
              revisionBehind(backends(), m_names.commitFrom, m_names.candidate),
              share.isCanary && share.bySelector},
             problems, state);
    return state;
}

} // namespace pilothouse
