#pragma once

#include "base/future.h"
#include "base/programs/programconsent.h"

#include <QList>

#include <optional>

namespace pilothouse {

/// Allows everything, or says `refusal`; keeps what it was asked.
class FakeConsent final : public ProgramConsent
{
public:
    [[nodiscard]] QFuture<Result<void>> ask(const ProgramUse &use) override
    {
        asked.append(use);
        if (refusal)
            return ready<void>(fail(*refusal));
        return ready<void>({});
    }

    QList<ProgramUse> asked;
    std::optional<Error> refusal;
};

} // namespace pilothouse
