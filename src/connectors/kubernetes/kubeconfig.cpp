#include "connectors/kubernetes/kubeconfig.h"

#include "base/words.h"
#include "connectors/kubernetes/login/kubeconfigfiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <optional>

namespace pilothouse {
namespace {

bool isTrue(const YamlNode &node)
{
    return node.text().compare(QLatin1String("true"), Qt::CaseInsensitive) == 0;
}

/// One context while it is put together.
class Reader
{
public:
    explicit Reader(const KubeconfigFiles &files) : m_files(files) {}

    [[nodiscard]] Result<KubeContext> context(const QString &wanted) const
    {
        KubeContext found;
        found.name = wanted.isEmpty() ? m_files.currentContext() : wanted;
        const KubeconfigValue entry = m_files.find(u"contexts", found.name, u"context");
        if (!entry.node.isMap())
            return fail(noContext(found.name));
        found.nameSpace = entry.node.value(u"namespace").text();
        if (found.nameSpace.isEmpty())
            found.nameSpace = QStringLiteral("default");
        if (const auto error = readCluster(entry, found))
            return fail(*error);
        if (const auto error = readUser(entry, found))
            return fail(*error);
        return found;
    }

private:
    [[nodiscard]] static Error wrong(const QString &file, const Position &at,
                                     const QString &message, const QString &detail = {})
    {
        return Error{ErrorKind::BadInput,
                     QStringLiteral("%1:%2:%3: %4")
                         .arg(file, QString::number(at.line), QString::number(at.column), message),
                     detail,
                     {}};
    }

    [[nodiscard]] Error noContext(const QString &name) const
    {
        const QStringList names = m_files.names(u"contexts");
        const QString offered
            = names.isEmpty() ? Words::tr("none") : names.join(QStringLiteral(", "));
        if (name.isEmpty())
            return Error{ErrorKind::NotFound,
                         Words::tr("The kubeconfig %1 names no current-context. Name one of its "
                                   "contexts in pilothouse.yaml: %2.")
                             .arg(m_files.quoted(), offered),
                         {},
                         {}};
        return Error{ErrorKind::NotFound,
                     Words::tr("The kubeconfig %1 has no context “%2”. It has: %3.")
                         .arg(m_files.quoted(), name, offered),
                     {},
                     {}};
    }

