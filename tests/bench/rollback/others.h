#pragma once

#include "connectors/http/client.h"
#include "support/kube/kubeserver.h"

#include <optional>

namespace pilothouse::bench {

/// One curl process: GET, GET, PATCH on one connection; the first GET makes it and does not count.
struct CurlTimes
{
    double get = 0;
    double patch = 0;
};

/// The same reading and the same write as a rollback's, by curl. `patch` is what the console sent,
/// for the version that the route has now. Ends the program if anything is not answered well, or
/// not on one connection.
[[nodiscard]] CurlTimes curlRollback(const KubeServer &server, const HttpRequest &patch);

/// Seconds of one write of a journal record's size to a file in `folder` and its fsync.
[[nodiscard]] double plainSync(const QString &folder);

/// Seconds of `kubectl patch`, from its start to its end, with the same operations.
[[nodiscard]] double kubectlRollback(const KubeServer &server, const HttpRequest &patch);

/// `helm rollback` of a release that is one HTTPRoute.
class HelmRollback
{
public:
    /// The helm 3 of the parts; empty = it is not there.
    [[nodiscard]] static QString program();

    explicit HelmRollback(const KubeServer &server);
    /// Seconds of one, from its start to its end; the release is upgraded to 10 % first.
    [[nodiscard]] double run();

private:
    [[nodiscard]] QString chart() const { return m_folder.filePath(QStringLiteral("chart")); }
    void helm(const QStringList &arguments) const;

    const KubeServer &m_server;
    QTemporaryDir m_folder;
};

} // namespace pilothouse::bench
