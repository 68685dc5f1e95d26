#pragma once

#include <QFile>

#include <atomic>
#include <chrono>
#include <thread>

namespace pilothouse::bench {

/// Looks at this process's anonymous memory fifty times a second, in a thread of its own.
class MemoryWatch final
{
public:
    MemoryWatch() : m_first(kilobytes()), m_most(m_first)
    {
        m_thread = std::thread([this] {
            while (!m_stop) {
                m_most = std::max(m_most.load(), kilobytes());
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        });
    }
    ~MemoryWatch()
    {
        m_stop = true;
        m_thread.join();
    }
    MemoryWatch(const MemoryWatch &) = delete;
    MemoryWatch &operator=(const MemoryWatch &) = delete;

    // More than at the beginning.
    [[nodiscard]] double megabytesAtMost() const { return double(m_most - m_first) / 1024; }
    [[nodiscard]] double megabytesNow() const { return double(kilobytes() - m_first) / 1024; }

private:
    [[nodiscard]] static qint64 kilobytes()
    {
        QFile status(QStringLiteral("/proc/self/status"));
        if (!status.open(QIODevice::ReadOnly))
            qFatal("there is no /proc/self/status");
        const QByteArray text = status.readAll();
        const qsizetype at = text.indexOf("RssAnon:");
        return text.mid(at + 8, text.indexOf("kB", at) - at - 8).trimmed().toLongLong();
    }

    qint64 m_first;
    std::atomic<qint64> m_most;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

} // namespace pilothouse::bench
