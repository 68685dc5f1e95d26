#include "rollout/act/trackintent.h"

#include "base/words.h"
#include "rollout/trafficannotations.h"

namespace pilothouse {
namespace {

Outcome cameTo(Outcome::Kind kind, const QString &text)
{
    Outcome outcome;
    outcome.kind = kind;
    outcome.text = text;
    return outcome;
}

/// What the clocks of two machines may differ by.
constexpr int clocksDiffer = 120; // seconds

/// Of a weight that is asked as it was wanted, through a record that names no intent.
Outcome namelessly(const Record &intent, const TrafficState &now)
{
    using Kind = Outcome::Kind;
    const WeightChange &change = now.changes.first();
    const bool before
        = change.at.isValid() && intent.at.isValid() && change.at.addSecs(clocksDiffer) < intent.at;
    if (before)
        return cameTo(Kind::Failed,
                      Words::tr("not done: the weight was set by %1 before").arg(lastMover(now)));
    const QString who = Words::tr("%1 % is asked, by %2, which names no intent")
                            .arg(now.asked.percent)
                            .arg(lastMover(now));
    if (now.accepted && *now.accepted != now.asked)
        return cameTo(Kind::Unknown,
                      Words::tr("%1; %2 % is accepted").arg(who).arg(now.accepted->percent));
    return cameTo(Kind::Done, who);
}

} // namespace

QJsonArray evidenceOf(const QList<CheckResult> &results)
{
    QJsonArray evidence;
    for (const CheckResult &result : results) {
        evidence.append(QJsonObject{{QStringLiteral("check"), result.name},
                                    {QStringLiteral("verdict"), verdictWord(result.verdict)},
                                    {QStringLiteral("sentence"), result.sentence}});
    }
    return evidence;
}

Outcome whatCameOf(const Record &intent, const TrafficState &now)
{
    using Kind = Outcome::Kind;
    const QString verb = intent.body[QLatin1String("verb")].toString();
    const int from = intent.body[QLatin1String("from")].toInt(-1);
    const int to = intent.body[QLatin1String("to")].toInt(-1);
    const int asked = now.asked.percent;
    if (verb == QLatin1String("hold") || verb == QLatin1String("lift")) {
        const bool held = now.hold.has_value();
        const bool done = held == (verb == QLatin1String("hold"));
        return cameTo(done ? Kind::Done : Kind::Failed,
                      held ? Words::tr("a hold stands") : Words::tr("no hold stands"));
    }
    if (verb == QLatin1String("retire way back"))
        return cameTo(Kind::Failed, Words::tr("not recorded as done: retire it again"));
    const Noted noted = isNoted(now, intent.id);
    if (noted == Noted::Yes && asked != to)
        return cameTo(
            Kind::Done,
            Words::tr("done; the weight is %1 % now, by %2").arg(asked).arg(lastMover(now)));
    if (asked == to && noted == Noted::Nameless)
        return namelessly(intent, now);
    if (asked == to && noted == Noted::No)
        return cameTo(Kind::Failed,
                      Words::tr("not done: the weight was set by %1").arg(lastMover(now)));
    if (asked == to)
        return cameTo(Kind::Done, Words::tr("%1 % is asked").arg(to));
    if (asked == from)
        return cameTo(Kind::Failed, Words::tr("not done: the weight is still %1 %").arg(from));
    return cameTo(Kind::Unknown,
                  Words::tr("the weight is %1 % now: somebody moved it since").arg(asked));
}

} // namespace pilothouse
