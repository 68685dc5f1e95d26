#pragma once

#include "base/credentialsource.h"
#include "base/future.h"

namespace pilothouse {

/// A login that is always the same; counts what is asked of it.
class OneToken final : public CredentialSource
{
public:
    QFuture<Result<Secret>> token() override
    {
        ++asked;
        return ready(answer);
    }
    void forget() override { ++forgotten; }

    Result<Secret> answer = Secret("t0ken");
    int asked = 0;
    int forgotten = 0;
};

} // namespace pilothouse
