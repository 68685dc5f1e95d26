#include "release/compare/comparer.h"

#include "base/future.h"
#include "base/whendone.h"

#include <QThreadPool>

#include <algorithm>
#include <variant>

namespace pilothouse {

namespace {

/// Both versions of a file, while they are read. A side on which it is not there stays empty.
struct FileSides
{
    QByteArray before;
    QByteArray after;
    QString problem;
    int open = 0;
};

/// What differs in a file that is read further.
using FileContent = std::variant<ChangeDifference, ValuesFile, DependencyFile>;

/// More bytes, of both versions together, take longer to read than a frame may.
constexpr qsizetype mostReadAtOnce = 16'384;

bool isReadFurther(FileKind kind)
{
    return kind == FileKind::Change || kind == FileKind::Values || kind == FileKind::Dependencies;
}

FileContent contentOf(const ComparedFile &file, const FileSides &sides)
{
    const QString path = file.file.path;
    const bool isRead = sides.problem.isEmpty();
    if (file.kind == FileKind::Change) {
        ChangeDifference change = changeDifference(file.file, sides.before, sides.after);
        if (!isRead)
            change.problem = sides.problem;
        return change;
    }
    if (file.kind == FileKind::Values)
        return isRead ? valuesDifference(path, sides.before, sides.after)
                      : ValuesFile{path, {}, sides.problem};
    return isRead ? dependencyDifference(path, sides.before, sides.after)
                  : DependencyFile{path, {}, sides.problem};
}

/// A lock file may have megabytes: such a one is read beside the event loop.
QFuture<Result<FileContent>> contentInTime(const ComparedFile &file, const FileSides &sides)
{
    if (sides.before.size() + sides.after.size() <= mostReadAtOnce)
        return ready<FileContent>(contentOf(file, sides));
    auto promise = std::make_shared<QPromise<Result<FileContent>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, file, sides] {
        promise->addResult(contentOf(file, sides));
        promise->finish();
    });
    return promise->future();
}

template <typename Entry>
void sortByPath(QList<Entry> &entries)
{
    std::sort(entries.begin(), entries.end(),
              [](const Entry &a, const Entry &b) { return a.path < b.path; });
}

} // namespace

struct Comparer::Private
{
    Private(Comparer *owner, const CompareSources &given) : q(owner), sources(given) {}

    void takeRelation(Relation relation);
    void takeFiles(const QList<ChangedFile> &files);
    void readSides(const ComparedFile &file);
    void takeSides(const ComparedFile &file, const FileSides &sides);
    void takeContent(const FileContent &content);
    void finishPart();
    void giveUp(const Error &why);
    /// Calls `take` with the answer, unless another question was asked since.
    template <typename T, typename Take>
    void await(const QFuture<Result<T>> &future, Take take);
    /// The same with a good answer; any other ends the comparison.
    template <typename T, typename Take>
    void need(const QFuture<Result<T>> &future, Take take);

    Comparer *q;
    CompareSources sources;
    SeenWorld seen;
    int question = 0;
    int open = 0; ///< parts that are still awaited
    bool comparing = false;
    Comparison growing; ///< its commits are those that are asked about
    std::optional<Comparison> known;
    std::optional<Error> error;
};

Comparer::Comparer(const CompareSources &sources, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(this, sources))
{}

Comparer::~Comparer() = default;

void Comparer::compare(const CommitId &from, const CommitId &to, const SeenWorld &seen)
{
    ++d->question;
    d->open = 0;
    if (d->growing.from != from || d->growing.to != to)
        d->known.reset();
    d->error.reset();
    d->growing = {};
    d->growing.from = from;
    d->growing.to = to;
    d->seen = seen;
    d->comparing = true;
    Q_EMIT changed();
    d->need(d->sources.ancestry.relation(to, from),
            [this](Relation relation) { d->takeRelation(relation); });
}

template <typename T, typename Take>
void Comparer::Private::await(const QFuture<Result<T>> &future, Take take)
{
    ++open;
    const auto unlessLate = [this, take, mine = question](const Result<T> &answer) {
        if (mine != question)
            return;
        take(answer);
        // What `take` asked for is counted by now; it may also have given up.
        if (mine == question)
            finishPart();
    };
    whenDone(future, q, unlessLate, [unlessLate] {
        unlessLate(fail(ErrorKind::Cancelled, Comparer::tr("The repository gave no answer.")));
    });
}

