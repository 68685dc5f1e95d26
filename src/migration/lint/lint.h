#pragma once

#include "migration/lint/rules/lintrule.h"

namespace pilothouse {

/// What a rule has against a statement.
struct LintFinding
{
    QString rule; ///< "IX01"
    LintSeverity severity = LintSeverity::Block;
    QString form;    ///< what it speaks of, in a few words
    QString why;     ///< what would happen
    QString instead; ///< what to write
    ActLocks locks;  ///< of the act
    SqlName table;
    qsizetype from = 0; ///< bytes of the file: the statement
    qsizetype to = 0;
    qsizetype at = 0;        ///< byte that says it
    int line = 1;            ///< of `at`, from 1
    int column = 1;          ///< in characters, from 1
    bool isForPhase = false; ///< right as it is written, but not in this phase

    bool operator==(const LintFinding &) const = default;
};

/// Lints a file by all rules, in its order. `sql` is UTF-8. Pure.
[[nodiscard]] QList<LintFinding> lintSql(const QByteArray &sql, const LintSettings &settings);

/// "expand"
[[nodiscard]] QString phaseWord(ChangePhase phase);
/// "block", "warn", "info"
[[nodiscard]] QString severityWord(LintSeverity severity);

} // namespace pilothouse
