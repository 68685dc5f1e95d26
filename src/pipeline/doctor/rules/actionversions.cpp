#include "pipeline/doctor/rules/actionversions.h"

#include <QHash>

namespace pilothouse {

ActionVersion oldestLiving(const QString &action)
{
    // The first major version that runs on Node 20; older ones ask for a Node that runners have
    // dropped.
    static const QHash<QString, int> firsts
        = {{QStringLiteral("actions/cache"), 4},
           {QStringLiteral("actions/checkout"), 4},
           {QStringLiteral("actions/dependency-review-action"), 4},
           {QStringLiteral("actions/deploy-pages"), 4},
           {QStringLiteral("actions/download-artifact"), 4},
           {QStringLiteral("actions/github-script"), 7},
           {QStringLiteral("actions/labeler"), 5},
           {QStringLiteral("actions/setup-dotnet"), 4},
           {QStringLiteral("actions/setup-go"), 5},
           {QStringLiteral("actions/setup-java"), 4},
           {QStringLiteral("actions/setup-node"), 4},
           {QStringLiteral("actions/setup-python"), 5},
           {QStringLiteral("actions/stale"), 9},
           {QStringLiteral("actions/upload-artifact"), 4},
           {QStringLiteral("aws-actions/amazon-ecr-login"), 2},
           {QStringLiteral("aws-actions/configure-aws-credentials"), 4},
           {QStringLiteral("azure/k8s-set-context"), 4},
           {QStringLiteral("azure/login"), 2},
           {QStringLiteral("azure/setup-helm"), 4},
           {QStringLiteral("azure/setup-kubectl"), 4},
           {QStringLiteral("codecov/codecov-action"), 4},
           {QStringLiteral("docker/bake-action"), 4},
           {QStringLiteral("docker/build-push-action"), 5},
           {QStringLiteral("docker/login-action"), 3},
           {QStringLiteral("docker/metadata-action"), 5},
           {QStringLiteral("docker/setup-buildx-action"), 3},
           {QStringLiteral("docker/setup-qemu-action"), 3},
           {QStringLiteral("github/codeql-action"), 3},
           {QStringLiteral("google-github-actions/auth"), 2},
           {QStringLiteral("google-github-actions/deploy-cloudrun"), 2},
           {QStringLiteral("google-github-actions/get-gke-credentials"), 2},
           {QStringLiteral("google-github-actions/setup-gcloud"), 2},
           {QStringLiteral("hashicorp/setup-terraform"), 3},
           {QStringLiteral("pnpm/action-setup"), 3}};
    const QString repository = action.section(QLatin1Char('/'), 0, 1);
    return {repository, firsts.value(repository.toLower(), 0)};
}

} // namespace pilothouse
