#include "rollout/alerts/firings.h"

#include "rollout/alerts/joinedalerts.h"

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qsizetype mostFirings = 200;

QDateTime moment(qint64 at)
{
    return QDateTime::fromMSecsSinceEpoch(at, Qt::UTC);
}

Alert alertOf(const Series &series)
{
    Alert alert;
    alert.labels = series.labels;
    for (const char *own : {"__name__", "alertstate"})
        alert.labels.remove(QLatin1String(own));
    alert.name = alert.labels.value(QStringLiteral("alertname"));
    alert.state = QStringLiteral("firing");
    return alert;
}

bool lieTogether(const Firing &a, const Firing &b)
{
    const auto beginsBeforeTheEnd = [](const Firing &one, const Firing &other) {
        return one.alert.activeAt.addMSecs(-one.within.count())
               <= other.until.addMSecs(other.within.count());
    };
    return beginsBeforeTheEnd(a, b) && beginsBeforeTheEnd(b, a);
}

} // namespace

QString firingQuery(std::chrono::milliseconds step)
{
    // The second half is for rules that are evaluated less often than once a step.
    return QStringLiteral("max without (alertstate) (max_over_time(ALERTS{alertstate=\"firing\"}"
                          "[%1ms])) or max without (alertstate) (ALERTS{alertstate=\"firing\"})")
        .arg(std::max<qint64>(1, step.count()));
}

QList<Firing> firingsOf(const SeriesSet &answer, const QDateTime &from)
{
    const qint64 apart = answer.step.count() + answer.step.count() / 2;
    const qint64 first = from.toMSecsSinceEpoch() + answer.step.count() / 2;
    QList<Firing> found;
    for (const Series &series : answer.series) {
        const auto &samples = series.samples;
        for (qsizetype begin = 0, end = 0; begin < samples.size(); begin = end) {
            for (end = begin + 1; end < samples.size(); ++end) {
                if (samples[end].at - samples[end - 1].at > apart)
                    break;
            }
            if (samples[begin].at <= first)
                continue;
            Firing firing{alertOf(series), moment(samples[end - 1].at), answer.step};
            firing.alert.activeAt = moment(samples[begin].at);
            found.append(firing);
        }
    }
    return found;
}

bool FiringLog::takeOne(const Firing &firing)
{
    const auto known
        = std::find_if(m_firings.begin(), m_firings.end(), [&firing](const Firing &each) {
              return isSameAlert(each.alert, firing.alert) && lieTogether(each, firing);
          });
    if (known == m_firings.end()) {
        m_firings.append(firing);
        return true;
    }
    const QDateTime before = known->alert.activeAt;
    if (firing.within < known->within) {
        *known = firing;
    } else if (firing.within == known->within) {
        known->until = std::max(known->until, firing.until);
        known->alert.activeAt = std::min(before, firing.alert.activeAt);
    }
    return known->alert.activeAt != before;
}

bool FiringLog::take(const QList<Firing> &firings)
{
    bool isNew = false;
    for (const Firing &firing : firings)
        isNew = takeOne(firing) || isNew;
    std::stable_sort(m_firings.begin(), m_firings.end(), [](const Firing &a, const Firing &b) {
        return a.alert.activeAt < b.alert.activeAt;
    });
    if (m_firings.size() > mostFirings)
        m_firings.remove(0, m_firings.size() - mostFirings);
    return isNew;
}

} // namespace pilothouse
