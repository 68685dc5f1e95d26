#pragma once

#include "app/sandbox/cloudbuild/cloudbuildserver.h"
#include "app/sandbox/http/server.h"
#include "sandbox/sandboxworld.h"

#include <QTimer>
#include <QUrl>

namespace pilothouse {

/// The rehearsal's Cloud Build in this process, and the storage of its logs: a build of a commit
/// waits for a person; once it may go on it takes half a second. One for each pass, in its thread.
class BuildScene final
{
public:
    BuildScene();
    ~BuildScene();

    [[nodiscard]] QUrl api() const { return urlOf(QStringLiteral("/build")); }
    [[nodiscard]] QUrl storage() const { return urlOf(QStringLiteral("/storage")); }
    /// What a client signs in with; each host refuses the other's.
    [[nodiscard]] static QByteArray apiToken() { return "token-of-cloud-build"; }
    [[nodiscard]] static QByteArray storageToken() { return "token-of-cloud-storage"; }
    [[nodiscard]] QString project() const { return m_world.scenario().cloudProject; }
    [[nodiscard]] QString region() const { return m_world.scenario().cloudRegion; }
    [[nodiscard]] QString commit() const;
    [[nodiscard]] QString build() const { return m_build; }
    /// One that somebody approved long ago.
    [[nodiscard]] QString pastBuild() const;

    // Its own account, past every connection.
    [[nodiscard]] bool isApproved() const;
    /// Approvals that were asked for, also when there was nothing to approve any more.
    [[nodiscard]] int approvalsAsked() const { return m_approvalsAsked; }
    /// A request came with what was meant for another host, or with nothing.
    [[nodiscard]] QString strayCredential() const { return m_stray; }
    /// All lines that the build has written by now.
    [[nodiscard]] QByteArrayList log() const;

private:
    [[nodiscard]] QUrl urlOf(const QString &path) const;
    [[nodiscard]] sandbox::HandedBuild handed() const;
    void answer(const sandbox::ExchangePtr &exchange);

    sandbox::World m_world;
    sandbox::CloudBuildServer m_cloudBuild;
    std::unique_ptr<sandbox::Server> m_server;
    QTimer m_time;
    QString m_build;
    QString m_stray;
    int m_approvalsAsked = 0;
};

} // namespace pilothouse
