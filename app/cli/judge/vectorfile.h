#pragma once

#include "base/result.h"
#include "rollout/judgement/shiftinterval.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>

namespace pilothouse {

/// Judges every case of a file of vectors: one of tests (lists named classifier, mannWhitney,
/// detectors, transforms, statistics, scorer) or one of reference values of Mann and Whitney's test
/// (a list named cases). One object a case:
/// `{"case": …, "ok": …, "got": {…}, "expected": {…}}`, and "why" where it is not ok by something
/// else than a value. What cannot be understood (a kind, a key, a list of another name) is a line
/// that is not ok. BadInput if the file is no such file at all.
[[nodiscard]] Result<QList<QJsonObject>> judgeVectors(const QByteArray &file, Solver solver);

} // namespace pilothouse
