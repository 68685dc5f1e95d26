#pragma once

#include "base/clock.h"
#include "release/oncall/lastknown.h"

#include <QObject>

namespace pilothouse {

class ReleaseController;
class RolloutController;

/// Keeps what is live on each track in a small file of the user's own, each time it was read, so
/// that a console that starts while nothing answers knows what was there. A file that cannot be
/// written or read is told by `problem` and changes nothing else. GUI thread; all it is given
/// outlives it.
class LastKnownKeeper final : public QObject
{
    Q_OBJECT

public:
    /// Reads the file. `file` is absolute; its folder is made with the first write.
    LastKnownKeeper(QString file, QList<RolloutController *> tracks, ReleaseController &release,
                    Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] const QList<LastKnownTrack> &known() const { return m_known; }
    [[nodiscard]] const QString &problem() const { return m_problem; }

private:
    void note();
    void write();

    QString m_file;
    QList<RolloutController *> m_tracks;
    ReleaseController &m_release;
    Clock &m_clock;
    QList<LastKnownTrack> m_known;
    QString m_problem;
    bool m_due = false;
};

} // namespace pilothouse
