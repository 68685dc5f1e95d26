#include "rollout/analysis/askchecks.h"

#include <algorithm>
#include <memory>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

struct OpenQuestions
{
    QList<CheckResult> results;
    QList<std::optional<double>> saturations; ///< of the checks that ask for theirs
    qsizetype open = 0;
    std::function<void(const QList<CheckResult> &)> done;

    void answered()
    {
        if (--open > 0)
            return;
        for (qsizetype i = 0; i < results.size(); ++i) {
            if (saturations[i] && results[i].verdict != Verdict::NoData)
                results[i].saturation = saturations[i];
        }
        done(results);
    }
};

bool asksSaturation(const Check &check)
{
    return check.scales == Scaling::WithWeight && !check.saturationQuery.isEmpty();
}

} // namespace

void askChecks(const ChecksQuestion &question, const AskRange &ask,
               const std::function<void(const QList<CheckResult> &)> &done)
{
    const QList<Check> &checks = question.checks;
    const auto open = std::make_shared<OpenQuestions>();
    open->results.resize(checks.size());
    open->saturations.resize(checks.size());
    // One for the asking itself: answers that come at once must not end it before its time.
    open->open = checks.size() + std::count_if(checks.cbegin(), checks.cend(), asksSaturation) + 1;
    open->done = done;
    const SeriesNames names = resolved(question.series, question.traffic);
    for (qsizetype i = 0; i < checks.size(); ++i) {
        const Check &check = checks[i];
        RangeQuery query = question.window(check);
        query.expression = resolved(check.query, question.traffic);
        ask(query, [open, names, check, query, i](const Result<SeriesSet> &answer) {
            open->results[i] = answer ? judge(check, names, *answer, query.from, query.to)
                                      : notJudged(check, answer.error().message);
            open->answered();
        });
        if (!asksSaturation(check))
            continue;
        query.expression = resolved(check.saturationQuery, question.traffic);
        ask(query, [open, names, query, i](const Result<SeriesSet> &answer) {
            if (answer)
                open->saturations[i] = saturationIn(names, *answer, query.from, query.to);
            open->answered();
        });
    }
    open->answered();
}

milliseconds rangeStep(milliseconds span, milliseconds scrape, int most)
{
    const milliseconds second{1000};
    milliseconds step = std::max(scrape, (span + milliseconds(most - 1)) / most);
    if (step > second && step % second != milliseconds(0))
        step += second - step % second;
    return std::max(step, milliseconds(1));
}

} // namespace pilothouse
