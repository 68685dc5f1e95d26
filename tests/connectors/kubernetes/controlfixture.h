#pragma once

#include "clusterobjects.h"
#include "streamshttp.h"

#include "connectors/kubernetes/watched/watchedcontrol.h"
#include "rollout/trafficannotations.h"
#include "support/await.h"
#include "support/fakeclock.h"

namespace pilothouse {

/// A control over scripted answers, and what it told. `World` gives the paths of its parts.
template <typename Control, typename World>
struct ControlFixture
{
    using State = Result<Reading<TrafficState>>;

    StreamsHttp http;
    FakeClock clock;
    KubernetesApi api{http, clock, QUrl(QStringLiteral("https://k8s.test"))};
    Control control;
    World paths;
    QList<QJsonArray> lists; ///< of the parts behind the guarded object, in order
    QJsonObject object;      ///< the guarded one
    QList<Reading<TrafficState>> told;
    QList<Error> losses;

    template <typename Settings, typename Names>
    ControlFixture(const Settings &settings, const Names &names)
        : control(api, clock, settings), paths(names)
    {
        QObject::connect(&control, &TrafficControl::changed,
                         [this](const Reading<TrafficState> &state) { told.append(state); });
        QObject::connect(&control, &TrafficControl::lost,
                         [this](const Error &error) { losses.append(error); });
    }

    void answer(const QJsonObject &each) { http.scripted.answer(200, bytes(each)); }
    void answerRead()
    {
        for (const QJsonArray &list : std::as_const(lists))
            answer(listObject(list));
        answer(object);
    }
    [[nodiscard]] State read()
    {
        answerRead();
        return await(control.read());
    }
    /// Watching, told once.
    void watch()
    {
        for (const QJsonArray &list : std::as_const(lists))
            answer(listObject(list));
        answer(listObject({object}));
        answer(object); // the pulse
        control.watch();
        for (const auto &stream : std::as_const(http.streams))
            stream->start();
        clock.advance(std::chrono::milliseconds(50));
    }
    /// The watch of the guarded object, as it was opened first.
    void tell(const QJsonObject &fresh)
    {
        http.streams[paths.guardedPart()]->arrive(
            bytes({{QStringLiteral("type"), QStringLiteral("MODIFIED")},
                   {QStringLiteral("object"), fresh}})
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

    /// The writes that were sent: "PATCH /status {…}", the query left out.
    [[nodiscard]] QList<HttpRequest> writes() const
    {
        QList<HttpRequest> sent;
        for (const HttpRequest &each : http.scripted.requests) {
            if (each.method == "PATCH")
                sent.append(each);
        }
        return sent;
    }
    [[nodiscard]] QJsonObject body(qsizetype write) const
    {
        return QJsonDocument::fromJson(writes().value(write).body).object();
    }
};

} // namespace pilothouse
