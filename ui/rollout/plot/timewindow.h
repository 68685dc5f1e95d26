#pragma once

#include <QDateTime>
#include <QObject>

#include <optional>

namespace pilothouse {

/// The one time axis of a track's charts: what they hold, what they show of it, and the time under
/// the crosshair. Times are ms since the epoch, by the metrics server's clock. GUI thread.
///
/// It follows live until somebody pans or zooms away from the newest sample.
class TimeWindow final : public QObject
{
    Q_OBJECT

public:
    explicit TimeWindow(QObject *parent = nullptr);

    /// What there is to see; `span` is what live shows before anybody zooms, `step` the distance
    /// of samples.
    void setHeld(double from, double to, double span, double step);

    [[nodiscard]] bool isValid() const { return m_heldTo > m_heldFrom; }
    [[nodiscard]] bool isLive() const { return m_live; }
    [[nodiscard]] double from() const { return m_from; }
    [[nodiscard]] double to() const { return m_to; }
    [[nodiscard]] double span() const { return m_to - m_from; }
    [[nodiscard]] double heldFrom() const { return m_heldFrom; }
    [[nodiscard]] double heldTo() const { return m_heldTo; }

    /// Shows `factor` times as much time; `around` keeps its place, as far as there is something
    /// to see.
    void zoom(double factor, double around);
    /// The same around the crosshair, else the middle; while live the newest sample stays.
    void zoom(double factor);
    void pan(double by);
    /// Follows again, with what live shows by itself.
    void showLive();
    void showStart(); ///< the oldest held
    void showEnd();   ///< follows again, as far zoomed as it is

    [[nodiscard]] std::optional<double> crosshair() const { return m_crosshair; }
    void setCrosshair(std::optional<double> time);
    /// By samples; appears at the newest one shown.
    void moveCrosshair(int samples);

Q_SIGNALS:
    void changed();
    void crosshairMoved();

private:
    enum class Following { Live, Left };

    void show(double from, double span, Following following);
    [[nodiscard]] double bounded(double span) const;

    double m_heldFrom = 0;
    double m_heldTo = 0;
    double m_liveSpan = 0;
    double m_step = 0;
    double m_from = 0;
    double m_to = 0;
    bool m_live = true;
    bool m_zoomed = false; ///< live, but not by what live shows by itself
    std::optional<double> m_crosshair;
};

/// By the clock of this desk.
[[nodiscard]] QDateTime localTime(double time);
/// "14:20:00 – 14:35:00", with the days where they matter.
[[nodiscard]] QString spanText(double from, double to);
/// One time, as exact as a span of so many ms lets it be seen.
[[nodiscard]] QString timeText(double time, double span);
/// For QDateTime::toString.
[[nodiscard]] QString timeFormat(double span);

} // namespace pilothouse
