#pragma once

#include "pipeline/graph.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// A name with gaps: texts that stand in this order, anything between them. Where the CI host puts
/// the value of an expression that only it knows, there is a gap.
struct NamePattern
{
    QStringList texts{QString()}; ///< at least one; n texts = n − 1 gaps

    [[nodiscard]] bool isExact() const { return texts.size() == 1; }
    /// How much of a name it fixes; of two that match, the higher one is meant.
    [[nodiscard]] qsizetype weight() const;
    /// The CI host cuts names at 100 characters with "..."; such a name matches by what is left.
    [[nodiscard]] bool matches(const QString &name) const;
    /// This one, then `tail`.
    [[nodiscard]] NamePattern followedBy(const NamePattern &tail) const;

    bool operator==(const NamePattern &) const = default;
};

/// The names that the jobs of `job` can have on the CI host, called workflows left out: `name` or
/// key; with a matrix followed by "(values)" or with the values in the name's own expressions; the
/// bare name as well, for a job that was skipped before its matrix was looked at.
[[nodiscard]] QList<NamePattern> namesOf(const WorkflowJob &job);

/// The names of a node's jobs with those of its callers before them ("caller / callee"); a job that
/// calls another repository's workflow has a gap for what that one says.
[[nodiscard]] QList<NamePattern> namesOf(const GraphNode &node, const Graph &graph);

/// The names of a calling job itself, as they stand where it was skipped.
[[nodiscard]] QList<NamePattern> namesOf(const GraphFrame &call, const Graph &graph);

} // namespace pilothouse
