#include "app/wiring/credentials.h"

#include "base/future.h"
#include "connectors/secrets/environmenttoken.h"
#include "connectors/secrets/gcloudtoken.h"
#include "connectors/secrets/ghtoken.h"

#include <QCoreApplication>

namespace pilothouse {
namespace {

/// A kind that the file may name but that this version cannot ask.
class NotOffered final : public CredentialSource
{
    Q_DECLARE_TR_FUNCTIONS(pilothouse::NotOffered)

public:
    QFuture<Result<Secret>> token() override
    {
        return ready<Secret>(
            fail(ErrorKind::SignedOut,
                 tr("This version does not read the desktop's keychain. Write “credential: gh”, "
                    "“gcloud” or “env NAME” in pilothouse.yaml.")));
    }
    void forget() override {}
};

} // namespace

Credentials::Credentials(CommandRunner &runner, Clock &clock) : m_runner(runner), m_clock(clock) {}

CredentialSource &Credentials::of(const CredentialChoice &choice, const QString &host)
{
    std::unique_ptr<CredentialSource> source;
    switch (choice.kind) {
    case CredentialChoice::Kind::None:
        source = std::make_unique<NoCredential>();
        break;
    case CredentialChoice::Kind::Gh:
        source = std::make_unique<GhToken>(m_runner, m_clock, host);
        break;
    case CredentialChoice::Kind::Gcloud:
        source = std::make_unique<GcloudToken>(m_runner, m_clock);
        break;
    case CredentialChoice::Kind::Environment:
        source = std::make_unique<EnvironmentToken>(choice.variable);
        break;
    case CredentialChoice::Kind::Keychain:
        source = std::make_unique<NotOffered>();
        break;
    }
    m_sources.push_back(std::move(source));
    return *m_sources.back();
}

} // namespace pilothouse
