#include "connectors/kubernetes/deploys/helmdeploys.h"

#include "base/chaining.h"
#include "base/words.h"
#include "connectors/kubernetes/helm/helmstate.h"
#include "connectors/kubernetes/kubernetesobjects.h"

#include <QJsonArray>

#include <algorithm>

namespace pilothouse {
namespace {

/// A Deployment hardly ever goes from one release to another.
constexpr std::chrono::minutes releasesRest{10};
constexpr qsizetype mostRevisions = 20;

Error notSeen(const Error &error, const QString &right, const QString &nameSpace)
{
    if (error.kind != ErrorKind::NotAllowed)
        return error;
    return {ErrorKind::NotAllowed,
            Words::tr("Which Helm release it is cannot be seen: you lack %1 in %2.")
                .arg(right, nameSpace),
            error.detail,
            {}};
}

/// What of a revision is not as it mostly is.
QString howItWent(const HelmRevision &revision, const HelmBody &body)
{
    if (body.failed || revision.status == HelmStatus::Failed)
        return Words::tr(" failed");
    if (isPending(revision.status))
        return Words::tr(" is %1").arg(revision.word);
    return body.description.startsWith(QLatin1String("Rollback"))
               ? QStringLiteral(": ") + body.description
               : QString();
}

} // namespace

Result<QList<HelmRelease>> releasesBehind(const QList<QJsonObject> &services,
                                          const QJsonArray &deployments, const QString &nameSpace)
{
    QList<KubeService> wanted;
    for (const QJsonObject &each : services) {
        const auto service = decodeService(each);
        if (!service)
            return fail(service.error());
        wanted.append(*service);
    }
    QList<HelmRelease> releases;
    for (const QJsonValue each : deployments) {
        const auto deployment = decodeDeployment(each.toObject());
        const auto root = objectReader("Deployment", each.toObject());
        if (!deployment || !root)
            return fail(deployment ? root.error() : deployment.error());
        const bool counts = std::any_of(
            wanted.cbegin(), wanted.cend(), [&deployment](const KubeService &service) {
                return selects(service.selector, deployment->templateLabels);
            });
        const auto release = releaseOf(decodeMeta(root->child("metadata")), nameSpace);
        if (counts && release && !releases.contains(*release))
            releases.append(*release);
    }
    return releases;
}

SeenDeed deedOf(const HelmRelease &release, const HelmRevision &revision, const HelmBody &body)
{
    SeenDeed deed;
    deed.at = revision.at;
    deed.who = QStringLiteral("helm");
    deed.what = Words::tr("Helm revision %1 of %2").arg(revision.number).arg(release.name);
    if (!body.appVersion.isEmpty())
        deed.what += QStringLiteral(" (%1)").arg(body.appVersion);
    deed.what += howItWent(revision, body);
    deed.mark = throughRevision(revision.number);
    deed.key
        = QStringLiteral("helm %1/%2 %3").arg(release.nameSpace, release.name).arg(revision.number);
    return deed;
}

HelmDeploys::HelmDeploys(Place place, Clock &clock, QObject *parent)
    : QObject(parent), m_place(std::move(place)), m_clock(clock)
{}

QString HelmDeploys::systemName() const
{
    return QStringLiteral("Helm");
}

QString HelmDeploys::subject() const
{
    return tr("Helm revisions of %1").arg(m_place.track.value);
}

QFuture<Result<QList<SeenDeed>>> HelmDeploys::newest()
{
    if (!m_place.api)
        return ready<QList<SeenDeed>>(fail(m_place.unreachable.value_or(Error{})));
    if (m_foundAt && m_clock.sinceBoot() - *m_foundAt < releasesRest)
        return read(0, {});
    return askNext<QList<SeenDeed>>(findReleases(), this, [this](const Result<bool> &found) {
        if (!found)
            return ready<QList<SeenDeed>>(fail(found.error()));
        m_foundAt = m_clock.sinceBoot();
        return read(0, {});
    });
}

QFuture<Result<bool>> HelmDeploys::findReleases()
{
    return askServices(m_place.services, {});
}

QFuture<Result<bool>> HelmDeploys::askServices(QStringList left, const QList<QJsonObject> &before)
{
    left.removeAll(QString());
    if (left.isEmpty())
        return askDeployments(before);
    const ResourcePath services{QStringLiteral("api/v1"), m_place.nameSpace,
                                QStringLiteral("services")};
    const QString next = left.takeFirst();
    return askNext<bool>(
        m_place.api->get(services.object(next), this), this,
        [this, left, before](const Result<KubernetesApi::Answer> &answer) {
            if (answer)
                return askServices(left, before + QList<QJsonObject>{answer->object});
            if (isNotThere(answer.error()))
                return askServices(left, before);
            return ready<bool>(fail(
                notSeen(answer.error(), QStringLiteral("get on services"), m_place.nameSpace)));
        });
}

QFuture<Result<bool>> HelmDeploys::askDeployments(const QList<QJsonObject> &services)
{
    const ResourcePath deployments{QStringLiteral("apis/apps/v1"), m_place.nameSpace,
                                   QStringLiteral("deployments")};
    return converted<bool>(
        m_place.api->listTogether(deployments, this), this,
        [this, services](const Result<KubernetesApi::Answer> &answer) -> Result<bool> {
            if (!answer)
                return fail(notSeen(answer.error(), QStringLiteral("list on deployments"),
                                    m_place.nameSpace));
            const auto releases
                = releasesBehind(services, answer->object.value(QLatin1String("items")).toArray(),
                                 m_place.nameSpace);
            if (!releases)
                return fail(releases.error());
            keep(*releases);
            return true;
        });
}

/// What is known of a release's bodies stays with it.
void HelmDeploys::keep(const QList<HelmRelease> &releases)
{
    std::vector<Known> next;
    for (const HelmRelease &release : releases) {
        const auto known
            = std::find_if(m_known.begin(), m_known.end(),
                           [&release](const Known &each) { return each.release == release; });
        if (known != m_known.end() && known->storage) {
            next.push_back({release, std::move(known->storage)});
            continue;
        }
        next.push_back({release, std::make_unique<HelmStorage>(
                                     *m_place.api,
                                     HelmStorage::Settings{release.nameSpace, release.name, {}})});
    }
    m_known = std::move(next);
}

QFuture<Result<QList<SeenDeed>>> HelmDeploys::read(size_t index, const QList<SeenDeed> &before)
{
    if (index >= m_known.size())
        return ready<QList<SeenDeed>>(before);
    return askNext<QList<SeenDeed>>(
        m_known[index].storage->read(), this,
        [this, index, before, release = m_known[index].release](
            const Result<HelmStorage::Seen> &seen) -> QFuture<Deeds> {
            if (!seen) {
                m_foundAt.reset(); // another release may have it by now
                return ready<QList<SeenDeed>>(fail(seen.error()));
            }
            QList<SeenDeed> deeds = before;
            for (const HelmRevision &revision : seen->history.revisions.mid(0, mostRevisions)) {
                SeenDeed deed = deedOf(release, revision, seen->history.body(revision.number));
                deed.track = m_place.track;
                deeds.append(deed);
            }
            return read(index + 1, deeds);
        });
}

} // namespace pilothouse
