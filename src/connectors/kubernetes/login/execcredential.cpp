#include "connectors/kubernetes/login/execcredential.h"

#include "base/words.h"
#include "connectors/http/jsonreader.h"

#include <QJsonDocument>

namespace pilothouse {
namespace {

tl::unexpected<Error> unreadable(const ExecPlugin &plugin, const QString &why)
{
    return fail(ErrorKind::SignedOut,
                Words::tr("The sign-in program “%1” of context “%2” printed no credential that can "
                          "be used: %3. Check its version and its arguments.")
                    .arg(plugin.command, plugin.context, why));
}

} // namespace

Result<TokenCache::Token> readExecCredential(const QByteArray &printed, const ExecPlugin &plugin)
{
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(printed, &syntax);
    if (!document.isObject())
        return unreadable(plugin, Words::tr("it is no JSON object"));
    const JsonReader top = JsonReader::of(document.object(), plugin.command);
    const QString kind = top.stringOr("kind");
    const QString version = top.stringOr("apiVersion");
    if (kind != QLatin1String("ExecCredential"))
        return unreadable(plugin, Words::tr("its kind is not ExecCredential"));
    if (version != plugin.apiVersion)
        return unreadable(plugin, Words::tr("the kubeconfig names %1, and the program speaks "
                                            "another version")
                                      .arg(plugin.apiVersion));
    if (!top.has("status"))
        return unreadable(plugin, Words::tr("it has no status"));
    const JsonReader status = top.child("status");
    const QByteArray certificate = status.stringOr("clientCertificateData").toUtf8();
    const Secret key(status.stringOr("clientKeyData").toUtf8());
    TokenCache::Token token{Secret(status.stringOr("token").toUtf8()),
                            status.time("expirationTimestamp"), std::nullopt};
    if (const auto problem = status.problem())
        return unreadable(plugin, problem->detail);
    if (certificate.isEmpty() != key.isEmpty())
        return unreadable(plugin, Words::tr("a client certificate and its key must come together"));
    if (!certificate.isEmpty())
        token.identity = ClientIdentity{certificate, key};
    if (token.secret.isEmpty() && !token.identity)
        return unreadable(plugin, Words::tr("there is neither a token nor a client certificate in "
                                            "its status"));
    return token;
}

} // namespace pilothouse
