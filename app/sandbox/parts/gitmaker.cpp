#include "app/sandbox/parts/gitmaker.h"

#include "app/sandbox/parts/plannedhistory.h"
#include "base/words.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <git2.h>

#include <algorithm>
#include <memory>
#include <optional>

// A static library's resources are not linked in unless somebody names them; the macro wants to
// stand outside of every namespace.
static void initialiseRepositoryTree()
{
    Q_INIT_RESOURCE(repositorytree);
}

namespace pilothouse::sandbox {

namespace {

class LibGit
{
public:
    LibGit() { git_libgit2_init(); }
    ~LibGit() { git_libgit2_shutdown(); }
    Q_DISABLE_COPY_MOVE(LibGit)
};

template <auto Free>
struct Freed
{
    template <typename T>
    void operator()(T *it) const
    {
        Free(it);
    }
};

using Repository = std::unique_ptr<git_repository, Freed<git_repository_free>>;
using Index = std::unique_ptr<git_index, Freed<git_index_free>>;
using Tree = std::unique_ptr<git_tree, Freed<git_tree_free>>;
using GitCommit = std::unique_ptr<git_commit, Freed<git_commit_free>>;
using Object = std::unique_ptr<git_object, Freed<git_object_free>>;
using Diff = std::unique_ptr<git_diff, Freed<git_diff_free>>;
using DiffStats = std::unique_ptr<git_diff_stats, Freed<git_diff_stats_free>>;
using Signature = std::unique_ptr<git_signature, Freed<git_signature_free>>;
using Reference = std::unique_ptr<git_reference, Freed<git_reference_free>>;

tl::unexpected<Error> gitFailure(const QString &what)
{
    // The library's error belongs to the thread and the last call: read before anything else.
    const git_error *last = git_error_last();
    const QString detail = last ? QString::fromUtf8(last->message) : QString();
    return fail(ErrorKind::Unavailable, what, detail);
}

/// Adds a layer's files to the index; later layers replace what earlier ones had.
Result<> addLayer(git_repository *repository, git_index *index, const QString &layer)
{
    const QString root = QStringLiteral(":/sandbox/tree/") + layer + QLatin1Char('/');
    QDirIterator files(root, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString name = files.next();
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorKind::Internal,
                        Words::tr("The built-in file %1 is missing.").arg(name));
        const QByteArray content = file.readAll();
        const QByteArray path = name.mid(root.size()).toUtf8();
        git_index_entry entry{};
        entry.path = path.constData();
        entry.mode = path.startsWith("scripts/") ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
        if (git_blob_create_from_buffer(&entry.id, repository, content.constData(),
                                        size_t(content.size()))
                < 0
            || git_index_add(index, &entry) < 0)
            return gitFailure(Words::tr("The rehearsal's repository could not take %1.").arg(name));
    }
    return {};
}

Result<git_oid> writeCommit(git_repository *repository, git_index *index, const MadeCommit &made,
                            const git_oid *parent)
{
    const QString problem
        = Words::tr("The commit “%1” of the rehearsal could not be written.").arg(made.subject);
    git_oid treeId;
    git_tree *rawTree = nullptr;
    if (git_index_write_tree_to(&treeId, index, repository) < 0
        || git_tree_lookup(&rawTree, repository, &treeId) < 0)
        return gitFailure(problem);
    const Tree tree(rawTree);

    git_commit *rawParent = nullptr;
    if (parent && git_commit_lookup(&rawParent, repository, parent) < 0)
        return gitFailure(problem);
    const GitCommit parentCommit(rawParent);

    git_signature *rawSignature = nullptr;
    if (git_signature_new(&rawSignature, made.author.toUtf8().constData(),
                          made.email.toUtf8().constData(), made.at.toSecsSinceEpoch(), 60)
        < 0)
        return gitFailure(problem);
    const Signature signature(rawSignature);

    QString message = made.subject + QLatin1Char('\n');
    if (!made.body.isEmpty())
        message += QLatin1Char('\n') + made.body + QLatin1Char('\n');
    git_oid id;
    // The variadic form: the array's type in the other one differs between releases of libgit2.
    if (git_commit_create_v(&id, repository, nullptr, signature.get(), signature.get(), "UTF-8",
                            message.toUtf8().constData(), tree.get(),
                            parent ? size_t(1) : size_t(0), parentCommit.get())
        < 0)
        return gitFailure(problem);
    return id;
}

Result<> moveReference(git_repository *repository, const char *name, const git_oid &to)
{
    git_reference *raw = nullptr;
    if (git_reference_create(&raw, repository, name, &to, 1, "push") < 0)
        return gitFailure(Words::tr("The branch of the rehearsal's repository did not move."));
    const Reference reference(raw);
    return {};
}

Result<Repository> openRepository(const QString &path)
{
    git_repository *raw = nullptr;
    if (git_repository_open(&raw, QFile::encodeName(path).constData()) < 0)
        return gitFailure(Words::tr("The rehearsal's repository %1 cannot be opened.").arg(path));
    return Repository(raw);
}

Result<Repository> makeUpstream(const QString &path)
{
    git_repository_init_options options;
    git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags
        = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKDIR | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = "main";
    git_repository *raw = nullptr;
    if (git_repository_init_ext(&raw, QFile::encodeName(path).constData(), &options) < 0)
        return gitFailure(Words::tr("The rehearsal's repository cannot be made in %1: choose an "
                                    "empty folder that you may write to.")
                              .arg(path));
    return Repository(raw);
}

Result<> cloneTo(const QString &upstream, const QString &path)
{
    git_clone_options options;
    git_clone_options_init(&options, GIT_CLONE_OPTIONS_VERSION);
    options.local = GIT_CLONE_LOCAL; // takes all objects, also those that no ref leads to yet
    git_repository *raw = nullptr;
    if (git_clone(&raw, QFile::encodeName(upstream).constData(),
                  QFile::encodeName(path).constData(), &options)
        < 0)
        return gitFailure(
            Words::tr("The rehearsal's clone cannot be made in %1: choose an empty folder that you "
                      "may write to.")
                .arg(path));
    const Repository clone(raw);
    return {};
}

Result<Tree> treeOf(git_repository *repository, const git_oid &commit)
{
    git_commit *rawCommit = nullptr;
    if (git_commit_lookup(&rawCommit, repository, &commit) < 0)
        return gitFailure(Words::tr("The rehearsal's repository could not be made."));
    const GitCommit held(rawCommit);
    git_tree *raw = nullptr;
    if (git_commit_tree(&raw, rawCommit) < 0)
        return gitFailure(Words::tr("The rehearsal's repository could not be made."));
    return Tree(raw);
}

/// Counts what changed from the commit before; all of it, where there is none.
Result<> countChanges(git_repository *repository, MadeCommit &made, const git_oid &id,
                      const git_oid *parent)
{
    const auto after = treeOf(repository, id);
    const auto before = parent ? treeOf(repository, *parent) : Result<Tree>(Tree());
    if (!after || !before)
        return fail(after ? before.error() : after.error());
    git_diff *rawDiff = nullptr;
    git_diff_stats *rawStats = nullptr;
    if (git_diff_tree_to_tree(&rawDiff, repository, before->get(), after->get(), nullptr) < 0)
        return gitFailure(Words::tr("The rehearsal's repository could not be made."));
    const Diff diff(rawDiff);
    if (git_diff_get_stats(&rawStats, rawDiff) < 0)
        return gitFailure(Words::tr("The rehearsal's repository could not be made."));
    const DiffStats stats(rawStats);
    made.changedFiles = int(git_diff_stats_files_changed(rawStats));
    made.addedLines = int(git_diff_stats_insertions(rawStats));
    made.removedLines = int(git_diff_stats_deletions(rawStats));
    return {};
}

Result<> writeHistory(git_repository *repository, MadeRepository &made)
{
    git_index *raw = nullptr;
    if (git_index_new(&raw) < 0)
        return gitFailure(Words::tr("The rehearsal's repository could not be made."));
    const Index index(raw);
    std::optional<git_oid> parent;
    for (const PlannedCommit &planned : plannedHistory()) {
        if (auto added = addLayer(repository, index.get(), planned.layer); !added)
            return fail(added.error());
        MadeCommit commit = planned.commit;
        auto id = writeCommit(repository, index.get(), commit, parent ? &*parent : nullptr);
        if (!id)
            return fail(id.error());
        if (auto counted = countChanges(repository, commit, *id, parent ? &*parent : nullptr);
            !counted)
            return counted;
        parent = *id;
        commit.sha = QString::fromLatin1(git_oid_tostr_s(&*id));
        if (!commit.nickname.isEmpty())
            made.commits.insert(commit.nickname, commit.sha);
        made.history.append(commit);
    }
    return {};
}

} // namespace

