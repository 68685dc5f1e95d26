#pragma once

#include "base/id.h"
#include "base/result.h"
#include "pipeline/workflow.h"
#include "repository/sourcetree.h"

#include <QHash>
#include <QObject>
#include <QStringList>

namespace pilothouse {

/// Reads the workflow files of one commit and those that they call. Parsing happens in another
/// thread; signals come in the GUI thread and only for the commit asked for last.
class WorkflowLoader final : public QObject
{
    Q_OBJECT

public:
    /// `paths` from the root of the repository; empty = all of .github/workflows. `files` must
    /// outlive it.
    WorkflowLoader(SourceTree &files, const QStringList &paths, QObject *parent = nullptr);

    [[nodiscard]] bool isLoading() const { return m_waiting > 0; }
    /// Drops what is on its way and begins with this commit.
    void load(const CommitId &commit);

Q_SIGNALS:
    /// The files in the order of the paths, called ones after them. `missing` tells of listed files
    /// that the commit does not have.
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
    void finishOne();
    void stop(const Error &error);
    /// Calls `what` with the answer, unless another load has begun meanwhile.
    template <typename T, typename What>
    void ask(const QFuture<T> &question, What what);

    SourceTree &m_files;
    QStringList m_paths;
    CommitId m_commit;
    qint64 m_generation = 0; ///< answers for an earlier load are dropped
    int m_waiting = 0;       ///< questions and parsings that are on their way
    QStringList m_asked;
    QHash<QString, Workflow> m_workflows;
    QList<Problem> m_missing;
};

} // namespace pilothouse
