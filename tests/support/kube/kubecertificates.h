#pragma once

#include "base/result.h"

#include <QString>

namespace pilothouse {

/// The files of a certificate authority of its own and of what it signed, all in one folder, good
/// for a day. Made by the program openssl.
struct KubeCertificates
{
    QString authority;
    QString serverCertificate; ///< for 127.0.0.1
    QString serverKey;
    QString adminCertificate; ///< of the group system:masters
    QString adminKey;

    /// Unavailable with openssl's own words.
    [[nodiscard]] static Result<KubeCertificates> make(const QString &folder);
};

} // namespace pilothouse
