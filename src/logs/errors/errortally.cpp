#include "logs/errors/errortally.h"

#include "logs/logline.h"
#include "logs/masking.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {
namespace {

/// Of a longer line only so much is looked at.
constexpr qsizetype longestErrorLine = qsizetype(16) * 1024;

} // namespace

void ErrorTally::take(const QByteArray &bytes, const QDateTime &now)
{
    qsizetype start = 0;
    for (qsizetype end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', start)) {
        if (!m_tooLong)
            m_rest += bytes.mid(start, std::min(end - start, longestErrorLine));
        takeLine(m_rest.left(longestErrorLine), now);
        m_rest.clear();
        m_tooLong = false;
        start = end + 1;
    }
    if (!m_tooLong)
        m_rest += bytes.mid(start, longestErrorLine);
    m_tooLong = m_rest.size() >= longestErrorLine;
}

void ErrorTally::takeLine(const QByteArray &line, const QDateTime &now)
{
    const LogLine read = readLine(line);
    const QDateTime at = read.at.isValid() ? read.at : now;
    if (!m_lastStamp.isValid() || at > m_lastStamp)
        m_lastStamp = at;
    if (read.kind != LineKind::Error)
        return;
    m_newest = {at, QString::fromUtf8(maskTokens(read.text.toUtf8()))};
    count(at);
}

void ErrorTally::count(const QDateTime &at)
{
    if (++m_count == 1)
        m_first = at;
    const qint64 second = at.toSecsSinceEpoch();
    Second &slot = m_seconds[size_t(second % qint64(m_seconds.size()))];
    if (slot.second < second)
        slot = {second, 0};
    // Of an older minute: nobody asks for it any more.
    if (slot.second == second)
        ++slot.errors;
}

int ErrorTally::inLastMinute(const QDateTime &now) const
{
    const qint64 until = now.toSecsSinceEpoch();
    const qint64 from = until - qint64(m_seconds.size());
    int sum = 0;
    for (const Second &each : m_seconds)
        sum += each.second > from && each.second <= until ? each.errors : 0;
    return sum;
}

QString errorMessage(const QString &text)
{
    static const QRegularExpression exception(QStringLiteral("\\w(?:Error|Exception): +(?=\\S)"));
    static const QRegularExpression level(
        QStringLiteral("^(?:\\S+ )?(?:ERROR|FATAL|CRITICAL)\\b[\\s:]*"));
    static const QRegularExpression remark(QStringLiteral(" \\([^()]*\\)$"));
    qsizetype from = 0;
    for (auto found = exception.globalMatch(text); found.hasNext();)
        from = found.next().capturedEnd();
    if (from == 0) {
        const auto found = level.match(text);
        from = found.hasMatch() ? found.capturedEnd() : 0;
    }
    const QString message = text.mid(from).trimmed();
    QString shorter = QString(message).remove(remark);
    if (!shorter.isEmpty())
        return shorter;
    return message.isEmpty() ? text.trimmed() : message;
}

} // namespace pilothouse
