#include "connectors/kubernetes/deploys/releasereader.h"

#include "base/chaining.h"
#include "connectors/kubernetes/helm/helmstorage.h"

#include <QtConcurrentRun>

namespace pilothouse {
namespace {

/// Whoever deploys seldom does it twice a minute.
constexpr std::chrono::minutes readEvery{1};

} // namespace

ReleaseReader::ReleaseReader(KubernetesApi &api, Clock &clock, QObject *parent)
    : QObject(parent), m_api(api), m_clock(clock)
{}

std::optional<Result<ReleaseChart>> ReleaseReader::known(const HelmRelease &release) const
{
    return release == m_release ? m_chart : std::nullopt;
}

bool ReleaseReader::isDue(const HelmRelease &release) const
{
    return !(release == m_release) || m_clock.sinceBoot() - m_readAt >= readEvery;
}

QFuture<Result<ReleaseChart>> ReleaseReader::read(const HelmRelease &release,
                                                  const ReadManifest &read)
{
    if (!(release == m_release)) {
        m_release = release;
        m_chart.reset();
        m_secret.clear();
    }
    m_readAt = m_clock.sinceBoot();
    const auto list = [this, release, read](const Result<KubernetesApi::Answer> &answer) {
        if (!answer)
            return ready<ReleaseChart>(
                fail(historyNotSeen(answer.error(), "list", release.nameSpace)));
        return readSecret(release, *answer, read);
    };
    const auto keep = [this, release](const Result<ReleaseChart> &chart) -> Result<ReleaseChart> {
        if (release == m_release)
            m_chart = chart;
        return chart;
    };
    return converted<ReleaseChart>(
        askNext<ReleaseChart>(
            m_api.listMetadata(helmSecrets(release.nameSpace), selectorOf(release.name), this),
            this, list),
        this, keep);
}

QFuture<Result<ReleaseChart>> ReleaseReader::readSecret(const HelmRelease &release,
                                                        const KubernetesApi::Answer &list,
                                                        const ReadManifest &read)
{
    const HelmHistory history
        = historyFrom(list.object.value(QLatin1String("items")).toArray());
    const HelmRevision *start = history.deployed() ? history.deployed() : history.newest();
    if (!start)
        return ready<ReleaseChart>(
            fail(ErrorKind::NotFound,
                 tr("no record of the Helm release “%1” can be seen in %2; Helm may keep it "
                    "elsewhere than in Secrets")
                     .arg(release.name, release.nameSpace)));
    const QString secret = start->secret + QLatin1Char('@') + start->resourceVersion;
    if (secret == m_secret && m_chart && *m_chart)
        return ready<ReleaseChart>(*m_chart);
    const auto decode
        = [read, number = start->number](const QJsonObject &object) -> Result<ReleaseChart> {
        const auto unpacked = unpackRelease(object);
        if (!unpacked)
            return fail(unpacked.error());
        return ReleaseChart{number, isServerSide(*unpacked), read(manifestOf(*unpacked))};
    };
    return askNext<ReleaseChart>(
        m_api.get(helmSecrets(release.nameSpace).object(start->secret), this), this,
        [this, release, secret, decode](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<ReleaseChart>(
                    fail(historyNotSeen(answer.error(), "get", release.nameSpace)));
            m_secret = secret;
            return QtConcurrent::run(decode, answer->object);
        });
}

} // namespace pilothouse
