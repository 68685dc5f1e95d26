#pragma once

#include "action/actionrunner.h"
#include "pipeline/act/runcontrol.h"

#include <optional>

namespace pilothouse {

/// What was known right before an order was sent: what tells its effect from what was there.
struct BeforeOrder
{
    QDateTime since;       ///< the CI host's clock, UTC
    QString login;         ///< who is signed in; empty = not told
    QList<RunId> known;    ///< dispatch: runs that began in the same moment without us
    qsizetype reviews = 0; ///< review: how many like it had been given
    RunId told;            ///< dispatch: the run that the host said it began; 0 = not told

    bool operator==(const BeforeOrder &) const = default;
};

/// What a person calls a run: its number, or the first part of its host's own id.
[[nodiscard]] QString runKey(const Run &run);
/// "run 7012", "build 3f2a9c1d"
[[nodiscard]] QString runWords(const Run &run);

/// The run that an order is about; 0 for a dispatch.
[[nodiscard]] RunId runOf(const RunOrder &order);
/// "run 7012", "workflow deploy.yml": the subject in the journal.
[[nodiscard]] QString subjectOf(const RunOrder &order);
/// "re-run failed jobs", "cancel", "approve" …: the verb in the journal, never translated.
[[nodiscard]] QString verbOf(const RunOrder &order);
/// Whether the journal's subject is one of `subjectOf`.
[[nodiscard]] bool isRunSubject(const QString &subject);

/// The order as it is shown and kept: what looks like a token in an input is masked, all of a value
/// whose name says that it is secret. What is sent is the order itself.
[[nodiscard]] RunOrder maskedOrder(const RunOrder &order);

/// The whole decision, tokens masked, so that a later start can look for what came of it.
[[nodiscard]] Intent intentOf(const RunOrder &order, const BeforeOrder &before,
                              const QString &reason);
/// Nothing for an intent that is not of this kind or that another version wrote.
[[nodiscard]] std::optional<RunOrder> orderOf(const QJsonObject &body);
[[nodiscard]] BeforeOrder beforeOf(const QJsonObject &body);

} // namespace pilothouse
