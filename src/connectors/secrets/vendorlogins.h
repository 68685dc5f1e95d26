#pragma once

#include "base/programs/signindesk.h"

namespace pilothouse {

/// GitHub's own program signs in to a host: it says a code, which is typed in the browser.
[[nodiscard]] VendorLogin ghLogin(const QString &host, const QStringList &sources);

/// Google's own program signs in: it opens the browser itself where there is one.
[[nodiscard]] VendorLogin gcloudLogin(const QStringList &sources);

} // namespace pilothouse
