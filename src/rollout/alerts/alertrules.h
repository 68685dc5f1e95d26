#pragma once

#include "rollout/alerts/alertsource.h"

#include <QStringList>

namespace pilothouse {

/// A rule of a metrics server that makes alerts.
struct AlertRule
{
    QString name;
    QString query;
    QHash<QString, QString>
        labels;          ///< that the rule itself gives; an alert has those of its series
    QList<Alert> active; ///< alerts that it makes now
    QString trouble;     ///< why it cannot be worked out now, in the server's words; empty = it can
};

/// Which of a server's rules can show an alert of one track.
struct TrackRules
{
    int all = 0;         ///< rules that make alerts
    int ofTrack = 0;     ///< that can be worked out, and make alerts of this track
    QStringList failing; ///< names of those of this track that cannot be worked out

    bool operator==(const TrackRules &) const = default;
};

/// Of this track is a rule that gives the label "track" of it, that makes such an alert now, whose
/// query speaks of a label "track" (by, or a matcher that fits it), or whose alerts the source
/// knows by its matchers and that names no track. What a query leaves of the labels of its series
/// is not worked out: a rule that never speaks of "track" is not counted.
[[nodiscard]] TrackRules rulesOf(const QList<AlertRule> &rules, const QString &track,
                                 const AlertSource &source);

} // namespace pilothouse
