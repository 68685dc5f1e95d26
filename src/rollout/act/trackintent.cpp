#include "rollout/act/trackintent.h"

#include "base/words.h"
#include "rollout/trafficannotations.h"
#include "rollout/wayback/deployintent.h"

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

/// A program that deploys has begun to by then.
constexpr int beginsWithin = 60; // seconds
/// And ends by then: helm waits for five minutes unless it is told otherwise.
constexpr int endsWithin = 6 * 60;

QString verbOf(const Record &intent)
{
    return intent.body[QLatin1String("verb")].toString();
}

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

Outcome cameOfHold(const Record &intent, const TrafficState &now)
{
    using Kind = Outcome::Kind;
    if (now.hold) {
        // One from before holds were given the intent's id may be it.
        const IntentId &set = now.hold->intent;
        if (set.value.isEmpty() || set == intent.id)
            return cameTo(Kind::Done, Words::tr("a hold stands"));
        return cameTo(Kind::Unknown, Words::tr("another hold stands, by %1").arg(now.hold->by));
    }
    for (const Deed &deed : now.deeds) {
        if (deed.what == liftDeed && deed.at.addSecs(clocksDiffer) >= intent.at)
            return cameTo(Kind::Unknown,
                          Words::tr("no hold stands: %1 has lifted one since").arg(deed.by));
    }
    return cameTo(Kind::Failed, Words::tr("no hold stands"));
}

Outcome cameOfLift(const Record &intent, const TrafficState &now)
{
    using Kind = Outcome::Kind;
    if (!now.hold)
        return cameTo(Kind::Done, Words::tr("no hold stands"));
    if (isNoted(now, intent.id) == Noted::Yes)
        return cameTo(Kind::Done, Words::tr("done; %1 holds it again").arg(now.hold->by));
    return cameTo(Kind::Failed, Words::tr("a hold stands"));
}

Outcome cameOfRetiring(const Record &intent, const TrafficState &now)
{
    for (const Retirement &each : now.retired) {
        if (each.intent == intent.id)
            return cameTo(Outcome::Kind::Done,
                          Words::tr("done: it is noted on the traffic object"));
    }
    return cameTo(Outcome::Kind::Failed,
                  Words::tr("not noted on the traffic object: retire it again"));
}

} // namespace

QJsonArray evidenceOf(const QList<CheckResult> &results, const QList<Alert> &alerts)
{
    QJsonArray evidence;
    for (const CheckResult &result : results) {
        evidence.append(QJsonObject{{QStringLiteral("check"), result.name},
                                    {QStringLiteral("verdict"), verdictWord(result.verdict)},
                                    {QStringLiteral("sentence"), result.sentence}});
    }
    for (const Alert &alert : alerts) {
        if (!alert.isFiring())
            continue;
        evidence.append(QJsonObject{
            {QStringLiteral("check"), alert.name},
            {QStringLiteral("verdict"), alert.state},
            {QStringLiteral("sentence"),
             Words::tr("true since %1").arg(alert.activeAt.toUTC().toString(Qt::ISODate))}});
    }
    return evidence;
}

AfterRollback afterRollback(const Confirmation &confirmation)
{
    return confirmation.option ? AfterRollback::Hold : AfterRollback::NoHold;
}

void addAfterRollback(QJsonObject &body, AfterRollback then)
{
    if (then == AfterRollback::NoHold)
        body.insert(QLatin1String("hold"), false);
}

Outcome whatCameOf(const Record &intent, const TrafficState &now)
{
    using Kind = Outcome::Kind;
    const QString verb = verbOf(intent);
    const int from = intent.body[QLatin1String("from")].toInt(-1);
    const int to = intent.body[QLatin1String("to")].toInt(-1);
    const int asked = now.asked.percent;
    if (verb == QLatin1String("hold"))
        return cameOfHold(intent, now);
    if (verb == QLatin1String("lift"))
        return cameOfLift(intent, now);
    if (verb == QLatin1String("retire way back"))
        return cameOfRetiring(intent, now);
    if (goesBackByDeploy(intent))
        return whatCameOfDeploy(intent, now);
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

Outcome whatCameOfOwn(const Record &intent, const TrafficState &now)
{
    using Kind = Outcome::Kind;
    if (isNoted(now, intent.id) == Noted::Yes)
        return cameTo(Kind::Done, Words::tr("done: it is noted on the traffic object"));
    return cameTo(Kind::Unknown, Words::tr("only the traffic control knows: %1").arg(now.progress));
}

bool movesWeight(const Record &intent)
{
    return !QStringList{QStringLiteral("hold"), QStringLiteral("lift"),
                        QStringLiteral("retire way back")}
                .contains(verbOf(intent))
           && !goesBackByDeploy(intent);
}

bool mayStillRun(const Record &intent, const Outcome &came, const TrafficState &traffic,
                 const QDateTime &now)
{
    if (came.kind == Outcome::Kind::Done || !intent.at.isValid())
        return false;
    const bool begun
        = !traffic.atWork.isEmpty() || (traffic.earlier && !traffic.earlier->unfinished.isEmpty());
    const qint64 age = intent.at.secsTo(now);
    return age >= 0 && age < (begun ? endsWithin : beginsWithin);
}

} // namespace pilothouse
