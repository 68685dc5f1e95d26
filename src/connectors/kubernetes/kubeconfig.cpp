#include "connectors/kubernetes/kubeconfig.h"

#include "base/words.h"
#include "document/yamlparser.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <optional>

namespace pilothouse {
namespace {

/// The map under `inner` of the list entry with this name; Missing if there is none.
YamlNode named(const YamlNode &root, QStringView list, const QString &name, QStringView inner)
{
    for (const YamlNode &item : root.value(list).items()) {
        if (item.value(u"name").text() == name)
            return item.value(inner);
    }
    return {};
}

/// The contexts there are, as a sentence lists them.
QString contextNames(const YamlNode &root)
{
    QStringList all;
    for (const YamlNode &item : root.value(u"contexts").items())
        all << item.value(u"name").text();
    return all.isEmpty() ? Words::tr("none") : all.join(QStringLiteral(", "));
}

bool isTrue(const YamlNode &node)
{
    return node.text().compare(QLatin1String("true"), Qt::CaseInsensitive) == 0;
}

/// One kubeconfig file while it is read.
class Reader
{
public:
    Reader(const QString &path, YamlNode root)
        : m_path(path), m_folder(QFileInfo(path).absoluteDir()), m_root(std::move(root))
    {}

    [[nodiscard]] Result<KubeContext> context(const QString &wanted) const
    {
        KubeContext found;
        found.name = wanted.isEmpty() ? m_root.value(u"current-context").text() : wanted;
        const YamlNode entry = named(m_root, u"contexts", found.name, u"context");
        if (!entry.isMap())
            return fail(noContext(found.name));
        found.nameSpace = entry.value(u"namespace").text();
        if (found.nameSpace.isEmpty())
            found.nameSpace = QStringLiteral("default");
        if (const auto error = readCluster(entry, found))
            return fail(*error);
        if (const auto error = readUser(entry, found))
            return fail(*error);
        return found;
    }

private:
    [[nodiscard]] Error wrong(const Position &at, const QString &message,
                              const QString &detail = {}) const
    {
        return Error{
            ErrorKind::BadInput,
            QStringLiteral("%1:%2:%3: %4")
                .arg(m_path, QString::number(at.line), QString::number(at.column), message),
            detail,
            {}};
    }

    [[nodiscard]] Error noContext(const QString &name) const
    {
        if (name.isEmpty())
            return Error{ErrorKind::NotFound,
                         Words::tr("The kubeconfig “%1” names no current-context. Name one of its "
                                   "contexts in pilothouse.yaml: %2.")
                             .arg(m_path, contextNames(m_root)),
                         {},
                         {}};
        return Error{ErrorKind::NotFound,
                     Words::tr("The kubeconfig “%1” has no context “%2”. It has: %3.")
                         .arg(m_path, name, contextNames(m_root)),
                     {},
                     {}};
    }

