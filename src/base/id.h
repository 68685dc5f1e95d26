#pragma once

#include <QHashFunctions>
#include <QString>

#include <compare>

namespace pilothouse {

/// A value that only compares with its own kind: a RunId is not a JobId.
/// `Rep` is qint64 for numbers from a server (never double) and QString for names.
template <typename Tag, typename Rep>
struct Id
{
    Rep value{};

    Id() = default;
    explicit Id(Rep v) : value(std::move(v)) {}
    bool operator==(const Id &) const = default;
    bool operator<(const Id &other) const { return value < other.value; }
    friend size_t qHash(const Id &id, size_t seed = 0) noexcept
    {
        using ::qHash;
        return qHash(id.value, seed);
    }
};

using RunId = Id<struct RunTag, qint64>;
using JobId = Id<struct JobTag, qint64>;
/// Full lower-case SHA of a commit in the workspace's repository; empty = unknown commit.
using CommitId = Id<struct CommitTag, QString>;
/// Name of a revision as its traffic control knows it (a Service or a Cloud Run revision).
using RevisionName = Id<struct RevisionTag, QString>;
/// Name of a track as the workspace file spells it.
using TrackName = Id<struct TrackTag, QString>;
/// One try of one effect. Answers of an earlier attempt are dropped.
using AttemptId = Id<struct AttemptTag, qint64>;
/// Identity of a decision in the journal, also written to the object it changes.
using IntentId = Id<struct IntentTag, QString>;

/// The seven characters people read and type.
[[nodiscard]] inline QString shortSha(const CommitId &commit)
{
    return commit.value.left(7);
}

} // namespace pilothouse
