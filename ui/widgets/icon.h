#pragma once

#include "ui/widgets/theme.h"

#include <QIcon>
#include <QString>

namespace pilothouse {

/// An icon of resources/icons in the colour of its meaning; sharp at every scale, follows the
/// theme.
[[nodiscard]] QIcon themedIcon(const QString &name, ColorRole role = ColorRole::Text);
[[nodiscard]] QIcon themedIcon(const QString &name, Tone tone);

/// The same as a pixmap of `pixels` device-independent pixels for a given scale.
[[nodiscard]] QPixmap themedPixmap(const QString &name, const QColor &color, int pixels,
                                   qreal devicePixelRatio);

} // namespace pilothouse
