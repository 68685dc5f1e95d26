#include "connectors/kubernetes/deploys/deploywatch.h"

#include "base/chaining.h"
#include "connectors/kubernetes/helm/helmstorage.h"

#include <QtConcurrentRun>

namespace pilothouse {
namespace {

/// Nobody deploys one release twice a minute.
constexpr std::chrono::minutes releaseRests{1};

bool sameChart(const std::optional<Result<ReleaseChart>> &known, const Result<ReleaseChart> &fresh)
{
    if (!known || known->has_value() != fresh.has_value())
        return false;
    return fresh ? **known == *fresh : known->error().message == fresh.error().message;
}

} // namespace

DeployWatch::DeployWatch(KubernetesApi &api, Clock &clock, QString nameSpace,
                         std::optional<WeightFields> fields, QObject *parent)
    : QObject(parent), m_api(api), m_clock(clock), m_nameSpace(std::move(nameSpace)),
      m_fields(std::move(fields))
{}

std::optional<HelmRelease> DeployWatch::wanted(const KubeMeta &object) const
{
    return m_fields ? releaseOf(object, m_nameSpace) : std::nullopt;
}

std::optional<NextDeploy> DeployWatch::nextDeploy(const KubeMeta &object) const
{
    if (!m_fields)
        return {};
    DeployOwner owner = deployOwner(object, m_nameSpace, *m_fields);
    if (owner.release == m_release)
        owner.chart = m_chart;
    return pilothouse::nextDeploy(owner);
}

bool DeployWatch::isNew(const KubeMeta &object) const
{
    const auto release = wanted(object);
    return release && release != m_release;
}

void DeployWatch::follow(const KubeMeta &object)
{
    const bool isDue
        = wanted(object) && (isNew(object) || m_clock.sinceBoot() - m_askedAt >= releaseRests);
    if (isDue)
        whenDone(
            learn(object), this, [](const Chart &) {}, [] {});
}

QFuture<Result<ReleaseChart>> DeployWatch::learn(const KubeMeta &object)
{
    const HelmRelease release = wanted(object).value_or(HelmRelease());
    if (!(release == m_release)) {
        m_release = release;
        m_chart.reset();
        m_secret.clear();
    }
    m_askedAt = m_clock.sinceBoot();
    const auto list = [this, name = object.name](const Result<KubernetesApi::Answer> &answer) {
        if (!answer)
            return ready<ReleaseChart>(
                fail(historyNotSeen(answer.error(), "list", m_release.nameSpace)));
        return readSecret(name, *answer);
    };
    const auto keep = [this, release](const Chart &chart) {
        if (release == m_release && !sameChart(m_chart, chart)) {
            m_chart = chart;
            Q_EMIT changed();
        }
        return chart;
    };
    return converted<ReleaseChart>(
        askNext<ReleaseChart>(
            m_api.listMetadata(helmSecrets(release.nameSpace), selectorOf(release.name), this),
            this, list),
        this, keep);
}

QFuture<Result<ReleaseChart>> DeployWatch::readSecret(const QString &object,
                                                      const KubernetesApi::Answer &list)
{
    const HelmHistory history = historyFrom(list.object.value(QLatin1String("items")).toArray());
    const HelmRevision *newest = history.newest();
    const HelmRevision *start = history.deployed() ? history.deployed() : newest;
    if (!start)
        return ready<ReleaseChart>(
            fail(ErrorKind::NotFound,
                 tr("no revision of the Helm release %1 can be seen in %2; Helm may keep its "
                    "records elsewhere than in Secrets (HELM_DRIVER)")
                     .arg(m_release.name, m_release.nameSpace)));
    const QString pending = isPending(newest->status) ? newest->word : QString();
    const QString secret = start->secret + QLatin1Char('@') + start->resourceVersion;
    if (secret == m_secret && m_chart && *m_chart) {
        ReleaseChart chart = **m_chart;
        chart.pending = pending;
        return ready<ReleaseChart>(chart);
    }
    const auto decode = [fields = *m_fields, number = start->number, pending, object,
                         nameSpace = m_nameSpace](const QJsonObject &body) -> Chart {
        const auto release = unpackRelease(body);
        if (!release)
            return fail(release.error());
        const auto weights = weightsIn(manifestOf(*release), fields, nameSpace, object);
        if (!weights)
            return fail(weights.error());
        return ReleaseChart{number, isServerSide(*release), *weights, pending};
    };
    return askNext<ReleaseChart>(
        m_api.get(helmSecrets(m_release.nameSpace).object(start->secret), this), this,
        [this, secret, decode](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<ReleaseChart>(
                    fail(historyNotSeen(answer.error(), "get", m_release.nameSpace)));
            m_secret = secret;
            return QtConcurrent::run(decode, answer->object);
        });
}

} // namespace pilothouse
