#include "connectors/github/githubdeployments.h"

#include "base/chaining.h"
#include "base/words.h"

namespace pilothouse {
namespace {

/// Each costs a question of its own until it has ended.
const QString mostDeployments = QStringLiteral("20");
const QString mostStatuses = QStringLiteral("30");

QUrlQuery perPage(const QString &count)
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("per_page"), count);
    return query;
}

} // namespace

GithubDeployments::GithubDeployments(GithubApi &api, QString repository)
    : m_api(api), m_repository(std::move(repository))
{}

QString GithubDeployments::systemName() const
{
    return QStringLiteral("GitHub");
}

QString GithubDeployments::subject() const
{
    return Words::tr("GitHub deployments");
}

QFuture<Result<QList<SeenDeed>>> GithubDeployments::newest()
{
    const QUrl url
        = m_api.url(m_repository + QStringLiteral("/deployments"), perPage(mostDeployments));
    return askNext<QList<SeenDeed>>(
        m_api.pages(url, 1), &m_api,
        [this](const Result<GithubApi::Pages> &pages) -> QFuture<Deeds> {
            if (!pages)
                return ready<QList<SeenDeed>>(fail(pages.error()));
            const auto deployments = decodeDeployments(pages->first().body);
            if (!deployments)
                return ready<QList<SeenDeed>>(fail(deployments.error()));
            QHash<qint64, SeenDeed> still;
            for (const GithubDeployment &each : *deployments) {
                if (const auto known = m_ended.constFind(each.id); known != m_ended.cend())
                    still.insert(each.id, *known);
            }
            m_ended = still;
            return askStatuses(*deployments, {});
        });
}

QFuture<Result<QList<SeenDeed>>> GithubDeployments::askStatuses(QList<GithubDeployment> left,
                                                                const QList<SeenDeed> &before)
{
    QList<SeenDeed> deeds = before;
    while (!left.isEmpty() && m_ended.contains(left.first().id))
        deeds.append(m_ended.value(left.takeFirst().id));
    if (left.isEmpty())
        return ready<QList<SeenDeed>>(deeds);
    const GithubDeployment next = left.takeFirst();
    const QString path = m_repository + QStringLiteral("/deployments/%1/statuses").arg(next.id);
    return askNext<QList<SeenDeed>>(
        m_api.pages(m_api.url(path, perPage(mostStatuses)), 1), &m_api,
        [this, left, deeds, next](const Result<GithubApi::Pages> &pages) -> QFuture<Deeds> {
            if (!pages)
                return ready<QList<SeenDeed>>(fail(pages.error()));
            const auto statuses = decodeDeploymentStatuses(pages->first().body);
            if (!statuses)
                return ready<QList<SeenDeed>>(fail(statuses.error()));
            const SeenDeed deed = deedOf(next, *statuses);
            if (hasEnded(*statuses))
                m_ended.insert(next.id, deed);
            return askStatuses(left, deeds + QList<SeenDeed>{deed});
        });
}

} // namespace pilothouse
