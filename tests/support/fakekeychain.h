#pragma once

#include "base/future.h"
#include "connectors/secrets/keychain.h"

#include <QHash>

#include <optional>

namespace pilothouse {

/// A keychain in memory; `error` is what every call then says.
class FakeKeychain final : public Keychain
{
public:
    [[nodiscard]] QFuture<Result<Secret>> read(const QString &key) override
    {
        ++reads;
        if (error)
            return ready<Secret>(fail(*error));
        if (!entries.contains(key))
            return ready<Secret>(fail(ErrorKind::NotFound, QStringLiteral("no entry")));
        return ready<Secret>(Secret(entries.value(key)));
    }
    [[nodiscard]] QFuture<Result<void>> write(const QString &key, const Secret &secret) override
    {
        if (error)
            return ready<void>(fail(*error));
        entries.insert(key, secret.expose());
        return ready<void>({});
    }
    [[nodiscard]] QFuture<Result<void>> remove(const QString &key) override
    {
        if (error)
            return ready<void>(fail(*error));
        if (entries.remove(key) == 0)
            return ready<void>(fail(ErrorKind::NotFound, QStringLiteral("no entry")));
        return ready<void>({});
    }

    QHash<QString, QByteArray> entries;
    std::optional<Error> error;
    int reads = 0;
};

} // namespace pilothouse
