#include "app/sandbox/parts/logform.h"
#include "app/sandbox/parts/logtexts.h"

namespace pilothouse::sandbox {

namespace {

QByteArrayList helmUpgrade(const JobRun &run, const QByteArray &space, const QByteArray &role)
{
    const QByteArray tag = run.sha.toLatin1();
    QByteArrayList lines = runHeader(
        "helm upgrade --install context-intelligence helm/context-intelligence --namespace " + space
            + " --set-string " + role + ".image.tag=" + tag + " --wait --timeout 5m",
        {"COMMIT: " + tag});
    return lines << "Release \"context-intelligence\" has been upgraded. Happy Helming!"
                 << "NAME: context-intelligence"
                 << "NAMESPACE: " + space << "STATUS: deployed"
                 << "REVISION: " + QByteArray::number(run.helmRevision) << "TEST SUITE: None";
}

QByteArrayList health(const QByteArray &sha)
{
    return {"{\"status\":\"ok\",\"release\":\"" + sha + "\"}"};
}

QByteArrayList setUp(Sequence &sequence)
{
    return {"Current runner version: '2.328.0'",
            "##[group]Runner Image",
            "Image: ubuntu-24.04",
            "##[endgroup]",
            "##[group]GITHUB_TOKEN Permissions",
            "Contents: read",
            "Metadata: read",
            "##[endgroup]",
            "Secret source: Actions",
            "Prepare workflow directory",
            "Prepare all required actions",
            "Getting action download info",
            "Download action repository 'actions/checkout@v4' (SHA:" + sequence.hex(40) + ")"};
}

QByteArrayList checkout(const QByteArray &sha)
{
    return usesHeader("actions/checkout@v4", {"ref: " + sha})
           << "Syncing repository: coditect-ai/coditect-dev-context"
           << "##[group]Fetching the repository"
           << coloured("36;1", "git fetch --no-tags --depth=1 origin " + sha) << "##[endgroup]"
           << "##[group]Checking out the ref"
           << "HEAD is now at " + sha.left(7) << "##[endgroup]" << sha;
}

QByteArrayList cloudBuildStep(const QByteArray &sha, Sequence &sequence)
{
    QByteArrayList lines
        = runHeader("gcloud builds submit --project $PROJECT --config "
                    "cloudbuild.yaml --substitutions _SERVICE=$SERVICE,_TAG=$COMMIT",
                    {"COMMIT: " + sha, "PROJECT: coditect-production", "REGION: us-central1",
                     "SERVICE: coditect-backend"});
    lines << "Creating temporary archive of 54 file(s) totalling 61.3 KiB before compression."
          << "Created [" + sequence.hex(8) + "]."
          << "REMOTE BUILD OUTPUT";
    lines += cloudBuildLines(QString::fromLatin1(sha), {});
    return lines << "STATUS: SUCCESS";
}

} // namespace

QByteArrayList deployStepLines(const JobRun &run, const JobStep &step, Sequence &sequence)
{
    const QByteArray sha = run.sha.toLatin1();
    if (step.name == QLatin1String("Set up job"))
        return setUp(sequence);
    if (step.name == QLatin1String("Run actions/checkout@v4"))
        return checkout(sha);
    if (step.name.startsWith(QLatin1String("Post Run")))
        return {"Post job cleanup.", coloured("36;1", "git version"), "git version 2.51.0",
                "Temporarily overriding HOME before making global git config changes"};
    if (step.name == QLatin1String("Complete job"))
        return {"Cleaning up orphan processes"};
    if (step.name == QLatin1String("Sign in to the cluster"))
        return usesHeader("google-github-actions/get-gke-credentials@v2", {"location: us-central1"})
               << "Successfully created and exported \"KUBECONFIG\"";
    if (step.name == QLatin1String("Sign in to Google Cloud"))
        return usesHeader("google-github-actions/auth@v2",
                          {"workload_identity_provider: ***", "service_account: ***"})
               << "Created credentials file";
    if (step.name == QLatin1String("helm upgrade"))
        return helmUpgrade(run, "staging", "stable");
    if (step.name == QLatin1String("Smoke test"))
        return runHeader("./scripts/smoke staging " + sha) + health(sha);
    if (step.name == QLatin1String("helm upgrade, candidate at weight 0"))
        return helmUpgrade(run, "production", "candidate");
    if (step.name == QLatin1String("helm upgrade, stable becomes the candidate"))
        return helmUpgrade(run, "production", "stable");
    if (step.name == QLatin1String("Give the traffic back to stable"))
        return runHeader("./scripts/weights production 100 0")
               << "httproute.gateway.networking.k8s.io/context-intelligence patched";
    if (step.name == QLatin1String("gcloud builds submit"))
        return cloudBuildStep(sha, sequence);
    if (step.name == QLatin1String("The candidate answers under its tag"))
        return runHeader("curl --silent --fail --retry 5 the candidate's /health") + health(sha);
    return {};
}

QByteArrayList cloudBuildLines(const QString &sha, const QString &revision)
{
    const QByteArray image
        = "us-central1-docker.pkg.dev/coditect-production/app/coditect-backend:" + sha.toLatin1();
    Sequence sequence("cloud build " + sha.toLatin1());
    QByteArrayList lines = {"starting build \"" + sequence.hex(8) + "-" + sequence.hex(4) + "\"",
                            "FETCHSOURCE", "BUILD", "Starting Step #0 - \"test\"",
                            "Step #0 - \"test\": Installing dependencies from lock file"};
    for (int percent = 7; percent < 100; percent += 7)
        lines << "Step #0 - \"test\": " + QByteArray(22, '.') + " ["
                     + QByteArray::number(percent).rightJustified(3) + "%]";
    lines << "Step #0 - \"test\": 318 passed in 9.14s"
          << "Finished Step #0 - \"test\""
          << "Starting Step #1 - \"migrate-check\""
          << "Step #1 - \"migrate-check\": No changes detected"
          << "Finished Step #1 - \"migrate-check\""
          << "Starting Step #2 - \"build\"";
    for (int layer = 1; layer <= 6; ++layer) {
        lines << "Step #2 - \"build\": Step " + QByteArray::number(layer) + "/6";
        lines << "Step #2 - \"build\":  ---> " + sequence.hex(12);
    }
    lines << "Step #2 - \"build\": Successfully built " + sequence.hex(12)
          << "Step #2 - \"build\": Successfully tagged " + image << "Finished Step #2 - \"build\""
          << "Starting Step #3 - \"deploy\""
          << "Step #3 - \"deploy\": Deploying container to Cloud Run service [coditect-backend] in "
             "project [coditect-production] region [us-central1]"
          << "Step #3 - \"deploy\": Creating Revision.......done";
    if (!revision.isEmpty())
        lines << "Step #3 - \"deploy\": Service [coditect-backend] revision [" + revision.toLatin1()
                     + "] has been deployed and is serving 0 percent of traffic.";
    return lines << "Finished Step #3 - \"deploy\""
                 << "PUSH"
                 << "Pushing " + image << "DONE";
}

} // namespace pilothouse::sandbox
