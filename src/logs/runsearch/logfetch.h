#pragma once

#include "logs/logsource.h"
#include "logs/logstore.h"

#include <memory>
#include <vector>

namespace pilothouse {

class LogSpool;

/// Fetches one log as a whole into a store of the spool, as far as that has room. Deleting it ends
/// the transfer. GUI thread; sources and spool outlive it.
class LogFetch final : public QObject
{
    Q_OBJECT

public:
    /// Begins at once; `ended` comes from the event loop, never from within this call.
    LogFetch(const std::vector<LogSource *> &sources, const LogTarget &target, LogSpool &spool,
             QObject *parent = nullptr);
    ~LogFetch() override;

    /// The whole log once it has ended well, else nullptr: half a log is no log.
    [[nodiscard]] std::shared_ptr<LogStore> log() const { return m_whole; }

Q_SIGNALS:
    /// Exactly once. Unavailable also if the spool has no room left.
    void ended(const pilothouse::Result<void> &outcome);

private:
    [[nodiscard]] Result<void> begin(const std::vector<LogSource *> &sources,
                                     const LogTarget &target);
    [[nodiscard]] Error noRoom() const;
    void take(const QByteArray &bytes);
    void end(const Result<void> &outcome);

    LogSpool &m_spool;
    std::shared_ptr<LogStore> m_store;
    std::shared_ptr<LogStore> m_whole;
    std::unique_ptr<LogStream> m_stream;
    qint64 m_unlooked = 0; ///< bytes since the spool was looked at
};

} // namespace pilothouse
