#pragma once

#include "logs/logsource.h"

#include <QPointer>

namespace pilothouse {

class FakeLogStream final : public LogStream
{
public:
    explicit FakeLogStream(int linesBack) : m_linesBack(linesBack) {}
    [[nodiscard]] int beginsLinesBack() const override { return m_linesBack; }
    [[nodiscard]] bool pause() override { return canPause; }
    void goOn() override { ++wentOn; }

    bool canPause = false;
    int wentOn = 0;

private:
    int m_linesBack;
};

/// Hands its streams to the test, which plays the other side.
class FakeLogSource final : public LogSource
{
public:
    std::unique_ptr<LogStream> open(const LogTarget &target) override
    {
        ++opened;
        last = target;
        auto next = std::make_unique<FakeLogStream>(linesBack);
        stream = next.get();
        return next;
    }

    int linesBack = 0; ///< of the streams to come
    int opened = 0;
    LogTarget last;
    QPointer<FakeLogStream> stream;
};

} // namespace pilothouse
