#pragma once

#include <QString>

namespace pilothouse {

class Guide;
struct OnCallView;

/// Of nothing that On call shows the first answer is still to come.
[[nodiscard]] bool hasSettled(const OnCallView &view);

/// A night of its own: standalone hurts, two sources are lost, then everything is, and a console
/// that starts only then still knows what was live and how to roll it back. `sandbox` is the
/// rehearsal's program, `folder` an empty one for its files.
void tellLostNight(Guide &guide, const QString &sandbox, const QString &folder);

} // namespace pilothouse
