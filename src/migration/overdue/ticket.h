#pragma once

#include "migration/overdue/opencontract.h"

namespace pilothouse {

/// What a ticket that reminds of a CONTRACT says, in Markdown, its first line a heading: what is
/// half done and what that costs meanwhile, by when and by whom it is to be ended, what must be
/// true first and what of that is not yet, the steps, and the command that checks it. `contract` is
/// what is known of it in the database `database` at `place`. Pure.
[[nodiscard]] QString contractTicket(const FiledChange &filed, const OpenContract &contract,
                                     const QString &database, const QString &place);

} // namespace pilothouse
