#include "connectors/kubernetes/httproute/routewatch.h"

#include "connectors/kubernetes/objectwatch.h"

#include <algorithm>

namespace pilothouse {

RouteWatch::RouteWatch(KubernetesApi &api, Clock &clock, QString nameSpace, RouteNames names,
                       QObject *parent)
    : QObject(parent), m_api(api), m_clock(clock), m_nameSpace(std::move(nameSpace)),
      m_names(std::move(names))
{}

RouteWatch::~RouteWatch() = default;

void RouteWatch::start()
{
    for (const RoutePart part : routeParts)
        m_watches[indexOf(part)] = new ObjectWatch(
            m_api, m_clock, pathOf(part, m_nameSpace),
            [this, part] { return intakeOf(m_world, part, m_names); }, this);
    for (const RoutePart part : routeParts)
        follow(part);
}

void RouteWatch::follow(RoutePart part)
{
    ObjectWatch *watch = m_watches[indexOf(part)];
    const auto told = [this, part] {
        m_told[indexOf(part)] = moment();
        Q_EMIT changed(part);
    };
    connect(watch, &ObjectWatch::listed, this, told);
    connect(watch, &ObjectWatch::changed, this, [this, part, told](const QJsonObject &object) {
        m_world.put(part, object, m_names);
        told();
    });
    connect(watch, &ObjectWatch::removed, this, [this, part, told](const QString &name) {
        m_world.remove(part, name, m_names);
        told();
    });
    connect(watch, &ObjectWatch::lost, this, &RouteWatch::lost);
    connect(watch, &ObjectWatch::resumed, this, &RouteWatch::resumed);
    watch->start();
}

bool RouteWatch::isWhole() const
{
    return std::all_of(m_told.begin(), m_told.end(), [](Moment told) { return told > 0; });
}

std::optional<Error> RouteWatch::trouble() const
{
    for (const ObjectWatch *watch : m_watches) {
        if (watch && watch->trouble())
            return watch->trouble();
    }
    return std::nullopt;
}

void RouteWatch::take(const RouteWorld &found, Moment begun)
{
    for (const RoutePart part : routeParts) {
        Moment &told = m_told[indexOf(part)];
        if (told > begun)
            continue;
        m_world.take(part, found);
        told = begun;
    }
}

void RouteWatch::takeRoute(const QJsonObject &route, Moment begun)
{
    Moment &told = m_told[indexOf(RoutePart::Routes)];
    if (told > begun)
        return;
    m_world.put(RoutePart::Routes, route, m_names);
    told = begun;
}

} // namespace pilothouse
