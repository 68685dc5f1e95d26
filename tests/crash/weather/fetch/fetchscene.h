#pragma once

#include "base/id.h"
#include "connectors/git/gitlocation.h"
#include "connectors/git/scriptedrepository.h"
#include "connectors/git/smarthost.h"

#include <QTemporaryDir>
#include <QUrl>

namespace pilothouse {

/// A Git host with one repository, and a clone that is behind it.
class FetchScene final
{
public:
    FetchScene();

    [[nodiscard]] static QByteArray token() { return "only-token"; }
    [[nodiscard]] QUrl url() const { return QUrl(m_git.url({})); }
    /// The clone fetches from the host that listens here.
    void setOrigin(const QUrl &host);
    [[nodiscard]] GitLocation location() const;
    [[nodiscard]] const CommitId &start() const { return m_start; }
    /// Somebody pushes; the new tip.
    CommitId push();

private:
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder.filePath(QLatin1String(name));
    }

    QTemporaryDir m_folder;
    ScriptedRepository m_host;
    ScriptedRepository m_clone;
    SmartHost m_git;
    CommitId m_start;
    CommitId m_tip;
    int m_pushes = 0;
};

} // namespace pilothouse
