#include "connectors/kubernetes/helm/run/helmrollback.h"

#include "base/chaining.h"
#include "base/words.h"
#include "connectors/kubernetes/helm/helmstate.h"

namespace pilothouse {
namespace {

constexpr QLatin1String rollbackPrefix("helm.rollback:");

} // namespace

QString rollbackActionId(int revision)
{
    return rollbackPrefix + QString::number(revision);
}

int rollbackRevision(const QString &actionId)
{
    return actionId.startsWith(rollbackPrefix) ? actionId.mid(rollbackPrefix.size()).toInt() : 0;
}

Error beforeHelmRan(const Error &error)
{
    Error told = error;
    switch (error.kind) {
    case ErrorKind::TimedOut:
    case ErrorKind::Unavailable:
    case ErrorKind::Malformed:
    case ErrorKind::Cancelled:
        told.kind = ErrorKind::NotFound;
        told.message = Words::tr("Nothing was begun, helm was not run: %1").arg(error.message);
        break;
    default:
        break;
    }
    return told;
}

QString revisionText(const HelmHistory &history, const HelmRevision &revision)
{
    const HelmBody body = history.body(revision.number);
    return Words::tr("revision %1, %2, %3 %4")
        .arg(QString::number(revision.number), revision.word, body.chart, body.chartVersion);
}

QStringList whatARollbackLeaves(const HelmRevision &newest)
{
    return {Words::tr("It makes revision %1; the revisions in between stay in the history.")
                .arg(newest.number + 1),
            Words::tr("Images and all values go back, not the weight alone."),
            Words::tr("The chart's rollback hooks run. Changes of the database, custom resource "
                      "definitions and volumes stay as they are.")};
}

QStringList rollbackArguments(const HelmTarget &target, HelmGeneration generation,
                              const HelmHistory &history, int revision)
{
    return rollbackArguments(target, generation, revision,
                             history.body(revision).isServerSide() ? HelmConflicts::Force
                                                                   : HelmConflicts::Respect);
}

QStringList rollbackTrialArguments(const HelmTarget &target, HelmGeneration generation,
                                   const HelmHistory &history, int revision)
{
    // Generation 3 has one kind of it and takes no word after it.
    return rollbackArguments(target, generation, history, revision)
           << (generation == HelmGeneration::Four ? QStringLiteral("--dry-run=server")
                                                  : QStringLiteral("--dry-run"));
}

PlannedCall rollbackCall(const HelmTarget &target, HelmGeneration generation,
                         const HelmHistory &history, int revision, const QString &note)
{
    PlannedCall call;
    call.language = PlannedCall::Language::Shell;
    call.summary = Words::tr("helm rollback %1 %2   if the newest revision is still %3")
                       .arg(target.release)
                       .arg(revision)
                       .arg(history.newest()->number);
    call.copyable
        = shellText(target.program, rollbackArguments(target, generation, history, revision));
    call.exact = call.copyable + note;
    return call;
}

OwnAction rollbackAction(const HelmHistory &history, const HelmRevision &revision,
                         const PlannedCall &call)
{
    OwnAction action;
    action.id = rollbackActionId(revision.number);
    action.title = Words::tr("Helm: roll back to revision %1").arg(revision.number);
    action.verb = Words::tr("Roll back");
    action.from = revisionText(history, *history.newest());
    action.to = revisionText(history, revision);
    action.leaves = whatARollbackLeaves(*history.newest());
    action.calls = {call};
    action.typed = QString::number(revision.number);
    action.typedPrompt = Words::tr("Type the revision you want");
    return action;
}

std::optional<Deed> madeBy(const HelmRollback &run, const HelmHistory &history)
{
    Deed named = run.deed;
    // The first one after it: helm refuses a number that somebody else took meanwhile.
    for (const HelmRevision &made : history.revisions) {
        const QString description = history.body(made.number).description;
        if (made.number > run.before && description == rollbackDescription(run.revision))
            named.what = throughRevision(made.number);
    }
    return named.what.isEmpty() ? std::nullopt : std::optional(named);
}

QString shownNote(const TrafficControl &object, const HelmHistory &history, const Deed &deed)
{
    Deed shown = deed;
    shown.what = throughRevision(history.newest()->number + 1);
    shown.intent = IntentId(Words::tr("(made when you confirm)"));
    const QString exact = object.planNote(shown, Words::tr("(the version that helm leaves)")).exact;
    return Words::tr("\n\n# and then a note on the route; without it what was done stays done\n%1")
        .arg(exact);
}

QFuture<Result<Reading<TrafficState>>> noteOn(TrafficControl &object, const QString &version,
                                              const Deed &deed, QObject *context)
{
    using State = Reading<TrafficState>;
    return askNext<State>(
        object.note(deed, version), context, [&object, deed, context](const Result<State> &first) {
            if (first || first.error().kind != ErrorKind::Conflict)
                return ready<State>(first);
            return askNext<State>(
                object.read(), context, [&object, deed, first](const Result<State> &now) {
                    return now ? object.note(deed, now->value.version) : ready<State>(first);
                });
        });
}

Reading<TrafficState> doneUnnoted(Reading<TrafficState> state, const Error &why)
{
    QString &problem = state.value.problem;
    problem += (problem.isEmpty() ? QString() : QStringLiteral("; "))
               + Words::tr("done, but who did it is not noted on the route: %1").arg(why.message);
    return state;
}

} // namespace pilothouse
