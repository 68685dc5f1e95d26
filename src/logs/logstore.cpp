#include "logs/logstore.h"

#include "logs/masking.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryFile>

namespace pilothouse {
namespace {

/// A line without an end is written at this length, so that a stream without newlines is shown.
constexpr qint64 longestTail = 1 << 20;

} // namespace

Result<std::unique_ptr<LogStore>> LogStore::create(const QString &folder)
{
    if (!QDir().mkpath(folder))
        return fail(ErrorKind::Unavailable,
                    tr("The folder for logs “%1” cannot be made. Check its rights.").arg(folder));
    auto file = std::make_unique<QTemporaryFile>(folder + QStringLiteral("/log-XXXXXX.txt"));
    if (!file->open())
        return fail(ErrorKind::Unavailable,
                    tr("A log file in “%1” cannot be written. Check its rights and free space.")
                        .arg(folder),
                    file->errorString());
    return std::unique_ptr<LogStore>(new LogStore(std::move(file)));
}

LogStore::LogStore(std::unique_ptr<QFile> file) : m_file(std::move(file)) {}

LogStore::~LogStore() = default;

Result<void> LogStore::append(const QByteArray &bytes)
{
    m_tail += bytes;
    qsizetype end = m_tail.lastIndexOf('\n') + 1;
    if (end == 0 && m_tail.size() >= longestTail)
        end = m_tail.size();
    if (end == 0)
        return {};
    const QByteArray whole = m_tail.left(end);
    m_tail.remove(0, end);
    return write(whole);
}

Result<void> LogStore::finish()
{
    if (m_tail.isEmpty())
        return {};
    const QByteArray rest = std::exchange(m_tail, {});
    return write(rest);
}

Result<void> LogStore::write(const QByteArray &bytes)
{
    const QByteArray masked = maskTokens(bytes);
    m_file->seek(m_size);
    const qint64 written = m_file->write(masked);
    if (written != masked.size() || !m_file->flush())
        return fail(ErrorKind::Unavailable,
                    tr("The log could not be written to disk. Free some space and open it again."),
                    m_file->errorString());

    const bool lineIsOpen = m_size > 0 && !m_starts.empty() && m_starts.back() < m_size;
    const qint64 first = lineIsOpen ? lineCount() - 1 : lineCount();
    if (m_starts.empty())
        m_starts.push_back(0);
    for (qsizetype at = masked.indexOf('\n'); at >= 0; at = masked.indexOf('\n', at + 1))
        m_starts.push_back(m_size + at + 1);
    m_size += masked.size();
    Q_EMIT grown(first);
    return {};
}

qint64 LogStore::lineCount() const
{
    // A start at the very end is a line that has not begun.
    if (!m_starts.empty() && m_starts.back() == m_size)
        return qint64(m_starts.size()) - 1;
    return qint64(m_starts.size());
}

QByteArray LogStore::line(qint64 number, qint64 limit) const
{
    if (number < 0 || number >= lineCount())
        return {};
    const qint64 start = m_starts[size_t(number)];
    const qint64 end = size_t(number) + 1 < m_starts.size() ? m_starts[size_t(number) + 1] : m_size;
    m_file->seek(start);
    QByteArray bytes = m_file->read(std::min(end - start, limit));
    while (bytes.endsWith('\n') || bytes.endsWith('\r'))
        bytes.chop(1);
    return bytes;
}

} // namespace pilothouse
