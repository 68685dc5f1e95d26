#pragma once

#include "ui/widgets/theme.h"

class QWidget;

namespace pilothouse {

/// Gives a widget's text a colour by its meaning. It stays right when the theme changes, until the
/// next call for the same widget.
void setInk(QWidget *widget, ColorRole role);
void setInk(QWidget *widget, Tone tone);

} // namespace pilothouse
