#pragma once

#include "connectors/cloudbuild/cloudbuild.h"

#include <QSet>

namespace pilothouse {

/// The newest builds of a project as they were last told, without a gap: what once ended does not
/// change, so that only what is newer than the newest known one is to be read again, and what had
/// not ended. A value.
class BuildHistory final
{
public:
    /// Whether what is listed below this page is known.
    [[nodiscard]] bool reaches(const CloudBuildPage &page) const;
    /// Newest first, from the newest build down to one that is known, or as far as can be read.
    void take(const QList<CloudBuild> &newest);
    /// One that was read by itself.
    void renew(const CloudBuild &build);
    void forget(const QString &id);

    [[nodiscard]] std::optional<CloudBuild> find(const QString &id) const;
    /// Newest first; of every commit if it is empty.
    [[nodiscard]] QList<CloudBuild> of(const CommitId &commit) const;
    /// Those that are like this one and were begun before it, newest first, down to the newest that
    /// went well (the last here).
    [[nodiscard]] QList<CloudBuild> downToGreen(const CloudBuild &build) const;

private:
    QList<CloudBuild> m_builds; ///< newest first
};

/// Those that had not ended and were not in `fresh`: to be read by themselves.
[[nodiscard]] QStringList unsettled(const QList<CloudBuild> &builds, const QSet<QString> &fresh);

} // namespace pilothouse
