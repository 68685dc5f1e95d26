#pragma once

#include "base/programs/signindesk.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// The logins that the vendors of this workspace's credentials have programs for: `gh auth login`
/// for its GitHub, `gcloud auth login` for its Cloud Run and Cloud Build. Other credentials have
/// none: a keychain is filled by pilothouse-cli, a variable by whoever starts the console.
[[nodiscard]] QList<VendorLogin> vendorLogins(const Workspace &workspace);

} // namespace pilothouse
