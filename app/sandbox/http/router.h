#pragma once

#include "app/sandbox/http/exchange.h"

#include <QStringList>

namespace pilothouse::sandbox {

/// Finds the handler of a path by patterns such as "/repos/{owner}/{repo}/actions/runs/{run}".
/// A part in braces takes one part of the path, one that ends in "*}" takes all that is left.
class Router
{
public:
    /// `parts` holds what the braces took, in order.
    using Action = std::function<void(const ExchangePtr &exchange, const QStringList &parts)>;

    void add(const QByteArray &method, const QString &pattern, Action action);

    enum class Outcome { Routed, NoSuchPath, NoSuchMethod };
    /// `path` is matched instead of the request's own, so that a base can be taken off.
    [[nodiscard]] Outcome route(const ExchangePtr &exchange, const QString &path) const;

private:
    struct Route
    {
        QByteArray method;
        QStringList pattern;
        Action action;
    };

    QList<Route> m_routes;
};

} // namespace pilothouse::sandbox
