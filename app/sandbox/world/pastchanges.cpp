#include "app/sandbox/world/pastchanges.h"

#include "app/sandbox/world/world.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse::sandbox {

namespace {

constexpr double day = 86'400;
constexpr qsizetype remembered = 20;

struct Past
{
    double clockSecond;
    const char *actor;
    int from, to;
    const char *reason;
    QString candidate; ///< nickname
};

QJsonObject view(const World &world, const Past &past)
{
    return {{QStringLiteral("at"), world.wallTime(past.clockSecond).toString(Qt::ISODateWithMs)},
            {QStringLiteral("actor"), QString::fromUtf8(past.actor)},
            {QStringLiteral("from"), past.from},
            {QStringLiteral("to"), past.to},
            {QStringLiteral("reason"), QString::fromUtf8(past.reason)},
            {QStringLiteral("intent"), QString()},
            {QStringLiteral("candidate"), world.commit(past.candidate)}};
}

/// The one that was tried four days ago and the one that is stable since three weeks.
QList<Past> longAgo(const World &world)
{
    const QString old = world.scenario().stable;
    const QString failed = QStringLiteral("6d02e19");
    return {{-21 * day, "A. Muster", 0, 10, "", old},
            {-21 * day + 320, "A. Muster", 10, 50, "", old},
            {-21 * day + 940, "A. Muster", 50, 100, "", old},
            {-4 * day, "A. Muster", 0, 10, "", failed},
            {-4 * day + 52, "guard, CI", 10, 0, "p95 180 ms", failed}};
}

} // namespace

QByteArray pastChanges(const World &world, const QString &track)
{
    const char *who = track == QLatin1String("standalone") ? "A. Muster" : "B. Novak";
    QList<Past> all = longAgo(world);
    const QList<PastTraffic> before = world.startState().before.value(track);
    for (qsizetype i = 1; i < before.size(); ++i) {
        const TrackTraffic &was = before[i - 1].traffic;
        const TrackTraffic &now = before[i].traffic;
        const double at = before[i].second / world.options().speed;
        if (now.stable != was.stable) {
            // Finished: its weights went up one after the other before that.
            constexpr double stages[] = {60, 40, 15};
            constexpr int weights[] = {0, 10, 50, 100};
            for (int stage = 0; stage < 3; ++stage)
                all.append({at - stages[stage] / world.options().speed, who, weights[stage],
                            weights[stage + 1], "", now.stable});
        } else if (now.weight != was.weight) {
            all.append({at, who, was.weight, now.weight, "", now.candidate});
        }
    }
    QJsonArray out;
    for (auto past = all.rbegin(); past != all.rend() && out.size() < remembered; ++past)
        out.append(view(world, *past));
    return QJsonDocument(out).toJson(QJsonDocument::Compact);
}

} // namespace pilothouse::sandbox
