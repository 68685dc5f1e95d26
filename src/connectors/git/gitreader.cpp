#include "connectors/git/gitreader.h"

#include "base/words.h"
#include "connectors/git/gitreferences.h"

#include <QTimeZone>

#include <algorithm>

namespace pilothouse {

namespace {

bool isHex(const QByteArray &text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

QString textOf(const git_commit *commit, const char *bytes)
{
    const QByteArray encoding = QByteArray(git_commit_message_encoding(commit)).toLower();
    if (encoding == "iso-8859-1" || encoding == "latin1")
        return QString::fromLatin1(bytes);
    return QString::fromUtf8(bytes);
}

Commit decode(const git_commit *commit)
{
    Commit result;
    result.id = idOf(*git_commit_id(commit));
    const QString message = textOf(commit, git_commit_message(commit));
    const qsizetype end = message.indexOf(QLatin1Char('\n'));
    result.subject = message.left(end).trimmed();
    result.body = end < 0 ? QString() : message.mid(end).trimmed();
    if (const git_signature *author = git_commit_author(commit))
        result.author = textOf(commit, author->name);
    result.at = QDateTime::fromSecsSinceEpoch(git_commit_time(commit), Qt::UTC);
    for (unsigned int i = 0; i < git_commit_parentcount(commit); ++i)
        result.parents.append(idOf(*git_commit_parent_id(commit, i)));
    return result;
}

QByteArray cleanPath(const QString &path)
{
    QByteArray clean = path.toUtf8();
    while (clean.startsWith("./"))
        clean.remove(0, 2);
    while (clean.startsWith('/'))
        clean.remove(0, 1);
    while (clean.endsWith('/'))
        clean.chop(1);
    return clean == "." ? QByteArray() : clean;
}

} // namespace

GitReader::GitReader(GitLocation location) : m_location(std::move(location)) {}

Result<void> GitReader::open()
{
    if (m_pair.mirror)
        return {};
    Result<GitPair> pair = openPair(m_location);
    if (!pair)
        return fail(pair.error());
    m_pair = std::move(*pair);
    return {};
}

Error GitReader::missing(const QString &what) const
{
    const QString part = m_pair.missingPart();
    return Error{
        ErrorKind::NotFound,
        part.isEmpty()
            ? Words::tr("%1 is not in the Git repository at %2: fetch it, then read again.")
                  .arg(what, m_location.clone)
            : Words::tr("%1 is not in the Git repository at %2. %3")
                  .arg(what, m_location.clone, part),
        {},
        {}};
}

Result<git_oid> GitReader::oidOf(const CommitId &id) const
{
    const QByteArray text = id.value.toLatin1();
    git_oid oid;
    if (text.size() != GIT_OID_HEXSZ || !isHex(text)
        || git_oid_fromstr(&oid, text.constData()) < 0) {
        git_error_clear();
        return fail(ErrorKind::BadInput,
                    Words::tr("\"%1\" is no commit: give all 40 characters.").arg(id.value));
    }
    return oid;
}

Result<GitCommitHandle> GitReader::lookUp(const CommitId &id)
{
    if (const Result<void> opened = open(); !opened)
        return fail(opened.error());
    const Result<git_oid> oid = oidOf(id);
    if (!oid)
        return fail(oid.error());
    GitCommitHandle commit;
    const int code = git_commit_lookup(commit.out(), m_pair.mirror.get(), &*oid);
    if (code == GIT_ENOTFOUND) {
        git_error_clear();
        return fail(missing(Words::tr("Commit %1").arg(shortSha(id))));
    }
    if (code < 0)
        return fail(gitError(code, ErrorKind::Malformed,
                             Words::tr("Commit %1 cannot be read: run \"git fsck\" in %2.")
                                 .arg(shortSha(id), m_location.clone)));
    return commit;
}

Result<GitTreeHandle> GitReader::treeOf(const CommitId &id)
{
    const Result<GitCommitHandle> commit = lookUp(id);
    if (!commit)
        return fail(commit.error());
    GitTreeHandle tree;
    const int code = git_commit_tree(tree.out(), commit->get());
    if (code == GIT_ENOTFOUND) {
        git_error_clear();
        return fail(missing(Words::tr("The list of files of commit %1").arg(shortSha(id))));
    }
    if (code < 0)
        return fail(gitError(code, ErrorKind::Malformed,
                             Words::tr("The files of commit %1 cannot be read: run \"git fsck\" "
                                       "in %2.")
                                 .arg(shortSha(id), m_location.clone)));
    return tree;
}

Result<QByteArray> GitReader::content(const git_oid &blob, const QString &path)
{
    GitBlobHandle found;
    const int code = git_blob_lookup(found.out(), m_pair.mirror.get(), &blob);
    if (code == GIT_ENOTFOUND) {
        git_error_clear();
        return fail(missing(Words::tr("The content of %1").arg(path)));
    }
    if (code < 0)
        return fail(gitError(
            code, ErrorKind::Malformed,
            Words::tr("%1 cannot be read: run \"git fsck\" in %2.").arg(path, m_location.clone)));
    return QByteArray(static_cast<const char *>(git_blob_rawcontent(found.get())),
                      qsizetype(git_blob_rawsize(found.get())));
}

Result<Commit> GitReader::commit(const CommitId &id)
{
    return lookUp(id).map([](const GitCommitHandle &found) { return decode(found.get()); });
}

Result<QList<Commit>> GitReader::history(const CommitId &from, int limit)
{
    Result<GitCommitHandle> at = lookUp(from);
    if (!at)
        return fail(at.error());
    QList<Commit> commits;
    while (*at && commits.size() < limit) {
        commits.append(decode(at->get()));
        GitCommitHandle parent;
        const int code = git_commit_parent(parent.out(), at->get(), 0);
        if (code < 0 && code != GIT_ENOTFOUND)
            return fail(gitError(code, ErrorKind::Malformed,
                                 Words::tr("The parent of commit %1 cannot be read: run \"git "
                                           "fsck\" in %2.")
                                     .arg(shortSha(commits.last().id), m_location.clone)));
        *at = std::move(parent);
    }
    git_error_clear();
    return commits;
}

Result<SourceFile> GitReader::file(const CommitId &at, const QString &path)
{
    const Result<GitTreeHandle> tree = treeOf(at);
    if (!tree)
        return fail(tree.error());
    GitTreeEntryHandle entry;
    const QByteArray clean = cleanPath(path);
    const int code = git_tree_entry_bypath(entry.out(), tree->get(), clean.constData());
    if (code < 0 || git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) {
        git_error_clear();
        return fail(ErrorKind::NotFound,
                    Words::tr("There is no file %1 in commit %2.").arg(path, shortSha(at)));
    }
    const Result<QByteArray> bytes = content(*git_tree_entry_id(entry.get()), path);
    if (!bytes)
        return fail(bytes.error());
    return SourceFile{QString::fromUtf8(clean), *bytes};
}

Result<QList<SourceFile>> GitReader::files(const CommitId &at, const QString &folder)
{
    Result<GitTreeHandle> tree = treeOf(at);
    if (!tree)
        return fail(tree.error());
    const QByteArray clean = cleanPath(folder);
    if (!clean.isEmpty()) {
        GitTreeEntryHandle entry;
        GitTreeHandle below;
        if (git_tree_entry_bypath(entry.out(), tree->get(), clean.constData()) < 0
            || git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE) {
            git_error_clear();
            return QList<SourceFile>();
        }
        if (git_tree_lookup(below.out(), m_pair.mirror.get(), git_tree_entry_id(entry.get())) < 0) {
            git_error_clear();
            return fail(missing(Words::tr("The folder %1").arg(folder)));
        }
        *tree = std::move(below);
    }

    QList<SourceFile> files;
    for (size_t i = 0; i < git_tree_entrycount(tree->get()); ++i) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree->get(), i);
        const git_filemode_t mode = git_tree_entry_filemode(entry);
        if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
            continue;
        const QString name = QString::fromUtf8(git_tree_entry_name(entry));
        const QString path
            = clean.isEmpty() ? name : QString::fromUtf8(clean) + QLatin1Char('/') + name;
        const Result<QByteArray> bytes = content(*git_tree_entry_id(entry), path);
        if (!bytes)
            return fail(bytes.error());
        files.append(SourceFile{path, *bytes});
    }
    std::sort(files.begin(), files.end(),
              [](const SourceFile &a, const SourceFile &b) { return a.path < b.path; });
    return files;
}

