#pragma once

#include "release/things/vendorpages.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// Where what the workspace names is seen at its own systems.
[[nodiscard]] VendorPages vendorPages(const Workspace &workspace);

} // namespace pilothouse
