#include "app/cli/judge/referencecase.h"

#include "base/words.h"
#include "rollout/judgement/exactdistribution.h"
#include "rollout/judgement/pairdifferences.h"

#include <QHash>

#include <algorithm>

namespace pilothouse {

namespace {

constexpr double referenceTolerance = 1e-9;

/// What the file may ask for, by its key.
QHash<QString, double> answers(const std::vector<double> &x, const std::vector<double> &y)
{
    const RankComparison ranks = compareRanks(x, y);
    QHash<QString, double> all{
        {QStringLiteral("U1"), ranks.u},
        {QStringLiteral("rank_sum_x"), ranks.rankSum},
        {QStringLiteral("tie_sum_t3_minus_t"), ranks.tieSum},
        {QStringLiteral("cles"), ranks.u / (ranks.m * ranks.n)},
        {QStringLiteral("hodges_lehmann_exact"), PairDifferences(x, y).median()},
    };
    const QList<std::pair<QString, Alternative>> alternatives{
        {QStringLiteral("two-sided"), Alternative::TwoSided},
        {QStringLiteral("less"), Alternative::Less},
        {QStringLiteral("greater"), Alternative::Greater},
    };
    for (const auto &[name, alternative] : alternatives) {
        const QString asymptotic = QStringLiteral("p_asymptotic_%1_").arg(name);
        all.insert(asymptotic + QStringLiteral("cc"),
                   asymptoticP(ranks, alternative, Continuity::Corrected));
        all.insert(asymptotic + QStringLiteral("nocc"),
                   asymptoticP(ranks, alternative, Continuity::Uncorrected));
        if (const auto exact = exactP(ranks, alternative))
            all.insert(QStringLiteral("p_exact_") + name, *exact);
    }
    return all;
}

} // namespace

void judgeReferenceCase(CaseReport &report, Solver)
{
    static const QStringList notAsked{QStringLiteral("id"), QStringLiteral("kind"),
                                      QStringLiteral("x"), QStringLiteral("y")};
    std::vector<double> x = report.numbers("x");
    std::vector<double> y = report.numbers("y");
    if (report.refused() || x.empty() || y.empty())
        return report.refuse(Words::tr("there is nothing to compare"));
    std::sort(x.begin(), x.end());
    std::sort(y.begin(), y.end());
    const QHash<QString, double> known = answers(x, y);
    const QJsonObject &given = report.given();
    for (auto it = given.begin(); it != given.end(); ++it) {
        if (notAsked.contains(it.key()))
            continue;
        if (it.key() == QLatin1String("ties"))
            report.expect(it.key(), compareRanks(x, y).tieSum > 0, *it);
        else if (known.contains(it.key()))
            report.expectNumber(it.key(), known.value(it.key()), *it, referenceTolerance);
        else
            report.refuse(Words::tr("\"%1\" cannot be computed here").arg(it.key()));
    }
}

} // namespace pilothouse
