#pragma once

#include "release/things/thing.h"

#include <QList>

#include <optional>

class QMenu;

namespace pilothouse {

class ThingDesk;

/// Adds to a menu what can be done with each of these: copy, copy for chat, open. The first one's
/// entries stand in the menu itself, those of the others in menus of their own. What is off stands
/// there with its reason. `focused` is what the window's keys act upon: it alone shows them. The
/// desk outlives the menu.
void addThings(QMenu &menu, const QList<Thing> &things, const std::optional<Thing> &focused,
               ThingDesk &desk);

/// A text as a menu shows it whole: short, and no letter of it a key.
[[nodiscard]] QString menuText(const QString &text);

} // namespace pilothouse
