#pragma once

#include "base/id.h"
#include "base/result.h"
#include "pipeline/workflow.h"
#include "repository/otherrepositories.h"
#include "repository/sourcetree.h"

#include <QHash>
#include <QObject>
#include <QStringList>

namespace pilothouse {

/// Reads the workflow files of one commit and those that they call, in other repositories too.
/// Parsing happens in another thread; signals come in the GUI thread and only for the commit asked
/// for last.
class WorkflowLoader final : public QObject
{
    Q_OBJECT

public:
    /// `paths` from the root of the repository; empty = all of .github/workflows. `others` may be
    /// nullptr: what another repository has stays closed. Both must outlive it.
    WorkflowLoader(SourceTree &files, OtherRepositories *others, const QStringList &paths,
                   QObject *parent = nullptr);

    /// Until the files of this repository are there.
    [[nodiscard]] bool isLoading() const { return m_waiting > 0; }
    /// Drops what is on its way and begins with this commit.
    void load(const CommitId &commit);

Q_SIGNALS:
    /// The files in the order of the paths, called ones after them. `missing` tells of listed files
    /// that the commit does not have, and of called ones that another repository did not give or
    /// that were one too many: of files that only a call names a hundred are read. Once more when
    /// other repositories have answered: the graph does not wait for them.
    void loaded(const QList<pilothouse::Workflow> &workflows,
                const QList<pilothouse::Problem> &missing);
    /// No graph can be drawn: the commit or the repository cannot be read.
    void failed(const pilothouse::Error &error);

private:
    void readListed();
    void readFolder();
    void readFile(const QString &path);
    void accept(const QString &path, const Result<SourceFile> &file);
    void parse(const SourceFile &file);
    void acceptParsed(const Workflow &workflow);
    void readCallee(const QString &path, const Workflow &caller, const WorkflowJob &job);
    [[nodiscard]] static QString tooManyCalled();
    void readElsewhere(const RemoteFile &file, const Workflow &caller, const WorkflowJob &job);
    void finishElsewhere();
    [[nodiscard]] bool readCallees(const Workflow &workflow);
    void finishOne();
    void tell();
    void stop(const Error &error);
    /// Calls `what` with the answer, unless another load has begun meanwhile.
    template <typename T, typename What>
    void ask(const QFuture<T> &question, What what);

    SourceTree &m_files;
    OtherRepositories *m_others;
    QStringList m_paths;
    CommitId m_commit;
    qint64 m_generation = 0; ///< answers for an earlier load are dropped
    int m_waiting = 0;       ///< questions and parsings that are on their way
    int m_elsewhere = 0;     ///< the same of other repositories' files
    QStringList m_asked;
    qsizetype m_called = 0; ///< those of them that are read because a job calls them
    QHash<QString, Workflow> m_workflows;
    QList<Problem> m_missing;
};

} // namespace pilothouse
