#pragma once

#include "base/clock.h"
#include "journal/journal.h"
#include "rollout/metricsource.h"

#include <QHash>
#include <QObject>

namespace pilothouse {

class RolloutController;
struct ChartSeries;

/// Writes down what a journal cannot know of itself about an incident: when a screen first showed
/// the alert, and how many requests failed once a rollback has ended it. GUI thread; all that it is
/// given outlives it.
///
/// The requests are counted when the checks' error ratio is back within its limit and no alert of
/// the track fires any more, which is looked at every five seconds for ten minutes at most.
class IncidentNotes final : public QObject
{
    Q_OBJECT

public:
    IncidentNotes(const QList<RolloutController *> &tracks, Journal &journal, Clock &clock,
                  QString actor, QObject *parent = nullptr);

private:
    struct Ended
    {
        IntentId rollback;
        QDateTime confirmedAt;
        int looks = 0; ///< how often it was not over yet
    };
    struct Watched
    {
        RolloutController *track = nullptr;
        QList<Alert> firing; ///< seen ones, until they end
        QDateTime alertedAt; ///< of the first of them that no rollback has ended yet
        IntentId rollback;   ///< its intent is written, its outcome is not
        QDateTime rollbackAt;
    };

    void see(Watched &watched);
    void forgetEnded(Watched &watched);
    void take(const Record &record);
    void look(const QString &track, const Ended &ended);
    void reckon(const QString &track, const Ended &ended, const QDateTime &since,
                const QList<ChartSeries> &charts);
    void write(const Record &note);

    Journal &m_journal;
    Clock &m_clock;
    QString m_actor;
    QHash<QString, Watched> m_watched; ///< by the track's name
};

} // namespace pilothouse
