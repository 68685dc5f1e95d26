#include "connectors/git/gitfetch.h"

#include "base/words.h"
#include "connectors/git/gitpatience.h"
#include "connectors/git/gitreferences.h"

#include <QDir>
#include <QRegularExpression>
#include <QUrl>

#include <array>

namespace pilothouse {

namespace {

bool isHttp(const QUrl &url)
{
    return url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
}

bool isLoopback(const QString &host)
{
    static const QRegularExpression ipv4(QStringLiteral("^127(\\.\\d{1,3}){3}$"));
    return host == QLatin1String("localhost") || host == QLatin1String("::1")
           || ipv4.match(host).hasMatch();
}

struct Session
{
    const GitFetch *fetch = nullptr;
    int asked = 0;
};

int giveCredential(git_credential **out, const char *, const char *, unsigned int allowed,
                   void *payload)
{
    auto *session = static_cast<Session *>(payload);
    // A second question means that the first answer was refused; asking on would lock accounts.
    if (session->fetch->token.isEmpty() || session->asked++ > 0)
        return GIT_EAUTH;
    if ((allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) == 0)
        return GIT_EAUTH;
    return git_credential_userpass_plaintext_new(out, "x-access-token",
                                                 session->fetch->token.expose().constData());
}

int onProgress(const git_indexer_progress *, void *payload)
{
    return static_cast<Session *>(payload)->fetch->stopped->load() ? GIT_EUSER : 0;
}

int onMessage(const char *, int, void *payload)
{
    return onProgress(nullptr, payload);
}

/// Lets the host send only what the clone has not: a fetch tells it what our references hold. Of a
/// shallow clone nothing is told: libgit2 1.5 stops at its first missing commit, and the host would
/// leave out what is missing. The whole history then comes once, and every question has an answer.
void seed(const GitPair &pair)
{
    if (git_repository_is_shallow(pair.clone.get()) == 1)
        return;
    GitReferenceIterator references;
    if (git_reference_iterator_glob_new(references.out(), pair.clone.get(), "refs/remotes/origin/*")
        < 0) {
        git_error_clear();
        return;
    }
    GitReferenceHandle reference;
    while (git_reference_next(reference.out(), references.get()) == 0) {
        const QByteArray name = git_reference_name(reference.get());
        const auto commit = commitAt(pair.clone.get(), name);
        if (!commit || name.endsWith("/HEAD"))
            continue;
        // An existing reference of ours is as new or newer: it is left alone.
        GitReferenceHandle made;
        git_reference_create(made.out(), pair.mirror.get(), name.constData(), &*commit, 0, nullptr);
    }
    if (const auto head = commitAt(pair.clone.get(), QByteArrayLiteral("HEAD"))) {
        GitReferenceHandle made;
        git_reference_create(made.out(), pair.mirror.get(), "refs/pilothouse/seed", &*head, 1,
                             nullptr);
    }
    git_error_clear();
}

void noteDefaultBranch(git_repository *mirror, git_remote *remote)
{
    git_buf name = GIT_BUF_INIT;
    if (git_remote_default_branch(&name, remote) == 0) {
        const QByteArray branch(name.ptr, qsizetype(name.size));
        const QByteArray target = "refs/remotes/origin/" + branch.mid(int(strlen("refs/heads/")));
        GitReferenceHandle head;
        git_reference_symbolic_create(head.out(), mirror, "refs/remotes/origin/HEAD",
                                      target.constData(), 1, nullptr);
    }
    git_buf_dispose(&name);
    git_error_clear();
}

/// What libgit2 says of an HTTP answer that is none of Git's, by its status alone.
ErrorKind kindOfAnswer(const Error &error)
{
    static const QRegularExpression status(QStringLiteral("http status code: (\\d+)"));
    switch (status.match(error.detail).captured(1).toInt()) {
    case 401:
        return ErrorKind::SignedOut;
    case 403:
        return ErrorKind::NotAllowed;
    case 404:
    case 410:
        return ErrorKind::NotFound;
    default:
        return error.kind;
    }
}

/// The host is well, and the mirror is not.
bool isOfTheMirror(int code)
{
    const git_error *last = git_error_last();
    return code == GIT_ELOCKED
           || (last
               && (last->klass == GIT_ERROR_OS || last->klass == GIT_ERROR_FILESYSTEM
                   || last->klass == GIT_ERROR_REFERENCE));
}

QString sentence(ErrorKind kind, const QString &where)
{
    switch (kind) {
    case ErrorKind::SignedOut:
        return Words::tr("%1 refused the credential for Git: sign in again.").arg(where);
    case ErrorKind::NotAllowed:
        return Words::tr("%1 does not let this account read the repository: ask for the right.")
            .arg(where);
    case ErrorKind::Cancelled:
        return Words::tr("Fetching from %1 was stopped.").arg(where);
    case ErrorKind::NotFound:
        return Words::tr("There is no Git repository at %1: check the remote \"origin\".")
            .arg(where);
    default:
        return Words::tr("Git cannot fetch from %1 now: what was fetched before stays.").arg(where);
    }
}

Error failure(int code, const QString &where, const GitFetch &fetch, const GitPatience &patience)
{
    const bool ofTheMirror = isOfTheMirror(code);
    Error error = gitError(code, ErrorKind::Unavailable, QString());
    if (patience.isStopped())
        error.kind = ErrorKind::Cancelled;
    else if (patience.isOver())
        error.kind = ErrorKind::TimedOut;
    else
        error.kind = kindOfAnswer(error);
    if (error.kind == ErrorKind::TimedOut)
        error.message = Words::tr("%1 said nothing for %2 s when Git fetched: what was fetched "
                                  "before stays. Check the connection, or press F5.")
                            .arg(where)
                            .arg(double(fetch.silence.count()) / 1000);
    else if (ofTheMirror && error.kind == ErrorKind::Unavailable)
        error.message = Words::tr("What %1 has cannot be kept in %2: check that the folder can be "
                                  "written, that the disk is not full and that no other console "
                                  "is fetching, then press F5.")
                            .arg(where, fetch.location.mirror);
    else
        error.message = sentence(error.kind, where);
    return error;
}

} // namespace

bool canFetch(const QString &url)
{
    const QUrl parsed(url);
    return (isHttp(parsed) && !parsed.host().isEmpty()) || parsed.isLocalFile()
           || QDir::isAbsolutePath(url);
}

bool needsCredential(const QString &url)
{
    return isHttp(QUrl(url));
}

Result<void> fetchOrigin(const GitFetch &fetch)
{
    QUrl url(fetch.url);
    url.setUserInfo({}); // a password in the clone's configuration is not ours to use or to show
    const QString where = isHttp(url) ? url.host() : fetch.url;
    if (url.scheme() == QLatin1String("http") && !isLoopback(url.host()) && !fetch.token.isEmpty())
        return fail(ErrorKind::Refused,
                    Words::tr("The credential is not sent to %1 without encryption: change the "
                              "remote \"origin\" to https.")
                        .arg(where));

    const Result<GitPair> pair = openPair(fetch.location);
    if (!pair)
        return fail(pair.error());
    const GitPatience patience(fetch.silence, *fetch.stopped);
    dropOldLocks(fetch.location.mirror);
    seed(*pair);

    git_remote_create_options creation;
    git_remote_create_options_init(&creation, GIT_REMOTE_CREATE_OPTIONS_VERSION);
    creation.repository = pair->mirror.get();
    creation.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    GitRemoteHandle remote;
    const QByteArray address = isHttp(url) ? url.toEncoded() : fetch.url.toUtf8();
    int code = git_remote_create_with_opts(remote.out(), address.constData(), &creation);
    if (code < 0)
        return fail(failure(code, where, fetch, patience));

    Session session{&fetch, 0};
    git_fetch_options options;
    git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.prune = GIT_FETCH_PRUNE;
    options.update_fetchhead = 0;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE; // the token would follow
    options.proxy_opts.type = GIT_PROXY_AUTO;
    options.callbacks.credentials = giveCredential;
    options.callbacks.transfer_progress = onProgress;
    options.callbacks.sideband_progress = onMessage;
    options.callbacks.payload = &session;

    QByteArray branches = QByteArrayLiteral("+refs/heads/*:refs/remotes/origin/*");
    QByteArray tags = QByteArrayLiteral("+refs/tags/*:refs/tags/*");
    std::array<char *, 2> specs{branches.data(), tags.data()};
    const git_strarray wanted{specs.data(), specs.size()};
    code = git_remote_fetch(remote.get(), &wanted, &options, nullptr);
    if (code < 0)
        return fail(failure(code, where, fetch, patience));
    noteDefaultBranch(pair->mirror.get(), remote.get());
    noteFetched(fetch.location.mirror);
    return {};
}

} // namespace pilothouse
