#pragma once

#include "base/clock.h"
#include "logs/logsearch.h"
#include "logs/logsource.h"
#include "logs/logspool.h"
#include "logs/logstore.h"
#include "logs/reading/logsteps.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

class QFileSystemWatcher;

namespace pilothouse {

/// Shows one log at a time: chooses the source, spools it to disk, says where it stands.
/// GUI thread; sources outlive it. Opening another log drops the transfer of the one before. A log
/// that grows over what the spool may take is no longer read: it keeps what came and has failed.
class LogController final : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Empty,      ///< nothing chosen
        WaitingEnd, ///< GitHub gives no log before the job ends
        Loading,
        Streaming, ///< more lines may come (pods, builds)
        Complete,
        Failed,
    };

    /// How an opened file stands, which is followed while it is shown.
    enum class OnDisk {
        None,     ///< it is no opened file
        Whole,    ///< nothing was written to it since it was opened
        Grows,    ///< what was written to it is here
        Replaced, ///< another file has its name: no longer followed
        Gone,     ///< no file has its name; followed on
    };

    LogController(std::vector<LogSource *> sources, QString spoolFolder, Clock &clock,
                  QObject *parent = nullptr);
    ~LogController() override;

    /// `title` is what the heading says: "integration-tests · run 6998".
    void open(const LogTarget &target, const QString &title);
    /// A whole log that was fetched already: shown at once, read afresh by `reopen`.
    void openHeld(const LogTarget &target, const QString &title, std::shared_ptr<LogStore> log);
    /// The job has not ended: shows its steps instead and fetches when `jobEnded` tells.
    void waitForEnd(const JobLog &target, const QString &title);
    /// What the vendor says about a log beside its bytes; ignored unless that log is the one here.
    /// Forgotten with the next log.
    void setOrigin(const LogTarget &target, const LogOrigin &origin);
    /// A log that lies on disk (an exported one, say), read where it is and followed as it grows:
    /// by what the system tells about it, and by its size once a second where that tells nothing.
    /// One that is cut or written anew in place has failed: its lines are no longer shown.
    void openFile(const QString &path);
    void close();
    /// Reads the same log once more (the button of a failure, or the menu). One that is paused goes
    /// on where it stood, once there is room.
    void reopen();
    /// Stopped by the spool's limit, in a transfer that can be continued.
    [[nodiscard]] bool isPaused() const { return m_paused; }

    /// To be connected to the pipeline: the log is fetched the moment its job ends.
    void jobEnded(const JobId &job);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString title() const { return m_title; }
    [[nodiscard]] const std::optional<LogTarget> &target() const { return m_target; }
    /// Where the log lies, for a link to a line: the path of an opened file, else empty.
    [[nodiscard]] QString place() const { return m_path; }
    [[nodiscard]] OnDisk onDisk() const { return m_onDisk; }
    /// How long a log that streams has said nothing; zero for others.
    [[nodiscard]] std::chrono::milliseconds silence() const;
    /// How often the stream of this log was taken up again, and when last (UTC).
    [[nodiscard]] int reconnects() const { return m_reconnects; }
    [[nodiscard]] QDateTime reconnectedAt() const { return m_reconnectedAt; }
    /// How many earlier lines a log that streams begins with at most; 0 = all there are.
    [[nodiscard]] int beginsLinesBack() const { return m_stream ? m_stream->beginsLinesBack() : 0; }
    [[nodiscard]] const LogOrigin &origin() const { return m_origin; }
    /// Where its steps begin in what has come so far.
    [[nodiscard]] QList<StepBegin> stepBegins() const;
    /// nullptr unless there are lines to show. Valid until the next `changed`.
    [[nodiscard]] const LogStore *store() const { return m_store.get(); }
    /// The same for who may show it longer than the controller does.
    [[nodiscard]] std::shared_ptr<const LogStore> sharedStore() const { return m_store; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] LogSearch &search() { return m_search; }
    /// The lines that are errors: searched once the log is complete, or when first asked for.
    [[nodiscard]] LogSearch &errors() { return m_errors; }
    void findErrors();
    /// Where logs are kept while they are shown, and how much room they take.
    [[nodiscard]] LogSpool &spool() { return m_spool; }

Q_SIGNALS:
    void changed();        ///< state, title or store; not for each line (LogStore::grown)
    void onDiskChanged();  ///< or more was written to the file
    void silenceChanged(); ///< or the stream was taken up again

private:
    void setState(State state);
    void take(const QByteArray &bytes);
    void end(const Result<void> &outcome);
    void stopAtLimit();
    void tellLimit();
    void dropStream();
    void goOn();
    void stopSearches();
    void watchSilence();
    void noteReconnect();
    void followFile();
    void lookSoon(std::chrono::milliseconds delay);
    void look();
    void cutFile();
    void forgetFile();

    std::vector<LogSource *> m_sources;
    LogSpool m_spool;
    Clock &m_clock;
    State m_state = State::Empty;
    QString m_title;
    std::optional<LogTarget> m_target;
    std::optional<Error> m_error;
    LogSearch m_search;
    LogSearch m_errors;
    std::shared_ptr<LogStore> m_store;
    std::unique_ptr<LogStream> m_stream;
    QString m_path; ///< of a file that was opened
    OnDisk m_onDisk = OnDisk::None;
    std::unique_ptr<QFileSystemWatcher> m_watcher;
    int m_followed = 0;       ///< counts the files: a look at one before is none at this
    bool m_lookWaits = false; ///< the watcher has told of something
    LogOrigin m_origin;
    std::chrono::milliseconds m_lastBytes{};
    qint64 m_unlooked = 0; ///< bytes since the spool was looked at
    bool m_paused = false;
    int m_reconnects = 0;
    QDateTime m_reconnectedAt;
    bool m_watching = false;
    int m_tries = 0;
};

} // namespace pilothouse
