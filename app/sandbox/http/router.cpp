#include "app/sandbox/http/router.h"

#include <optional>

namespace pilothouse::sandbox {

namespace {

std::optional<QStringList> match(const QStringList &pattern, const QStringList &path)
{
    QStringList taken;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QString &part = pattern[i];
        if (part.endsWith(QLatin1String("*}")) && path.size() >= i) {
            taken.append(path.mid(i).join(QLatin1Char('/')));
            return taken;
        }
        if (i >= path.size())
            return std::nullopt;
        if (part.startsWith(QLatin1Char('{')))
            taken.append(path[i]);
        else if (part != path[i])
            return std::nullopt;
    }
    if (path.size() != pattern.size())
        return std::nullopt;
    return taken;
}

} // namespace

void Router::add(const QByteArray &method, const QString &pattern, Action action)
{
    m_routes.append({method, pattern.split(QLatin1Char('/')), std::move(action)});
}

Router::Outcome Router::route(const ExchangePtr &exchange, const QString &path) const
{
    const QStringList parts = path.split(QLatin1Char('/'));
    Outcome outcome = Outcome::NoSuchPath;
    for (const Route &route : m_routes) {
        const auto taken = match(route.pattern, parts);
        if (!taken)
            continue;
        if (route.method != exchange->request.method) {
            outcome = Outcome::NoSuchMethod;
            continue;
        }
        route.action(exchange, *taken);
        return Outcome::Routed;
    }
    return outcome;
}

} // namespace pilothouse::sandbox
