#pragma once

#include "connectors/github/githubapi.h"
#include "logs/logsource.h"

#include <QPointer>

namespace pilothouse {

/// The log of one job that has ended: GitHub answers with a link that lives a minute, and the text
/// comes from there, without our credential.
class GithubJobLog final : public LogStream
{
    Q_OBJECT

public:
    /// `address` is that of the job's log in the API. Begins by itself, from the event loop.
    GithubJobLog(GithubApi &api, const QUrl &address);

private:
    void begin(const QUrl &address);
    void fetch(const QUrl &store);

    QPointer<GithubApi> m_api;
    std::unique_ptr<HttpStream> m_text;
};

} // namespace pilothouse
