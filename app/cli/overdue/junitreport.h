#pragma once

#include "app/cli/overdue/checkreport.h"

namespace pilothouse {

/// The report as JUnit's XML, which CI hosts show: a suite for each database, a case for each
/// change and each leftover, a failure where it is late, an error where something was not read.
[[nodiscard]] QByteArray junitXml(const CheckReport &report);

} // namespace pilothouse
