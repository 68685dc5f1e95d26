#pragma once

#include "base/clock.h"
#include "pipeline/act/runsight.h"

#include <QObject>
#include <QPromise>

#include <chrono>

namespace pilothouse {

/// Carries one order out: sends it once, then looks until the CI host shows it. An answer that is
/// lost is settled by looking too; nothing is ever sent again. Deletes itself with its answer.
class RunErrand final : public QObject
{
    Q_OBJECT

public:
    struct Pace
    {
        std::chrono::milliseconds every{2'000};
        std::chrono::milliseconds atMost{60'000}; ///< then the outcome is Unknown
    };

    /// `control` and `clock` outlive it. Cancelled if `parent` dies first.
    [[nodiscard]] static QFuture<Outcome> begin(RunControl &control, Clock &clock,
                                                const RunOrder &order, const BeforeOrder &before,
                                                const Pace &pace, QObject *parent);

private:
    RunErrand(RunControl &control, Clock &clock, const RunOrder &order, const BeforeOrder &before,
              const Pace &pace, QObject *parent);

    void send();
    void look();
    void lookLater(const QString &why);
    void end(Outcome::Kind kind, const QString &text, const RunId &run = {});

    RunControl &m_control;
    Clock &m_clock;
    RunOrder m_order;
    BeforeOrder m_before;
    Pace m_pace;
    std::chrono::milliseconds m_until{0};
    QString m_lost; ///< why there was no answer; empty = the host took the order
    QPromise<Outcome> m_promise;
};

} // namespace pilothouse
