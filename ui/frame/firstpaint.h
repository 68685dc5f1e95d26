#pragma once

#include <QString>

class QWidget;

namespace pilothouse {

/// Says `words` once when the widget has painted itself, where QT_LOGGING_RULES has
/// pilothouse.start=true; else nothing. The start bench waits for such lines.
void tellFirstPaint(QWidget &widget, const QString &words);
/// The same at once.
void tellStart(const QString &words);

} // namespace pilothouse
