#pragma once

#include "base/result.h"
#include "logs/reading/logsteps.h"

#include <optional>

namespace pilothouse {

/// An address at the vendor by which a line is found again.
struct LineLink
{
    QString address;
    QString sentence; ///< what was copied, and what the address does not tell

    bool operator==(const LineLink &) const = default;
};

/// The page of the log with the anchor of the line ("#step:4:12": the twelfth line of step 4, every
/// line of the text counted), or without it where the step of the line is not certain. Nothing for
/// a log without a page.
[[nodiscard]] std::optional<LineLink> vendorLink(const LogOrigin &origin,
                                                 const QList<StepBegin> &begins, qint64 line);

/// The line that a pasted link of this log means, -1 if there is none so far down; nothing if the
/// words are no web address. BadInput says what the link lacks or whose it is.
[[nodiscard]] std::optional<Result<qint64>> lineOfLink(const LogOrigin &origin,
                                                       const QList<StepBegin> &begins,
                                                       qint64 lineCount, const QString &words);

} // namespace pilothouse
