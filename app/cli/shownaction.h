#pragma once

#include "action/preview.h"

#include <QJsonObject>

namespace pilothouse {

class RolloutController;

/// What `--confirm` must carry: where the dialog asks for nothing, the command's own name.
[[nodiscard]] QString tokenOf(const Preview &preview, const QString &command);

/// With its option as one of the rows: what it means, left on or taken away.
[[nodiscard]] Preview withOption(Preview preview, bool on);

/// What the dialog shows, and the reasons under its button.
[[nodiscard]] QString shownText(const Preview &preview, const Permission &may);
[[nodiscard]] QJsonObject shownJson(const Preview &preview, const Permission &may,
                                    const QString &token);

/// What only the traffic control of this track has.
[[nodiscard]] QString offeredText(const RolloutController &track);
[[nodiscard]] QJsonObject offeredJson(const RolloutController &track);

} // namespace pilothouse
