#include "rollout/alerts/alertrules.h"

#include "rollout/alerts/alertmatcher.h"
#include "rollout/alerts/joinedalerts.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {
namespace {

const QString ofTrackLabel = QStringLiteral("track");

/// Whether a query speaks of the label "track", but for matchers that this track does not fit.
bool speaksOf(const QString &query, const QString &track)
{
    static const QRegularExpression matcher(
        QStringLiteral("\\btrack\\s*(=~|!~|!=|=)\\s*(\"(?:[^\"\\\\]|\\\\.)*\")"));
    Alert sample;
    sample.labels.insert(ofTrackLabel, track);
    auto found = matcher.globalMatch(query);
    bool anyFits = false;
    while (found.hasNext()) {
        const QRegularExpressionMatch each = found.next();
        const auto read = alertMatcher(ofTrackLabel + each.captured(1) + each.captured(2));
        if (!read || !read->fits(sample))
            return false;
        anyFits = true;
    }
    if (anyFits)
        return true;
    // What stands in quotes names no label.
    static const QRegularExpression quoted(
        QStringLiteral("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`"));
    static const QRegularExpression word(QStringLiteral("(?<![\\w:])track(?![\\w:])"));
    return QString(query).remove(quoted).contains(word);
}

bool isOf(const AlertRule &rule, const QString &track, const AlertSource &source)
{
    const auto isIt = [&](const Alert &alert) {
        return whoseAlert(alert, track) == AlertOf::ThisTrack;
    };
    const QList<Alert> active = markedOurs(rule.active, source);
    if (std::any_of(active.cbegin(), active.cend(), isIt))
        return true;
    Alert made;
    made.name = rule.name;
    made.labels = rule.labels;
    made.labels.insert(QStringLiteral("alertname"), rule.name);
    if (rule.labels.value(ofTrackLabel).contains(QLatin1String("{{")))
        return true; // its series tell which
    if (rule.labels.contains(ofTrackLabel))
        return isIt(made);
    made.isOurs = source.isOurs(made);
    return isIt(made) || speaksOf(rule.query, track);
}

} // namespace

TrackRules rulesOf(const QList<AlertRule> &rules, const QString &track, const AlertSource &source)
{
    TrackRules found;
    found.all = int(rules.size());
    for (const AlertRule &rule : rules) {
        if (!isOf(rule, track, source))
            continue;
        if (rule.trouble.isEmpty())
            ++found.ofTrack;
        else
            found.failing << rule.name;
    }
    return found;
}

} // namespace pilothouse
