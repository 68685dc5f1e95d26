#include "action/settling.h"

#include "action/settle.h"
#include "base/whendone.h"

#include <algorithm>

namespace pilothouse {
namespace {

constexpr std::chrono::milliseconds longestUntilLook{15'000};

} // namespace

Settling::Settling(Settler &settler, Clock &clock, QObject *parent)
    : QObject(parent), m_settler(settler), m_clock(clock)
{}

void Settling::start()
{
    whenDone(
        m_settler.settle(), this,
        [this](const Result<QList<Settled>> &all) {
            over(all && std::any_of(all->cbegin(), all->cend(), [](const Settled &each) {
                     return isUnseen(each.outcome);
                 }));
        },
        // What cannot be written down stays an orphan: the next start tries again.
        [this] { over(false); });
}

void Settling::over(bool again)
{
    m_hasLooked = true;
    m_looksAgain = again;
    if (again) {
        m_clock.after(m_again, this, [this] { start(); });
        m_again = std::min(2 * m_again, longestUntilLook);
    }
    Q_EMIT looked();
}

} // namespace pilothouse
