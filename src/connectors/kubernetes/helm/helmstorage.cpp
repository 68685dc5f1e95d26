#include "connectors/kubernetes/helm/helmstorage.h"

#include "base/chaining.h"

#include <QtConcurrentRun>

namespace pilothouse {

ResourcePath helmSecrets(const QString &nameSpace)
{
    return {QStringLiteral("api/v1"), nameSpace, QStringLiteral("secrets")};
}

Error historyNotSeen(const Error &error, const char *verb, const QString &nameSpace)
{
    if (error.kind != ErrorKind::NotAllowed)
        return error;
    return {ErrorKind::NotAllowed,
            HelmStorage::tr("Helm's history cannot be seen: you lack %1 on secrets in %2.")
                .arg(QLatin1String(verb), nameSpace),
            error.detail,
            {}};
}

HelmStorage::HelmStorage(KubernetesApi &api, Settings settings, QObject *parent)
    : QObject(parent), m_api(api), m_settings(std::move(settings))
{}

QString HelmStorage::pathOf(const QString &secret) const
{
    return helmSecrets(m_settings.nameSpace).object(secret);
}

QFuture<Result<HelmStorage::Seen>> HelmStorage::read()
{
    return askNext<Seen>(
        m_api.listMetadata(helmSecrets(m_settings.nameSpace), selectorOf(m_settings.release), this),
        this, [this](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<Seen>(
                    fail(historyNotSeen(answer.error(), "list", m_settings.nameSpace)));
            Seen seen;
            seen.serverAt = answer->serverAt;
            seen.history = historyFrom(answer->object.value(QLatin1String("items")).toArray(),
                                       &seen.unreadable);
            if (seen.history.revisions.isEmpty())
                return ready<Seen>(
                    fail(ErrorKind::NotFound,
                         tr("No revision of the Helm release “%1” can be seen in %2. Check "
                            "“release” and “namespace”; Helm may also keep its records elsewhere "
                            "than in Secrets (HELM_DRIVER).")
                             .arg(m_settings.release, m_settings.nameSpace)));
            return readBodies(seen);
        });
}

void HelmStorage::fill(HelmHistory &history) const
{
    for (const HelmRevision &revision : std::as_const(history.revisions)) {
        const auto known = m_bodies.constFind(revision.secret);
        if (known != m_bodies.cend() && known->resourceVersion == revision.resourceVersion)
            history.bodies.insert(revision.number, known->body);
    }
}

/// The next revision whose body has to be read. Which ones are good can change with each body.
std::optional<HelmRevision> HelmStorage::wanted(const HelmHistory &history) const
{
    QList<HelmRevision> needed{*history.newest()};
    if (const HelmRevision *deployed = history.deployed())
        needed.append(*deployed);
    needed.append(goodRevisions(history).good.mid(0, closerLook));
    for (const HelmRevision &each : std::as_const(needed)) {
        if (!history.bodies.contains(each.number))
            return each;
    }
    return {};
}

QFuture<Result<HelmStorage::Seen>> HelmStorage::readBodies(const Seen &seen)
{
    Seen filled = seen;
    fill(filled.history);
    const auto next = wanted(filled.history);
    if (!next) {
        for (auto it = m_bodies.begin(); it != m_bodies.end();) {
            const bool isThere
                = std::any_of(filled.history.revisions.cbegin(), filled.history.revisions.cend(),
                              [&it](const HelmRevision &each) { return each.secret == it.key(); });
            it = isThere ? std::next(it) : m_bodies.erase(it);
        }
        return ready<Seen>(filled);
    }
    const auto decode = [path = m_settings.value](const QJsonObject &secret) -> Result<HelmBody> {
        const auto release = unpackRelease(secret);
        if (release)
            return decodeBody(*release, path);
        HelmBody unread;
        unread.weightProblem = release.error().message;
        return unread;
    };
    const auto keep = [this, filled, revision = *next](const Result<HelmBody> &body) {
        m_bodies.insert(revision.secret, {revision.resourceVersion, *body});
        return readBodies(filled);
    };
    return askNext<Seen>(
        m_api.get(pathOf(next->secret), this), this,
        [this, filled, decode, keep,
         revision = *next](const Result<KubernetesApi::Answer> &answer) {
            if (!answer && isNotThere(answer.error())) {
                // Pruned since the list: it is in no history any more.
                Seen shorter = filled;
                shorter.history.revisions.removeOne(revision);
                if (!shorter.history.revisions.isEmpty())
                    return readBodies(shorter);
            }
            if (!answer)
                return ready<Seen>(
                    fail(historyNotSeen(answer.error(), "get", m_settings.nameSpace)));
            return askNext<Seen>(QtConcurrent::run(decode, answer->object), this, keep);
        });
}

QFuture<Result<QString>> HelmStorage::manifest(int number)
{
    const QString secret = QStringLiteral("sh.helm.release.v1.%1.v%2")
                               .arg(m_settings.release, QString::number(number));
    const auto unpack = [](const QJsonObject &object) -> Result<QString> {
        const auto release = unpackRelease(object);
        return release ? Result<QString>(manifestOf(*release)) : fail(release.error());
    };
    return askNext<QString>(m_api.get(pathOf(secret), this), this,
                            [this, unpack](const Result<KubernetesApi::Answer> &answer) {
                                if (!answer)
                                    return ready<QString>(fail(historyNotSeen(
                                        answer.error(), "get", m_settings.nameSpace)));
                                return QtConcurrent::run(unpack, answer->object);
                            });
}

} // namespace pilothouse
