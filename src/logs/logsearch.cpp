#include "logs/logsearch.h"

#include "logs/logline.h"
#include "logs/logstore.h"

#include <QTimer>

#include <algorithm>

namespace pilothouse {
namespace {

/// About 5 ms of work, a third of a frame.
constexpr qint64 linesPerSlice = 2000;

} // namespace

LogSearch::LogSearch(QObject *parent) : QObject(parent) {}

void LogSearch::start(const LogStore *store, const QString &text)
{
    if (m_store)
        m_store->disconnect(this);
    m_store = store;
    m_text = text;
    m_scanned = 0;
    m_lines.clear();
    if (m_store && !m_text.isEmpty()) {
        connect(m_store, &LogStore::grown, this, [this](qint64 first) {
            m_scanned = std::min(m_scanned, first);
            m_lines.erase(std::lower_bound(m_lines.begin(), m_lines.end(), m_scanned),
                          m_lines.end());
            scanSlice();
        });
        scanSlice();
    }
    Q_EMIT changed();
}

bool LogSearch::isComplete() const
{
    return !m_store || m_text.isEmpty() || m_scanned >= m_store->lineCount();
}

void LogSearch::scanSlice()
{
    if (m_scheduled || !m_store)
        return;
    const qint64 end = std::min(m_scanned + linesPerSlice, m_store->lineCount());
    for (; m_scanned < end; ++m_scanned) {
        if (readLine(m_store->line(m_scanned)).text.contains(m_text, Qt::CaseInsensitive))
            m_lines.push_back(m_scanned);
    }
    Q_EMIT changed();
    if (!isComplete()) {
        m_scheduled = true;
        QTimer::singleShot(0, this, [this] {
            m_scheduled = false;
            scanSlice();
        });
    }
}

qint64 LogSearch::next(qint64 from) const
{
    if (m_lines.empty())
        return -1;
    const auto it = std::upper_bound(m_lines.begin(), m_lines.end(), from);
    return it == m_lines.end() ? m_lines.front() : *it;
}

qint64 LogSearch::previous(qint64 from) const
{
    if (m_lines.empty())
        return -1;
    const auto it = std::lower_bound(m_lines.begin(), m_lines.end(), from);
    return it == m_lines.begin() ? m_lines.back() : *std::prev(it);
}

qint64 firstError(const LogStore &store, qint64 from)
{
    for (qint64 line = from; line < store.lineCount(); ++line) {
        if (readLine(store.line(line)).kind == LineKind::Error)
            return line;
    }
    return -1;
}

} // namespace pilothouse
