#pragma once

#include "base/credentialsource.h"
#include "base/future.h"

#include <QList>

namespace pilothouse {

/// Gives the first of `tokens`; forget() goes to the next, the last one stays.
class FakeCredential final : public CredentialSource
{
public:
    explicit FakeCredential(const QList<QByteArray> &given = {}) : tokens(given) {}

    [[nodiscard]] QFuture<Result<Secret>> token() override
    {
        ++asked;
        if (error)
            return ready<Secret>(fail(*error));
        return ready<Secret>(tokens.isEmpty() ? Secret() : Secret(tokens.first()));
    }
    void forget() override
    {
        ++forgotten;
        if (tokens.size() > 1)
            tokens.removeFirst();
    }

    QList<QByteArray> tokens;
    std::optional<Error> error;
    int asked = 0;
    int forgotten = 0;
};

} // namespace pilothouse
