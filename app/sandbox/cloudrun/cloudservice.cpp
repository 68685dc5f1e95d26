#include "app/sandbox/cloudrun/cloudservice.h"

#include <algorithm>

namespace pilothouse::sandbox {

CloudService::CloudService(std::chrono::milliseconds reconcileTakes, QObject *parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(reconcileTakes);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_served = m_asked;
        m_observed = m_generation;
        Q_EMIT reconciled();
    });
}

void CloudService::reset(const QList<CloudRevision> &revisions, const QList<TrafficTarget> &traffic,
                         const QJsonObject &annotations, const QString &by)
{
    m_revisions = revisions;
    m_annotations = annotations;
    m_asked = traffic;
    m_served = traffic;
    m_by = by;
    m_updatedAt = QDateTime::currentDateTimeUtc();
}

void CloudService::touch(const QString &by)
{
    ++m_generation;
    m_by = by;
    m_updatedAt = QDateTime::currentDateTimeUtc();
    m_timer.start();
}

void CloudService::addRevision(const CloudRevision &revision, const QString &tag)
{
    m_revisions.append(revision);
    // A new deploy takes the tag-only entries of earlier candidates away.
    m_asked.removeIf([](const TrafficTarget &t) { return t.percent == 0 && !t.tag.isEmpty(); });
    m_asked.append({false, revision.name, 0, tag});
    touch(QStringLiteral("deployer@coditect-production.iam.gserviceaccount.com"));
}

QString CloudService::latestRevision() const
{
    return m_revisions.isEmpty() ? QString() : m_revisions.last().name;
}

Result<> CloudService::check(const QList<TrafficTarget> &traffic) const
{
    int sum = 0;
    for (const TrafficTarget &target : traffic) {
        if (target.percent < 0 || target.percent > 100)
            return fail(ErrorKind::BadInput,
                        QStringLiteral("traffic.percent: must be between 0 and 100."));
        sum += target.percent;
        const bool known
            = target.latest
              || std::any_of(m_revisions.begin(), m_revisions.end(),
                             [&](const CloudRevision &r) { return r.name == target.revision; });
        if (!known)
            return fail(ErrorKind::BadInput,
                        QStringLiteral("traffic.revision: Revision \"%1\" does not exist.")
                            .arg(target.revision));
    }
    if (!traffic.isEmpty() && sum != 100)
        return fail(
            ErrorKind::BadInput,
            QStringLiteral("traffic: The sum of all percents must be 100, it is %1.").arg(sum));
    return {};
}

void CloudService::update(const std::optional<QList<TrafficTarget>> &traffic,
                          const std::optional<QJsonObject> &annotations, const QString &by)
{
    if (traffic)
        m_asked = traffic->isEmpty() ? QList<TrafficTarget>{{true, {}, 100, {}}} : *traffic;
    if (annotations)
        m_annotations = *annotations;
    touch(by);
}

QString CloudService::etag() const
{
    const QByteArray raw = "generation-" + QByteArray::number(m_generation);
    return QLatin1Char('"') + QString::fromLatin1(raw.toBase64()) + QLatin1Char('"');
}

} // namespace pilothouse::sandbox
