#include "connectors/kubernetes/logresume.h"

#include <QTimeZone>

namespace pilothouse {
namespace {

constexpr qint64 overlap = 1; // seconds

/// Second of the epoch in an RFC 3339 stamp with any fraction and offset; -1 if it is none.
qint64 secondOf(const QByteArray &line)
{
    const QByteArray stamp = line.left(line.indexOf(' '));
    constexpr qsizetype wholeSeconds = 19; // 2026-11-24T13:30:00
    qsizetype zone = wholeSeconds;
    if (stamp.size() > zone && stamp[zone] == '.') {
        ++zone;
        while (zone < stamp.size() && stamp[zone] >= '0' && stamp[zone] <= '9')
            ++zone;
    }
    if (stamp.size() <= zone)
        return -1;
    const QByteArray whole = stamp.left(wholeSeconds) + stamp.mid(zone);
    const QDateTime time = QDateTime::fromString(QString::fromLatin1(whole), Qt::ISODate);
    return time.isValid() ? time.toSecsSinceEpoch() : -1;
}

} // namespace

bool LogResume::isNew(const QByteArray &line)
{
    if (const auto awaited = m_awaited.find(line); awaited != m_awaited.end()) {
        if (--*awaited == 0)
            m_awaited.erase(awaited);
        return false;
    }
    const qint64 second = secondOf(line);
    if (second < 0) {
        // A line of the kubelet's own has no stamp; it comes again with its neighbours.
        if (!m_seen.empty())
            ++m_seen.rbegin()->second[line];
        return true;
    }
    if (second > m_newestBefore + overlap)
        m_awaited.clear(); // what did not come again by now never will
    ++m_seen[second][line];
    m_seen.erase(m_seen.begin(), m_seen.lower_bound(m_seen.rbegin()->first - overlap));
    return true;
}

void LogResume::restart()
{
    m_awaited.clear();
    for (const auto &[second, lines] : m_seen) {
        for (auto it = lines.cbegin(); it != lines.cend(); ++it)
            m_awaited[it.key()] += it.value();
        m_newestBefore = second;
    }
}

QDateTime LogResume::since() const
{
    if (m_seen.empty())
        return {};
    return QDateTime::fromSecsSinceEpoch(m_seen.rbegin()->first - overlap, QTimeZone::utc());
}

} // namespace pilothouse
