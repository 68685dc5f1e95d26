#include "rollout/trafficannotations.h"

#include "base/chaining.h"
#include "base/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace pilothouse {
namespace {

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QDateTime timeOf(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
}

QString textOf(const QJsonObject &object, const char *key)
{
    return object.value(QLatin1String(key)).toString();
}

std::optional<Weight> weightOf(const QJsonValue &value)
{
    const qint64 percent = value.toInteger(-1);
    if (percent < 0 || percent > 100)
        return std::nullopt;
    return Weight{int(percent)};
}

QString whereText(GuardMark::Where where)
{
    switch (where) {
    case GuardMark::Where::Window:
        return QStringLiteral("window");
    case GuardMark::Where::Ci:
        return QStringLiteral("CI");
    case GuardMark::Where::Program:
        break;
    }
    return QStringLiteral("program");
}

GuardMark::Where whereOf(const QString &text)
{
    for (const GuardMark::Where where : {GuardMark::Where::Window, GuardMark::Where::Ci}) {
        if (text == whereText(where))
            return where;
    }
    return GuardMark::Where::Program;
}

QFuture<Result<Reading<TrafficState>>> keepIn(TrafficControl &control, const QString &key,
                                              const MakeAnnotation &make, QObject *context,
                                              int tries)
{
    using State = Reading<TrafficState>;
    return askNext<State>(
        control.glance(), context,
        [&control, key, make, context, tries](const Result<State> &now) -> QFuture<Result<State>> {
            if (!now)
                return ready<State>(now);
            const auto text = make(now->value);
            if (!text)
                return ready<State>(now);
            return askNext<State>(
                control.annotate(key, *text, now->value.version), context,
                [&control, key, make, context, tries](const Result<State> &after) {
                    const bool again
                        = !after && after.error().kind == ErrorKind::Conflict && tries > 1;
                    return again ? keepIn(control, key, make, context, tries - 1)
                                 : ready<State>(after);
                });
        });
}

tl::unexpected<Error> unreadable(const QString &where, const QByteArray &text)
{
    return fail(ErrorKind::Malformed,
                Words::tr("The annotation %1 cannot be read at %2. Correct or remove it.")
                    .arg(QLatin1String(changesAnnotation), where),
                QString::fromUtf8(text.left(500)));
}

} // namespace

