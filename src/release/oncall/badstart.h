#pragma once

#include "base/clock.h"
#include "rollout/rolloutviews.h"

#include <QFuture>
#include <QHash>
#include <QObject>

#include <functional>

namespace pilothouse {

/// Asks for the time before the drawn charts of a track that hurts since they begin: for the last
/// hour, then for more until the beginning lies within, a day at most; and again from time to time,
/// from the same moment on, so that what is found does not move. GUI thread; the clock outlives it.
class BadStart final : public QObject
{
    Q_OBJECT

public:
    /// The charts of a time (UTC, the metrics server's clock).
    using Ask
        = std::function<QFuture<QList<ChartSeries>>(const QDateTime &from, const QDateTime &to)>;

    /// What somebody who looks at a track sees of it.
    struct Look
    {
        TrackName track;
        bool isNeeded = false; ///< the drawn charts alone do not tell since when it hurts
        bool isOpen = false;   ///< nor do they with what `of()` tells
        QDateTime now;         ///< the metrics server's clock, UTC
    };
    struct Known
    {
        QDateTime from;
        QList<ChartSeries> charts; ///< empty = nothing was answered yet
    };

    explicit BadStart(Clock &clock, QObject *parent = nullptr);

    /// What is not needed any more is forgotten. `ask` is kept for as long as it is needed.
    void look(const Look &look, const Ask &ask);
    /// Nobody looks.
    void forget();

    [[nodiscard]] Known of(const TrackName &track) const;
    /// The beginning of a track's trouble is asked for, and what is known does not tell it.
    [[nodiscard]] bool isReading() const;
    /// Why it is not known: the first reason; empty = nothing failed.
    [[nodiscard]] QString failure() const;

Q_SIGNALS:
    void changed();

private:
    struct Asked
    {
        int span = 0; ///< index among the spans
        QDateTime from;
        QDateTime knownFrom;
        QList<ChartSeries> charts;
        QString why;
        std::chrono::milliseconds at{0}; ///< since boot, of the last question
        int question = 0;
        bool isUnderWay = false;
        bool isOpen = true;
    };

    void begin(const TrackName &track, const QDateTime &now, const Ask &ask);
    void take(const TrackName &track, int question, const QList<ChartSeries> &charts);

    Clock &m_clock;
    QHash<QString, Asked> m_asked; ///< by the track's name
    int m_questions = 0;
};

} // namespace pilothouse
