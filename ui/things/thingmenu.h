#pragma once

#include "release/things/thing.h"

#include <QList>

class QMenu;

namespace pilothouse {

class ThingDesk;

/// Adds to a menu what can be done with each of these: copy, copy for chat, open. The first one's
/// entries stand in the menu itself, those of the others in menus of their own. What is off stands
/// there with its reason. The desk outlives the menu.
void addThings(QMenu &menu, const QList<Thing> &things, ThingDesk &desk);

/// A text as a menu shows it whole: short, and no letter of it a key.
[[nodiscard]] QString menuText(const QString &text);

} // namespace pilothouse
