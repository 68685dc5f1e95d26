#include "release/oncall/hurting.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr int pausesAllowed = 3;
constexpr int stepsFresh = 3;
constexpr milliseconds leastFresh{15'000};
constexpr milliseconds longestSilence{300'000};
/// A first sample so near to the beginning of what was asked for may not be the first one.
constexpr int stepsOfBeginning = 2;

/// One side of one check.
struct Side
{
    QList<Sample> samples;
    QString name;
    int percent = 0;
    std::optional<Sample> newest;
    QDateTime since; ///< invalid = it is not bad
    bool isFresh = false;

    [[nodiscard]] bool hasTraffic() const { return percent > 0; }
    [[nodiscard]] bool isBad() const { return hasTraffic() && since.isValid(); }
    [[nodiscard]] bool isMissing() const { return hasTraffic() && !isBad() && !isFresh; }
};

/// What one check says of a track.
struct CheckTold
{
    enum class Kind { Bad, Good, Unknown };

    Kind kind = Kind::Unknown;
    QString words;
    QDateTime since;
    bool goesBack = false; ///< it may have begun before `since`
    bool isSilent = false; ///< nothing of it was ever told, and no query failed
};

std::optional<Sample> newestOf(const QList<Sample> &samples)
{
    for (auto it = samples.crbegin(); it != samples.crend(); ++it) {
        if (std::isfinite(it->value))
            return *it;
    }
    return std::nullopt;
}

bool spokeBetween(const QList<Sample> &samples, qint64 from, qint64 to)
{
    return std::any_of(samples.cbegin(), samples.cend(), [from, to](const Sample &sample) {
        return sample.at > from && sample.at < to && std::isfinite(sample.value);
    });
}

std::optional<double> medianBefore(const QList<Sample> &samples, const QDateTime &time)
{
    std::vector<double> values;
    for (const Sample &sample : samples) {
        if (sample.at < time.toMSecsSinceEpoch() && std::isfinite(sample.value))
            values.push_back(sample.value);
    }
    if (values.empty())
        return std::nullopt;
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

QString told(const ChartSeries &chart, double value, const std::optional<double> &normal)
{
    const QString text = Words::tr("%1 %2").arg(chart.check.name, measureText(value, chart.unit));
    return normal ? Words::tr("%1 (normal %2)").arg(text, measureText(*normal, chart.unit)) : text;
}

QString spanText(milliseconds span)
{
    const qint64 seconds = span.count() / 1000;
    return seconds < 120 ? Words::tr("%1 s").arg(seconds) : Words::tr("%1 min").arg(seconds / 60);
}

/// What is old already is told with its age as a whole: nobody answers.
bool isAnswering(const TrackHealth &health)
{
    using Health = SourceState::Health;
    return health.metrics.health == Health::Live || health.metrics.health == Health::Loading;
}

/// The newest sample that was told is this old; 0 = the time is not known.
milliseconds ageOf(const Side &side, const TrackHealth &health)
{
    return side.newest && health.to.isValid()
               ? milliseconds(health.to.toMSecsSinceEpoch() - side.newest->at)
               : milliseconds(0);
}

/// Whether a trouble that `since` began may be older than what is known of it.
bool goesBack(const Side &side, const ChartSeries &chart, const QDateTime &from)
{
    const auto first
        = std::find_if(side.samples.cbegin(), side.samples.cend(),
                       [](const Sample &sample) { return std::isfinite(sample.value); });
    if (first == side.samples.cend() || first->at != side.since.toMSecsSinceEpoch())
        return false;
    // The samples of a failed query are of an earlier time than what is drawn.
    return !chart.error.isEmpty() || !from.isValid()
           || first->at <= from.toMSecsSinceEpoch() + stepsOfBeginning * chart.step.count();
}

QString errorOf(const ChartSeries &chart)
{
    return chart.error.section(QLatin1Char('\n'), 0, 0);
}

QString missingWords(const ChartSeries &chart, const Side &side, const TrackHealth &health)
{
    if (!chart.error.isEmpty())
        return Words::tr("%1: cannot be asked: %2").arg(chart.check.name, errorOf(chart));
    if (side.newest)
        return Words::tr("%1: no data of %2 for %3, which has %4 %")
            .arg(chart.check.name, side.name, spanText(ageOf(side, health)))
            .arg(side.percent);
    return Words::tr("%1: no data of %2, which has %3 %")
        .arg(chart.check.name, side.name)
        .arg(side.percent);
}

QString badWords(const ChartSeries &chart, const Side &bad, const Side &stable,
                 const TrackHealth &health)
{
    const bool isStable = &bad == &stable;
    const bool isNormal = !isStable && stable.newest && !stable.since.isValid();
    const std::optional<double> normal
        = isNormal ? std::optional(stable.newest->value)
                   : medianBefore(stable.samples, isStable ? bad.since : stable.since);
    const QString words = told(chart, bad.newest->value, normal);
    if (bad.isFresh || !isAnswering(health))
        return words;
    return chart.error.isEmpty()
               ? Words::tr("%1, no data for %2").arg(words, spanText(ageOf(bad, health)))
               : Words::tr("%1, cannot be asked now: %2").arg(words, errorOf(chart));
}

CheckTold tellCheck(const TrackHealth &health, qsizetype at)
{
    const ChartSeries &drawn = health.charts[at];
    const bool isOlder = at < health.history.size() && health.history[at].error.isEmpty()
                         && health.history[at].check.name == drawn.check.name;
    const ChartSeries chart = isOlder ? joined(health.history[at], drawn) : drawn;
    Side candidate{chart.candidate, Words::tr("the candidate"), health.candidatePercent, {}, {}};
    Side stable{chart.stable, Words::tr("the stable"), health.stablePercent, {}, {}};
    const milliseconds fresh = std::max(leastFresh, stepsFresh * drawn.step);
    CheckTold check;
    for (Side *side : {&candidate, &stable}) {
        const Side &other = side == &candidate ? stable : candidate;
        side->newest = newestOf(side->samples);
        if (side->newest)
            side->since = badSince(side->samples, chart.check, chart.step, other.samples);
        side->isFresh
            = side->newest
              && (!isAnswering(health) || (chart.error.isEmpty() && ageOf(*side, health) <= fresh));
        if (!side->isBad())
            continue;
        check.since = check.since.isValid() ? std::min(check.since, side->since) : side->since;
        check.goesBack
            = check.goesBack || goesBack(*side, chart, isOlder ? health.historyFrom : health.from);
    }
    if (candidate.isBad() || stable.isBad()) {
        check.kind = CheckTold::Kind::Bad;
        check.words = badWords(chart, candidate.isBad() ? candidate : stable, stable, health);
        return check;
    }
    const Side *missing = candidate.isMissing() ? &candidate
                          : stable.isMissing()  ? &stable
                                                : nullptr;
    if (missing) {
        check.words = missingWords(chart, *missing, health);
        check.isSilent = !candidate.newest && !stable.newest && chart.error.isEmpty();
        return check;
    }
    check.kind = CheckTold::Kind::Good;
    check.words
        = told(chart, (candidate.hasTraffic() ? candidate : stable).newest->value, std::nullopt);
    return check;
}

/// What stands behind all of it: no server, one that answers nothing yet, one that was lost.
void tellSource(HurtLine &line, const TrackHealth &health)
{
    using Health = SourceState::Health;
    if (health.metrics.health == Health::NotSetUp) {
        line.state = HurtLine::State::NoData;
        line.words = Words::tr("no metrics server in pilothouse.yaml");
    } else if (isAnswering(health)) {
        if (!health.isDrawn && line.state == HurtLine::State::NoData) {
            line.state = HurtLine::State::Reading;
            line.words = Words::tr("its metrics are being read");
        }
    } else {
        line.old = health.metrics.lastGoodSinceBoot.count() == 0
                       ? Words::tr("metrics never answered")
                       : Words::tr("%1 old: metrics lost").arg(spanText(health.age));
        // What was well then says nothing of now.
        if (line.state == HurtLine::State::Well)
            line.state = HurtLine::State::NoData;
    }
}

} // namespace

QDateTime badSince(const QList<Sample> &samples, const Check &check, milliseconds step,
                   const QList<Sample> &beside)
{
    std::optional<qint64> since;
    std::optional<qint64> later;
    for (auto it = samples.crbegin(); it != samples.crend(); ++it) {
        if (!std::isfinite(it->value))
            continue;
        if (later && *later - it->at > longestSilence.count()
            && spokeBetween(beside, it->at, *later))
            break;
        later = it->at;
        if (isBeyond(check, it->value))
            since = it->at;
        else if (!since || *since - it->at > pausesAllowed * step.count())
            break;
    }
    return since ? QDateTime::fromMSecsSinceEpoch(*since, Qt::UTC) : QDateTime();
}

ChartSeries joined(const ChartSeries &history, const ChartSeries &drawn)
{
    ChartSeries whole = drawn;
    whole.step = std::max(history.step, drawn.step);
    const auto join = [](QList<Sample> before, const QList<Sample> &samples) {
        if (!samples.isEmpty())
            before.removeIf([&samples](const Sample &s) { return s.at >= samples.first().at; });
        return before + samples;
    };
    whole.stable = join(history.stable, drawn.stable);
    whole.candidate = join(history.candidate, drawn.candidate);
    return whole;
}

HurtLine hurtLine(const TrackHealth &health)
{
    HurtLine line;
    line.track = health.track;
    QStringList bad;
    QStringList good;
    QStringList missing;
    bool isSilent = true;
    for (qsizetype i = 0; i < health.charts.size(); ++i) {
        if (!health.charts[i].limit)
            continue;
        const CheckTold check = tellCheck(health, i);
        isSilent = isSilent && check.isSilent;
        (check.kind == CheckTold::Kind::Bad    ? bad
         : check.kind == CheckTold::Kind::Good ? good
                                               : missing)
            << check.words;
        if (check.kind != CheckTold::Kind::Bad)
            continue;
        line.since = line.since.isValid() ? std::min(line.since, check.since) : check.since;
        if (check.goesBack)
            line.sinceKind = HurtLine::Since::Before;
    }
    if (!bad.isEmpty())
        line.state = HurtLine::State::Hurting;
    else if (!good.isEmpty() && missing.isEmpty())
        line.state = HurtLine::State::Well;
    // What is well matters less than what hurts; what nobody can say does not.
    line.words = isSilent ? Words::tr("no data: nobody can say how it does")
                          : ((bad.isEmpty() ? good : bad) + missing).join(QStringLiteral(" · "));
    tellSource(line, health);
    return line;
}

QDateTime firstBad(const QList<HurtLine> &lines)
{
    QDateTime first;
    for (const HurtLine &line : lines) {
        if (line.state == HurtLine::State::Hurting && line.since.isValid())
            first = first.isValid() ? std::min(first, line.since) : line.since;
    }
    return first;
}

HurtLine::Since firstBadKind(const QList<HurtLine> &lines)
{
    const bool before = std::any_of(lines.cbegin(), lines.cend(), [](const HurtLine &line) {
        return line.state == HurtLine::State::Hurting && line.sinceKind == HurtLine::Since::Before;
    });
    return before ? HurtLine::Since::Before : HurtLine::Since::Exact;
}

} // namespace pilothouse