Result<CommitId> GitReader::resolve(const QString &name)
{
    if (const Result<void> opened = open(); !opened)
        return fail(opened.error());
    const QByteArray text = name.trimmed().toUtf8();
    const GitReferences references(m_pair, m_originFetched ? GitReferences::Fresher::Mirror
                                                           : GitReferences::Fresher::Compare);
    if (const auto commit = references.named(text))
        return idOf(*commit);

    if (text.size() >= GIT_OID_MINPREFIXLEN && text.size() <= GIT_OID_HEXSZ && isHex(text)) {
        git_oid prefix;
        GitObjectHandle object;
        GitObjectHandle commit;
        int code = git_oid_fromstrn(&prefix, text.constData(), size_t(text.size()));
        if (code == 0)
            code = git_object_lookup_prefix(object.out(), m_pair.mirror.get(), &prefix,
                                            size_t(text.size()), GIT_OBJECT_ANY);
        if (code == GIT_EAMBIGUOUS) {
            git_error_clear();
            return fail(
                ErrorKind::BadInput,
                Words::tr("More than one commit begins with %1: give more characters.").arg(name));
        }
        if (code == 0 && git_object_peel(commit.out(), object.get(), GIT_OBJECT_COMMIT) == 0)
            return idOf(*git_object_id(commit.get()));
        git_error_clear();
    }
    return fail(missing(Words::tr("The commit, branch or tag \"%1\"").arg(name)));
}

Result<CommitId> GitReader::defaultTip()
{
    if (const Result<void> opened = open(); !opened)
        return fail(opened.error());
    const GitReferences references(m_pair, m_originFetched ? GitReferences::Fresher::Mirror
                                                           : GitReferences::Fresher::Compare);
    if (const auto tip = references.originHead())
        return idOf(*tip);
    if (const auto tip = references.cloneHead())
        return idOf(*tip);
    return fail(ErrorKind::NotFound,
                Words::tr("The Git repository at %1 has no commits yet.").arg(m_location.clone));
}

Result<QString> GitReader::originUrl()
{
    if (const Result<void> opened = open(); !opened)
        return fail(opened.error());
    // Not git_remote_lookup: libgit2 1.5 loses 20 kB with each setting that it looks at for it.
    GitConfigHandle settings;
    const char *url = nullptr;
    int code = git_repository_config_snapshot(settings.out(), m_pair.clone.get());
    if (code == 0)
        code = git_config_get_string(&url, settings.get(), "remote.origin.url");
    if (code == GIT_ENOTFOUND) {
        git_error_clear();
        return QString();
    }
    if (code < 0)
        return fail(gitError(code, ErrorKind::BadInput,
                             Words::tr("The remote \"origin\" of %1 cannot be read: check its Git "
                                       "configuration.")
                                 .arg(m_location.clone)));
    return QString::fromUtf8(url);
}

} // namespace pilothouse
