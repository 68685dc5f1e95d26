#pragma once

#include "base/clock.h"
#include "release/notices/noticelimit.h"
#include "release/notices/notifier.h"

#include <QHash>

class QSettings;

namespace pilothouse {

class ActionRunner;
class ReleaseController;
class RolloutController;

/// Watches release and tracks, and tells the desktop what somebody who looks elsewhere should hear:
/// that NEXT asks for something else, that an alert fires, what a guard did, that a rollout is
/// over. What a person did here, in the window that has the keyboard, is no news. GUI thread; what
/// it is given outlives it.
class NoticeDesk final : public QObject
{
    Q_OBJECT

public:
    NoticeDesk(ReleaseController &release, QList<RolloutController *> tracks, ActionRunner &actions,
               Notifier &notifier, const Clock &clock, QObject *parent = nullptr);

    /// On or off is kept there from now on; on where nothing was kept. `settings` outlives this.
    void keepIn(QSettings &settings);
    [[nodiscard]] bool isOn() const { return m_on; }
    void setOn(bool on);

    /// Whether the console's window has the keyboard.
    void setFocused(bool focused) { m_focused = focused; }

Q_SIGNALS:
    void onChanged(bool on);
    void chosen(const pilothouse::Notice &notice, const QString &token);
    /// Nobody shows notices here: a sentence, once.
    void lost(const QString &sentence);

private:
    void lookSoon();
    void look();
    [[nodiscard]] Noticed noticed() const;
    [[nodiscard]] bool isOwn(const Notice &notice) const;

    ReleaseController &m_release;
    QList<RolloutController *> m_tracks;
    ActionRunner &m_actions;
    Notifier &m_notifier;
    const Clock &m_clock;
    QSettings *m_settings = nullptr;
    Noticed m_before;
    NoticeLimit m_limit;
    QList<GuardDeed> m_deeds;
    QHash<QString, std::chrono::milliseconds> m_acted; ///< by subject: last begun or ended here
    bool m_on = true;
    bool m_focused = false;
    bool m_waits = false;
};

} // namespace pilothouse
