#include "connectors/kubernetes/helm/helmstate.h"

#include "action/outcomewords.h"
#include "base/words.h"
#include "connectors/kubernetes/helm/helmnextdeploy.h"
#include "rollout/trafficannotations.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {
namespace {

/// A description is shown cut; the reason is cut so that what stands behind it stays.
constexpr int longestReason = 60;
constexpr int longestActor = 40;
constexpr QLatin1String noIntent("-");

std::optional<WeightChange> changeFrom(const QString &description)
{
    static const QRegularExpression form(QStringLiteral(
        R"(^\S+ (\d+) -> (\d+) by (.+?)(?:: (.*))? \(pilothouse (\S+)(?: ([0-9a-f]{7,64}))?\)$)"));
    const QRegularExpressionMatch match = form.match(description);
    if (!match.hasMatch())
        return {};
    WeightChange change;
    change.from = Weight{match.captured(1).toInt()};
    change.to = Weight{match.captured(2).toInt()};
    change.actor = match.captured(3);
    change.reason = match.captured(4);
    if (match.captured(5) != noIntent)
        change.intent = IntentId(match.captured(5));
    change.candidate = CommitId(match.captured(6));
    return change;
}

/// A console moved the route itself, later than Helm did: a rollback that helm could not do.
bool isRoutesOwn(const TrafficState &route, const HelmRevision &newest)
{
    return !route.changes.isEmpty() && route.changes.first().to == route.asked
           && route.changes.first().at >= newest.at;
}

/// Neither generation of helm takes a description for a rollback: it writes this one, whoever ran
/// it. An upgrade of ours always has a description of its own.
bool isHelmsRollback(const QString &description)
{
    static const QRegularExpression form(QStringLiteral(R"(^Rollback to \d+$)"));
    return form.match(description).hasMatch();
}

void addHistoryProblems(const HelmSight &sight, const TrafficState &route, const QString &value,
                        QStringList &problems)
{
    const HelmHistory &history = *sight.history;
    const HelmRevision &newest = *history.newest();
    if (newest.status == HelmStatus::Failed)
        problems << Words::tr("Helm revision %1 failed and may be applied in part: %2")
                        .arg(newest.number)
                        .arg(history.body(newest.number).description);
    if (!sight.lock.sentence.isEmpty())
        problems << sight.lock.sentence;
    const auto asked = askedWeight(history);
    if (!asked) {
        const HelmBody body = history.body(newest.number);
        problems
            << (body.weightProblem.isEmpty()
                    ? Words::tr("no revision says a weight (%1)").arg(value)
                    : Words::tr("Helm revision %1: %2").arg(newest.number).arg(body.weightProblem));
    } else if (*asked != route.asked && sight.lock.kind == HelmLock::Kind::None) {
        problems << Words::tr("Helm was asked for %1 % and the route has %2 %: somebody moved it "
                              "besides Helm, or the chart does not take %3 over")
                        .arg(asked->percent)
                        .arg(route.asked.percent)
                        .arg(value);
    }
}

} // namespace

QString HelmVersion::text() const
{
    return QStringLiteral("%1/%2").arg(revision).arg(route);
}

Result<HelmVersion> HelmVersion::from(const QString &text)
{
    const qsizetype slash = text.indexOf(QLatin1Char('/'));
    bool isNumber = false;
    HelmVersion version;
    version.revision = text.left(std::max<qsizetype>(slash, 0)).toInt(&isNumber);
    version.route = text.mid(slash + 1);
    if (!isNumber)
        return fail(ErrorKind::BadInput,
                    Words::tr("“%1” is no version of a Helm release and its route.").arg(text));
    return version;
}

QString describedChange(const QString &value, Weight from, const WeightRequest &request)
{
    QString reason = request.reason.simplified();
    if (reason.size() > longestReason)
        reason = reason.left(longestReason - 1) + QChar(0x2026);
    if (!reason.isEmpty())
        reason.prepend(QLatin1String(": "));
    QString mark = request.intent.value.isEmpty() ? QString(noIntent) : request.intent.value;
    if (!request.candidateCommit.value.isEmpty())
        mark += QLatin1Char(' ') + request.candidateCommit.value;
    return QStringLiteral("%1 %2 -> %3 by %4%5 (pilothouse %6)")
        .arg(value, QString::number(from.percent), QString::number(request.candidate.percent),
             request.actor.simplified().left(longestActor), reason, mark);
}

