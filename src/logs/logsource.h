#pragma once

#include "base/id.h"
#include "base/result.h"

#include <QObject>

#include <memory>
#include <variant>

namespace pilothouse {

struct JobLog
{
    RunId run;
    JobId job;
    bool operator==(const JobLog &) const = default;
};

struct PodLog
{
    TrackName track; ///< whose cluster is asked
    QString pod;
    QString container; ///< empty = the only one
    bool operator==(const PodLog &) const = default;
};

/// Of a build service beside the CI host.
struct BuildLog
{
    QString build; ///< as the service spells it
    bool operator==(const BuildLog &) const = default;
};

/// Of the program that changes a track's weight (helm).
struct ProgramLog
{
    TrackName track;
    bool operator==(const ProgramLog &) const = default;
};

using LogTarget = std::variant<JobLog, PodLog, BuildLog, ProgramLog>;

/// The bytes of one log as they come. Deleting it ends the transfer. GUI thread.
/// `ended` comes exactly once: ok = the log is complete; NotFound for a job that has not ended.
class LogStream : public QObject
{
    Q_OBJECT

public:
    /// Only so many of the lines that are there already come before those that are written from now
    /// on; 0 = all.
    [[nodiscard]] virtual int beginsLinesBack() const { return 0; }
    /// Lets the connection go and stays where it stands until `goOn`; nothing more comes of it but
    /// an end that is there already. False, and nothing changes, where a transfer cannot be
    /// continued: it is to be begun anew.
    [[nodiscard]] virtual bool pause() { return false; }
    virtual void goOn() {}

Q_SIGNALS:
    void bytesArrived(const QByteArray &bytes);
    /// The connection had broken or was let go, and the log goes on where it stood.
    void reconnected();
    void ended(const pilothouse::Result<void> &outcome);
};

/// Whoever has logs. A source that does not know a kind of target answers nullptr.
class LogSource
{
public:
    virtual ~LogSource() = default;

    /// Starts the transfer; signals come from the event loop, never from within this call.
    [[nodiscard]] virtual std::unique_ptr<LogStream> open(const LogTarget &target) = 0;
};

} // namespace pilothouse
