#pragma once

#include "logs/logsource.h"

#include <QPointer>

namespace pilothouse {

/// Hands its streams to the test, which plays the other side.
class FakeLogSource final : public LogSource
{
public:
    std::unique_ptr<LogStream> open(const LogTarget &target) override
    {
        ++opened;
        last = target;
        auto next = std::make_unique<LogStream>();
        stream = next.get();
        return next;
    }

    int opened = 0;
    LogTarget last;
    QPointer<LogStream> stream;
};

} // namespace pilothouse
