#pragma once

#include "migration/lint/lint.h"
#include "migration/rehearsal/rehearser.h"

#include <QJsonObject>

namespace pilothouse {

class LintFile;

/// A statement, with what a server did at it.
struct RehearsedStatement
{
    int line = 1; ///< where it begins, from 1
    qsizetype from = 0;
    qsizetype to = 0;
    Rehearsed did;
    QStringList differences; ///< from what the rules say; none = it is as they say
};

struct RehearsalReport
{
    QString server;
    QList<RehearsedStatement> statements;
};

struct LintReport
{
    QString file;
    LintSettings settings;
    QList<SqlStatement> statements;
    QList<LintFinding> findings;
    std::optional<RehearsalReport> rehearsal; ///< nullopt = nobody asked for one
};

/// What a server did beside what the rules say of the same file. `sql` is its text.
[[nodiscard]] RehearsalReport besideTheRules(const Rehearsal &rehearsal, const QByteArray &sql,
                                             const LintFile &file);

/// Nothing blocks, and the server does as the rules say.
[[nodiscard]] bool isFine(const LintReport &report);

/// As lintCommand says it.
[[nodiscard]] QJsonObject lintJson(const LintReport &report);
/// The same for a person, "FILE:LINE:COLUMN: block IX01 …" for each.
[[nodiscard]] QString lintText(const LintReport &report);

} // namespace pilothouse
