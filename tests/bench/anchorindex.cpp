#include "bench/anchorindex.h"

#include <QFile>

#include <algorithm>
#include <cstring>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pilothouse::bench {
namespace {

#if defined(__x86_64__)
/// Where the lines behind each newline begin, four bytes each. Nothing else.
__attribute__((target("avx2,bmi"))) quint32 *plainIndexAvx2(const char *bytes, size_t size,
                                                            quint32 place, quint32 *out)
{
    const __m256i newline = _mm256_set1_epi8('\n');
    size_t at = 0;
    for (; at + 64 <= size; at += 64) {
        const auto *part = reinterpret_cast<const __m256i *>(bytes + at);
        const auto low
            = quint32(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(part), newline)));
        const auto high = quint32(
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(part + 1), newline)));
        for (quint64 mask = quint64(high) << 32 | low; mask != 0; mask &= mask - 1)
            *out++ = place + quint32(at) + quint32(_tzcnt_u64(mask)) + 1;
    }
    for (; at < size; ++at) {
        if (bytes[at] == '\n')
            *out++ = place + quint32(at) + 1;
    }
    return out;
}
#endif

quint32 *plainIndex(const char *bytes, size_t size, quint32 place, quint32 *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return plainIndexAvx2(bytes, size, place, out);
#endif
    const char *const end = bytes + size;
    for (const char *at = bytes;
         (at = static_cast<const char *>(std::memchr(at, '\n', size_t(end - at)))) != nullptr;)
        *out++ = place + quint32(++at - bytes);
    return out;
}

} // namespace

AnchorIndex::AnchorIndex(const QString &path)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    struct stat status = {};
    if (file < 0 || ::fstat(file, &status) != 0)
        return;
    const auto size = size_t(status.st_size);
    constexpr size_t piece = 256 << 10;
    std::array<std::thread, 2> threads;
    for (size_t half = 0; half < 2; ++half) {
        threads[half] = std::thread([&, half] {
            const size_t begin = half == 0 ? 0 : size / 2;
            const size_t end = half == 0 ? size / 2 : size;
            const size_t room = (end - begin + 64) * sizeof(quint32);
            void *const memory = ::mmap(nullptr, room, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            if (memory == MAP_FAILED)
                return;
            auto *const first = static_cast<quint32 *>(memory);
            quint32 *out = first;
            const std::unique_ptr<char[]> bytes(new char[piece]);
            for (size_t at = begin; at < end;) {
                const ssize_t read
                    = ::pread(file, bytes.get(), std::min(piece, end - at), off_t(at));
                if (read <= 0)
                    break;
                out = plainIndex(bytes.get(), size_t(read), quint32(at), out);
                at += size_t(read);
            }
            m_halves[half] = {memory, room, out - first};
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    ::close(file);
}

AnchorIndex::~AnchorIndex()
{
    for (const Half &half : m_halves) {
        if (half.memory)
            ::munmap(half.memory, half.room);
    }
}

} // namespace pilothouse::bench
