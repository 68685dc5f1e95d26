#include "release/oncall/lastknownkeeper.h"

#include "base/reading.h"
#include "release/oncall/lostsources.h"
#include "release/oncall/waysout.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace pilothouse {
namespace {

/// A state that stays is written again now and then, so that its age is of the last reading.
constexpr qint64 writtenAgainAfter = 30; // seconds
constexpr std::chrono::milliseconds writtenTogether{1'000};

bool isSameState(const LastKnownTrack &a, const LastKnownTrack &b)
{
    return a.now == b.now && a.to == b.to && a.command == b.command;
}

} // namespace

LastKnownKeeper::LastKnownKeeper(QString file, QList<RolloutController *> tracks,
                                 ReleaseController &release, Clock &clock, QObject *parent)
    : QObject(parent), m_file(std::move(file)), m_tracks(std::move(tracks)), m_release(release),
      m_clock(clock)
{
    QFile kept(m_file);
    if (kept.open(QIODevice::ReadOnly)) {
        if (const auto read = lastKnownFrom(kept.readAll()))
            m_known = *read;
        else
            m_problem = read.error().message;
    }
    connect(&release, &ReleaseController::changed, this, &LastKnownKeeper::note);
    for (const RolloutController *track : std::as_const(m_tracks))
        connect(track, &RolloutController::changed, this, &LastKnownKeeper::note);
}

void LastKnownKeeper::note()
{
    bool another = false;
    for (const RolloutController *track : std::as_const(m_tracks)) {
        if (!track->traffic() || isLost(track->trafficSource()))
            continue;
        const LiveRow row = liveRowOf(m_release.live(), track->track());
        if (!row.age)
            continue; // release has not looked at it yet
        const WayLine line = rollbackLine(*track, row);
        LastKnownTrack now{track->track(),
                           m_clock.now().addMSecs(-track->traffic()->age(m_clock).count()),
                           line.now, line.to, track->rollbackCommand()};
        const auto known
            = std::find_if(m_known.begin(), m_known.end(),
                           [&now](const LastKnownTrack &each) { return each.track == now.track; });
        if (known == m_known.end()) {
            m_known.append(now);
            another = true;
        } else if (!isSameState(*known, now) || known->at.secsTo(now.at) >= writtenAgainAfter) {
            *known = now;
            another = true;
        }
    }
    if (!another || m_due)
        return;
    m_due = true;
    m_clock.after(writtenTogether, this, [this] {
        m_due = false;
        write();
    });
}

void LastKnownKeeper::write()
{
    QDir().mkpath(QFileInfo(m_file).path());
    QSaveFile file(m_file);
    const bool written = file.open(QIODevice::WriteOnly)
                         && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
                         && file.write(lastKnownJson(m_known)) >= 0 && file.commit();
    m_problem = written ? QString()
                        : tr("What is live cannot be kept for a night without answers: %1")
                              .arg(file.errorString());
}

} // namespace pilothouse
