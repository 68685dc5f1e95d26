#pragma once

#include "connectors/cloudrun/cloudruncontrol.h"

#include "cloudrunworld.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/scriptedhttp.h"

namespace pilothouse {

inline const QByteArray accepted
    = R"({"name":"projects/acme/locations/us-central1/operations/op1"})";

inline ServiceJson shared(int percent, const QString &etag = QStringLiteral("\"e1\""))
{
    ServiceJson service;
    service.etag = etag;
    if (percent < 100)
        service.traffic.append({stable, 100 - percent});
    if (percent > 0)
        service.traffic.append({candidate, percent});
    return service;
}

/// A control over scripted answers.
struct Setup
{
    Setup() { http.systemName = QStringLiteral("Cloud Run"); }

    /// Reads once, so that a write stands on etag "e1".
    void readFirst(int percent = 10)
    {
        http.answer(200, shared(percent).bytes());
        http.answer(200, allRevisions());
        state = await(control.read())->value;
        http.requests.clear();
    }

    [[nodiscard]] WeightRequest request(int percent,
                                        const QString &version = QStringLiteral("\"e1\""))
    {
        WeightRequest r;
        r.candidate = Weight{percent};
        r.expectedVersion = version;
        r.candidateCommit = CommitId(sha(QLatin1Char('c')));
        r.actor = QStringLiteral("A. Muster");
        return r;
    }

    ScriptedHttp http;
    FakeClock clock;
    CloudRunControl control{http,
                            clock,
                            {QStringLiteral("acme"),
                             QStringLiteral("us-central1"),
                             QStringLiteral("backend"),
                             QUrl(QStringLiteral("https://run.example/")),
                             {}}};
    TrafficState state;
};

inline const QString servicePath
    = QStringLiteral("/v2/projects/acme/locations/us-central1/services/backend");

} // namespace pilothouse
