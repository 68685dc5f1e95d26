#include "rollout/wayback/rollbackrows.h"

#include "action/ago.h"
#include "base/words.h"

namespace pilothouse {
namespace {

PreviewRow::Kind rowKind(Reason::Kind kind)
{
    switch (kind) {
    case Reason::Kind::For:
        return PreviewRow::Kind::For;
    case Reason::Kind::Unknown:
        return PreviewRow::Kind::Unknown;
    case Reason::Kind::Against:
    case Reason::Kind::Blocks:
        break;
    }
    return PreviewRow::Kind::Against;
}

} // namespace

std::optional<PreviewRow> evidenceRow(const RolloutFacts &facts, const QString &metricsAge)
{
    const auto &traffic = facts.state.traffic;
    QStringList evidence;
    for (const CheckResult &result : facts.state.results) {
        if (result.candidate)
            evidence.append(
                Words::tr("%1 %2").arg(result.name, measureText(*result.candidate, result.unit)));
    }
    if (!metricsAge.isEmpty())
        evidence.append(metricsAge);
    if (traffic && traffic->accepted) {
        evidence.append(Words::tr("accepted %1 % (%2 s)")
                            .arg(traffic->accepted->percent)
                            .arg(facts.trafficAge.count() / 1000));
    }
    if (evidence.isEmpty())
        return std::nullopt;
    return PreviewRow{
        PreviewRow::Kind::Live, Words::tr("Evidence"),
        Words::tr("%1; none of it can stop a rollback").arg(evidence.join(QStringLiteral(" · ")))};
}

QList<PreviewRow> schemaRows(const QList<Reason> &reasons)
{
    const QString label = Words::tr("Schema");
    if (reasons.isEmpty())
        return {{PreviewRow::Kind::Unknown, label, Words::tr("not checked yet")}};
    QList<PreviewRow> rows;
    for (const Reason &reason : reasons)
        rows.append({rowKind(reason.kind), label, reason.text});
    return rows;
}

std::optional<PreviewRow> carryRow(const RolloutFacts &facts)
{
    const TrafficState &traffic = *facts.state.traffic;
    const bool inFlight
        = traffic.asked.percent > 0 || traffic.accepted.value_or(Weight{0}).percent > 0;
    if (!facts.carry || !inFlight || facts.wayBack.deploy)
        return std::nullopt;
    return PreviewRow{rowKind(facts.carry->kind), Words::tr("Load"), facts.carry->text};
}

QList<PreviewRow> notMovedRows(const QStringList &places, const QString &configMaps)
{
    const QString label = Words::tr("Not moved");
    QList<PreviewRow> rows;
    if (!places.isEmpty())
        rows.append({PreviewRow::Kind::Plain, label, places.join(QStringLiteral(" · "))});
    if (!configMaps.isEmpty()) // asked for while the confirmation is open
        rows.append({PreviewRow::Kind::Live, label, configMaps});
    return rows;
}

QString servedWords(const TrafficState &traffic, const RevisionState &revision,
                    const QDateTime &now)
{
    const auto said = [&now](const QString &words, const QDateTime &at) {
        return words.arg(clockWords(at, now), agoWords(std::chrono::milliseconds(at.msecsTo(now))));
    };
    for (const WeightChange &change : traffic.changes) {
        if (change.candidate != revision.commit || revision.commit.value.isEmpty())
            continue;
        if (change.to.percent == 100 && change.at.isValid())
            return said(Words::tr("given all traffic %1, %2"), change.at);
        break;
    }
    return revision.upSince.isValid()
               ? said(Words::tr("its pods run since %1, %2"), revision.upSince)
               : QString();
}

void addHoldAfter(Preview &preview, const TrafficState &traffic, const RevisionState &leaving)
{
    const QString label = Words::tr("Then");
    const QString &track = preview.scope;
    const QString left = revisionWord(leaving);
    if (traffic.hold) {
        preview.rows.append(
            {PreviewRow::Kind::Plain, label,
             Words::tr("%1 stays held by %2: %3").arg(track, traffic.hold->by, traffic.hold->why)});
        return;
    }
    preview.option = PreviewOption{
        label, Words::tr("hold %1").arg(track),
        Words::tr("refuses %1 until the hold is lifted").arg(left),
        Words::tr("nothing holds %1: %2 can be promoted again at once").arg(track, left)};
}

} // namespace pilothouse
