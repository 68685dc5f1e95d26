#include "support/fakeclock.h"

#include <algorithm>

namespace pilothouse {

QDateTime FakeClock::now() const
{
    static const QDateTime start(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);
    return start.addMSecs((m_sinceBoot - std::chrono::milliseconds(1'000'000)).count());
}

void FakeClock::after(std::chrono::milliseconds delay, QObject *context, std::function<void()> what)
{
    m_due.push_back({m_sinceBoot + delay, context, std::move(what)});
}

void FakeClock::advance(std::chrono::milliseconds by)
{
    const auto until = m_sinceBoot + by;
    for (;;) {
        const auto next = std::min_element(m_due.begin(), m_due.end(),
                                           [](const Due &a, const Due &b) { return a.at < b.at; });
        if (next == m_due.end() || next->at > until)
            break;
        const Due due = *next;
        m_due.erase(next);
        m_sinceBoot = std::max(m_sinceBoot, due.at);
        if (due.context)
            due.what();
    }
    m_sinceBoot = until;
}

int FakeClock::waiting() const
{
    return int(m_due.size());
}

} // namespace pilothouse
