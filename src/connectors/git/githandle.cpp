#include "connectors/git/githandle.h"

#include "connectors/git/gitpatience.h"

namespace pilothouse {

void initializeGit()
{
    static const bool started = [] {
        git_libgit2_init();
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        GitPatience::install();
        return true;
    }();
    Q_UNUSED(started)
}

namespace {

ErrorKind kindOf(int code, int errorClass, ErrorKind otherwise)
{
    switch (code) {
    case GIT_ENOTFOUND:
        return ErrorKind::NotFound;
    case GIT_EAUTH:
        return ErrorKind::SignedOut;
    case GIT_EUSER:
        return ErrorKind::Cancelled;
    case GIT_ECERTIFICATE:
        return ErrorKind::Unavailable;
    default:
        break;
    }
    switch (errorClass) {
    case GIT_ERROR_NET:
    case GIT_ERROR_SSL:
    case GIT_ERROR_HTTP:
        return ErrorKind::Unavailable;
    default:
        return otherwise;
    }
}

} // namespace

Error gitError(int code, ErrorKind otherwise, const QString &message)
{
    const git_error *last = git_error_last();
    const QString detail = last && last->message ? QString::fromUtf8(last->message) : QString();
    const ErrorKind kind = kindOf(code, last ? last->klass : GIT_ERROR_NONE, otherwise);
    git_error_clear();
    return Error{kind, message, detail, {}};
}

CommitId idOf(const git_oid &oid)
{
    char text[GIT_OID_HEXSZ + 1];
    return CommitId(QString::fromLatin1(git_oid_tostr(text, sizeof text, &oid)));
}

} // namespace pilothouse
