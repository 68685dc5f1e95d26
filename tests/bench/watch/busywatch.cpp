#include "bench/watch/busywatch.h"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace {

thread_local pilothouse::bench::BusyWatch *watched = nullptr;

constexpr double worthKeeping = 0.001;

double readClock(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

int timedPoll(pollfd *files, nfds_t count, const timespec *timeout, const sigset_t *mask)
{
    if (watched)
        watched->end();
    timespec left = timeout ? *timeout : timespec{}; // the kernel writes to it
    const int ready = int(
        ::syscall(SYS_ppoll, files, count, timeout ? &left : nullptr, mask, size_t(_NSIG / 8)));
    if (watched)
        watched->begin();
    return ready;
}

} // namespace

extern "C" int poll(pollfd *files, nfds_t count, int milliseconds)
{
    const timespec timeout{milliseconds / 1000, milliseconds % 1000 * 1'000'000L};
    return timedPoll(files, count, milliseconds < 0 ? nullptr : &timeout, nullptr);
}

extern "C" int ppoll(pollfd *files, nfds_t count, const timespec *timeout, const sigset_t *mask)
{
    return timedPoll(files, count, timeout, mask);
}

namespace pilothouse::bench {

BusyWatch::BusyWatch()
{
    watched = this;
    begin();
}

BusyWatch::~BusyWatch()
{
    watched = nullptr;
}

double BusyWatch::cpuSeconds()
{
    return readClock(CLOCK_THREAD_CPUTIME_ID);
}

void BusyWatch::begin()
{
    m_busy = true;
    m_begun = {readClock(CLOCK_MONOTONIC), cpuSeconds()};
}

void BusyWatch::end()
{
    if (!std::exchange(m_busy, false))
        return;
    const Turn turn{readClock(CLOCK_MONOTONIC) - m_begun.seconds,
                    cpuSeconds() - m_begun.cpuSeconds};
    if (turn.seconds > worthKeeping)
        m_long.push_back(turn.seconds);
    if (turn.seconds > m_longest.seconds)
        m_longest = turn;
}

BusyWatch::Turn BusyWatch::takeLongest()
{
    return std::exchange(m_longest, {});
}

int BusyWatch::turnsOver(double seconds) const
{
    return int(std::count_if(m_long.cbegin(), m_long.cend(),
                             [seconds](double each) { return each > seconds; }));
}

} // namespace pilothouse::bench