Result<MadeRepository> makeRepository(const QString &dir)
{
    initialiseRepositoryTree();
    const LibGit library;
    MadeRepository made;
    made.path = QDir(dir).filePath(QStringLiteral("coditect-dev-context"));
    made.upstream = made.path + QStringLiteral(".git");

    auto upstream = makeUpstream(made.upstream);
    if (!upstream)
        return fail(upstream.error());
    if (auto written = writeHistory(upstream->get(), made); !written)
        return fail(written.error());
    git_oid start;
    git_oid_fromstr(&start, made.commits.value(QStringLiteral("b7710fe")).toLatin1().constData());
    if (auto moved = moveReference(upstream->get(), "refs/heads/main", start); !moved)
        return fail(moved.error());
    if (auto cloned = cloneTo(made.upstream, made.path); !cloned)
        return fail(cloned.error());
    return made;
}

Result<> pushRelease(const MadeRepository &repository, const QString &nickname)
{
    const QString sha = repository.commits.value(nickname);
    git_oid id;
    if (sha.isEmpty() || git_oid_fromstr(&id, sha.toLatin1().constData()) < 0)
        return fail(ErrorKind::NotFound,
                    Words::tr("The rehearsal has no release “%1”.").arg(nickname));
    const LibGit library;
    auto upstream = openRepository(repository.upstream);
    if (!upstream)
        return fail(upstream.error());
    if (auto moved = moveReference(upstream->get(), "refs/heads/main", id); !moved)
        return moved;

    auto clone = openRepository(repository.path);
    if (!clone)
        return fail(clone.error());
    if (auto moved = moveReference(clone->get(), "refs/remotes/origin/main", id); !moved)
        return moved;
    git_object *raw = nullptr;
    if (git_object_lookup(&raw, clone->get(), &id, GIT_OBJECT_COMMIT) < 0)
        return gitFailure(Words::tr("The rehearsal's clone lacks the pushed commit."));
    const Object target(raw);
    if (git_reset(clone->get(), target.get(), GIT_RESET_HARD, nullptr) < 0)
        return gitFailure(Words::tr("The rehearsal's clone could not follow the push."));
    return {};
}

MadeCommit madeCommit(const MadeRepository &repository, const QString &name)
{
    const auto is = [&](const MadeCommit &commit) {
        return commit.nickname == name || (name.size() >= 7 && commit.sha.startsWith(name));
    };
    const auto it = std::find_if(repository.history.begin(), repository.history.end(), is);
    return it == repository.history.end() ? MadeCommit{} : *it;
}

} // namespace pilothouse::sandbox
