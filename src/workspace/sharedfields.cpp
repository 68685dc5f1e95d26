#include "workspace/sharedfields.h"

#include "base/words.h"
#include "document/nearestword.h"

#include <QDir>
#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

QString wordOf(CredentialChoice::Kind kind)
{
    switch (kind) {
    case CredentialChoice::Kind::None:
        return QStringLiteral("none");
    case CredentialChoice::Kind::Gh:
        return QStringLiteral("gh");
    case CredentialChoice::Kind::Gcloud:
        return QStringLiteral("gcloud");
    case CredentialChoice::Kind::Keychain:
        return QStringLiteral("keychain");
    case CredentialChoice::Kind::Environment:
        return QStringLiteral("env NAME");
    case CredentialChoice::Kind::File:
        return QStringLiteral("file PATH");
    }
    return {};
}

} // namespace

CredentialChoice readCredential(Fields &fields, const QList<CredentialChoice::Kind> &allowed,
                                const CredentialChoice &absent, const QString &folder)
{
    const std::optional<QString> text = fields.text("credential", Fields::Need::Optional);
    if (!text)
        return absent;
    static const QRegularExpression variable(QStringLiteral("^env +([A-Za-z_][A-Za-z0-9_]*)$"));
    const QRegularExpressionMatch match = variable.match(*text);
    // A token in the user's place must not get into the arguments of a program.
    static const QRegularExpression account(QStringLiteral(
        "^gh +(?!gh[a-z]_|github_pat_)([A-Za-z0-9][A-Za-z0-9-]{0,38}(?:_[A-Za-z0-9]{1,10})?)$"));
    const QRegularExpressionMatch named = account.match(*text);
    // Told by its slash from a token that somebody wrote there.
    static const QRegularExpression file(QStringLiteral("^file +((?:~|\\.{1,2})?/\\S.*)$"));
    const QRegularExpressionMatch found = file.match(*text);
    QStringList words;
    for (const CredentialChoice::Kind kind : allowed) {
        words.append(wordOf(kind));
        if (kind == CredentialChoice::Kind::Environment) {
            if (match.hasMatch())
                return {kind, match.captured(1)};
        } else if (kind == CredentialChoice::Kind::File) {
            if (found.hasMatch())
                return {kind, {}, {}, absolutePath(found.captured(1), folder)};
        } else if (kind == CredentialChoice::Kind::Gh && named.hasMatch()) {
            return {kind, {}, named.captured(1)};
        } else if (*text == words.last()) {
            return {kind, {}};
        }
    }
    fields.report(
        "credential",
        Words::tr("credential: expected one of %1; a token itself does not belong in this "
                  "file")
            .arg(words.join(QStringLiteral(", "))),
        nearestWord(*text, words));
    return absent;
}

bool isLoopback(const QString &host)
{
    static const QRegularExpression four(QStringLiteral(
        R"(^127\.(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)$)"));
    return host == QLatin1String("localhost") || host == QLatin1String("::1")
           || four.match(host).hasMatch();
}

ServerAddress readAddress(Fields &fields, const char *key, Fields::Need need,
                          const CredentialChoice &credential)
{
    const bool allowed = fields.flag("allow_http", Fields::Need::Optional).value_or(false);
    const std::optional<QUrl> url = fields.url(key, need);
    if (!url)
        return {};
    ServerAddress address{*url, url->scheme() == QLatin1String("http") && !isLoopback(url->host())};
    if (address.plain && !allowed) {
        fields.report(key, Words::tr("%1: expected https, or \"allow_http: true\" beside it for a "
                                     "server that has no TLS")
                               .arg(QLatin1String(key)));
        return address;
    }
    refuseOpenCredential(fields, address, credential);
    return address;
}

void refuseOpenCredential(Fields &fields, const ServerAddress &address,
                          const CredentialChoice &credential)
{
    if (!address.plain || credential.kind == CredentialChoice::Kind::None)
        return;
    fields.report(
        "credential",
        Words::tr("credential: expected none, as no credential is sent over http; use https "
                  "for %1")
            .arg(address.url.host()),
        QStringLiteral("none"));
}

QList<CredentialChoice::Kind> serverCredentials()
{
    using Kind = CredentialChoice::Kind;
    return {Kind::None, Kind::Keychain, Kind::Environment, Kind::File};
}

QString readBasicUser(Fields &fields, const CredentialChoice &credential)
{
    QString user = fields.text("user", Fields::Need::Optional).value_or(QString());
    const bool isPrintable
        = std::all_of(user.cbegin(), user.cend(), [](QChar each) { return each.isPrint(); });
    if (user.contains(QLatin1Char(':')) || !isPrintable)
        fields.report("user", Words::tr("user: expected a name without \":\""));
    else if (!user.isEmpty() && credential.kind == CredentialChoice::Kind::None)
        fields.report("user", Words::tr("user: expected a credential beside it that tells where "
                                        "the password is: keychain, env NAME or file PATH"));
    return user;
}

CommitFrom readCommitFrom(Fields &fields)
{
    CommitFrom from;
    const std::optional<QString> text = fields.text("commit_from", Fields::Need::Optional);
    if (!text || *text == QLatin1String("image-tag"))
        return from;
    static const QRegularExpression label(
        QStringLiteral(R"(^label(?: +([A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?))?$)"));
    const QRegularExpressionMatch match = label.match(*text);
    if (!match.hasMatch()) {
        fields.report("commit_from",
                      Words::tr("commit_from: expected image-tag, label or \"label NAME\", found "
                                "\"%1\"")
                          .arg(*text),
                      nearestWord(*text, {QStringLiteral("image-tag"), QStringLiteral("label")}));
        return from;
    }
    from.kind = CommitFrom::Kind::Label;
    if (!match.captured(1).isEmpty())
        from.label = match.captured(1);
    return from;
}

QString absolutePath(const QString &path, const QString &folder)
{
    if (path == QLatin1String("~") || path.startsWith(QLatin1String("~/")))
        return QDir::cleanPath(QDir::homePath() + path.mid(1));
    return QDir::cleanPath(QDir(folder).absoluteFilePath(path));
}

QString repositoryPath(Problems &problems, const Position &at, const QString &path)
{
    QString clean = QDir::cleanPath(path);
    if (clean.startsWith(QLatin1Char('/')) || clean == QLatin1String("..")
        || clean.startsWith(QLatin1String("../"))) {
        problems.add(at, Words::tr("expected a path within the repository, from its root, found "
                                   "\"%1\"")
                             .arg(path));
        return {};
    }
    return clean;
}

void checkName(Problems &problems, const YamlNode::Entry &entry)
{
    static const QRegularExpression valid(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9._-]*$"));
    if (!valid.match(entry.key).hasMatch()) {
        problems.add(entry.keyAt, Words::tr("expected a name of letters, digits, \"-\", \"_\" and "
                                            "\".\", found \"%1\"")
                                      .arg(entry.key));
    }
}

QString readKubernetesName(Fields &fields, const char *key)
{
    QString name = fields.text(key).value_or(QString());
    static const QRegularExpression valid(QStringLiteral(R"(^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$)"));
    if (!name.isEmpty() && (name.size() > 253 || !valid.match(name).hasMatch())) {
        fields.report(key, Words::tr("%1: expected a Kubernetes name (small letters, digits, \"-\" "
                                     "and \".\"), found \"%2\"")
                               .arg(QLatin1String(key), name));
    }
    return name;
}

} // namespace pilothouse
