#include "connectors/secrets/vendorlogins.h"

namespace pilothouse {
namespace {

/// People look for their password, their key, their telephone.
constexpr std::chrono::minutes patience{15};

VendorLogin login(const QStringList &sources, const QString &program, const QStringList &arguments)
{
    VendorLogin login;
    login.sources = sources;
    login.command.program = program;
    login.command.arguments = arguments;
    login.command.timeout = patience;
    login.command.endsWithUs = true;
    return login;
}

} // namespace

VendorLogin ghLogin(const QString &host, const QStringList &sources)
{
    // Without a terminal gh asks nothing, if it is told all that it would ask.
    return login(sources, QStringLiteral("gh"),
                 {QStringLiteral("auth"), QStringLiteral("login"), QStringLiteral("--hostname"),
                  host, QStringLiteral("--git-protocol"), QStringLiteral("https"),
                  QStringLiteral("--web")});
}

VendorLogin gcloudLogin(const QStringList &sources)
{
    return login(sources, QStringLiteral("gcloud"),
                 {QStringLiteral("auth"), QStringLiteral("login")});
}

} // namespace pilothouse
