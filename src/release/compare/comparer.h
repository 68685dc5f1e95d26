#pragma once

#include "release/compare/comparison.h"

#include <QObject>

#include <memory>

namespace pilothouse {

/// What is asked to compare two commits. All of it outlives whoever is given it.
struct CompareSources
{
    SourceTree &files;
    Ancestry &ancestry;
    History &history;
    KnownPaths paths;
};

/// Compares two commits: how they stand to each other, then the commits and the files between them,
/// then what is in those files that are read further. The latest question wins. GUI thread.
class Comparer final : public QObject
{
    Q_OBJECT

public:
    /// More commits on one side are not listed.
    static constexpr int mostCommits = 200;
    /// More files of changes, values and packages are listed, and not read.
    static constexpr int mostReadFiles = 60;

    explicit Comparer(const CompareSources &sources, QObject *parent = nullptr);
    ~Comparer() override;

    /// `to` as seen from `from`. What stood before stays until it is known, unless it was about
    /// other commits.
    void compare(const CommitId &from, const CommitId &to, const SeenWorld &seen);

    [[nodiscard]] CommitId from() const;
    [[nodiscard]] CommitId to() const;
    [[nodiscard]] bool isComparing() const;
    /// Of from() and to(); nullopt while it is not known.
    [[nodiscard]] const std::optional<Comparison> &comparison() const;
    /// Why the last question could not be answered.
    [[nodiscard]] const std::optional<Error> &error() const;

Q_SIGNALS:
    void changed();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse
