#pragma once

#include "pipeline/graph.h"
#include "pipeline/runsource.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace pilothouse {

/// The workflow file of this name among the fixtures, at the path where a repository has it.
[[nodiscard]] SourceFile fixtureFile(const QString &name);
[[nodiscard]] Workflow fixture(const QString &name);
/// ci.yml and the two deployments that follow it.
[[nodiscard]] QList<Workflow> deliveryWorkflows();

/// A workflow from its text.
[[nodiscard]] Workflow workflowFrom(const QByteArray &text,
                                    const QString &path = QStringLiteral("w.yml"));
/// One job from what stands under its key "job", indented by nothing.
[[nodiscard]] WorkflowJob jobFrom(const QByteArray &body);

/// "13:59:07" on the day of the rehearsal, UTC; an empty text is an invalid time.
[[nodiscard]] QDateTime at(const QString &clock);

/// A job by name, with times as `at` reads them; a number of its own for each name.
[[nodiscard]] Job jobNamed(const QString &name, RunStatus status, const QString &started = {},
                           const QString &completed = {});
[[nodiscard]] Run runOf(const QString &file, qint64 id, RunStatus status);

/// "from -> to" of every edge, without the folder of workflows.
[[nodiscard]] QStringList edgesOf(const Graph &graph);
[[nodiscard]] NodeId nodeId(const QString &shortId);

} // namespace pilothouse
