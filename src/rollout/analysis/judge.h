#pragma once

#include "rollout/analysis/evidence.h"
#include "rollout/analysis/measure.h"
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
    std::optional<double> limit;     ///< limitOf(check)
    /// What is in use at this weight as a share of what there is; nullopt = does not scale, or not
    /// known.
    std::optional<double> saturation;
    bool critical = false;
    JudgeMethod method = JudgeMethod::Threshold;
    Verdict verdict = Verdict::NoData;
    QString sentence;     ///< why, for a person: "4.4 % is over 1 %, in 12 of 20 samples"
    int samples = 0;      ///< finite samples of the candidate in the window
    int failedInARow = 0; ///< judgements, this one among them; the state machine counts them
    Evidence evidence;    ///< without series and window where nothing was asked

    bool operator==(const CheckResult &) const = default;
};

/// A candidate of this many times the stable is MARGINAL where a check has no limit of its own.
inline constexpr double marginalRatio = 2.0;

/// The series whose `label` has this value; nullptr = no such series. An empty value matches none.
[[nodiscard]] const Series *seriesOf(const SeriesSet &set, const QString &label,
                                     const QString &value);

/// Judges one check over the window [from, to]. `names` are resolved. Pure.
///
/// Threshold: the queries are rates already, so the newest value is compared with `max` and `min`:
/// beyond one = Fail; within, with more than half of the samples beyond = Marginal. Without limits:
/// Marginal if the candidate is over `marginalRatio` times the stable (Decrease: under the stable
/// divided by it; Either: one of them), else Pass, NoData where the stable has no value to compare
/// with.
///
/// Mann-Whitney: Fail if the candidate's samples lie to the bad side of the stable's, by the exact
/// test as Classification tells it, else Pass; fewer than `reliableSamples` are said. NoData also
/// for a stable that is silent or has too few samples, and for what cannot be compared.
///
/// NoData for both: no series, only NaN or Inf, fewer than `min_samples` finite samples, a newest
/// sample that is NaN or Inf, or older than three steps of the answer.
[[nodiscard]] CheckResult judge(const Check &check, const SeriesNames &names,
                                const SeriesSet &answer, const QDateTime &from,
                                const QDateTime &to);

/// The candidate's share in use as the answer to Check::saturationQuery tells it: its newest value,
/// by the same rules about what is no data; nullopt = not known.
[[nodiscard]] std::optional<double> saturationIn(const SeriesNames &names, const SeriesSet &answer,
                                                 const QDateTime &from, const QDateTime &to);

/// A check that could not be asked: NoData, with the reason as its sentence.
[[nodiscard]] CheckResult notJudged(const Check &check, const QString &why);

/// The whole: a Fail of any check is Fail; NoData of a check that is needed() is NoData; then
/// Marginal; an empty list is NoData.
[[nodiscard]] Verdict overall(const QList<CheckResult> &results);

/// NoData of this check stops a promotion: it is critical, has a limit, or is judged by a test,
/// which is there to be believed. That of any other asks for a reason.
[[nodiscard]] bool needed(const CheckResult &result);

/// "PASS", "MARGINAL", "FAIL", "NO DATA".
[[nodiscard]] QString verdictWord(Verdict verdict);

} // namespace pilothouse
