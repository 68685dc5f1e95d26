#include "app/cli/shownaction.h"

#include "base/words.h"
#include "rollout/rolloutcontroller.h"

#include <QJsonArray>

namespace pilothouse {
namespace {

constexpr int labelWidth = 12;

QString mark(Reason::Kind kind)
{
    switch (kind) {
    case Reason::Kind::For:
        return Words::tr("for");
    case Reason::Kind::Against:
        return Words::tr("against");
    case Reason::Kind::Blocks:
        return Words::tr("stops it");
    case Reason::Kind::Unknown:
        return Words::tr("unknown");
    }
    return {};
}

} // namespace

QString tokenOf(const Preview &preview, const QString &command)
{
    return preview.typed.isEmpty() ? command : preview.typed;
}

Preview withOption(Preview preview, bool on)
{
    if (!preview.option)
        return preview;
    const PreviewOption &option = *preview.option;
    const PreviewRow row{on ? PreviewRow::Kind::Plain : PreviewRow::Kind::Against, option.label,
                         QStringLiteral("[%1] %2: %3")
                             .arg(QString(QLatin1Char(on ? 'x' : ' ')), option.text,
                                  on ? option.whenOn : option.whenOff)};
    preview.rows.insert(placeOfOption(preview), row);
    preview.option.reset();
    return preview;
}

QString shownText(const Preview &preview, const Permission &may)
{
    QString text = QStringLiteral("%1: %2\n").arg(preview.scope, preview.title);
    for (const PreviewRow &row : preview.rows)
        text += QStringLiteral("  %1 %2\n").arg(row.label.leftJustified(labelWidth), row.text);
    for (const PlannedCall &call : preview.calls)
        text += QLatin1Char('\n') + call.exact + QLatin1Char('\n');
    text += QLatin1Char('\n');
    for (const Reason &reason : may.reasons)
        text += QStringLiteral("  %1 %2\n")
                    .arg(mark(reason.kind).leftJustified(labelWidth),
                         reason.settle.isEmpty()
                             ? reason.text
                             : QStringLiteral("%1 — %2").arg(reason.text, reason.settle));
    return text;
}

QJsonObject shownJson(const Preview &preview, const Permission &may, const QString &token)
{
    QJsonArray rows;
    for (const PreviewRow &row : preview.rows)
        rows.append(
            QJsonObject{{QStringLiteral("label"), row.label}, {QStringLiteral("text"), row.text}});
    QJsonArray calls;
    for (const PlannedCall &call : preview.calls)
        calls.append(call.exact);
    QJsonArray reasons;
    for (const Reason &reason : may.reasons)
        reasons.append(QJsonObject{{QStringLiteral("kind"), mark(reason.kind)},
                                   {QStringLiteral("text"), reason.text},
                                   {QStringLiteral("settle"), reason.settle}});
    return {{QStringLiteral("scope"), preview.scope},
            {QStringLiteral("title"), preview.title},
            {QStringLiteral("rows"), rows},
            {QStringLiteral("calls"), calls},
            {QStringLiteral("reasons"), reasons},
            {QStringLiteral("allowed"), may.allowed()},
            {QStringLiteral("confirm"), token},
            {QStringLiteral("reasonRequired"), preview.reasonRequired}};
}

QString offeredText(const RolloutController &track)
{
    QString text;
    for (const OwnAction &own : track.ownActions())
        text += own.offBecause.isEmpty()
                    ? QStringLiteral("%1   %2\n").arg(own.id, own.title)
                    : Words::tr("%1   %2, off: %3\n").arg(own.id, own.title, own.offBecause);
    return text.isEmpty()
               ? Words::tr("%1 has no actions of its own here.\n").arg(track.systemName())
               : text;
}

QJsonObject offeredJson(const RolloutController &track)
{
    QJsonArray all;
    for (const OwnAction &own : track.ownActions())
        all.append(QJsonObject{{QStringLiteral("id"), own.id},
                               {QStringLiteral("title"), own.title},
                               {QStringLiteral("off"), own.offBecause}});
    return {{QStringLiteral("actions"), all}};
}

} // namespace pilothouse
