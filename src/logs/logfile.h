#pragma once

#include "base/result.h"
#include "logs/lineindex.h"

#include <QByteArray>
#include <QDateTime>

#include <atomic>
#include <memory>
#include <optional>

namespace pilothouse {

/// What has become of a file that another program writes.
enum class FileChange {
    None,
    Grown,    ///< at its end
    Cut,      ///< shorter, or written anew in place: what was read of it holds no more
    Replaced, ///< another file has its name now; what was read stays as it was
    Gone,     ///< no file has its name, or its disk does not answer
};

/// The bytes of a log on disk. Reading is safe in any thread; one thread appends.
class LogFile final
{
    struct Key
    {};

public:
    /// A fresh file in `folder` (made if missing), removed with the object.
    [[nodiscard]] static Result<std::shared_ptr<LogFile>> create(const QString &folder);
    /// A file that is there; it is never written to.
    [[nodiscard]] static Result<std::shared_ptr<LogFile>> open(const QString &path);

    /// Whether some program, this or another, has a file that `create` made.
    [[nodiscard]] static bool isHeld(const QString &path);

    LogFile(Key, int descriptor, QString path, qint64 size);
    ~LogFile();
    LogFile(const LogFile &) = delete;
    LogFile &operator=(const LogFile &) = delete;

    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] qint64 size() const { return m_size.load(std::memory_order_acquire); }
    /// Asks what has become of an opened file; if it has grown, `size` is larger by at most `most`
    /// from now on. By its size and name, which a network file system tells too, and where it was
    /// written to also by the bytes at both ends of what is known. One thread calls it.
    [[nodiscard]] FileChange look(qint64 most);
    /// When an opened file was last written to, as it was last looked at.
    [[nodiscard]] QDateTime writtenAt() const { return m_writtenAt; }
    [[nodiscard]] Result<void> append(const QByteArray &bytes);
    /// Fills `out` from `place` on; answers how many bytes there were.
    [[nodiscard]] qint64 read(qint64 place, char *out, qint64 most) const;

private:
    int m_descriptor;
    QString m_path;
    bool m_removed = false; ///< with the object
    std::atomic<qint64> m_size;
    [[nodiscard]] QByteArray ends() const;
    QByteArray m_ends; ///< the first and the last bytes of what is known
    QDateTime m_writtenAt;
};

/// A log as it was at one moment: to be read in any thread. Its last line may be open: begun, and
/// not in the file before its end has come.
struct LogText
{
    std::shared_ptr<const LogFile> file;
    LineIndex index;
    std::optional<QByteArray> open = {}; ///< the line behind those of the index

    [[nodiscard]] qint64 lineCount() const { return index.lineCount() + (open ? 1 : 0); }
    [[nodiscard]] bool isOpen(qint64 number) const { return open && number == index.lineCount(); }
    /// The bytes of a line and its end.
    [[nodiscard]] qint64 length(qint64 number) const
    {
        return isOpen(number) ? open->size() : index.start(number + 1) - index.start(number);
    }
    /// The bytes of a line without its end, at most `limit`; empty for a line that is not there.
    [[nodiscard]] QByteArray line(qint64 number, qint64 limit = 64 << 10) const;
};

/// How far a reading in other threads has come, and the wish that it stop.
struct ReadProgress
{
    std::atomic<bool> cancelled = false;
    std::atomic<qint64> bytes = 0;
};

/// Indexes the first `size` bytes with two threads (this one and another).
[[nodiscard]] LineIndex indexFile(const LogFile &file, qint64 size, ReadProgress &progress);

/// The last lines of a file without an index: read backwards from the end. A line is cut to its
/// last `limit` bytes.
[[nodiscard]] QList<QByteArray> lastLines(const LogFile &file, int count, qint64 limit = 64 << 10);

} // namespace pilothouse
