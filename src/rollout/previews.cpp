#include "rollout/previews.h"

#include "action/ago.h"
#include "base/words.h"
#include "rollout/trafficannotations.h"
#include "rollout/wayback/rollbackrows.h"

#include <algorithm>

namespace pilothouse {

namespace {

using Row = PreviewRow;

QString ago(const QDateTime &at, const QDateTime &now)
{
    return agoWords(std::chrono::milliseconds(at.msecsTo(now)));
}

/// "stable 9f3c2a1 90 %   candidate c41d77e 10 %"
QString split(const TrafficState &traffic, Weight candidate)
{
    QStringList sides;
    if (traffic.stable) {
        sides.append(Words::tr("stable %1 %2 %")
                         .arg(revisionWord(*traffic.stable))
                         .arg(100 - candidate.percent));
    }
    if (traffic.candidate) {
        sides.append(Words::tr("candidate %1 %2 %")
                         .arg(revisionWord(*traffic.candidate))
                         .arg(candidate.percent));
    }
    return sides.join(QStringLiteral("   "));
}

QString image(const RevisionState &revision, const QDateTime &now)
{
    QString digest = revision.imageDigest.isEmpty()
                         ? Words::tr("image digest not told")
                         : Words::tr("image %1…").arg(revision.imageDigest.left(15));
    if (revision.wantedReplicas == 0)
        return digest;
    const QString pods = Words::tr("%1 on %2/%3 pods")
                             .arg(digest)
                             .arg(revision.readyReplicas)
                             .arg(revision.wantedReplicas);
    return revision.upSince.isValid()
               ? Words::tr("%1 since %2").arg(pods, clockWords(revision.upSince, now))
               : pods;
}

Preview begun(const RolloutFacts &facts, const PreviewContext &context, const QString &title,
              const QString &verb)
{
    Preview preview;
    if (facts.state.traffic)
        preview.readAge = facts.trafficAge;
    preview.environment = context.environment;
    preview.scope = context.track.value;
    preview.title = title;
    preview.verb = verb;
    preview.calls = context.calls;
    return preview;
}

/// The reasons that are not told in rows of their own.
QList<KeyedReason> without(QList<KeyedReason> reasons, const QList<Reason> &told)
{
    reasons.removeIf([&told](const KeyedReason &keyed) { return told.contains(keyed.reason); });
    return reasons;
}

/// `%1` is what a call does.
void addSends(Preview &preview, const PreviewContext &context,
              const QString &words = QStringLiteral("%1"))
{
    for (const PlannedCall &call : context.calls)
        preview.rows.append({Row::Kind::Plain, Words::tr("Sends"), words.arg(call.summary)});
    preview.rows.append(context.trial);
}

void addReasons(Preview &preview, const QList<KeyedReason> &reasons)
{
    const auto add = [&](Reason::Kind kind, Row::Kind row, const QString &label) {
        QStringList texts;
        for (const KeyedReason &keyed : reasons) {
            if (keyed.reason.kind == kind)
                texts.append(keyed.reason.text);
        }
        if (!texts.isEmpty())
            preview.rows.append({row, label, texts.join(QStringLiteral(" · "))});
    };
    add(Reason::Kind::For, Row::Kind::For, Words::tr("For"));
    add(Reason::Kind::Against, Row::Kind::Against, Words::tr("Against"));
    add(Reason::Kind::Blocks, Row::Kind::Against, Words::tr("Off"));
    add(Reason::Kind::Unknown, Row::Kind::Unknown, Words::tr("Unknown"));
}

void addLately(Preview &preview, const TrafficState &traffic, const PreviewContext &context)
{
    if (!traffic.changes.isEmpty()) {
        const WeightChange &last = traffic.changes.first();
        preview.rows.append({Row::Kind::Plain, Words::tr("Lately"),
                             Words::tr("%1 %2 → %3 at %4, %5")
                                 .arg(last.actor)
                                 .arg(last.from.percent)
                                 .arg(last.to.percent)
                                 .arg(last.at.toLocalTime().toString(QStringLiteral("hh:mm")),
                                      ago(last.at, context.now))});
    }
    if (writtenPast(traffic)) {
        preview.rows.append(
            {Row::Kind::Plain, Words::tr("Seen"),
             Words::tr("%1 wrote this object %2")
                 .arg(traffic.lastWriter, ago(traffic.lastWrittenAt, context.now))});
    }
}

/// Which runs can move the traffic behind the back of whoever confirms.
void addRunsBeside(Preview &preview, const PreviewContext &context)
{
    if (!context.runsBeside.text.isEmpty())
        preview.rows.append(context.runsBeside);
}

/// What becomes of the weight that is written when others deploy.
void addNextDeploy(Preview &preview, const TrafficState &traffic, Weight written)
{
    if (!traffic.nextDeploy)
        return;
    const NextDeploy next = nextDeployAt(*traffic.nextDeploy, written.percent);
    using Kind = NextDeploy::Kind;
    const Row::Kind kind = next.kind == Kind::CannotTell ? Row::Kind::Unknown
                           : next.kind == Kind::Overwrites || next.kind == Kind::Conflicts
                               ? Row::Kind::Against
                               : Row::Kind::Plain;
    preview.rows.append({kind, Words::tr("Then"), next.words});
}

QString pinText(const std::optional<RevisionState> &revision)
{
    return revision ? targetText(pinOf(*revision)) : QString();
}

QString fingerprint(const TrafficState &traffic, const QString &to,
                    const QList<KeyedReason> &reasons)
{
    const QString world
        = QStringList{traffic.version,
                      QString::number(traffic.asked.percent),
                      traffic.accepted ? QString::number(traffic.accepted->percent) : QString(),
                      pinText(traffic.stable),
                      pinText(traffic.candidate),
                      traffic.candidate ? traffic.candidate->podTemplate : QString(),
                      traffic.hold ? traffic.hold->by : QString(),
                      to}
              .join(QLatin1Char('|'));
    return world + QLatin1Char('\n') + objections(reasons).join(QLatin1Char('\n'));
}

bool anyAgainst(const QList<KeyedReason> &reasons)
{
    return permission(reasons).count(Reason::Kind::Against) > 0;
}

/// What promote and back have in common.
Preview weightPreview(const RolloutFacts &facts, const PreviewContext &context, Weight to,
                      const QList<KeyedReason> &reasons, Preview preview)
{
    const TrafficState &traffic = *facts.state.traffic;
    preview.rows.append({Row::Kind::Plain, Words::tr("From"), split(traffic, traffic.asked)});
    preview.rows.append({Row::Kind::Plain, Words::tr("To"), split(traffic, to)});
    if (traffic.candidate) {
        const bool pinned
            = facts.state.pinned && samePin(*facts.state.pinned, pinOf(*traffic.candidate));
        preview.rows.append(
            {Row::Kind::Plain, Words::tr("Same as"),
             pinned ? Words::tr("judged: %1").arg(image(*traffic.candidate, context.now))
                    : Words::tr("on screen: %1").arg(image(*traffic.candidate, context.now))});
    }
    addSends(preview, context);
    addReasons(preview, reasons);
    addLately(preview, traffic, context);
    preview.typed = QString::number(to.percent);
    preview.typedPrompt = Words::tr("Type the new weight");
    preview.reasonRequired = anyAgainst(reasons);
    preview.fingerprint = fingerprint(traffic, QString::number(to.percent), reasons);
    return preview;
}

QString afterPromotion(const RolloutFacts &facts, const PreviewContext &context, Weight to)
{
    if (to.percent < 100)
        return Words::tr("bakes, judged by %1 checks; %2")
            .arg(facts.checks.size())
            .arg(context.guard.isEmpty() ? Words::tr("nobody rolls back but you")
                                         : Words::tr("the guard %1").arg(context.guard));
    if (context.afterFull == StepRules::AfterFull::PreviousStays)
        return Words::tr(
            "the candidate becomes the stable at once; the next deploy is a canary again");
    return Words::tr("finishing: the deploy job makes the candidate the stable");
}

} // namespace

QString targetText(const PinnedCandidate &target)
{
    return target.name.value + QLatin1Char('@') + target.commit.value + QLatin1Char('@')
           + target.imageDigest;
}

bool stillHolds(const QString &confirmedFingerprint, const QString &fingerprintNow)
{
    const QStringList confirmed = confirmedFingerprint.split(QLatin1Char('\n'));
    const QStringList now = fingerprintNow.split(QLatin1Char('\n'));
    if (confirmed.first() != now.first())
        return false;
    return std::all_of(now.cbegin() + 1, now.cend(), [&confirmed](const QString &objection) {
        return objection.isEmpty() || confirmed.indexOf(objection, 1) > 0;
    });
}

QString moverSince(const QString &confirmedFingerprint, const TrafficState &now)
{
    const bool moved = confirmedFingerprint.section(QLatin1Char('|'), 1, 1)
                       != QString::number(now.asked.percent);
    return moved ? lastMover(now) : QString();
}

Preview promotePreview(const RolloutFacts &facts, const PreviewContext &context)
{
    const auto traffic = facts.state.traffic.value_or(TrafficState{});
    const auto to = nextWeight(facts.plan, traffic.asked);
    const auto reasons = promoteReasons(facts);
    if (!to || !traffic.candidate) {
        Preview preview = begun(facts, context, Words::tr("Promote"), Words::tr("Promote"));
        addReasons(preview, reasons);
        return preview;
    }
    Preview preview = begun(
        facts, context, Words::tr("Promote %1 → %2").arg(traffic.asked.percent).arg(to->percent),
        Words::tr("Promote to %1 %").arg(to->percent));
    preview = weightPreview(facts, context, *to, reasons, preview);
    preview.rows.append({Row::Kind::Plain, Words::tr("Then"), afterPromotion(facts, context, *to)});
    addNextDeploy(preview, traffic, *to);
    addRunsBeside(preview, context);
    const QString stable = traffic.stable ? revisionWord(*traffic.stable) : Words::tr("stable");
    const bool stays = traffic.stable
                       && traffic.stable->readyReplicas >= traffic.stable->wantedReplicas
                       && !traffic.stable->mixed;
    const QString speed = stays ? Words::tr("instant") : Words::tr("not instant");
    preview.rows.append(
        {Row::Kind::Plain, Words::tr("Way back"),
         traffic.asked.percent > 0
             ? Words::tr("to %1 % or to %2: %3").arg(traffic.asked.percent).arg(stable, speed)
             : Words::tr("to %1: %2").arg(stable, speed)});
    return preview;
}

Preview backPreview(const RolloutFacts &facts, const PreviewContext &context)
{
    const auto traffic = facts.state.traffic.value_or(TrafficState{});
    const auto to = previousWeight(facts.plan, traffic.asked);
    const auto reasons = backReasons(facts);
    if (!to || !traffic.candidate) {
        Preview preview = begun(facts, context, Words::tr("Back"), Words::tr("Back"));
        addReasons(preview, reasons);
        return preview;
    }
    Preview preview = begun(facts, context, Words::tr("Back to %1 %").arg(to->percent),
                            Words::tr("Back to %1 %").arg(to->percent));
    preview = weightPreview(facts, context, *to, reasons, preview);
    preview.rows.append({Row::Kind::Plain, Words::tr("Then"),
                         Words::tr("bakes again from 0:00 at %1 %").arg(to->percent)});
    addNextDeploy(preview, traffic, *to);
    addRunsBeside(preview, context);
    preview.rows.append({Row::Kind::Plain, Words::tr("Way back"), Words::tr("promote again")});
    return preview;
}

Preview rollbackPreview(const RolloutFacts &facts, const PreviewContext &context)
{
    const auto traffic = facts.state.traffic.value_or(TrafficState{});
    const auto reasons = rollbackReasons(facts);
    if (!facts.wayBack.target) {
        Preview preview = begun(facts, context, Words::tr("Roll back"), Words::tr("Roll back"));
        addReasons(preview, reasons);
        return preview;
    }
    const RevisionState &target = *facts.wayBack.target;
    const QString word = revisionWord(target);
    Preview preview
        = begun(facts, context, Words::tr("Roll back to %1").arg(word), Words::tr("Roll back"));
    preview.rows.append({Row::Kind::Plain, Words::tr("From"), split(traffic, traffic.asked)});
    const QString served
        = facts.wayBack.deploy ? QString() : servedWords(traffic, target, context.now);
    const QString to = Words::tr("%1 100 %, %2").arg(word, speedWords(facts.wayBack));
    preview.rows.append({Row::Kind::Plain, Words::tr("To"),
                         served.isEmpty() ? to : Words::tr("%1, %2").arg(to, served)});
    addSends(preview, context,
             facts.wayBack.deploy ? QStringLiteral("%1")
                                  : Words::tr("%1 · sent again on a conflict"));
    if (const auto evidence = evidenceRow(facts, context.metricsAge))
        preview.rows.append(*evidence);
    preview.rows += schemaRows(facts.rollbackReasons);
    for (const Reason &reason : facts.rollbackReasons)
        preview.reasonRequired = preview.reasonRequired || reason.kind == Reason::Kind::Against;
    for (const KeyedReason &keyed : reasons) {
        if (keyed.key == QLatin1String("slow"))
            preview.rows.append({Row::Kind::Against, Words::tr("Against"), keyed.reason.text});
        else if (keyed.key == QLatin1String("target-commit")
                 || keyed.key == QLatin1String("stable-doubt"))
            preview.rows.append({Row::Kind::Unknown, Words::tr("Unknown"), keyed.reason.text});
    }
    if (const auto carry = carryRow(facts))
        preview.rows.append(*carry);
    preview.rows += notMovedRows(context.notMoved, context.configMaps);
    if (!context.runs.text.isEmpty())
        preview.rows.append(context.runs);
    addLately(preview, traffic, context);
    const RevisionState leaving = traffic.candidate && traffic.asked.percent > 0
                                      ? *traffic.candidate
                                      : traffic.stable.value_or(RevisionState{});
    addHoldAfter(preview, traffic, leaving);
    const auto &deploy = facts.wayBack.deploy;
    if (deploy) {
        for (const QString &leaves : context.leaves)
            preview.rows.append({Row::Kind::Plain, Words::tr("Then"), leaves});
    } else {
        addNextDeploy(preview, traffic, Weight{0});
    }
    preview.rows.append({Row::Kind::Plain, Words::tr("Way back"),
                         deploy ? Words::tr("deploy %1 again").arg(revisionWord(leaving))
                                : Words::tr("promote again, from 0")});
    // Without a commit to read, the revision's own name tells it from its neighbours.
    preview.typed = !target.commit.value.isEmpty() ? shortSha(target.commit)
                    : deploy                       ? QString::number(deploy->number)
                                                   : target.name.value;
    preview.typedPrompt = Words::tr("Type the revision you want");
    preview.target = targetText(facts.wayBack);
    preview.fingerprint = fingerprint(traffic, preview.target, reasons);
    return preview;
}

Preview holdPreview(const RolloutFacts &facts, const PreviewContext &context)
{
    const auto traffic = facts.state.traffic.value_or(TrafficState{});
    const auto reasons = holdReasons(facts);
    Preview preview
        = begun(facts, context, Words::tr("Hold %1").arg(context.track.value), Words::tr("Hold"));
    preview.rows.append({Row::Kind::Plain, Words::tr("From"), split(traffic, traffic.asked)});
    addSends(preview, context);
    preview.rows.append(
        {Row::Kind::Plain, Words::tr("Then"),
         Words::tr("the weight stays, the bake clock stands, every console refuses to promote")});
    if (!context.runs.text.isEmpty())
        preview.rows.append(context.runs);
    addReasons(preview, reasons);
    addLately(preview, traffic, context);
    preview.rows.append({Row::Kind::Plain, Words::tr("Way back"), Words::tr("lift the hold")});
    preview.reasonRequired = true;
    preview.fingerprint = fingerprint(traffic, QStringLiteral("hold"), reasons);
    return preview;
}

Preview liftPreview(const RolloutFacts &facts, const PreviewContext &context)
{
    const auto traffic = facts.state.traffic.value_or(TrafficState{});
    const auto reasons = holdReasons(facts);
    Preview preview
        = begun(facts, context, Words::tr("Lift the hold of %1").arg(context.track.value),
                Words::tr("Lift the hold"));
    if (traffic.hold) {
        preview.rows.append(
            {Row::Kind::Plain, Words::tr("From"),
             Words::tr("held by %1 since %2: %3")
                 .arg(traffic.hold->by,
                      traffic.hold->since.toLocalTime().toString(QStringLiteral("d MMM hh:mm")),
                      traffic.hold->why)});
    }
    addSends(preview, context);
    addReasons(preview, reasons);
    preview.rows.append({Row::Kind::Plain, Words::tr("Then"),
                         Words::tr("the bake clock goes on; promotions are possible again")});
    preview.rows.append({Row::Kind::Plain, Words::tr("Way back"), Words::tr("hold again")});
    preview.fingerprint = fingerprint(traffic, QStringLiteral("lift"), reasons);
    return preview;
}

Preview retirePreview(const RolloutFacts &facts, const PreviewContext &context)
{
    const auto traffic = facts.state.traffic.value_or(TrafficState{});
    Preview preview
        = begun(facts, context, Words::tr("Retire way back"), Words::tr("Retire way back"));
    if (!facts.wayBack.target)
        return preview;
    const QString what = shownIdentity(facts.wayBack);
    preview.rows.append({Row::Kind::Plain, Words::tr("From"),
                         Words::tr("%1 is a way back of %2: %3")
                             .arg(what, context.track.value, facts.wayBack.words)});
    addSends(preview, context);
    preview.rows.append(
        {Row::Kind::Plain, Words::tr("Then"),
         Words::tr("%1 is the way back of no console any more, and no longer counts as code "
                   "that can receive traffic; nothing is moved")
             .arg(what)});
    preview.rows.append(
        {Row::Kind::Plain, Words::tr("Way back"), Words::tr("deploy %1 again").arg(what)});
    preview.typed = what;
    preview.typedPrompt = Words::tr("Type the revision that is given up");
    preview.target = targetText(facts.wayBack);
    preview.fingerprint = preview.target;
    return preview;
}

Preview ownPreview(const OwnAction &action, const RolloutFacts &facts,
                   const PreviewContext &context)
{
    const auto traffic = facts.state.traffic.value_or(TrafficState{});
    const auto reasons = ownReasons(facts, action);
    Preview preview = begun(facts, context, action.title, action.verb);
    preview.calls = action.calls;
    preview.rows.append({Row::Kind::Plain, Words::tr("From"), action.from});
    preview.rows.append({Row::Kind::Plain, Words::tr("To"), action.to});
    for (const PlannedCall &call : action.calls)
        preview.rows.append({Row::Kind::Plain, Words::tr("Sends"), call.summary});
    preview.rows.append(context.trial);
    if (action.chosen) {
        const QList<Reason> schema = facts.chosenReasons.value(action.chosen->value);
        preview.rows += schemaRows(schema);
        addReasons(preview, without(reasons, schema));
        preview.rows += notMovedRows(context.notMoved, context.configMaps);
    } else {
        addReasons(preview, reasons);
    }
    addLately(preview, traffic, context);
    for (const QString &leaves : action.leaves)
        preview.rows.append({Row::Kind::Plain, Words::tr("Then"), leaves});
    preview.typed = action.typed;
    preview.typedPrompt = action.typedPrompt;
    preview.reasonRequired = anyAgainst(reasons);
    // The weight stands where moverSince() looks for it.
    preview.fingerprint = QStringList{action.id,
                                      QString::number(traffic.asked.percent),
                                      action.from,
                                      action.to,
                                      pinText(traffic.stable),
                                      pinText(traffic.candidate)}
                              .join(QLatin1Char('|'))
                          + QLatin1Char('\n') + objections(reasons).join(QLatin1Char('\n'));
    return preview;
}

} // namespace pilothouse
