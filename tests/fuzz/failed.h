#pragma once

#include <QString>

#include <cstdio>
#include <cstdlib>

namespace pilothouse {

/// Says on stderr which promise was not kept, and how, and ends the program: the fuzzer keeps the
/// input, and where only the log of a run is left, that tells what to look for.
[[noreturn]] inline void failed(const char *promise, const QString &how = {})
{
    std::fprintf(stderr, "not kept: %s%s%s\n", promise, how.isEmpty() ? "" : ": ", qPrintable(how));
    std::fflush(stderr);
    std::abort();
}

} // namespace pilothouse
