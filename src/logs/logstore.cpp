#include "logs/logstore.h"

#include "logs/logline.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

/// A line without an end is written at this length: it would not fit into memory.
constexpr qint64 longestTail = 1 << 20;
/// A file up to here is read through on the spot: a few milliseconds.
constexpr qint64 readAtOnce = 2 << 20;
constexpr qint64 markPiece = 1 << 20;

void markFile(const LogFile &file, qint64 size, LogMarks &marks, const ReadProgress &progress)
{
    QByteArray piece(std::min(markPiece, size), Qt::Uninitialized);
    for (qint64 at = 0; at < size && !progress.cancelled;) {
        const qint64 read = file.read(at, piece.data(), std::min<qint64>(piece.size(), size - at));
        if (read <= 0)
            break;
        marks.take(QByteArrayView(piece).first(read));
        at += read;
    }
}

} // namespace

Result<std::unique_ptr<LogStore>> LogStore::create(const QString &folder)
{
    auto file = LogFile::create(folder);
    if (!file)
        return fail(file.error());
    return std::unique_ptr<LogStore>(new LogStore(std::move(*file)));
}

Result<std::unique_ptr<LogStore>> LogStore::openFile(const QString &path)
{
    auto file = LogFile::open(path);
    if (!file)
        return fail(file.error());
    std::unique_ptr<LogStore> store(new LogStore(std::move(*file)));
    store->readThrough();
    return store;
}

LogStore::LogStore(std::shared_ptr<LogFile> file)
    : m_file(std::move(file)), m_text{m_file, LineIndex()},
      m_progress(std::make_shared<ReadProgress>())
{}

LogStore::~LogStore()
{
    m_progress->cancelled = true;
    if (m_reader.joinable())
        m_reader.join();
}

void LogStore::readThrough()
{
    const qint64 size = m_file->size();
    if (size <= readAtOnce) {
        m_text.index = indexFile(*m_file, size, *m_progress);
        markFile(*m_file, size, m_marks, *m_progress);
        return;
    }
    m_indexed = false;
    m_marked = false;
    // The last page is painted first: where there are two processors, two threads that read leave
    // it none.
    QTimer::singleShot(0, this, &LogStore::startReader);
}

void LogStore::startReader()
{
    m_reader = std::thread([this, file = m_file, progress = m_progress, size = m_file->size()] {
        LineIndex index = indexFile(*file, size, *progress);
        QMetaObject::invokeMethod(
            this,
            [this, read = std::move(index)]() mutable {
                m_text.index = std::move(read);
                m_indexed = true;
                Q_EMIT indexed();
                Q_EMIT grown(0);
            },
            Qt::QueuedConnection);
        LogMarks marks;
        markFile(*file, size, marks, *progress);
        if (progress->cancelled)
            return;
        QMetaObject::invokeMethod(
            this,
            [this, read = std::move(marks)]() mutable {
                m_marks = std::move(read);
                m_marked = true;
                Q_EMIT marked();
            },
            Qt::QueuedConnection);
    });
}

FileChange LogStore::follow()
{
    if (!m_indexed || !m_marked)
        return FileChange::None;
    const FileChange change = m_file->look(readAtOnce);
    if (change != FileChange::Grown)
        return change;
    const qint64 first = m_text.index.endedLines();
    QByteArray piece(m_file->size() - m_text.index.size(), Qt::Uninitialized);
    piece.truncate(m_file->read(m_text.index.size(), piece.data(), piece.size()));
    m_text.index.take(piece.constData(), piece.size());
    m_marks.take(piece);
    Q_EMIT grown(first);
    return change;
}

qint64 LogStore::indexedBytes() const
{
    return m_indexed ? byteCount() : m_progress->bytes.load();
}

QList<QByteArray> LogStore::lastLines(int count) const
{
    return pilothouse::lastLines(*m_file, count);
}

Result<void> LogStore::append(const QByteArray &bytes)
{
    m_tail += bytes;
    m_openIsOld = true;
    qsizetype end = m_tail.lastIndexOf('\n') + 1;
    if (m_tail.size() - end >= longestTail) {
        // A token longer than a mebibyte is none.
        const qsizetype cut = safeCut(m_tail);
        end = cut > end ? cut : m_tail.size();
    }
    if (end == 0) {
        if (!bytes.isEmpty() && hasOpenLine())
            Q_EMIT openLineGrown();
        return {};
    }
    if (end == m_tail.size())
        return write(std::exchange(m_tail, {}));
    const QByteArray whole = m_tail.left(end);
    m_tail.remove(0, end);
    return write(whole);
}

Result<void> LogStore::finish()
{
    if (m_tail.isEmpty())
        return {};
    m_openIsOld = true;
    return write(std::exchange(m_tail, {}));
}

/// Behind the pieces of a long line it would not be shown from its begin.
bool LogStore::hasOpenLine() const
{
    return !m_tail.isEmpty() && m_text.index.lineCount() == m_text.index.endedLines();
}

const LogText &LogStore::text() const
{
    if (std::exchange(m_openIsOld, false)) {
        m_text.open.reset();
        if (hasOpenLine())
            m_text.open = m_masker.maskOpen(m_tail.chopped(cutUtf8(m_tail)));
    }
    return m_text;
}

Result<void> LogStore::write(const QByteArray &bytes)
{
    const QByteArray masked = m_masker.mask(bytes);
    if (Result<void> written = m_file->append(masked); !written)
        return written;
    const qint64 first = m_text.index.endedLines(); // an open line is longer now
    m_text.index.take(masked.constData(), masked.size());
    m_marks.take(masked);
    Q_EMIT grown(first);
    return {};
}

AnsiStyle LogStore::styleBefore(qint64 line) const
{
    const LogMarks::Checkpoint checkpoint = m_marks.before(line);
    const qint64 begin = m_text.index.start(checkpoint.line);
    // Only while an opened file is still read through may the checkpoint lie far above.
    const qint64 end = std::min(m_text.index.start(line), begin + (4 << 20));
    AnsiStyle style = checkpoint.style;
    QByteArray bytes(end - begin, Qt::Uninitialized);
    bytes.truncate(m_file->read(begin, bytes.data(), bytes.size()));
    return styleAfter(bytes, style);
}

} // namespace pilothouse
