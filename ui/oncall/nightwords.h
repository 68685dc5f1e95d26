#pragma once

#include "ui/widgets/theme.h"

#include <QDateTime>
#include <QString>

class QLabel;
class QLayout;

namespace pilothouse {

// What the panels of the night's page have in common.

/// Plain text that can be selected with the mouse, and takes no focus.
[[nodiscard]] QLabel *plainLabel(const QString &text, ColorRole ink = ColorRole::Text);
/// "02:59:10", local; of another day than today "23 Nov 02:59:10".
[[nodiscard]] QString nightTime(const QDateTime &utc);
/// Deletes all that stands in it.
void clearLayout(QLayout *layout);

} // namespace pilothouse
