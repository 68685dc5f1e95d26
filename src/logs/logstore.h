#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QFile>
#include <QObject>

#include <memory>
#include <vector>

namespace pilothouse {

/// One log on disk with an index of its lines. Bytes come by `append`; lines are read back from the
/// file when they are painted, so the text is never held in memory. GUI thread.
///
/// A line ends with '\n'; a '\r' before it is not part of it. The last line may be unfinished and
/// grows. Known token forms are masked before anything is written.
class LogStore final : public QObject
{
    Q_OBJECT

public:
    /// A fresh file in `folder` (made if missing); it is removed with the store.
    [[nodiscard]] static Result<std::unique_ptr<LogStore>> create(const QString &folder);
    ~LogStore() override;

    /// Adds to the end. Unavailable if the disk is full: the store keeps what it has.
    [[nodiscard]] Result<void> append(const QByteArray &bytes);
    /// The transfer is over: an unfinished last line is taken as it is.
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] qint64 lineCount() const;
    [[nodiscard]] qint64 byteCount() const { return m_size; }
    /// The bytes of a line without its end, at most `limit`; empty for a line that is not there.
    [[nodiscard]] QByteArray line(qint64 number, qint64 limit = 64 << 10) const;

Q_SIGNALS:
    /// Lines from `first` on are new or (the first of them) longer.
    void grown(qint64 first);

private:
    explicit LogStore(std::unique_ptr<QFile> file);
    [[nodiscard]] Result<void> write(const QByteArray &bytes);

    std::unique_ptr<QFile> m_file;
    std::vector<qint64> m_starts; ///< offset of each line's first byte
    QByteArray m_tail;            ///< an unfinished line, not yet written: a token may be cut in it
    qint64 m_size = 0;            ///< bytes written
};

} // namespace pilothouse
