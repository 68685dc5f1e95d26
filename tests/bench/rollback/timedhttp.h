#pragma once

#include "base/whendone.h"
#include "bench/rollback/moments.h"
#include "connectors/http/client.h"

namespace pilothouse::bench {

/// Passes everything on, and notes when the first read and the first write of a rollback went out.
class TimedHttp final : public HttpClient
{
public:
    explicit TimedHttp(HttpClient &client) : m_client(client) {}

    // Of the present rollback.
    /// The first read, from asking until the answer was there; nullopt = not yet.
    std::optional<Wait> read;
    HttpRequest patch; ///< the first

    void forget()
    {
        read.reset();
        patch = {};
        ++m_rollback;
        m_reads = Reads::Awaited;
    }

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override
    {
        const Moment begun = now();
        if (request.method == "PATCH" && patch.body.isEmpty()) {
            patch = request;
            awaitLeaving(request.body.size());
        }
        const auto answer = m_client.send(request);
        if (request.method == "GET" && m_reads == Reads::Awaited) {
            m_reads = Reads::Seen;
            whenDone(
                answer, &m_context,
                [this, begun, rollback = m_rollback](const Result<HttpResponse> &) {
                    if (rollback == m_rollback)
                        read = {begun, now()};
                },
                [] {});
        }
        return answer;
    }
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override
    {
        return m_client.stream(request);
    }

private:
    HttpClient &m_client;
    QObject m_context;
    int m_rollback = 0;
    enum class Reads { Seen, Awaited } m_reads = Reads::Seen;
};

} // namespace pilothouse::bench
