#include "bench/rollback/moments.h"

#include <atomic>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using pilothouse::bench::Moment;

thread_local qint64 awaitedBytes = 0; // 0 = nothing is awaited
std::optional<Moment> awaitedLeft;
std::atomic<qint64> syncNanoseconds = 0;

int timedSync(long number, int file)
{
    const Moment begun = pilothouse::bench::now();
    const int done = int(::syscall(number, file));
    syncNanoseconds += std::chrono::nanoseconds(pilothouse::bench::now() - begun).count();
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

double syncSeconds()
{
    return double(syncNanoseconds.load()) / 1e9;
}

} // namespace pilothouse::bench
