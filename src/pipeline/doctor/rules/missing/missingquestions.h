#pragma once

#include "pipeline/doctor/scene.h"

namespace pilothouse {

/// What the rules about something that is missing ask. Where a file could do the thing in a way
/// that is not read here, it is taken to do it.

/// A deployment with the place that it is told at.
struct PlacedDeployment
{
    const SceneStep *step = nullptr;
    const ShellCommand *command = nullptr; ///< null = the step's action deploys
    Position at;
};

/// Those of the job that give the new version traffic: no candidate that stands beside the rest.
[[nodiscard]] QList<PlacedDeployment> openDeployments(const SceneJob &job);
/// It goes back by itself when the new version does not come up.
[[nodiscard]] bool goesBack(const PlacedDeployment &deployment);
/// After the deployment something looks at what was deployed, or may do so: a request, a test, a
/// script, a called workflow, in this job or one that comes after it.
[[nodiscard]] bool mayLookAfter(const Scene &scene, const SceneFile &file, const SceneJob &job,
                                const PlacedDeployment &deployment);
/// A job of the file calls a workflow that is none of the scene's.
[[nodiscard]] bool callsUnseen(const Scene &scene, const SceneFile &file);
/// A step, a called workflow or a name in any file of the scene speaks of telling somebody.
[[nodiscard]] bool tellsSomebody(const Scene &scene);
/// … of looking into an image, or of saying what is in it: scan, SBOM, signature, provenance.
[[nodiscard]] bool vouchesForImages(const Scene &scene);
/// The job leaves the results of its tests in a form that a program can read.
[[nodiscard]] bool leavesReport(const SceneFile &file, const SceneJob &job);
/// "helm", "kubectl", "gcloud": what it deploys with.
[[nodiscard]] QString meansOf(const PlacedDeployment &deployment);

} // namespace pilothouse
