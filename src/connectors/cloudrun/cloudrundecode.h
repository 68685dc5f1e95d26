#pragma once

#include "base/result.h"
#include "connectors/cloudrun/cloudrunservice.h"

#include <QByteArray>

namespace pilothouse {

struct CloudRunRevisionPage
{
    QList<CloudRunRevision> revisions;
    QString nextPageToken; ///< empty = the last page
};

/// A long-running operation.
struct CloudRunOperation
{
    enum class Progress { Running, Done };

    QString name;
    Progress progress = Progress::Running;
    std::optional<Error> error;
};

// All are Malformed with the path for what cannot be read.
[[nodiscard]] Result<CloudRunService> decodeService(const QByteArray &body);
[[nodiscard]] Result<CloudRunRevisionPage> decodeRevisions(const QByteArray &body);
[[nodiscard]] Result<CloudRunOperation> decodeOperation(const QByteArray &body);
/// The permissions that testIamPermissions gives back.
[[nodiscard]] Result<QStringList> decodePermissions(const QByteArray &body);

} // namespace pilothouse