template <typename T, typename Take>
void Comparer::Private::need(const QFuture<Result<T>> &future, Take take)
{
    await(future, [this, take](const Result<T> &answer) {
        if (answer)
            take(*answer);
        else
            giveUp(answer.error());
    });
}

void Comparer::Private::takeRelation(Relation relation)
{
    growing.relation = relation;
    if (relation == Relation::Same)
        return;
    const auto list = [this](const CommitId &of, const CommitId &without,
                             ComparedCommits Comparison::*into) {
        need(sources.history.commitsOf(of, without, mostCommits),
             [this, into](const CommitRange &range) { growing.*into = comparedCommits(range); });
    };
    if (relation != Relation::Older)
        list(growing.to, growing.from, &Comparison::brought);
    if (relation != Relation::Newer)
        list(growing.from, growing.to, &Comparison::takenBack);
    if (relation == Relation::Unrelated) {
        need(sources.history.commonAncestor(growing.from, growing.to),
             [this](const std::optional<CommitId> &fork) { growing.fork = fork; });
    }
    need(sources.history.changedFiles(growing.from, growing.to),
         [this](const QList<ChangedFile> &files) { takeFiles(files); });
}

void Comparer::Private::takeFiles(const QList<ChangedFile> &files)
{
    for (const ChangedFile &file : files)
        growing.files.append({file, fileKind(file.path, sources.paths)});
    std::stable_sort(growing.files.begin(), growing.files.end(),
                     [](const ComparedFile &a, const ComparedFile &b) { return a.kind < b.kind; });
    int read = 0;
    const QList<ComparedFile> all = growing.files;
    for (const ComparedFile &file : all) {
        if (!isReadFurther(file.kind))
            continue;
        if (++read > mostReadFiles)
            takeSides(file, {{}, {}, Comparer::tr("not read: too many such files differ"), 0});
        else
            readSides(file);
    }
}

void Comparer::Private::readSides(const ComparedFile &file)
{
    using How = ChangedFile::How;
    auto sides = std::make_shared<FileSides>();
    const QString oldPath = file.file.before.isEmpty() ? file.file.path : file.file.before;
    const auto side = [this, sides, file](const CommitId &at, const QString &path,
                                          QByteArray FileSides::*into) {
        await(sources.files.file(at, path),
              [this, sides, file, into](const Result<SourceFile> &answer) {
                  if (answer)
                      (*sides).*into = answer->content;
                  else
                      sides->problem = answer.error().message;
                  if (--sides->open == 0)
                      takeSides(file, *sides);
              });
    };
    const bool hasBefore = file.file.how != How::Added;
    const bool hasAfter = file.file.how != How::Removed;
    sides->open = int(hasBefore) + int(hasAfter);
    if (hasBefore)
        side(growing.from, oldPath, &FileSides::before);
    if (hasAfter)
        side(growing.to, file.file.path, &FileSides::after);
}

void Comparer::Private::takeSides(const ComparedFile &file, const FileSides &sides)
{
    need(contentInTime(file, sides), [this](const FileContent &content) { takeContent(content); });
}

void Comparer::Private::takeContent(const FileContent &content)
{
    if (const auto *change = std::get_if<ChangeDifference>(&content)) {
        growing.changes.append(*change);
        growing.changes.last().phase = seen.phases.value(change->name);
        sortByPath(growing.changes);
    } else if (const auto *values = std::get_if<ValuesFile>(&content)) {
        growing.values.append(*values);
        sortByPath(growing.values);
    } else if (const auto *packages = std::get_if<DependencyFile>(&content)) {
        growing.dependencies.append(*packages);
        sortByPath(growing.dependencies);
    }
}

void Comparer::Private::finishPart()
{
    if (--open > 0)
        return;
    growing.images = imageDifferences(growing.from, growing.to, seen.images);
    known = growing;
    comparing = false;
    Q_EMIT q->changed();
}

void Comparer::Private::giveUp(const Error &why)
{
    ++question; // the other parts are not wanted any more
    comparing = false;
    error = why;
    Q_EMIT q->changed();
}

CommitId Comparer::from() const
{
    return d->growing.from;
}

CommitId Comparer::to() const
{
    return d->growing.to;
}

bool Comparer::isComparing() const
{
    return d->comparing;
}

const std::optional<Comparison> &Comparer::comparison() const
{
    return d->known;
}

const std::optional<Error> &Comparer::error() const
{
    return d->error;
}

} // namespace pilothouse
