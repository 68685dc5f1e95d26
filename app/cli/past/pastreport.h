#pragma once

#include "rollout/analysis/pastwindow.h"

#include <QJsonObject>

namespace pilothouse {

/// A past window of a track, judged.
struct PastReport
{
    TrackName track;
    PastWindow window;
    QList<CheckResult> results;
};

/// One line for the whole, one for each check with its sentence and its evidence.
[[nodiscard]] QString pastText(const PastReport &report);
[[nodiscard]] QJsonObject pastJson(const PastReport &report);

/// 0 pass, 1 failed, 3 no data, 5 marginal.
[[nodiscard]] int exitCodeOf(Verdict verdict);

/// A time as `--from` and `--to` take it: "now", so long ago ("15m"), or ISO 8601, which is local
/// unless it says otherwise ("2026-11-24T14:27:56Z"). In UTC; nullopt = none of them.
[[nodiscard]] std::optional<QDateTime> momentOf(const QString &text, const QDateTime &now);

} // namespace pilothouse
