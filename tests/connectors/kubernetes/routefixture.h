#pragma once

#include "clusterobjects.h"
#include "streamshttp.h"

#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "support/await.h"
#include "support/fakeclock.h"

namespace pilothouse {

/// An HttpRouteControl over scripted answers, and what it told.
struct RouteFixture
{
    using State = Result<Reading<TrafficState>>;

    StreamsHttp http;
    FakeClock clock;
    KubernetesApi api{http, clock, QUrl(QStringLiteral("https://k8s.test"))};
    HttpRouteControl control{api, clock,
                             HttpRouteControl::Settings{QStringLiteral("production"), routeNames(),
                                                        QStringLiteral("prod")}};
    QList<Reading<TrafficState>> told;
    QList<Error> losses;
    QStringList order; ///< "changed", "lost"

    RouteFixture()
    {
        QObject::connect(&control, &TrafficControl::changed,
                         [this](const Reading<TrafficState> &state) {
                             told.append(state);
                             order << QStringLiteral("changed");
                         });
        QObject::connect(&control, &TrafficControl::lost, [this](const Error &error) {
            losses.append(error);
            order << QStringLiteral("lost");
        });
    }

    void answer(const QJsonObject &object) { http.scripted.answer(200, bytes(object)); }
    /// The three lists and the route that a read asks for.
    void answerRead(const QJsonObject &route = routeObject(90, 10))
    {
        for (const RoutePart part : {RoutePart::Services, RoutePart::Deployments, RoutePart::Pods})
            answer(listObject(objectsOf(part)));
        answer(route);
    }
    [[nodiscard]] State read(const QJsonObject &route = routeObject(90, 10))
    {
        answerRead(route);
        return await(control.read());
    }
    /// Watching, told once.
    void watch()
    {
        for (const RoutePart part : routeParts)
            answer(listObject(objectsOf(part)));
        answer(routeObject(90, 10)); // the pulse
        control.watch();
        for (const RoutePart part : routeParts)
            stream(part).start();
        clock.advance(std::chrono::milliseconds(50));
    }
    /// The newest stream of a part; in the beginning they are opened in order.
    [[nodiscard]] ScriptedStream &stream(RoutePart part)
    {
        const QString plural = QLatin1Char('/') + ToldWorld().world.path(qsizetype(part)).plural;
        ScriptedStream *newest = nullptr;
        qsizetype opened = 0;
        for (const HttpRequest &request : std::as_const(http.scripted.requests)) {
            if (!request.url.query().contains(QStringLiteral("watch=1")))
                continue;
            if (request.url.path().endsWith(plural))
                newest = http.streams[opened];
            ++opened;
        }
        if (!newest)
            qFatal("no such stream is open");
        return *newest;
    }
    void tell(RoutePart part, const QByteArray &type, const QJsonObject &object)
    {
        stream(part).arrive(bytes({{QStringLiteral("type"), QString::fromLatin1(type)},
                                   {QStringLiteral("object"), object}})
                            + '\n');
        clock.advance(std::chrono::milliseconds(50));
    }

    [[nodiscard]] static WeightRequest request(int weight,
                                               const QString &version = QStringLiteral("81723"))
    {
        WeightRequest request;
        request.candidate = Weight{weight};
        request.expectedVersion = version;
        request.candidateCommit = CommitId(newCommit());
        request.actor = QStringLiteral("mara");
        request.reason = QStringLiteral("all well");
        request.intent = IntentId(QStringLiteral("i7"));
        return request;
    }
    /// What the route is after such a write: the Gateway has not looked yet.
    [[nodiscard]] static QJsonObject written(int weight)
    {
        return with(routeObject(100 - weight, weight, "81800"), "metadata.generation", 8);
    }
    [[nodiscard]] int sent(const QByteArray &method) const
    {
        int count = 0;
        for (const HttpRequest &each : http.scripted.requests)
            count += each.method == method ? 1 : 0;
        return count;
    }
};

} // namespace pilothouse
