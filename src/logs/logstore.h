#pragma once

#include "logs/logfile.h"
#include "logs/logmarks.h"
#include "logs/masking.h"

#include <QObject>

#include <memory>
#include <thread>

namespace pilothouse {

/// One log on disk with an index of its lines. Bytes come by `append`; lines are read back from the
/// file when they are painted, so the text is never held in memory. GUI thread; `text()` is for
/// other threads.
///
/// A line ends with '\n'; a '\r' before it is not part of it. Known token forms are masked before
/// anything is written. The last line may be open, and grows: it is counted and read as the others,
/// but from memory, and without its end where that may be the begin of a token. It is written with
/// its end, or in pieces of a mebibyte; what is behind its last piece is not shown.
class LogStore final : public QObject
{
    Q_OBJECT

public:
    /// A fresh file in `folder` (made if missing); it is removed with the store.
    [[nodiscard]] static Result<std::unique_ptr<LogStore>> create(const QString &folder);
    /// A log that is on disk already, read where it lies and as it is. A large one is indexed by
    /// two threads, from the next turn of the event loop on: `lastLines` are there at once, the
    /// rest with `indexed`.
    [[nodiscard]] static Result<std::unique_ptr<LogStore>> openFile(const QString &path);
    ~LogStore() override;

    /// Takes what another program has written to an opened file since, a few milliseconds' worth:
    /// Grown says that there may be more. None while it is still read through. After Cut its lines
    /// are not to be shown any more.
    [[nodiscard]] FileChange follow();
    /// When an opened file was last written to.
    [[nodiscard]] QDateTime writtenAt() const { return m_file->writtenAt(); }

    /// Adds to the end. Unavailable if the disk is full: the store keeps what it has.
    [[nodiscard]] Result<void> append(const QByteArray &bytes);
    /// The transfer is over: an unfinished last line is taken as it is.
    [[nodiscard]] Result<void> finish();

    /// False while an opened file is read through; no line has a number until then.
    [[nodiscard]] bool isIndexed() const { return m_indexed; }
    /// Bytes read so far, of `byteCount`.
    [[nodiscard]] qint64 indexedBytes() const;
    /// The last lines, also of a file that is not indexed yet.
    [[nodiscard]] QList<QByteArray> lastLines(int count) const;

    [[nodiscard]] qint64 lineCount() const
    {
        return m_text.index.lineCount() + (hasOpenLine() ? 1 : 0);
    }
    /// Whole lines, and the begin of one that is in the file: what can be searched.
    [[nodiscard]] qint64 writtenLines() const { return m_text.index.lineCount(); }
    /// The last line is open, and more of it may have come than `text` has: behind the last piece
    /// of a long one, or where a token may begin.
    [[nodiscard]] bool hasUnwritten() const { return !m_tail.isEmpty(); }
    [[nodiscard]] qint64 byteCount() const { return m_text.file->size(); }
    [[nodiscard]] bool isEmpty() const { return byteCount() == 0 && m_tail.isEmpty(); }
    /// The bytes of a line without its end, at most `limit`; empty for a line that is not there.
    [[nodiscard]] QByteArray line(qint64 number, qint64 limit = 64 << 10) const
    {
        return text().line(number, limit);
    }
    /// The log as it is now; a copy stays as it is.
    [[nodiscard]] const LogText &text() const;
    /// What the reading noted; of an opened file complete with `marked`.
    [[nodiscard]] const LogMarks &marks() const { return m_marks; }
    /// The colour that holds where a line begins, however far above it was set.
    [[nodiscard]] AnsiStyle styleBefore(qint64 line) const;

Q_SIGNALS:
    /// Lines from `first` on are new or (the first of them) longer.
    void grown(qint64 first);
    /// Nothing was written, but the open line is new or longer.
    void openLineGrown();
    void indexed();
    void marked();

private:
    explicit LogStore(std::shared_ptr<LogFile> file);
    [[nodiscard]] Result<void> write(const QByteArray &bytes);
    [[nodiscard]] bool hasOpenLine() const;
    void readThrough();
    void startReader();

    std::shared_ptr<LogFile> m_file;
    mutable LogText m_text; ///< its open line is made when it is asked for
    mutable bool m_openIsOld = false;
    LogMarks m_marks;
    TokenMasker m_masker;
    QByteArray m_tail; ///< of the open line, not yet written: a token may be cut in it
    bool m_indexed = true;
    bool m_marked = true;
    std::shared_ptr<ReadProgress> m_progress; ///< of the reading of an opened file
    std::thread m_reader;
};

} // namespace pilothouse
