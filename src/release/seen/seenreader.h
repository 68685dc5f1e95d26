#pragma once

#include "base/clock.h"
#include "release/seen/seensource.h"

#include <QObject>

#include <chrono>
#include <optional>
#include <vector>

namespace pilothouse {

/// What one source told, and whether it still does.
struct SeenTold
{
    QString system;
    QString subject;
    std::optional<QList<SeenDeed>> deeds; ///< nullopt = it never answered
    std::optional<Error> error;           ///< of the last try; what was told before stands

    bool operator==(const SeenTold &) const = default;
};

/// Asks the systems who did what, again and again. What was told stays while its source cannot be
/// asked, and the reason is told beside it. GUI thread; clock and sources outlive it.
class SeenReader final : public QObject
{
    Q_OBJECT

public:
    SeenReader(Clock &clock, std::chrono::milliseconds poll, QObject *parent = nullptr);

    void add(SeenSource &source);
    /// Asks now, and from then on again and again. A source whose answer is still awaited is not
    /// asked twice.
    void refresh();

    [[nodiscard]] const QList<SeenTold> &told() const { return m_told; } ///< in the order added

Q_SIGNALS:
    void changed();

private:
    void ask(qsizetype index);
    void take(qsizetype index, const Result<QList<SeenDeed>> &answer);

    Clock &m_clock;
    std::chrono::milliseconds m_poll;
    std::vector<SeenSource *> m_sources;
    QList<SeenTold> m_told;
    QList<bool> m_awaited;
    qint64 m_alarm = 0; ///< of the timer: an earlier one is not heard
};

} // namespace pilothouse
