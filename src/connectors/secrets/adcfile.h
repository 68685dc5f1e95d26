#pragma once

#include <QString>

#include <optional>

namespace pilothouse {

/// Google's application-default credentials, where its tools look for them: of the file nothing is
/// read but its kind.
struct AdcFile
{
    QString path;
    QString type; ///< "authorized_user", "external_account", "service_account" …

    /// A key that does not expire and that whoever copies the file has.
    [[nodiscard]] bool isKey() const { return type == QLatin1String("service_account"); }
};

/// What GOOGLE_APPLICATION_CREDENTIALS names, else the file of gcloud's configuration; nothing if
/// there is none that can be read.
[[nodiscard]] std::optional<AdcFile> applicationDefaultCredentials();

} // namespace pilothouse