    [[nodiscard]] std::optional<Error> readCluster(const KubeconfigValue &entry,
                                                   KubeContext &found) const
    {
        const YamlNode name = entry.node.value(u"cluster");
        const KubeconfigValue value = m_files.find(u"clusters", name.text(), u"cluster");
        const YamlNode &cluster = value.node;
        if (!cluster.isMap())
            return wrong(entry.file, name.isMissing() ? entry.node.at() : name.at(),
                         Words::tr("context “%1” names the cluster “%2”, which is not in %3. "
                                   "Correct the name.")
                             .arg(found.name, name.text(), m_files.quoted()));
        found.server = QUrl(cluster.value(u"server").text());
        if (!found.server.isValid() || found.server.host().isEmpty())
            return wrong(value.file,
                         cluster.contains(u"server") ? cluster.value(u"server").at() : cluster.at(),
                         Words::tr("the cluster of context “%1” has no server address like "
                                   "https://host:6443. Correct “server”.")
                             .arg(found.name));
        found.tlsServerName = cluster.value(u"tls-server-name").text();
        found.skipVerification = isTrue(cluster.value(u"insecure-skip-tls-verify"));
        found.proxy = QUrl(cluster.value(u"proxy-url").text());
        const auto ca = bytesOf(value, QStringLiteral("certificate-authority"));
        if (!ca)
            return ca.error();
        found.caPem = *ca;
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Error> readUser(const KubeconfigValue &entry,
                                                KubeContext &found) const
    {
        const YamlNode name = entry.node.value(u"user");
        if (name.text().isEmpty())
            return std::nullopt;
        const KubeconfigValue value = m_files.find(u"users", name.text(), u"user");
        const YamlNode &user = value.node;
        if (user.isMissing())
            return wrong(entry.file, name.at(),
                         Words::tr("context “%1” names the user “%2”, who is not in %3. Correct "
                                   "the name.")
                             .arg(found.name, name.text(), m_files.quoted()));
        if (auto error = refusal(user, found.name))
            return error;
        const auto certificate = bytesOf(value, QStringLiteral("client-certificate"));
        if (!certificate)
            return certificate.error();
        const auto key = bytesOf(value, QStringLiteral("client-key"));
        if (!key)
            return key.error();
        if (certificate->isEmpty() != key->isEmpty())
            return wrong(value.file, user.at(),
                         Words::tr("user “%1” needs a client certificate and its key together. "
                                   "Write both.")
                             .arg(name.text()));
        found.clientCertificatePem = *certificate;
        found.clientKeyPem = Secret(*key);
        found.token = Secret(user.value(u"token").text().toUtf8());
        const QString tokenFile = user.value(u"tokenFile").text();
        if (!tokenFile.isEmpty())
            found.tokenFile = besides(value.file).absoluteFilePath(tokenFile);
        const YamlNode exec = user.value(u"exec");
        // A token wins, as it does in kubectl.
        if (!exec.isMissing() && !exec.isNull() && found.token.isEmpty() && tokenFile.isEmpty()) {
            const auto plugin
                = readExecPlugin(exec, value.file, found.name,
                                 clusterInfo(found, entry.node.value(u"cluster").text()));
            if (!plugin)
                return plugin.error();
            found.exec = *plugin;
        }
        return std::nullopt;
    }

    /// The cluster as a plugin is told of it.
    [[nodiscard]] QJsonObject clusterInfo(const KubeContext &found, const QString &name) const
    {
        const YamlNode cluster = m_files.find(u"clusters", name, u"cluster").node;
        QJsonObject info{
            {QStringLiteral("server"), cluster.value(u"server").text()},
        };
        if (!found.tlsServerName.isEmpty())
            info.insert(QStringLiteral("tls-server-name"), found.tlsServerName);
        if (found.skipVerification)
            info.insert(QStringLiteral("insecure-skip-tls-verify"), true);
        if (!found.caPem.isEmpty())
            info.insert(QStringLiteral("certificate-authority-data"),
                        QString::fromLatin1(found.caPem.toBase64()));
        if (cluster.contains(u"proxy-url"))
            info.insert(QStringLiteral("proxy-url"), cluster.value(u"proxy-url").text());
        if (isTrue(cluster.value(u"disable-compression")))
            info.insert(QStringLiteral("disable-compression"), true);
        const YamlNode extensions = cluster.value(u"extensions");
        for (const YamlNode &extension : extensions.items()) {
            if (extension.value(u"name").text()
                == QLatin1String("client.authentication.k8s.io/exec"))
                info.insert(QStringLiteral("config"), jsonOf(extension.value(u"extension")));
        }
        return info;
    }

    /// Signing in as less, or as somebody else, than the file says would be worse than not at all.
    [[nodiscard]] static std::optional<Error> refusal(const YamlNode &user, const QString &context)
    {
        const auto refused = [](const QString &message) {
            return Error{ErrorKind::Refused, message, {}, {}};
        };
        if (user.contains(u"auth-provider"))
            return refused(Words::tr("Context “%1” signs in with the auth-provider “%2”, which "
                                     "kubectl has given up as well. Name a context with a token, a "
                                     "client certificate or an exec program.")
                               .arg(context, user.value(u"auth-provider").value(u"name").text()));
        if (user.contains(u"username"))
            return refused(Words::tr("Context “%1” signs in with a password. Name a context with "
                                     "a token or a client certificate.")
                               .arg(context));
        for (const QStringView key : {u"as", u"as-uid", u"as-groups", u"as-user-extra"}) {
            if (user.contains(key))
                return refused(Words::tr("Context “%1” acts as somebody else (“%2”), which this "
                                         "version does not do. Name a context without it.")
                                   .arg(context, key.toString()));
        }
        return std::nullopt;
    }

    [[nodiscard]] static QDir besides(const QString &file) { return QFileInfo(file).absoluteDir(); }

    /// `key`-data as base64, else the content of the file that `key` names; empty for neither.
    [[nodiscard]] static Result<QByteArray> bytesOf(const KubeconfigValue &map, const QString &key)
    {
        const YamlNode data = map.node.value(QString(key + QStringLiteral("-data")));
        if (!data.text().isEmpty()) {
            QByteArray text = data.text().toLatin1();
            text.removeIf([](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
            const auto decoded
                = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
            if (!decoded)
                return fail(wrong(map.file, data.at(),
                                  Words::tr("%1-data is not base64. Write the file anew with its "
                                            "tool.")
                                      .arg(key)));
            return *decoded;
        }
        const YamlNode path = map.node.value(key);
        if (path.text().isEmpty())
            return QByteArray();
        QFile file(besides(map.file).absoluteFilePath(path.text()));
        if (!file.open(QIODevice::ReadOnly))
            return fail(wrong(map.file, path.at(),
                              Words::tr("“%1” is named as %2, but it cannot be read. "
                                        "Check the path.")
                                  .arg(path.text(), key),
                              file.errorString()));
        return file.readAll();
    }

    const KubeconfigFiles &m_files;
};

} // namespace

Result<KubeContext> readKubeconfig(const QString &path, const QString &context)
{
    const auto files = path.isEmpty() ? KubeconfigFiles::present(usualKubeconfigs())
                                      : KubeconfigFiles::one(path);
    if (!files)
        return fail(files.error());
    return Reader(*files).context(context);
}

} // namespace pilothouse
