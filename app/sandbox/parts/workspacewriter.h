#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

namespace pilothouse::sandbox {

/// Where the rehearsal's servers are.
struct WorkspaceFacts
{
    QString dir;             ///< pilothouse.yaml and kubeconfig go here; must exist
    QString repositoryPath;  ///< the clone
    QUrl githubApi;          ///< for repository.api, with its path ("http://127.0.0.1:P/api/v3")
    QUrl kubernetes;         ///< the API server
    QByteArray kubernetesCa; ///< PEM; empty for http
    QString kubernetesToken; ///< goes into the kubeconfig alone
    QUrl cloudBuildApi;      ///< empty = the track names no build service
    QUrl storage;            ///< of the build logs
    QUrl cloudRunApi;        ///< for the `api` of the cloud-run control
    QUrl prometheus;
    quint16 postgresPort = 0;
    double speed = 1; ///< divides bake, windows, judge_every, scrape, limits
};

struct WrittenWorkspace
{
    QString workspaceFile;
    QString kubeconfig; ///< mode 0600; context `rehearsal`, user with a token
};

/// Writes pilothouse.yaml and the kubeconfig. Unavailable if a file cannot be written.
///
/// The names that the scripted world must use, because the workspace names them:
/// repository coditect-ai/coditect-dev-context; Kubernetes context `rehearsal`, namespace
/// `production` (staging's Deployment in `staging`), HTTPRoute `context-intelligence` with the
/// Services `context-intelligence` (stable) and `context-intelligence-canary`; Deployment
/// `context-worker`; Cloud Run project `coditect-production`, region `us-central1`, service
/// `coditect-backend`; image tags = full SHAs.
///
/// The series that its queries name (units: seconds, counts since start):
/// standalone, labels track="standalone", version="stable" or "candidate":
///   http_requests_total{code}, http_request_duration_seconds_bucket{le},
///   db_connection_held_seconds_sum and _count, db_pool_in_use, db_pool_size
/// coditect, labels track="coditect", revision_name:
///   run_requests_total{code}, run_request_duration_seconds_bucket{le},
///   run_connection_held_seconds_sum and _count, run_pool_in_use, run_pool_size
[[nodiscard]] Result<WrittenWorkspace> writeWorkspace(const WorkspaceFacts &facts);

/// The text of pilothouse.yaml alone.
[[nodiscard]] QByteArray workspaceText(const WorkspaceFacts &facts, const QString &kubeconfig);

/// The text of the kubeconfig alone.
[[nodiscard]] QByteArray kubeconfigText(const WorkspaceFacts &facts);

} // namespace pilothouse::sandbox
