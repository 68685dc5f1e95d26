#include "release/lately.h"

#include "action/outcomewords.h"
#include "base/words.h"
#include "journal/processmark.h"
#include "pipeline/overlay.h"
#include "release/leaving.h"
#include "release/things/namedthings.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/trafficannotations.h"

#include <QSet>

#include <algorithm>

namespace pilothouse {

namespace {

QString verbOf(const Record &intent)
{
    return intent.body[QLatin1String("verb")].toString();
}

bool movesWeight(const Record &intent)
{
    const QJsonValue from = intent.body[QLatin1String("from")];
    const QJsonValue to = intent.body[QLatin1String("to")];
    return from.isDouble() && to.isDouble() && from != to;
}

/// "standalone promote 10 → 50", "change … run E1"
QString decision(const Record &intent)
{
    QString text = intent.subject + QLatin1Char(' ') + verbOf(intent);
    if (movesWeight(intent))
        text += QStringLiteral(" %1 → %2")
                    .arg(intent.body[QLatin1String("from")].toInt())
                    .arg(intent.body[QLatin1String("to")].toInt());
    return text;
}

QString word(Outcome::Kind kind)
{
    switch (kind) {
    case Outcome::Kind::Done:
        return Words::tr("done");
    case Outcome::Kind::Failed:
        return Words::tr("failed");
    case Outcome::Kind::Refused:
        return Words::tr("refused");
    case Outcome::Kind::Conflict:
        return Words::tr("conflict");
    case Outcome::Kind::Unknown:
        break;
    }
    return Words::tr("outcome unknown");
}

bool isKnown(const IntentId &intent, const QList<Record> &known)
{
    return !intent.value.isEmpty()
           && std::any_of(known.cbegin(), known.cend(),
                          [&intent](const Record &record) { return record.id == intent; });
}

/// A line that the traffic object tells besides weights.
LatelyLine objectLine(const TrackName &track, const QDateTime &at, const QString &who,
                      const QString &what, const QString &why)
{
    LatelyLine line;
    line.at = at;
    line.who = who;
    line.what = QStringLiteral("%1 %2").arg(track.value, what);
    if (!why.isEmpty())
        line.what += QStringLiteral(": ") + why;
    line.source = LatelyLine::Source::TrafficObject;
    line.seenIn = Words::tr("the traffic object");
    line.about = {trackThing(track)};
    return line;
}

/// "hold lifted", "abort"; empty for the note of a deploy, which the deploys' own records tell.
QString deedWords(const Deed &deed)
{
    if (deed.what == liftDeed)
        return Words::tr("hold lifted");
    const QString action = deed.what.section(QLatin1Char('.'), 1);
    return QString(action)
        .replace(QLatin1Char('-'), QLatin1Char(' '))
        .replace(QLatin1Char(':'), QLatin1Char(' '));
}

} // namespace

QList<LatelyLine> linesOf(const QList<Record> &records)
{
    QHash<IntentId, Record> outcomes;
    QList<LatelyLine> lines;
    for (const Record &record : records) {
        LatelyLine line;
        line.at = record.at;
        line.who = record.actor;
        line.about = recordThings(record);
        if (record.kind == RecordKind::Outcome) {
            outcomes.insert(record.id, record);
            continue;
        }
        if (record.kind == RecordKind::Note) {
            line.kind = LatelyLine::Kind::Note;
            line.what = record.body[QLatin1String("text")].toString();
        } else if (const auto end = outcomes.constFind(record.id); end != outcomes.constEnd()) {
            const Outcome outcome = outcomeOf(*end);
            line.what = decision(record) + QStringLiteral(" · ") + word(outcome.kind);
            if (outcome.kind == Outcome::Kind::Done && movesWeight(record))
                line.moved = TrackName(record.subject);
            if (!outcome.text.isEmpty())
                line.what += QStringLiteral(": ") + outcome.text;
        } else {
            line.what = decision(record) + QStringLiteral(" …");
        }
        lines.append(line);
    }
    return lines;
}

QList<LatelyLine> linesOf(const TrackName &track, const TrafficState &traffic,
                          const QList<Record> &known)
{
    QList<LatelyLine> lines;
    for (const WeightChange &change : traffic.changes) {
        if (isKnown(change.intent, known))
            continue;
        LatelyLine line;
        line.at = change.at;
        line.who = change.actor;
        line.what = QStringLiteral("%1 %2 → %3")
                        .arg(track.value)
                        .arg(change.from.percent)
                        .arg(change.to.percent);
        if (!change.reason.isEmpty())
            line.what += QStringLiteral(": ") + change.reason;
        line.source = LatelyLine::Source::TrafficObject;
        line.seenIn = Words::tr("the traffic object");
        line.about = {trackThing(track)};
        line.moved = track;
        if (!change.candidate.value.isEmpty())
            line.about.append(commitThing(change.candidate));
        lines.append(line);
    }
    if (traffic.hold && traffic.hold->since.isValid() && !isKnown(traffic.hold->intent, known))
        lines.append(objectLine(track, traffic.hold->since, traffic.hold->by, Words::tr("held"),
                                traffic.hold->why));
    for (const Retirement &each : traffic.retired) {
        const QString what = each.commit.value.isEmpty() ? each.what : shortSha(each.commit);
        if (each.at.isValid() && !isKnown(each.intent, known))
            lines.append(objectLine(track, each.at, each.by,
                                    Words::tr("way back %1 retired").arg(what), {}));
    }
    for (const Deed &deed : traffic.deeds) {
        if (const QString what = deedWords(deed); !what.isEmpty() && !isKnown(deed.intent, known))
            lines.append(objectLine(track, deed.at, deed.by, what, deed.why));
    }
    if (writtenPast(traffic)) {
        lines.append({traffic.lastWrittenAt,
                      traffic.lastWriter,
                      Words::tr("%1 written, not through a console").arg(track.value),
                      LatelyLine::Source::TrafficObject,
                      {trackThing(track)},
                      LatelyLine::Kind::Act,
                      Words::tr("the traffic object"),
                      track});
    }
    return lines;
}

QList<LatelyLine> linesOf(const QList<Run> &runs)
{
    QList<LatelyLine> lines;
    for (const Run &run : runs) {
        if (!hasEnded(run.status))
            continue;
        const QString name = run.workflowPath.section(QLatin1Char('/'), -1);
        QString how = Words::tr("ended");
        if (run.status == RunStatus::Succeeded)
            how = Words::tr("green");
        else if (run.status == RunStatus::Failed || run.status == RunStatus::TimedOut)
            how = Words::tr("red");
        else if (run.status == RunStatus::Cancelled)
            how = Words::tr("cancelled");
        lines.append({run.updatedAt,
                      run.actor,
                      QStringLiteral("%1 %2 %3").arg(name, how, shortSha(run.commit)),
                      LatelyLine::Source::Pipeline,
                      {runThing(run), commitThing(run.commit)}});
    }
    return lines;
}

QList<LatelyLine> linesOf(const QList<Alert> &alerts)
{
    QList<LatelyLine> lines;
    for (const Alert &alert : alerts) {
        lines.append({alert.activeAt,
                      Words::tr("alert"),
                      QStringLiteral("%1 %2").arg(alert.name, alert.state),
                      LatelyLine::Source::Alert,
                      {alertThing(alert.name, alert.state)}});
    }
    return lines;
}

QList<LatelyLine> merged(QList<LatelyLine> lines, int limit)
{
    std::stable_sort(lines.begin(), lines.end(),
                     [](const LatelyLine &a, const LatelyLine &b) { return a.at > b.at; });
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return lines.mid(0, limit);
}

QHash<QString, QHash<QString, QDateTime>> retiredIn(const QList<Record> &records)
{
    QHash<QString, QHash<QString, QDateTime>> retired;
    QHash<IntentId, QDateTime> done;
    for (const Record &record : records) {
        if (record.kind == RecordKind::Outcome && outcomeOf(record).kind == Outcome::Kind::Done)
            done.insert(record.id, record.at);
        if (record.kind != RecordKind::Intent || !done.contains(record.id)
            || verbOf(record) != QLatin1String("retire way back")) {
            continue;
        }
        // Records of before were of commits alone.
        const QString what = record.body.value(QLatin1String("what"))
                                 .toString(record.body[QLatin1String("targetCommit")].toString());
        auto &ofTrack = retired[record.subject];
        if (!ofTrack.contains(what))
            ofTrack.insert(what, done.value(record.id));
    }
    return retired;
}

QHash<QString, ArmedGuard> guardsLeftIn(const QList<Record> &records)
{
    QHash<QString, ArmedGuard> left;
    QSet<QString> settled;
    QSet<IntentId> done;
    for (const Record &record : records) {
        if (record.kind == RecordKind::Outcome && outcomeOf(record).kind == Outcome::Kind::Done)
            done.insert(record.id);
        const bool closed = record.kind == RecordKind::Note && record.body[closingKey].toBool();
        const bool isDone = record.kind == RecordKind::Intent && done.contains(record.id);
        const QString verb = verbOf(record);
        const bool ends
            = closed
              || (isDone && (verb == guardverb::disarm || verb == QLatin1String("roll back")));
        if (settled.contains(record.subject) || (!ends && !(isDone && verb == guardverb::arm)))
            continue;
        settled.insert(record.subject);
        const auto process
            = ProcessMark::fromJson(record.body[QLatin1String("process")].toObject());
        if (ends || !process.isGoneHere())
            continue;
        left.insert(record.subject,
                    {record.actor, record.at,
                     CommitId(record.body[QLatin1String("targetCommit")].toString()), record.id});
    }
    return left;
}

} // namespace pilothouse
