#pragma once

#include "base/clock.h"
#include "connectors/http/client.h"

#include <QTimer>

namespace pilothouse {

/// How much faster than life a pass goes, so that nobody waits ten seconds for a silence.
inline constexpr int hurry = 20;

/// Time that runs `hurry` times as fast.
class HurriedClock final : public Clock
{
public:
    [[nodiscard]] QDateTime now() const override { return m_begin.addMSecs(elapsed().count()); }
    [[nodiscard]] std::chrono::milliseconds sinceBoot() const override
    {
        return std::chrono::hours(1) + elapsed();
    }
    void after(std::chrono::milliseconds delay, QObject *context,
               std::function<void()> what) override
    {
        QTimer::singleShot(std::max(delay / hurry, std::chrono::milliseconds(1)), Qt::PreciseTimer,
                           context, std::move(what));
    }

private:
    [[nodiscard]] std::chrono::milliseconds elapsed() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            (std::chrono::steady_clock::now() - m_start) * hurry);
    }

    QDateTime m_begin = QDateTime::currentDateTimeUtc();
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Requests that lose their patience sooner; and no answer is taken that is larger than a quarter
/// of a megabyte.
class HurriedHttp final : public HttpClient
{
public:
    /// `sooner` is how much sooner.
    HurriedHttp(HttpClient &http, int sooner) : m_http(http), m_sooner(sooner) {}

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override
    {
        return m_http.send(hurried(request));
    }
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override
    {
        return m_http.stream(hurried(request));
    }

private:
    [[nodiscard]] HttpRequest hurried(HttpRequest request) const
    {
        request.timeout /= m_sooner;
        request.maxBytes = 256 << 10;
        return request;
    }

    HttpClient &m_http;
    int m_sooner;
};

} // namespace pilothouse