QString rollbackDescription(int revision)
{
    return QStringLiteral("Rollback to %1").arg(revision);
}

QString throughRevision(int number)
{
    return QStringLiteral("helm %1").arg(number);
}

QList<WeightChange> changesIn(const HelmHistory &history)
{
    QList<WeightChange> changes;
    for (qsizetype i = 0; i < history.revisions.size(); ++i) {
        const HelmRevision &revision = history.revisions[i];
        const HelmBody body = history.body(revision.number);
        if (!body.weight || revision.status == HelmStatus::Failed || isPending(revision.status)
            || body.failed)
            continue;
        if (auto ours = changeFrom(body.description)) {
            ours->at = revision.at;
            changes.append(*ours);
            continue;
        }
        const auto before = i + 1 < history.revisions.size()
                                ? history.body(history.revisions[i + 1].number).weight
                                : std::nullopt;
        if (!before || before->percent == body.weight->percent)
            continue;
        WeightChange seen;
        seen.at = revision.at;
        seen.actor = Words::tr("Helm revision %1").arg(revision.number);
        seen.from = Weight{before->percent};
        seen.to = Weight{body.weight->percent};
        seen.reason = body.description;
        if (isHelmsRollback(body.description))
            seen.through = throughRevision(revision.number);
        changes.append(seen);
    }
    return changes;
}

std::optional<Error> afterFailure(const Error &error, const HelmSight &now, const HelmWrite &write)
{
    if (!now.history)
        return error;
    const QList<WeightChange> changes = changesIn(*now.history);
    const bool isOurs
        = !write.intent.value.isEmpty()
          && std::any_of(changes.cbegin(), changes.cend(), [&write](const WeightChange &change) {
                 return change.intent == write.intent;
             });
    if (isOurs)
        return std::nullopt;
    const HelmRevision *newest = now.history->newest();
    const bool isLock = newest && newest->number > write.before && isPending(newest->status);
    if (!mayBeDone(error) || write.before == 0 || !isLock || !write.weight
        || now.onRoute == *write.weight)
        return error;
    return Error{ErrorKind::BadInput,
                 Words::tr("%1 It left revision %2 behind, %3, which holds the release.")
                     .arg(error.message)
                     .arg(newest->number)
                     .arg(newest->word),
                 error.detail,
                 {}};
}

namespace {

/// Who ran the rollbacks of the history, where the route has a note of it.
QList<WeightChange> namedByNotes(QList<WeightChange> changes, const QList<Deed> &deeds)
{
    for (WeightChange &change : changes) {
        for (const Deed &deed : deeds) {
            if (change.through.isEmpty() || deed.what != change.through)
                continue;
            change.actor = deed.by;
            change.reason = deed.why;
            change.intent = deed.intent;
        }
    }
    return changes;
}

} // namespace

TrafficState helmState(const TrafficState &route, const HelmSight &sight, const QString &value)
{
    TrafficState state = route;
    state.nextDeploy = nextHelmDeploy(sight);
    QStringList problems;
    if (!route.problem.isEmpty())
        problems << route.problem;
    const HelmRevision *newest = sight.history ? sight.history->newest() : nullptr;
    state.version = HelmVersion{newest ? newest->number : 0, route.version}.text();
    if (!newest) {
        if (!sight.history) {
            problems << sight.history.error().message;
            state.promoteOff = sight.history.error().message;
        }
        state.problem = problems.join(QStringLiteral("; "));
        return state;
    }
    state.promoteOff = sight.lock.sentence;
    state.atWork = isPending(newest->status) ? newest->word : QString();
    state.asked = isRoutesOwn(route, *newest) ? route.asked
                                              : askedWeight(*sight.history).value_or(route.asked);
    // What the route has taken over is what it says, not what Helm was asked for.
    addHistoryProblems(sight, route, value, problems);
    state.problem = problems.join(QStringLiteral("; "));
    state.changes = namedByNotes(changesIn(*sight.history), route.deeds) + route.changes;
    std::stable_sort(state.changes.begin(), state.changes.end(),
                     [](const WeightChange &a, const WeightChange &b) { return a.at > b.at; });
    state.changes = state.changes.mid(0, rememberedChanges);
    if (!state.lastWrittenAt.isValid() || newest->at >= state.lastWrittenAt) {
        state.lastWriter = Words::tr("Helm revision %1").arg(newest->number);
        state.lastWrittenAt = newest->at;
    }
    return state;
}

} // namespace pilothouse
