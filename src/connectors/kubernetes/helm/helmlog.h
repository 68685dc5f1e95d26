#pragma once

#include "base/clock.h"
#include "logs/logsource.h"

#include <QObject>

namespace pilothouse {

/// What helm printed for one track since this began: the commands that were run and their lines,
/// each with its time. The oldest lines go when there are too many. Answers nullptr for other
/// tracks and for other kinds of logs. GUI thread; control and clock outlive it.
class HelmLog final : public QObject, public LogSource
{
    Q_OBJECT

public:
    static constexpr qsizetype mostBytes = 1 << 20;

    /// Of a control that tells what helm prints by `output`.
    template <typename Control>
    HelmLog(Control &control, Clock &clock, TrackName track) : HelmLog(clock, std::move(track))
    {
        connect(&control, &Control::output, this, &HelmLog::keep);
    }

    /// Begins with everything that is kept. Never ends.
    [[nodiscard]] std::unique_ptr<LogStream> open(const LogTarget &target) override;
    /// Every line so far, or one that says that there is none.
    [[nodiscard]] QByteArray kept() const;

Q_SIGNALS:
    void printed(const QByteArray &line);

private:
    HelmLog(Clock &clock, TrackName track);
    void keep(const QString &line);
    [[nodiscard]] QByteArray dated(const QString &line) const;

    Clock &m_clock;
    TrackName m_track;
    QByteArray m_kept;
};

} // namespace pilothouse
