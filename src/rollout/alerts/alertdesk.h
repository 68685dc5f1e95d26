#pragma once

#include "base/clock.h"
#include "rollout/alerts/joinedalerts.h"
#include "rollout/plan.h"

#include <QObject>

#include <optional>

namespace pilothouse {

/// The alerts of one track, put together from the metrics server and Alertmanager. One that cannot
/// be asked is said and never means that there are no alerts: what it told last stays. GUI thread;
/// the sources outlive it.
class AlertDesk final : public QObject
{
    Q_OBJECT

public:
    AlertDesk(QString track, const Limits &limits, Clock &clock, QObject *parent = nullptr);

    /// Before the first ask(). Without it nothing is said of Alertmanager.
    void setAlertmanager(AlertSource &source) { m_manager = &source; }

    /// What the metrics server told, marked whether it is ours.
    void tell(const QList<Alert> &alerts);
    /// The metrics server could not be asked for alerts. `server` is its name.
    void lose(const QString &server, const Error &error);
    /// Asks Alertmanager; one question at a time.
    void ask();

    /// Of this track; firing ones first.
    [[nodiscard]] const QList<Alert> &alerts() const { return m_alerts; }
    /// Of no track, firing ones first: they are shown, and nothing is decided by them.
    [[nodiscard]] const QList<Alert> &others() const { return m_others; }
    /// Of Alertmanager; NotSetUp without one.
    [[nodiscard]] SourceState sourceState() const;
    /// Why not all alerts are seen now; empty = they are. A metrics server that never had any
    /// (NotFound) hides nothing where there is an Alertmanager.
    [[nodiscard]] QString whyUnseen() const;

Q_SIGNALS:
    void changed();
    void fired(const pilothouse::Alert &alert); ///< once for each firing
    void sourceChanged();

private:
    void join();

    QString m_track;
    const Limits &m_limits;
    Clock &m_clock;
    AlertSource *m_manager = nullptr;
    bool m_asking = false;
    std::optional<Error> m_error;            ///< of Alertmanager
    std::optional<Error> m_lost;             ///< of the metrics server, as it is said
    std::chrono::milliseconds m_lastGood{0}; ///< 0 = Alertmanager never answered
    bool m_hasTold = false;                  ///< the metrics server, once
    std::chrono::milliseconds m_toldAt{0};   ///< since boot
    QList<Alert> m_told;
    QList<Alert> m_managed;
    QList<Alert> m_alerts;
    QList<Alert> m_others;
};

} // namespace pilothouse
