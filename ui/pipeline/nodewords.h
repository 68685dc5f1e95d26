#pragma once

#include "pipeline/graph.h"
#include "pipeline/overlay.h"

#include <QStringList>

class QFontMetrics;

namespace pilothouse {

struct Finding;

/// What stands below a node's title, the fullest form first. Each form gives up what can best be
/// done without: the usual time, then the word that the icon says too, then a long time in the
/// queue, then what is counted; the time stays to the last. The word stays longer than the time in
/// the queue where something failed or waits for a person, and so does the step of a build.
[[nodiscard]] QStringList nodeLines(const GraphNode &node, const NodeOverlay &overlay,
                                    const QDateTime &serverNow);

/// The first form that fits, else the last one, cut.
[[nodiscard]] QString fittingLine(const QStringList &forms, const QFontMetrics &metrics, int width);

/// Why the job will be skipped, or was, or that a run decides: one sentence without a full stop.
/// Empty where nothing speaks against it.
[[nodiscard]] QString outlookWords(const NodeOverlay &overlay);

/// All that is known of a node, line by line.
[[nodiscard]] QString nodeToolTip(const GraphNode &node, const NodeOverlay &overlay,
                                  const QDateTime &serverNow);

/// What the doctor found there, the gravest first, a line each: severity, rule and title. After
/// three the rest is counted.
[[nodiscard]] QStringList findingLines(const QList<Finding> &findings);

/// A node for a screen reader, in one line: title, state and why.
[[nodiscard]] QString spokenNode(const GraphNode &node, const NodeOverlay &overlay);

} // namespace pilothouse
