#pragma once

#include <QString>

namespace pilothouse {

/// Where a token or a password comes from. The token itself never stands in a workspace file.
struct CredentialChoice
{
    enum class Kind {
        None,
        Gh,          ///< `gh auth token`
        Gcloud,      ///< `gcloud auth print-access-token`
        Keychain,    ///< the desktop's keychain
        Environment, ///< the environment variable `variable`
        File,        ///< the file at `path`, read each time
    };

    Kind kind = Kind::None;
    QString variable;  ///< for Kind::Environment
    QString user = {}; ///< for Kind::Gh; empty = the account that is active in gh
    QString path = {}; ///< for Kind::File

    bool operator==(const CredentialChoice &) const = default;
};

} // namespace pilothouse
