#include "connectors/secrets/keychain.h"

#include "base/words.h"

#include <QPromise>

#include <memory>
#include <qt6keychain/keychain.h>

namespace pilothouse {
namespace {

const QString keychainService = QStringLiteral("pilothouse");

/// Starts a job and answers when it ends; `take` makes the answer of one that went well.
template <typename T, typename Job, typename Take>
QFuture<Result<T>> answerOf(Job *job, const QString &key, Take take)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    auto future = promise->future();
    job->setKey(key);
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, job, [promise, job, take] {
        if (job->error() == QKeychain::NoError)
            promise->addResult(take(*job));
        else
            promise->addResult(fail(keychainError(job->error(), job->errorString())));
        promise->finish();
    });
    job->start();
    return future;
}

} // namespace

QFuture<Result<Secret>> DesktopKeychain::read(const QString &key)
{
    return answerOf<Secret>(new QKeychain::ReadPasswordJob(keychainService, &m_jobs), key,
                            [](const QKeychain::ReadPasswordJob &job) -> Result<Secret> {
                                return Secret(job.binaryData());
                            });
}

QFuture<Result<void>> DesktopKeychain::write(const QString &key, const Secret &secret)
{
    auto *job = new QKeychain::WritePasswordJob(keychainService, &m_jobs);
    job->setBinaryData(secret.expose());
    return answerOf<void>(job, key, [](const QKeychain::Job &) -> Result<void> { return {}; });
}

QFuture<Result<void>> DesktopKeychain::remove(const QString &key)
{
    return answerOf<void>(new QKeychain::DeletePasswordJob(keychainService, &m_jobs), key,
                          [](const QKeychain::Job &) -> Result<void> { return {}; });
}

Error keychainError(int code, const QString &text)
{
    switch (code) {
    case QKeychain::EntryNotFound:
    case QKeychain::CouldNotDeleteEntry:
        return {ErrorKind::NotFound, Words::tr("The keychain has no such entry."), text, {}};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return {ErrorKind::SignedOut,
                Words::tr("The keychain is locked, or you have declined to open it. Unlock it and "
                          "try again."),
                text,
                {}};
    default:
        return {ErrorKind::Unavailable,
                Words::tr("No keychain answers here. Start the desktop's own (GNOME's keyring, "
                          "KWallet), or write “credential: env NAME” in pilothouse.yaml."),
                text,
                {}};
    }
}

} // namespace pilothouse
