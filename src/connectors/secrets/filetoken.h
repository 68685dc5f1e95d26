#pragma once

#include "base/credentialsource.h"

#include <QString>

namespace pilothouse {

/// A token or a password from a file of the user's, read at each call, so that what renews the file
/// counts at once. Space at its end is not part of it. SignedOut, without a word of the content,
/// where it cannot be read, is empty, has several lines or more than 64 KiB.
class FileToken final : public CredentialSource
{
public:
    explicit FileToken(QString path);

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    void forget() override {}

private:
    QString m_path;
};

} // namespace pilothouse
