#include "connectors/git/scriptedrepository.h"

#include <QFile>

#include <git2.h>

#include <vector>

namespace pilothouse {

namespace {

void must(int code)
{
    if (code < 0)
        qFatal("libgit2 in a fixture: %s", git_error_last() ? git_error_last()->message : "?");
}

CommitId idOf(const git_oid &oid)
{
    char text[GIT_OID_HEXSZ + 1];
    return CommitId(QString::fromLatin1(git_oid_tostr(text, sizeof text, &oid)));
}

git_oid oidOf(const CommitId &id)
{
    git_oid oid;
    must(git_oid_fromstr(&oid, id.value.toLatin1().constData()));
    return oid;
}

git_oid blob(git_repository *repository, const QByteArray &content)
{
    git_oid oid;
    must(
        git_blob_create_from_buffer(&oid, repository, content.constData(), size_t(content.size())));
    return oid;
}

git_oid tree(git_repository *repository, const QMap<QByteArray, git_oid> &files)
{
    git_index *index = nullptr;
    must(git_index_new(&index));
    for (auto file = files.begin(); file != files.end(); ++file) {
        git_index_entry entry{};
        entry.path = file.key().constData();
        entry.mode = GIT_FILEMODE_BLOB;
        entry.id = file.value();
        must(git_index_add(index, &entry));
    }
    git_oid oid;
    must(git_index_write_tree_to(&oid, index, repository));
    git_index_free(index);
    return oid;
}

git_oid treeOf(git_repository *repository, const QMap<QByteArray, QByteArray> &files)
{
    QMap<QByteArray, git_oid> blobs;
    for (auto file = files.begin(); file != files.end(); ++file)
        blobs.insert(file.key(), blob(repository, file.value()));
    return tree(repository, blobs);
}

/// Writes the bytes of a commit as they are, so that it may point at nothing.
git_oid raw(git_repository *repository, const git_oid &treeId, const QByteArray &between,
            const QByteArray &author, const QByteArray &message)
{
    char treeText[GIT_OID_HEXSZ + 1];
    git_oid_tostr(treeText, sizeof treeText, &treeId);
    const QByteArray who = author + " <muster@example.org> 1795528800 +0100\n";
    const QByteArray bytes = QByteArray("tree ") + treeText + "\n" + between + "author " + who
                             + "committer " + who + message;
    git_odb *objects = nullptr;
    must(git_repository_odb(&objects, repository));
    git_oid oid;
    must(git_odb_write(&oid, objects, bytes.constData(), size_t(bytes.size()), GIT_OBJECT_COMMIT));
    git_odb_free(objects);
    return oid;
}

} // namespace

ScriptedRepository::ScriptedRepository(const QString &path) : m_path(path)
{
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
    must(git_repository_init(&m_repository, QFile::encodeName(path).constData(), 0));
    setSymbolic("HEAD", "refs/heads/main");
}

ScriptedRepository::~ScriptedRepository()
{
    git_repository_free(m_repository);
    git_libgit2_shutdown();
}

CommitId ScriptedRepository::commit(const NewCommit &what)
{
    git_signature *author = nullptr;
    must(git_signature_new(&author, what.author.constData(), "muster@example.org", what.at,
                           what.offsetMinutes));
    const git_oid treeId = treeOf(m_repository, what.files);
    git_tree *treeObject = nullptr;
    must(git_tree_lookup(&treeObject, m_repository, &treeId));
    std::vector<git_commit *> parents(size_t(what.parents.size()), nullptr);
    for (size_t i = 0; i < parents.size(); ++i) {
        const git_oid parent = oidOf(what.parents[qsizetype(i)]);
        must(git_commit_lookup(&parents[i], m_repository, &parent));
    }
    git_oid oid;
    std::vector<const git_commit *> given(parents.begin(), parents.end());
    must(git_commit_create(&oid, m_repository, nullptr, author, author, nullptr,
                           what.message.constData(), treeObject, given.size(), given.data()));
    for (git_commit *parent : parents)
        git_commit_free(parent);
    git_tree_free(treeObject);
    git_signature_free(author);
    return idOf(oid);
}

CommitId ScriptedRepository::commitLatin1(const QByteArray &message, const QByteArray &author)
{
    return idOf(raw(m_repository, treeOf(m_repository, {}), {}, author,
                    "encoding ISO-8859-1\n\n" + message));
}

CommitId ScriptedRepository::commitAtShallowBorder(const QMap<QByteArray, QByteArray> &files)
{
    const git_oid oid
        = raw(m_repository, treeOf(m_repository, files),
              "parent " + QByteArray(GIT_OID_HEXSZ, '7') + "\n", "A. Muster", "\nat the border\n");
    QFile shallow(gitFolder() + QStringLiteral("/shallow"));
    if (!shallow.open(QIODevice::WriteOnly)
        || shallow.write(idOf(oid).value.toLatin1() + "\n") < GIT_OID_HEXSZ)
        qFatal("the mark of a shallow clone cannot be written");
    return idOf(oid);
}

CommitId ScriptedRepository::commitWithAbsentFile(const QByteArray &path)
{
    git_oid nowhere;
    must(git_oid_fromstr(&nowhere, QByteArray(GIT_OID_HEXSZ, '7').constData()));
    git_config *config = nullptr;
    must(git_repository_config(&config, m_repository));
    must(git_config_set_bool(config, "remote.origin.promisor", 1));
    git_config_free(config);
    return idOf(raw(m_repository, tree(m_repository, {{path, nowhere}}), {}, "A. Muster",
                    "\na file elsewhere\n"));
}

void ScriptedRepository::setReference(const QByteArray &name, const CommitId &commit)
{
    const git_oid oid = oidOf(commit);
    git_reference *made = nullptr;
    must(git_reference_create(&made, m_repository, name.constData(), &oid, 1, nullptr));
    git_reference_free(made);
}

void ScriptedRepository::setSymbolic(const QByteArray &name, const QByteArray &target)
{
    git_reference *made = nullptr;
    must(git_reference_symbolic_create(&made, m_repository, name.constData(), target.constData(), 1,
                                       nullptr));
    git_reference_free(made);
}

void ScriptedRepository::removeReference(const QByteArray &name)
{
    must(git_reference_remove(m_repository, name.constData()));
}

void ScriptedRepository::annotatedTag(const QByteArray &name, const CommitId &commit)
{
    const git_oid oid = oidOf(commit);
    git_object *target = nullptr;
    git_signature *tagger = nullptr;
    git_oid made;
    must(git_object_lookup(&target, m_repository, &oid, GIT_OBJECT_COMMIT));
    must(git_signature_new(&tagger, "A. Muster", "muster@example.org", 1'795'528'800, 60));
    must(git_tag_create(&made, m_repository, name.constData(), target, tagger, "a tag", 1));
    git_signature_free(tagger);
    git_object_free(target);
}

void ScriptedRepository::setOrigin(const QString &url)
{
    // Not git_remote_create: libgit2 1.5 loses memory in it.
    git_config *settings = nullptr;
    must(git_repository_config(&settings, m_repository));
    must(git_config_set_string(settings, "remote.origin.url", url.toUtf8().constData()));
    git_config_free(settings);
}

} // namespace pilothouse
