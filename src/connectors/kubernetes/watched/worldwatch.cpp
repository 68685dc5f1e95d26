#include "connectors/kubernetes/watched/worldwatch.h"

#include "connectors/kubernetes/objectwatch.h"

#include <algorithm>

namespace pilothouse {

WorldWatch::WorldWatch(KubernetesApi &api, Clock &clock, ClusterWorld &world, QObject *parent)
    : QObject(parent), m_api(api), m_clock(clock), m_world(world), m_told(world.parts(), 0)
{}

WorldWatch::~WorldWatch() = default;

void WorldWatch::start()
{
    for (qsizetype part = 0; part < m_world.parts(); ++part)
        m_watches.append(new ObjectWatch(
            m_api, m_clock, m_world.path(part),
            [this, part] { return m_world.store(part).intake(); }, this));
    for (qsizetype part = 0; part < m_world.parts(); ++part)
        follow(part);
}

void WorldWatch::follow(qsizetype part)
{
    ObjectWatch *watch = m_watches[part];
    const auto told = [this, part] {
        m_told[part] = moment();
        Q_EMIT changed(part);
    };
    connect(watch, &ObjectWatch::listed, this, told);
    connect(watch, &ObjectWatch::changed, this, [this, part, told](const QJsonObject &object) {
        m_world.store(part).put(object);
        told();
    });
    connect(watch, &ObjectWatch::removed, this, [this, part, told](const QString &name) {
        m_world.store(part).remove(name);
        told();
    });
    connect(watch, &ObjectWatch::lost, this, &WorldWatch::lost);
    connect(watch, &ObjectWatch::resumed, this, &WorldWatch::resumed);
    watch->start();
}

bool WorldWatch::isWhole() const
{
    return std::all_of(m_told.begin(), m_told.end(), [](Moment told) { return told > 0; });
}

std::optional<Error> WorldWatch::trouble() const
{
    for (const ObjectWatch *watch : m_watches) {
        if (watch->trouble())
            return watch->trouble();
    }
    return std::nullopt;
}

void WorldWatch::takeList(qsizetype part, const ListIntake &list, Moment begun)
{
    if (m_told[part] > begun)
        return;
    list.keep();
    m_told[part] = begun;
}

void WorldWatch::takeGuarded(const QJsonObject &object, Moment begun)
{
    const qsizetype part = m_world.guardedPart();
    if (m_told[part] > begun)
        return;
    m_world.store(part).put(object);
    m_told[part] = begun;
}

} // namespace pilothouse
