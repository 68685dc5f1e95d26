#pragma once

#include "pipeline/doctor/examine.h"

namespace pilothouse {

/// Text of a file below tests/pipeline/doctor.
[[nodiscard]] QString doctorText(const QString &path);
[[nodiscard]] QStringList doctorFiles(const QString &folder);

/// The workflows of a fixture. A line "# file: name.yml" begins another file; what stands before it
/// is blank there, so that every place is that of the fixture. The first one is "w.yml".
[[nodiscard]] QList<Workflow> doctorWorkflows(const QString &text);
/// "9:5" of "# fires at 9:5 12:7", the first line; empty for "# fires nowhere".
[[nodiscard]] QStringList expectedPlaces(const QString &text);

/// "PD-07 ci.yml:9:5 …" for each, for messages of tests.
[[nodiscard]] QStringList toldBy(const QList<Finding> &findings);

} // namespace pilothouse
