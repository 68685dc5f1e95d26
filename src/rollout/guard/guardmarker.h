#pragma once

#include "base/clock.h"
#include "rollout/trafficcontrol.h"

#include <optional>

namespace pilothouse {

/// A mark of this process, without who, when and what.
[[nodiscard]] GuardMark markOfThisProcess(GuardMark::Where where);

/// Whether a guard without an end has to say again that it watches.
[[nodiscard]] bool isHeartbeatDue(const QDateTime &heartbeat, const QDateTime &now);

/// The marks that are to stand beside `own`: those of other processes that watch the same commit
/// and are not known to be gone. Without one, what stands there but for that of `process`.
[[nodiscard]] QList<GuardMark> marksWith(const QList<GuardMark> &known,
                                         const std::optional<GuardMark> &own,
                                         const ProcessMark &process);

/// Keeps the mark of one guard on the traffic object while it watches, and takes it away at its
/// end. One write at a time; one that failed is tried again by a keep() at least a minute later.
/// GUI thread; control and clock outlive it.
class GuardMarker final : public QObject
{
    Q_OBJECT

public:
    GuardMarker(TrafficControl &control, Clock &clock, QObject *parent = nullptr);

    /// The mark that is to stand there, nullopt = none. Does nothing where it stands already, so it
    /// may be called at every look.
    void keep(const std::optional<GuardMark> &mark);
    /// Nothing is under way.
    [[nodiscard]] bool isSettled() const { return !m_writing; }
    /// Why the mark does not stand there; empty = it does, or none is to.
    [[nodiscard]] const QString &trouble() const { return m_trouble; }

Q_SIGNALS:
    void settled();
    /// Other consoles cannot see the guard: said once for each reason.
    void troubled(const QString &why);

private:
    void next();
    void failed(const Error &error);

    TrafficControl &m_control;
    Clock &m_clock;
    ProcessMark m_process; ///< of the last mark
    std::optional<GuardMark> m_wanted;
    std::optional<GuardMark> m_stands;
    bool m_mayStand = false; ///< a write got no answer that tells
    bool m_writing = false;
    std::optional<std::chrono::milliseconds> m_failedAt; ///< since boot
    QString m_trouble;
};

} // namespace pilothouse
