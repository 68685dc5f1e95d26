#include "base/credentialsource.h"

#include "base/future.h"

namespace pilothouse {

QFuture<Result<Secret>> NoCredential::token()
{
    return ready<Secret>(Secret());
}

} // namespace pilothouse