QByteArray encodeHold(const Hold &hold)
{
    const QJsonObject object{{QStringLiteral("by"), hold.by},
                             {QStringLiteral("since"), timeText(hold.since)},
                             {QStringLiteral("why"), hold.why},
                             {QStringLiteral("commit"), hold.commit.value},
                             {QStringLiteral("intent"), hold.intent.value}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<Hold> decodeHold(const QByteArray &annotation)
{
    if (annotation.trimmed().isEmpty())
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(annotation);
    if (!document.isObject()) {
        Hold hold;
        hold.by = Words::tr("somebody");
        hold.why = Words::tr("the hold on the traffic object cannot be read: %1")
                       .arg(QString::fromUtf8(annotation.left(200)));
        return hold;
    }
    const QJsonObject object = document.object();
    return Hold{textOf(object, "by"), timeOf(object.value(QLatin1String("since"))),
                textOf(object, "why"), CommitId(textOf(object, "commit")),
                IntentId(textOf(object, "intent"))};
}

QString holdDifference(const QByteArray &before, const QByteArray &after)
{
    const auto whose = [](const QByteArray &annotation) {
        const auto hold = decodeHold(annotation);
        return hold ? Words::tr("by %1").arg(hold->by) : Words::tr("(none)");
    };
    return Words::tr("hold: %1 → %2").arg(whose(before), whose(after));
}

QByteArray encodeChanges(const QList<WeightChange> &changes)
{
    QJsonArray array;
    for (const WeightChange &change : changes.mid(0, rememberedChanges)) {
        QJsonObject object{{QStringLiteral("at"), timeText(change.at)},
                           {QStringLiteral("actor"), change.actor},
                           {QStringLiteral("from"), change.from.percent},
                           {QStringLiteral("to"), change.to.percent},
                           {QStringLiteral("reason"), change.reason},
                           {QStringLiteral("intent"), change.intent.value},
                           {QStringLiteral("candidate"), change.candidate.value}};
        if (!change.podTemplate.isEmpty())
            object.insert(QStringLiteral("template"), change.podTemplate);
        array.append(object);
    }
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

Result<QList<WeightChange>> decodeChanges(const QByteArray &annotation)
{
    QList<WeightChange> changes;
    if (annotation.trimmed().isEmpty())
        return changes;
    const QJsonDocument document = QJsonDocument::fromJson(annotation);
    if (!document.isArray())
        return unreadable(Words::tr("its beginning"), annotation);
    const QJsonArray array = document.array();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QJsonObject object = array.at(i).toObject();
        const auto from = weightOf(object.value(QLatin1String("from")));
        const auto to = weightOf(object.value(QLatin1String("to")));
        const QDateTime at = timeOf(object.value(QLatin1String("at")));
        if (!from || !to || !at.isValid())
            return unreadable(QStringLiteral("[%1]").arg(i), annotation);
        changes.append({at,
                        textOf(object, "actor"),
                        *from,
                        *to,
                        textOf(object, "reason"),
                        IntentId(textOf(object, "intent")),
                        CommitId(textOf(object, "candidate")),
                        {},
                        textOf(object, "template")});
    }
    return changes;
}

QByteArray encodeDeeds(const QList<Deed> &deeds)
{
    QJsonArray array;
    for (const Deed &deed : deeds.mid(0, rememberedChanges)) {
        QJsonObject object{{QStringLiteral("at"), timeText(deed.at)},
                           {QStringLiteral("by"), deed.by},
                           {QStringLiteral("what"), deed.what},
                           {QStringLiteral("why"), deed.why},
                           {QStringLiteral("intent"), deed.intent.value}};
        if (deed.since.isValid())
            object.insert(QStringLiteral("since"), timeText(deed.since));
        array.append(object);
    }
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

QList<Deed> decodeDeeds(const QByteArray &annotation)
{
    QList<Deed> deeds;
    const QJsonArray array = QJsonDocument::fromJson(annotation).array();
    for (const QJsonValue each : array) {
        const QJsonObject object = each.toObject();
        const QString what = textOf(object, "what");
        if (!what.isEmpty())
            deeds.append({timeOf(object.value(QLatin1String("at"))), textOf(object, "by"), what,
                          textOf(object, "why"), IntentId(textOf(object, "intent")),
                          timeOf(object.value(QLatin1String("since")))});
    }
    return deeds;
}

QByteArray encodeGuards(const QList<GuardMark> &guards)
{
    if (guards.isEmpty())
        return {};
    QJsonArray array;
    for (const GuardMark &guard : guards) {
        QJsonObject object{{QStringLiteral("by"), guard.by},
                           {QStringLiteral("where"), whereText(guard.where)},
                           {QStringLiteral("process"), guard.process.toJson()},
                           {QStringLiteral("since"), timeText(guard.since)},
                           {QStringLiteral("commit"), guard.commit.value}};
        if (!guard.run.isEmpty())
            object.insert(QStringLiteral("run"), guard.run);
        if (!guard.pidSpace.isEmpty())
            object.insert(QStringLiteral("pidSpace"), guard.pidSpace);
        if (guard.until.isValid())
            object.insert(QStringLiteral("until"), timeText(guard.until));
        if (!guard.intent.value.isEmpty())
            object.insert(QStringLiteral("intent"), guard.intent.value);
        if (guard.heartbeat.isValid())
            object.insert(QStringLiteral("heartbeat"), timeText(guard.heartbeat));
        array.append(object);
    }
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

QList<GuardMark> decodeGuards(const QByteArray &annotation)
{
    QList<GuardMark> guards;
    const QJsonArray array = QJsonDocument::fromJson(annotation).array();
    for (const QJsonValue each : array) {
        const QJsonObject object = each.toObject();
        const GuardMark guard{
            textOf(object, "by"),
            whereOf(textOf(object, "where")),
            textOf(object, "run"),
            ProcessMark::fromJson(object.value(QLatin1String("process")).toObject()),
            textOf(object, "pidSpace"),
            timeOf(object.value(QLatin1String("since"))),
            timeOf(object.value(QLatin1String("until"))),
            CommitId(textOf(object, "commit")),
            IntentId(textOf(object, "intent")),
            timeOf(object.value(QLatin1String("heartbeat")))};
        if (guard.since.isValid() && !guard.commit.value.isEmpty())
            guards.append(guard);
    }
    return guards;
}

QByteArray encodeRetired(const QList<Retirement> &retired)
{
    if (retired.isEmpty())
        return {};
    QJsonArray array;
    for (const Retirement &each : retired.mid(0, rememberedChanges))
        array.append(QJsonObject{{QStringLiteral("what"), each.what},
                                 {QStringLiteral("commit"), each.commit.value},
                                 {QStringLiteral("by"), each.by},
                                 {QStringLiteral("at"), timeText(each.at)},
                                 {QStringLiteral("intent"), each.intent.value}});
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

QList<Retirement> decodeRetired(const QByteArray &annotation)
{
    QList<Retirement> retired;
    const QJsonArray array = QJsonDocument::fromJson(annotation).array();
    for (const QJsonValue each : array) {
        const QJsonObject object = each.toObject();
        const QString what = textOf(object, "what");
        if (!what.isEmpty())
            retired.append({what, CommitId(textOf(object, "commit")), textOf(object, "by"),
                            timeOf(object.value(QLatin1String("at"))),
                            IntentId(textOf(object, "intent"))});
    }
    return retired;
}

void tellNotes(const std::function<QByteArray(const char *)> &annotationOf, TrafficState &state)
{
    state.hold = decodeHold(annotationOf(holdAnnotation));
    state.deeds = decodeDeeds(annotationOf(deedsAnnotation));
    state.guards = decodeGuards(annotationOf(guardsAnnotation));
    state.retired = decodeRetired(annotationOf(retiredAnnotation));
}

QFuture<Result<Reading<TrafficState>>> keepAnnotation(TrafficControl &control, const QString &key,
                                                      const MakeAnnotation &make, QObject *context)
{
    constexpr int tries = 3;
    return keepIn(control, key, make, context, tries);
}

QByteArray encodedWith(const Deed &deed, const QByteArray &annotation)
{
    return encodeDeeds(QList<Deed>{deed} + decodeDeeds(annotation));
}

std::optional<Deed> deedOf(const Lift &lift, const QDateTime &at, const QByteArray &hold)
{
    if (lift == Lift{})
        return std::nullopt;
    return Deed{at,       lift.by,     liftDeed,
                lift.why, lift.intent, decodeHold(hold).value_or(Hold{}).since};
}

QList<WeightChange> remembered(const WeightChange &change, const QList<WeightChange> &before)
{
    QList<WeightChange> changes{change};
    changes += before.mid(0, rememberedChanges - 1);
    return changes;
}

QString lastMover(const TrafficState &traffic)
{
    if (traffic.changes.isEmpty() || traffic.changes.first().to != traffic.asked)
        return traffic.lastWriter;
    const WeightChange &change = traffic.changes.first();
    return QStringLiteral("%1 (%2 → %3 %)")
        .arg(change.actor)
        .arg(change.from.percent)
        .arg(change.to.percent);
}

Noted isNoted(const TrafficState &traffic, const IntentId &intent)
{
    const QList<WeightChange> &changes = traffic.changes;
    const bool ours
        = std::any_of(changes.cbegin(), changes.cend(),
                      [&intent](const WeightChange &change) { return change.intent == intent; });
    const bool deed = std::any_of(traffic.deeds.cbegin(), traffic.deeds.cend(),
                                  [&intent](const Deed &each) { return each.intent == intent; });
    if (ours || deed)
        return Noted::Yes;
    if (changes.isEmpty() || changes.first().to != traffic.asked)
        return Noted::Unknown;
    const WeightChange &newest = changes.first();
    return newest.intent.value.isEmpty() && !newest.through.isEmpty() ? Noted::Nameless : Noted::No;
}

} // namespace pilothouse
