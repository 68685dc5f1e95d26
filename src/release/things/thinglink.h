#pragma once

#include "base/result.h"
#include "release/things/thing.h"

namespace pilothouse {

/// What a pilothouse:// link names: a workspace by its name, and a thing in it. The link carries no
/// words. It shows something; it never acts.
struct ThingLink
{
    QString workspace;
    Thing thing;

    bool operator==(const ThingLink &) const = default;
};

/// "pilothouse://context-intelligence/commit/c41d77e…"
[[nodiscard]] QString linkTo(const QString &workspace, const Thing &thing);

/// The inverse of linkTo. BadInput says in a sentence what is wrong with the link; whatever of it
/// stands in that sentence is short and has no control characters.
[[nodiscard]] Result<ThingLink> parseLink(const QString &text);

/// A text from outside as it may stand in a sentence: one short line without control characters.
[[nodiscard]] QString quotable(const QString &text);

} // namespace pilothouse
