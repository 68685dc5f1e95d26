#include "logs/newlinescan.h"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pilothouse {
namespace {

#if defined(__x86_64__)

__attribute__((target("avx2,bmi,popcnt"))) ScannedPart
scanNewlinesWithAvx2(const char *bytes, qsizetype size, quint32 shift, quint32 *out, qsizetype room)
{
    const __m256i newline = _mm256_set1_epi8('\n');
    quint32 *const begin = out;
    quint32 *const full = out + room - newlineSlack;
    qsizetype at = 0;
    for (; at + 64 <= size && out <= full; at += 64) {
        const auto *half = reinterpret_cast<const __m256i *>(bytes + at);
        const auto low
            = quint32(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(half), newline)));
        const auto high = quint32(
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(half + 1), newline)));
        quint64 mask = quint64(high) << 32 | low;
        const auto count = qsizetype(__builtin_popcountll(mask));
        const auto base = quint32(at) + shift + 1;
        // Two are always written, needed or not: lines are seldom shorter than 32 bytes, and a
        // branch for each of them would be guessed wrong too often.
        out[0] = base + quint32(_tzcnt_u64(mask));
        mask = _blsr_u64(mask);
        out[1] = base + quint32(_tzcnt_u64(mask));
        if (Q_UNLIKELY(count > 2)) {
            mask = _blsr_u64(mask);
            for (quint32 *more = out + 2; mask != 0; mask = _blsr_u64(mask))
                *more++ = base + quint32(_tzcnt_u64(mask));
        }
        out += count;
    }
    if (out > full)
        return {at, out - begin};
    const ScannedPart rest = scanNewlinesPortably(bytes + at, size - at, quint32(at) + shift, out,
                                                  room - (out - begin));
    return {at + rest.bytes, (out - begin) + rest.found};
}

__attribute__((target("avx2"))) inline __m256i controlsOf(const char *bytes)
{
    const __m256i part = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes));
    return _mm256_or_si256(_mm256_cmpeq_epi8(part, _mm256_set1_epi8('\x1b')),
                           _mm256_cmpeq_epi8(part, _mm256_set1_epi8('\r')));
}

__attribute__((target("avx2,bmi,popcnt"))) qsizetype
findControlsWithAvx2(const char *bytes, qsizetype size, quint32 *out)
{
    quint32 *const begin = out;
    qsizetype at = 0;
    for (; at + 64 <= size; at += 64) {
        quint64 mask = quint64(quint32(_mm256_movemask_epi8(controlsOf(bytes + at + 32)))) << 32
                       | quint32(_mm256_movemask_epi8(controlsOf(bytes + at)));
        const auto count = qsizetype(__builtin_popcountll(mask));
        // As with newlines: two are always written, because a branch for each block would be
        // guessed wrong too often where every fifth line has colours.
        out[0] = quint32(at) + quint32(_tzcnt_u64(mask));
        mask = _blsr_u64(mask);
        out[1] = quint32(at) + quint32(_tzcnt_u64(mask));
        if (Q_UNLIKELY(count > 2)) {
            mask = _blsr_u64(mask);
            for (quint32 *more = out + 2; mask != 0; mask = _blsr_u64(mask))
                *more++ = quint32(at) + quint32(_tzcnt_u64(mask));
        }
        out += count;
    }
    for (; at < size; ++at) {
        if (bytes[at] == '\x1b' || bytes[at] == '\r')
            *out++ = quint32(at);
    }
    return out - begin;
}

__attribute__((target("avx2"))) inline __m256i escapesOf(const char *bytes)
{
    return _mm256_cmpeq_epi8(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes)),
                             _mm256_set1_epi8('\x1b'));
}

/// A bit for each of 64 bytes.
__attribute__((target("avx2"))) inline quint64 bitsOf(__m256i low, __m256i high)
{
    return quint64(quint32(_mm256_movemask_epi8(high))) << 32 | quint32(_mm256_movemask_epi8(low));
}

__attribute__((target("bmi"))) inline quint32 *placesIn(quint64 mask, quint32 base, quint32 *out)
{
    for (; mask != 0; mask = _blsr_u64(mask))
        *out++ = base + quint32(_tzcnt_u64(mask));
    return out;
}

__attribute__((target("avx2,bmi"))) qsizetype findEscapesWithAvx2(const char *bytes, qsizetype size,
                                                                  quint32 *out)
{
    constexpr qsizetype block = 128;
    quint32 *const begin = out;
    qsizetype at = 0;
    for (; at + block <= size; at += block) {
        const __m256i first = escapesOf(bytes + at);
        const __m256i second = escapesOf(bytes + at + 32);
        const __m256i third = escapesOf(bytes + at + 64);
        const __m256i fourth = escapesOf(bytes + at + 96);
        const __m256i any
            = _mm256_or_si256(_mm256_or_si256(first, second), _mm256_or_si256(third, fourth));
        // Escapes stand in pairs, around a word: most blocks have none, and this is guessed well.
        if (Q_LIKELY(_mm256_testz_si256(any, any)))
            continue;
        out = placesIn(bitsOf(first, second), quint32(at), out);
        out = placesIn(bitsOf(third, fourth), quint32(at) + 64, out);
    }
    for (; at < size; ++at) {
        if (bytes[at] == '\x1b')
            *out++ = quint32(at);
    }
    return out - begin;
}

bool hasAvx2()
{
    static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
                            && __builtin_cpu_supports("popcnt");
    return has;
}

#endif

} // namespace

ScannedPart scanNewlinesPortably(const char *bytes, qsizetype size, quint32 shift, quint32 *out,
                                 qsizetype room)
{
    const qsizetype most = room - newlineSlack;
    qsizetype found = 0;
    qsizetype at = 0;
    while (at < size) {
        if (found > most)
            return {at, found};
        const auto *hit
            = static_cast<const char *>(std::memchr(bytes + at, '\n', size_t(size - at)));
        if (!hit)
            break;
        at = hit - bytes + 1;
        out[found++] = quint32(at) + shift;
    }
    return {size, found};
}

NewlineScan fastestNewlineScan()
{
#if defined(__x86_64__)
    if (hasAvx2())
        return scanNewlinesWithAvx2;
#endif
    return scanNewlinesPortably;
}

qsizetype findControlsPortably(const char *bytes, qsizetype size, quint32 *out)
{
    quint32 *const begin = out;
    for (qsizetype at = 0; at < size; ++at) {
        if (bytes[at] == '\x1b' || bytes[at] == '\r')
            *out++ = quint32(at);
    }
    return out - begin;
}

qsizetype findControls(const char *bytes, qsizetype size, quint32 *out)
{
#if defined(__x86_64__)
    if (hasAvx2())
        return findControlsWithAvx2(bytes, size, out);
#endif
    return findControlsPortably(bytes, size, out);
}

qsizetype findEscapesPortably(const char *bytes, qsizetype size, quint32 *out)
{
    quint32 *const begin = out;
    for (qsizetype at = 0; at < size; ++at) {
        if (bytes[at] == '\x1b')
            *out++ = quint32(at);
    }
    return out - begin;
}

qsizetype findEscapes(const char *bytes, qsizetype size, quint32 *out)
{
#if defined(__x86_64__)
    if (hasAvx2())
        return findEscapesWithAvx2(bytes, size, out);
#endif
    return findEscapesPortably(bytes, size, out);
}

} // namespace pilothouse
