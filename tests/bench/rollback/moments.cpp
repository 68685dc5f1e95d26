#include "bench/rollback/moments.h"

#include <algorithm>
#include <mutex>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using pilothouse::bench::Moment;

thread_local qint64 awaitedBytes = 0; // 0 = nothing is awaited
std::optional<Moment> awaitedLeft;
std::mutex syncMutex;
std::vector<pilothouse::bench::Wait> syncWaits;

int timedSync(long number, int file)
{
    const Moment begun = pilothouse::bench::now();
    const int done = int(::syscall(number, file));
    const Moment ended = pilothouse::bench::now();
    const std::lock_guard lock(syncMutex);
    syncWaits.push_back({begun, ended});
    return done;
}

} // namespace

extern "C" ssize_t write(int file, const void *bytes, size_t count)
{
    if (awaitedBytes > 0 && qint64(count) >= awaitedBytes) {
        awaitedBytes = 0;
        awaitedLeft = pilothouse::bench::now();
    }
    return ::syscall(SYS_write, file, bytes, count);
}

extern "C" int fsync(int file)
{
    return timedSync(SYS_fsync, file);
}

extern "C" int fdatasync(int file)
{
    return timedSync(SYS_fdatasync, file);
}

namespace pilothouse::bench {

void awaitLeaving(qint64 bytes)
{
    awaitedLeft.reset();
    awaitedBytes = bytes;
}

std::optional<Moment> leftAt()
{
    return awaitedLeft;
}

void awaitSyncs()
{
    const std::lock_guard lock(syncMutex);
    syncWaits.clear();
}

std::vector<Wait> syncs()
{
    const std::lock_guard lock(syncMutex);
    return syncWaits;
}

double waitedSeconds(std::vector<Wait> waits, Moment from, Moment to)
{
    std::sort(waits.begin(), waits.end(),
              [](const Wait &left, const Wait &right) { return left.begun < right.begun; });
    double seconds = 0;
    Moment counted = from;
    for (const Wait &wait : waits) {
        const Wait counting{std::max(wait.begun, counted), std::min(wait.ended, to)};
        if (counting.ended <= counting.begun)
            continue;
        seconds += counting.seconds();
        counted = counting.ended;
    }
    return seconds;
}

} // namespace pilothouse::bench
