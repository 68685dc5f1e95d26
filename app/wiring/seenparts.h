#pragma once

#include "connectors/kubernetes/deploys/helmdeploys.h"
#include "workspace/workspace.h"

#include <memory>
#include <vector>

namespace pilothouse {

class Connections;
class GithubRuns;
class ReleaseController;

/// The systems that are asked who did what: GitHub's deployments, and the Helm revisions of the
/// tracks that move by an HTTPRoute (a control by Helm tells its own). A cluster that cannot be
/// reached says so each time. All that it is made of outlives it; it outlives the release's use of
/// it, which begins with the constructor.
class SeenParts final
{
public:
    /// Adds them all. `runs` is nullptr without a CI host.
    SeenParts(const Workspace &workspace, Connections &connections, GithubRuns *runs,
              ReleaseController &release, Clock &clock);

private:
    std::vector<std::unique_ptr<HelmDeploys>> m_helm;
};

} // namespace pilothouse
