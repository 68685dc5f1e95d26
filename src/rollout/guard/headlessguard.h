#pragma once

#include "base/id.h"
#include "base/result.h"

#include <QFuture>
#include <QObject>
#include <QStringList>

#include <chrono>

namespace pilothouse {

/// What `pilothouse-cli` is given to guard this track without a window until its rollout is over.
[[nodiscard]] QStringList headlessGuardArguments(const QString &workspaceFile,
                                                 const TrackName &track);

/// Starts the guard of a track as a program of its own, which outlives this one. GUI thread.
class HeadlessGuard final : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        QString program; ///< the whole path of pilothouse-cli
        QString workspaceFile;
        QString folder; ///< where what the guards say is kept; made when it is needed
        /// A guard that does not watch after so long is ended again.
        std::chrono::milliseconds patience{60'000};
    };
    /// A guard that said that it watches.
    struct Watching
    {
        qint64 process = 0;
        QString output; ///< the file that it writes to
    };

    explicit HeadlessGuard(Settings settings, QObject *parent = nullptr);

    [[nodiscard]] bool isInstalled() const; ///< the program is there and can be run
    [[nodiscard]] const Settings &settings() const { return m_settings; }

    /// Ends when the guard judged by data for the first time. NotFound without the program,
    /// Unavailable if it ended before, TimedOut if it does not watch in time: it runs no more then.
    [[nodiscard]] QFuture<Result<Watching>> start(const TrackName &track);
    /// Ends a guard again that was started a moment ago.
    static void end(const Watching &guard);

private:
    Settings m_settings;
};

} // namespace pilothouse
