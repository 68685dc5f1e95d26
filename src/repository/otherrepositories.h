#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QFuture>
#include <QString>

namespace pilothouse {

/// A file of another repository of the same host.
struct RemoteFile
{
    QString repository; ///< "owner/name"
    QString path;       ///< from its root
    QString ref;        ///< branch, tag or commit

    /// "owner/name/path@ref", as workflow files spell it.
    [[nodiscard]] QString address() const
    {
        return repository + QLatin1Char('/') + path + QLatin1Char('@') + ref;
    }

    bool operator==(const RemoteFile &) const = default;
};

/// The host's other repositories, as far as this account may read them. GUI thread.
class OtherRepositories
{
public:
    OtherRepositories() = default;
    OtherRepositories(const OtherRepositories &) = delete;
    OtherRepositories &operator=(const OtherRepositories &) = delete;
    virtual ~OtherRepositories() = default;

    /// NotFound also where the account may not know of it.
    [[nodiscard]] virtual QFuture<Result<QByteArray>> content(const RemoteFile &file) = 0;
};

} // namespace pilothouse
