#pragma once

#include <QByteArray>
#include <QString>

namespace pilothouse::sandbox {

class World;

/// What a traffic object remembers of the weights before the start: the text of its annotation
/// "pilothouse.dev/changes", a JSON array, newest first, as the console of a colleague left it.
[[nodiscard]] QByteArray pastChanges(const World &world, const QString &track);

inline constexpr const char *changesAnnotation = "pilothouse.dev/changes";
/// On a Cloud Run service: the revision that was stable before the last change.
inline constexpr const char *previousStableAnnotation = "pilothouse.dev/stable";

} // namespace pilothouse::sandbox