    [[nodiscard]] std::optional<Error> readCluster(const YamlNode &entry, KubeContext &found) const
    {
        const YamlNode name = entry.value(u"cluster");
        const YamlNode cluster = named(m_root, u"clusters", name.text(), u"cluster");
        if (!cluster.isMap())
            return wrong(name.isMissing() ? entry.at() : name.at(),
                         Words::tr("context “%1” names the cluster “%2”, which is not in this "
                                   "file. Correct the name.")
                             .arg(found.name, name.text()));
        found.server = QUrl(cluster.value(u"server").text());
        if (!found.server.isValid() || found.server.host().isEmpty())
            return wrong(cluster.contains(u"server") ? cluster.value(u"server").at() : cluster.at(),
                         Words::tr("the cluster of context “%1” has no server address like "
                                   "https://host:6443. Correct “server”.")
                             .arg(found.name));
        found.tlsServerName = cluster.value(u"tls-server-name").text();
        found.skipVerification = isTrue(cluster.value(u"insecure-skip-tls-verify"));
        found.proxy = QUrl(cluster.value(u"proxy-url").text());
        const auto ca = bytesOf(cluster, QStringLiteral("certificate-authority"));
        if (!ca)
            return ca.error();
        found.caPem = *ca;
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Error> readUser(const YamlNode &entry, KubeContext &found) const
    {
        const YamlNode name = entry.value(u"user");
        if (name.text().isEmpty())
            return std::nullopt;
        const YamlNode user = named(m_root, u"users", name.text(), u"user");
        if (user.isMissing())
            return wrong(name.at(), Words::tr("context “%1” names the user “%2”, who is not in "
                                              "this file. Correct the name.")
                                        .arg(found.name, name.text()));
        if (auto error = refusal(user, found.name))
            return error;
        const auto certificate = bytesOf(user, QStringLiteral("client-certificate"));
        if (!certificate)
            return certificate.error();
        const auto key = bytesOf(user, QStringLiteral("client-key"));
        if (!key)
            return key.error();
        if (certificate->isEmpty() != key->isEmpty())
            return wrong(user.at(), Words::tr("user “%1” needs a client certificate and its key "
                                              "together. Write both.")
                                        .arg(name.text()));
        found.clientCertificatePem = *certificate;
        found.clientKeyPem = Secret(*key);
        found.token = Secret(user.value(u"token").text().toUtf8());
        const QString tokenFile = user.value(u"tokenFile").text();
        if (!tokenFile.isEmpty())
            found.tokenFile = m_folder.absoluteFilePath(tokenFile);
        return std::nullopt;
    }

    /// Signing in as less, or as somebody else, than the file says would be worse than not at all.
    [[nodiscard]] static std::optional<Error> refusal(const YamlNode &user, const QString &context)
    {
        const auto refused = [](const QString &message) {
            return Error{ErrorKind::Refused, message, {}, {}};
        };
        for (const auto &[key, program] :
             {std::pair(u"exec", user.value(u"exec").value(u"command")),
              std::pair(u"auth-provider", user.value(u"auth-provider").value(u"name"))}) {
            if (user.contains(key))
                return refused(Words::tr("Context “%1” signs in with the program “%2”, which this "
                                         "version does not run. Name a context with a token or a "
                                         "client certificate.")
                                   .arg(context, program.text()));
        }
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

    /// `key`-data as base64, else the content of the file that `key` names; empty for neither.
    [[nodiscard]] Result<QByteArray> bytesOf(const YamlNode &map, const QString &key) const
    {
        const YamlNode data = map.value(QString(key + QStringLiteral("-data")));
        if (!data.text().isEmpty()) {
            QByteArray text = data.text().toLatin1();
            text.removeIf([](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
            const auto decoded
                = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
            if (!decoded)
                return fail(wrong(data.at(), Words::tr("%1-data is not base64. Write the file anew "
                                                       "with its tool.")
                                                 .arg(key)));
            return *decoded;
        }
        const YamlNode path = map.value(key);
        if (path.text().isEmpty())
            return QByteArray();
        QFile file(m_folder.absoluteFilePath(path.text()));
        if (!file.open(QIODevice::ReadOnly))
            return fail(wrong(path.at(),
                              Words::tr("“%1” is named as %2, but it cannot be read. "
                                        "Check the path.")
                                  .arg(path.text(), key),
                              file.errorString()));
        return file.readAll();
    }

    QString m_path;
    QDir m_folder;
    YamlNode m_root;
};

} // namespace

Result<KubeContext> readKubeconfig(const QString &path, const QString &context)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::BadInput,
                    Words::tr("The kubeconfig “%1” cannot be read. Check “kubeconfig” in "
                              "pilothouse.yaml.")
                        .arg(path),
                    file.errorString());
    Problems problems(path);
    const YamlNode root = parseYaml(file.readAll(), problems, Strictness::Lenient);
    if (problems.hasErrors())
        return fail(problems.toError());
    if (!root.isMap())
        return fail(ErrorKind::BadInput,
                    Words::tr("The kubeconfig “%1” is not a YAML map. Write it anew with its tool.")
                        .arg(path));
    return Reader(path, root).context(context);
}

} // namespace pilothouse
