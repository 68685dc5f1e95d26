#include "sandbox_parts/gitreader.h"

#include <QFile>

#include <git2.h>

namespace pilothouse {

namespace {

git_tree *treeAt(git_repository *repository, const QString &sha)
{
    git_object *object = nullptr;
    const QByteArray spec = sha.toLatin1() + "^{tree}";
    if (git_revparse_single(&object, repository, spec.constData()) < 0)
        return nullptr;
    return reinterpret_cast<git_tree *>(object);
}

int addPath(const git_diff_delta *delta, float, void *paths)
{
    static_cast<QStringList *>(paths)->append(QString::fromUtf8(delta->new_file.path));
    return 0;
}

int addStatus(const char *path, unsigned, void *paths)
{
    static_cast<QStringList *>(paths)->append(QString::fromUtf8(path));
    return 0;
}

} // namespace

GitReader::GitReader(const QString &path)
{
    git_libgit2_init();
    git_repository_open(&m_repository, QFile::encodeName(path).constData());
}

GitReader::~GitReader()
{
    git_repository_free(m_repository);
    git_libgit2_shutdown();
}

QString GitReader::resolve(const QString &name) const
{
    git_object *object = nullptr;
    if (git_revparse_single(&object, m_repository, name.toUtf8().constData()) < 0)
        return {};
    const QString sha = QString::fromLatin1(git_oid_tostr_s(git_object_id(object)));
    git_object_free(object);
    return sha;
}

QByteArray GitReader::file(const QString &sha, const QString &path) const
{
    git_object *object = nullptr;
    const QByteArray spec = sha.toLatin1() + ':' + path.toUtf8();
    if (git_revparse_single(&object, m_repository, spec.constData()) < 0)
        return {};
    const auto *blob = reinterpret_cast<git_blob *>(object);
    const QByteArray content(static_cast<const char *>(git_blob_rawcontent(blob)),
                             qsizetype(git_blob_rawsize(blob)));
    git_object_free(object);
    return content;
}

QStringList GitReader::folder(const QString &sha, const QString &path) const
{
    git_object *object = nullptr;
    const QByteArray spec = sha.toLatin1() + ':' + path.toUtf8();
    if (git_revparse_single(&object, m_repository, spec.constData()) < 0)
        return {};
    QStringList names;
    const auto *tree = reinterpret_cast<git_tree *>(object);
    for (size_t i = 0; i < git_tree_entrycount(tree); ++i)
        names << path + QLatin1Char('/')
                     + QString::fromUtf8(git_tree_entry_name(git_tree_entry_byindex(tree, i)));
    git_object_free(object);
    return names;
}

QStringList GitReader::subjects(const QString &from, const QString &to) const
{
    git_revwalk *walk = nullptr;
    git_revwalk_new(&walk, m_repository);
    git_revwalk_push_range(walk, (from + QStringLiteral("..") + to).toLatin1().constData());
    QStringList subjects;
    git_oid id;
    while (git_revwalk_next(&id, walk) == 0) {
        git_commit *commit = nullptr;
        if (git_commit_lookup(&commit, m_repository, &id) == 0)
            subjects.prepend(QString::fromUtf8(git_commit_summary(commit)));
        git_commit_free(commit);
    }
    git_revwalk_free(walk);
    return subjects;
}

QStringList GitReader::changed(const QString &from, const QString &to) const
{
    git_tree *before = treeAt(m_repository, from);
    git_tree *after = treeAt(m_repository, to);
    git_diff *diff = nullptr;
    QStringList paths;
    if (git_diff_tree_to_tree(&diff, m_repository, before, after, nullptr) == 0)
        git_diff_foreach(diff, addPath, nullptr, nullptr, nullptr, &paths);
    git_diff_free(diff);
    git_tree_free(before);
    git_tree_free(after);
    paths.sort();
    return paths;
}

QStringList GitReader::dirty() const
{
    QStringList paths;
    git_status_foreach(m_repository, addStatus, &paths);
    return paths;
}

} // namespace pilothouse
