#include "logs/logfile.h"

#include "base/words.h"

#include <QDir>
#include <QFile>
#include <QTemporaryFile>

#include <algorithm>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse {
namespace {

/// Fits the second-level cache.
constexpr qint64 pieceBytes = 256 << 10;
/// Below it a second thread would cost more than it brings.
constexpr qint64 worthTwoThreads = 8 << 20;

void indexPart(const LogFile &file, LineIndex &index, qint64 end, ReadProgress &progress)
{
    const std::unique_ptr<char[]> piece(new char[size_t(pieceBytes)]);
    while (index.size() < end && !progress.cancelled.load(std::memory_order_relaxed)) {
        const qint64 read
            = file.read(index.size(), piece.get(), std::min(pieceBytes, end - index.size()));
        if (read <= 0)
            break;
        index.take(piece.get(), read);
        progress.bytes.fetch_add(read, std::memory_order_relaxed);
    }
}

/// -1 if it cannot be opened. A signal that comes meanwhile is no reason.
int openAt(const QString &path, int flags)
{
    const QByteArray name = QFile::encodeName(path);
    int descriptor = -1;
    do
        descriptor = ::open(name.constData(), flags | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

/// Two logs that begin and end alike in so many bytes, time stamps among them, are one.
constexpr qint64 endBytes = 256;

QDateTime writtenIn(const struct stat &status)
{
    return QDateTime::fromMSecsSinceEpoch(
        qint64(status.st_mtim.tv_sec) * 1000 + status.st_mtim.tv_nsec / 1'000'000, Qt::UTC);
}

void cutEnd(QByteArray &line)
{
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
}

} // namespace

Result<std::shared_ptr<LogFile>> LogFile::create(const QString &folder)
{
    if (!QDir().mkpath(folder))
        return fail(
            ErrorKind::Unavailable,
            Words::tr("The folder for logs “%1” cannot be made. Check its rights.").arg(folder));
    QTemporaryFile file(folder + QStringLiteral("/log-XXXXXX.txt"));
    file.setAutoRemove(false);
    const int descriptor = file.open() ? openAt(file.fileName(), O_RDWR) : -1;
    if (descriptor < 0)
        return fail(
            ErrorKind::Unavailable,
            Words::tr("A log file in “%1” cannot be written. Check its rights and free space.")
                .arg(folder),
            file.errorString());
    // Held until it is closed, also by a crash: what nobody holds is left over.
    ::flock(descriptor, LOCK_EX | LOCK_NB);
    auto made = std::make_shared<LogFile>(Key{}, descriptor, file.fileName(), 0);
    made->m_removed = true;
    return made;
}

Result<std::shared_ptr<LogFile>> LogFile::open(const QString &path)
{
    const int descriptor = openAt(path, O_RDONLY);
    struct stat status = {};
    if (descriptor >= 0 && ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        auto opened = std::make_shared<LogFile>(Key{}, descriptor, path, qint64(status.st_size));
        opened->m_ends = opened->ends();
        opened->m_writtenAt = writtenIn(status);
        return opened;
    }
    if (descriptor >= 0) {
        ::close(descriptor);
        return fail(ErrorKind::BadInput, Words::tr("“%1” is no ordinary file.").arg(path));
    }
    return fail(ErrorKind::NotFound,
                Words::tr("The log “%1” cannot be read. Check its name and rights.").arg(path),
                qt_error_string());
}

bool LogFile::isHeld(const QString &path)
{
    const int descriptor = openAt(path, O_RDONLY);
    if (descriptor < 0)
        return false;
    const bool held = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return held;
}

LogFile::LogFile(Key, int descriptor, QString path, qint64 size)
    : m_descriptor(descriptor), m_path(std::move(path)), m_size(size)
{}

LogFile::~LogFile()
{
    ::close(m_descriptor);
    if (m_removed)
        QFile::remove(m_path);
}

QByteArray LogFile::ends() const
{
    const qint64 known = std::min(size(), endBytes);
    QByteArray bytes(2 * known, '\0');
    bytes.truncate(read(0, bytes.data(), known)
                   + read(size() - known, bytes.data() + known, known));
    return bytes;
}

FileChange LogFile::look(qint64 most)
{
    struct stat own = {};
    struct stat named = {};
    if (::fstat(m_descriptor, &own) != 0)
        return FileChange::Gone;
    const qint64 known = size();
    if (own.st_size < known)
        return FileChange::Cut;
    if (const QDateTime written = writtenIn(own); own.st_size > known || written != m_writtenAt) {
        m_writtenAt = written;
        if (ends() != m_ends)
            return FileChange::Cut;
    }
    if (own.st_size > known) {
        m_size.store(std::min<qint64>(own.st_size, known + most), std::memory_order_release);
        m_ends = ends();
        return FileChange::Grown;
    }
    if (::stat(QFile::encodeName(m_path).constData(), &named) != 0)
        return FileChange::Gone;
    const bool same = named.st_ino == own.st_ino && named.st_dev == own.st_dev;
    return same ? FileChange::None : FileChange::Replaced;
}

Result<void> LogFile::append(const QByteArray &bytes)
{
    const qint64 size = m_size.load(std::memory_order_relaxed);
    qint64 done = 0;
    while (done < bytes.size()) {
        const qint64 written = ::pwrite(m_descriptor, bytes.constData() + done,
                                        size_t(bytes.size() - done), size + done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail(
                ErrorKind::Unavailable,
                Words::tr(
                    "The log could not be written to disk. Free some space and open it again."),
                qt_error_string());
        done += written;
    }
    m_size.store(size + done, std::memory_order_release);
    return {};
}

qint64 LogFile::read(qint64 place, char *out, qint64 most) const
{
    qint64 done = 0;
    while (done < most) {
        const qint64 read = ::pread(m_descriptor, out + done, size_t(most - done), place + done);
        if (read < 0 && errno == EINTR)
            continue;
        if (read <= 0)
            break;
        done += read;
    }
    return done;
}

QByteArray LogText::line(qint64 number, qint64 limit) const
{
    if (!file || number < 0 || number >= lineCount())
        return {};
    QByteArray bytes(std::min(length(number), limit), Qt::Uninitialized);
    if (isOpen(number))
        std::copy_n(open->cbegin(), bytes.size(), bytes.begin());
    else
        bytes.truncate(file->read(index.start(number), bytes.data(), bytes.size()));
    cutEnd(bytes);
    return bytes;
}

LineIndex indexFile(const LogFile &file, qint64 size, ReadProgress &progress)
{
    LineIndex index;
    if (size < worthTwoThreads) {
        indexPart(file, index, size, progress);
        return index;
    }
    LineIndex second(size / 2);
    std::thread other([&] { indexPart(file, second, size, progress); });
    indexPart(file, index, size / 2, progress);
    other.join();
    // A file that was cut meanwhile, or a wish to stop: what follows the gap has no number.
    if (index.size() == size / 2)
        index.join(std::move(second));
    return index;
}

QList<QByteArray> lastLines(const LogFile &file, int count, qint64 limit)
{
    QByteArray tail;
    qint64 place = file.size();
    const qint64 least = std::max<qint64>(0, place - std::max<qint64>(limit, 4 << 20));
    // One newline more than lines: the one before the first of them.
    while (place > least && tail.count('\n') <= count) {
        const qint64 step = std::min<qint64>(64 << 10, place - least);
        QByteArray piece(step, Qt::Uninitialized);
        place -= step;
        piece.truncate(file.read(place, piece.data(), step));
        tail.prepend(piece);
    }
    if (tail.endsWith('\n'))
        tail.chop(1);
    else if (tail.isEmpty())
        return {};
    QList<QByteArray> lines = tail.split('\n');
    if (lines.size() > count)
        lines = lines.mid(lines.size() - count);
    for (QByteArray &line : lines) {
        cutEnd(line);
        if (line.size() > limit)
            line = line.right(limit);
    }
    return lines;
}

} // namespace pilothouse
