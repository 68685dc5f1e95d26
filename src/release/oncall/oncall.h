#pragma once

#include "base/clock.h"
#include "release/oncall/oncallviews.h"

#include <QObject>

namespace pilothouse {

class ReleaseController;
class RolloutController;

/// Puts together what the screen of a night shows, from what the controllers know. Computed when it
/// is asked for; `changed` tells that it may be another one. GUI thread; all of it outlives it.
class OnCall final : public QObject
{
    Q_OBJECT

public:
    OnCall(ReleaseController &release, QList<RolloutController *> tracks,
           MigrationController &migrations, Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] OnCallView view() const;
    /// Every track was read, or cannot be: the ways back can be believed.
    [[nodiscard]] bool isKnown() const;
    /// While it is looked at, every track's charts are drawn.
    void setVisible(bool visible);

    /// nullopt = no such backfill runs any more.
    [[nodiscard]] std::optional<Preview> previewPause(const ChangeKey &change) const;
    [[nodiscard]] QFuture<Outcome> pause(const ChangeKey &change);

Q_SIGNALS:
    void changed();

private:
    ReleaseController &m_release;
    QList<RolloutController *> m_tracks;
    MigrationController &m_migrations;
    Clock &m_clock;
};

} // namespace pilothouse
