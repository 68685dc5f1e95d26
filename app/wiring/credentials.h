#pragma once

#include "base/clock.h"
#include "base/commandrunner.h"
#include "base/credentialsource.h"
#include "workspace/credentialchoice.h"

#include <memory>
#include <vector>

namespace pilothouse {

/// The credential sources of one workspace. They live as long as this does.
class Credentials final
{
public:
    Credentials(CommandRunner &runner, Clock &clock);

    /// `host` is the server that gh is asked about; other kinds do not need it.
    [[nodiscard]] CredentialSource &of(const CredentialChoice &choice, const QString &host);

private:
    CommandRunner &m_runner;
    Clock &m_clock;
    std::vector<std::unique_ptr<CredentialSource>> m_sources;
};

} // namespace pilothouse
