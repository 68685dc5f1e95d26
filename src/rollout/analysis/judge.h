#pragma once

#include "rollout/metricsource.h"
#include "rollout/plan.h"

#include <QDateTime>

#include <optional>

namespace pilothouse {

/// What a window of a metric says. NoData never counts as Pass.
enum class Verdict { Pass, Marginal, Fail, NoData };

/// One check, judged: a row of the verdict table.
struct CheckResult
{
    QString name;
    QString unit;
    std::optional<double> stable;    ///< newest finite value in the window, in `unit`
    std::optional<double> candidate; ///< the same
    std::optional<double> limit;     ///< Check::max
    bool critical = false;
    Verdict verdict = Verdict::NoData;
    QString sentence;     ///< why, for a person: "4.4 % is over 1 %, in 12 of 20 samples"
    int samples = 0;      ///< finite samples of the candidate in the window
    int failedInARow = 0; ///< judgements, this one among them; the state machine counts them

    bool operator==(const CheckResult &) const = default;
};

/// A candidate of this many times the stable is MARGINAL where a check has no limit of its own.
inline constexpr double marginalRatio = 2.0;

/// The series whose `label` has this value; nullptr = no such series. An empty value matches none.
[[nodiscard]] const Series *seriesOf(const SeriesSet &set, const QString &label,
                                     const QString &value);

/// Judges one check over the window [from, to]. `names` are resolved. Pure.
///
/// The queries are rates already, so the newest value is compared with `max`: over it = Fail; at or
/// under it with more than half of the samples over it = Marginal. Without `max`: Marginal if the
/// candidate is over `marginalRatio` times the stable, else Pass, NoData where the stable has no
/// value to compare with. NoData too: no series, only NaN or Inf, fewer than `min_samples` finite
/// samples, a newest sample that is NaN or Inf, or older than three steps of the answer.
[[nodiscard]] CheckResult judge(const Check &check, const SeriesNames &names,
                                const SeriesSet &answer, const QDateTime &from,
                                const QDateTime &to);

/// A check that could not be asked: NoData, with the reason as its sentence.
[[nodiscard]] CheckResult notJudged(const Check &check, const QString &why);

/// The whole: a Fail of any check is Fail; NoData of a check that is critical or has a limit is
/// NoData; then Marginal; an empty list is NoData.
[[nodiscard]] Verdict overall(const QList<CheckResult> &results);

/// NoData of this check stops a promotion (it is critical or has a limit).
[[nodiscard]] bool needed(const CheckResult &result);

/// "PASS", "MARGINAL", "FAIL", "NO DATA".
[[nodiscard]] QString verdictWord(Verdict verdict);

/// A value in its unit: ratio 0.044 → "4.4 %", s 0.205 → "205 ms", 1/s → "60 /s", other units as
/// they are.
[[nodiscard]] QString measureText(double value, const QString &unit);

} // namespace pilothouse
