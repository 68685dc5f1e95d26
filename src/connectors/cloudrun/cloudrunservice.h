#pragma once

#include <QDateTime>
#include <QHash>
#include <QList>
#include <QString>

namespace pilothouse {

/// One entry of a service's traffic, asked for or observed.
struct CloudRunTarget
{
    enum class Kind {
        Revision,
        Latest, ///< whatever the latest ready revision is
    };

    Kind kind = Kind::Revision;
    QString revision; ///< short name; empty for Latest
    int percent = 0;
    QString tag;

    bool operator==(const CloudRunTarget &) const = default;
};

/// A service as the Admin API v2 tells it, as far as traffic goes. Names of revisions are short.
struct CloudRunService
{
    QString name; ///< projects/P/locations/L/services/S
    QString etag;
    QList<CloudRunTarget> traffic;  ///< asked; empty = all to the latest ready revision
    QList<CloudRunTarget> observed; ///< transient while the service is not settled
    QString latestReady;
    qint64 generation = 0;
    qint64 observedGeneration = 0;
    QString state;   ///< of the terminal condition: "CONDITION_SUCCEEDED" …
    QString message; ///< why the terminal condition is not well
    QHash<QString, QString> annotations;
    QString lastModifier;
    QDateTime updatedAt;
    enum class Reconciling { No, Yes } reconciling = Reconciling::No;

    /// What is observed is what serves: after a success it equals what was asked, after a failure
    /// it is what served before.
    [[nodiscard]] bool isSettled() const
    {
        return reconciling == Reconciling::No && observedGeneration == generation;
    }
};

/// What the console needs of a revision. Image and labels never change.
struct CloudRunRevision
{
    QString name; ///< short
    QString image;
    QHash<QString, QString> labels;
    QDateTime createdAt;
    int minInstances = 0;
    enum class Ready { No, Yes, Unsaid } ready = Ready::Unsaid;
    QString message; ///< Ready::No: why
};

using CloudRunRevisions = QHash<QString, CloudRunRevision>;

} // namespace pilothouse
