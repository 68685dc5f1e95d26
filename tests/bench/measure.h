#pragma once

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

namespace pilothouse::bench {

/// A measurement and the same amount of plain work next to it: the ratio says more than seconds do,
/// since it hardly depends on the machine.
struct Pair
{
    double seconds = 0; ///< median of the rounds
    double anchor = 0;  ///< the same, of the plain work

    [[nodiscard]] double ratio() const { return anchor > 0 ? seconds / anchor : 0; }
};

template <typename Work>
double secondsOf(const Work &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.nsecsElapsed()) / 1e9;
}

[[nodiscard]] inline double medianOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Runs both by turns, so that what disturbs the machine disturbs both.
template <typename Work, typename Anchor>
Pair measure(int rounds, const Work &work, const Anchor &anchor)
{
    std::vector<double> ours;
    std::vector<double> plain;
    for (int round = 0; round < rounds; ++round) {
        plain.push_back(secondsOf(anchor));
        ours.push_back(secondsOf(work));
    }
    return {medianOf(std::move(ours)), medianOf(std::move(plain))};
}

/// A JSON object without a line end in it. `what` names the work, `plain` the anchor, `amount` what
/// was worked on.
[[nodiscard]] inline QByteArray rowOf(const char *name, const char *what, const char *plain,
                                      const QJsonObject &amount, const Pair &pair)
{
    QJsonObject line = amount;
    line.insert(QStringLiteral("bench"), QLatin1String(name));
    line.insert(QStringLiteral("what"), QLatin1String(what));
    line.insert(QStringLiteral("seconds"), pair.seconds);
    line.insert(QStringLiteral("anchor"), QLatin1String(plain));
    line.insert(QStringLiteral("anchor_seconds"), pair.anchor);
    line.insert(QStringLiteral("ratio"), pair.ratio());
    return QJsonDocument(line).toJson(QJsonDocument::Compact);
}

/// One row a line.
inline void print(const char *name, const char *what, const char *plain, const QJsonObject &amount,
                  const Pair &pair)
{
    std::printf("%s\n", rowOf(name, what, plain, amount, pair).constData());
}

} // namespace pilothouse::bench
