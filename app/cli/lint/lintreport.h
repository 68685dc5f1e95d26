#pragma once

#include "migration/lint/lint.h"

#include <QJsonObject>

namespace pilothouse {

/// What a lint found, as lintCommand says it.
[[nodiscard]] QJsonObject lintJson(const QString &file, const LintSettings &settings,
                                   qsizetype statements, const QList<LintFinding> &findings);
/// The same for a person, "FILE:LINE:COLUMN: block IX01 …" for each.
[[nodiscard]] QString lintText(const QString &file, const LintSettings &settings,
                               qsizetype statements, const QList<LintFinding> &findings);

} // namespace pilothouse
