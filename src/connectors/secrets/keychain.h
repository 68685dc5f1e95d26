#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QFuture>
#include <QObject>

namespace pilothouse {

/// The user's keychain. Abstract so that tests need no desktop.
class Keychain
{
public:
    virtual ~Keychain() = default;

    /// NotFound if there is no such entry; SignedOut if the keychain is locked or the user said no;
    /// Unavailable if there is no keychain here.
    [[nodiscard]] virtual QFuture<Result<Secret>> read(const QString &key) = 0;
    /// Fails like read(), but for NotFound.
    [[nodiscard]] virtual QFuture<Result<void>> write(const QString &key, const Secret &secret) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> remove(const QString &key) = 0;
};

/// The keychain of the desktop (Secret Service or KWallet), entries of the service “pilothouse”.
/// It may ask the user to unlock it, so that an answer takes as long as that. Nothing is ever kept
/// in a plain file. GUI thread; destroying it cancels what is under way.
class DesktopKeychain final : public Keychain
{
public:
    [[nodiscard]] QFuture<Result<Secret>> read(const QString &key) override;
    [[nodiscard]] QFuture<Result<void>> write(const QString &key, const Secret &secret) override;
    [[nodiscard]] QFuture<Result<void>> remove(const QString &key) override;

private:
    QObject m_jobs;
};

/// What a failure of the keychain library means, by its code (QKeychain::Error) and text.
[[nodiscard]] Error keychainError(int code, const QString &text);

} // namespace pilothouse
