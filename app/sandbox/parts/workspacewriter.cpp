#include "app/sandbox/parts/workspacewriter.h"

#include "base/words.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <cmath>

namespace pilothouse::sandbox {

namespace {

/// "30s", or "1500ms" where it is no whole second.
QString duration(double seconds)
{
    const int ms = std::max(100, int(std::lround(seconds * 1000)));
    return ms % 1000 == 0 ? QStringLiteral("%1s").arg(ms / 1000) : QStringLiteral("%1ms").arg(ms);
}

/// A YAML scalar that may hold anything.
QString quoted(QString text)
{
    return QLatin1Char('\'') + text.replace(QLatin1String("'"), QLatin1String("''"))
           + QLatin1Char('\'');
}

struct SeriesNamesOfTrack
{
    QString prefix; ///< of the series: "http" or "run"
    QString held;   ///< stem of the series about connections
    QString pool;   ///< stem of the series about their pool
    QString track;
    QString label;
};

QString analysis(const SeriesNamesOfTrack &names, const QString &window)
{
    QString text = QStringLiteral(R"(    analysis:
      - {name: error ratio, query: 'sum by (LABEL) (rate(PREFIX_requests_total{track="TRACK",code=~"5.."}[WINDOW])) / sum by (LABEL) (rate(PREFIX_requests_total{track="TRACK"}[WINDOW]))',
         unit: ratio, max: 0.01, critical: true, min_samples: 20}
      - {name: p95 latency, query: 'histogram_quantile(0.95, sum by (le, LABEL) (rate(PREFIX_request_duration_seconds_bucket{track="TRACK"}[WINDOW])))',
         unit: s, max: 0.1, critical: true, min_samples: 20}
      - {name: connections held, query: 'sum by (LABEL) (rate(HELD_sum{track="TRACK"}[WINDOW])) / sum by (LABEL) (rate(HELD_count{track="TRACK"}[WINDOW]))',
         unit: s, scales: true, saturation: {used: POOL_pool_in_use, capacity: POOL_pool_size, match: 'track="TRACK"', range: WINDOW, of: the pool}}
      - {name: request rate, query: 'sum by (LABEL) (rate(PREFIX_requests_total{track="TRACK"}[WINDOW]))',
         unit: 1/s}
)");
    text.replace(QLatin1String("LABEL"), names.label);
    text.replace(QLatin1String("PREFIX"), names.prefix);
    text.replace(QLatin1String("HELD"), names.held);
    text.replace(QLatin1String("POOL"), names.pool);
    text.replace(QLatin1String("TRACK"), names.track);
    text.replace(QLatin1String("WINDOW"), window);
    return text;
}

/// What both tracks are judged by; the durations are the rehearsal's own.
QString pace(double speed)
{
    return QStringLiteral("    judge_every: %1\n    scrape: %2\n"
                          "    plan:\n"
                          "      - {weight: 10, bake: %3}\n"
                          "      - {weight: 50, bake: %4}\n"
                          "      - {weight: 100}\n")
        .arg(duration(5 / speed), duration(1 / speed), duration(30 / speed), duration(40 / speed));
}

QString buildService(const WorkspaceFacts &facts)
{
    if (facts.cloudBuildApi.isEmpty())
        return {};
    return QStringLiteral("    build: {kind: cloud-build, project: coditect-production, "
                          "region: us-central1,\n"
                          "            job: cloud-build, credential: none, api: ")
           + quoted(facts.cloudBuildApi.toString()) + QStringLiteral(",\n            storage: ")
           + quoted(facts.storage.toString()) + QStringLiteral("}\n");
}

QString databases(const WorkspaceFacts &facts)
{
    return QStringLiteral("databases:\n"
                          "  context: {host: 127.0.0.1, port: %1, dbname: production, "
                          "user: migrator, changes: migrations/changes, rows_per_second: %2}\n")
        .arg(facts.postgresPort)
        .arg(std::lround(2500 * facts.speed));
}

tl::unexpected<Error> cannotWrite(const QFile &file)
{
    return fail(ErrorKind::Unavailable,
                Words::tr("%1 cannot be written: choose a folder that you may write to.")
                    .arg(file.fileName()),
                file.errorString());
}

} // namespace

QByteArray workspaceText(const WorkspaceFacts &facts, const QString &kubeconfig)
{
    const QString window = duration(15 / facts.speed);
    QString text;
    text += QStringLiteral("pilothouse: 1\n"
                           "name: context-intelligence\n"
                           "environment: {name: rehearsal, kind: rehearsal}\n"
                           "repository:\n  path: ")
            + quoted(facts.repositoryPath)
            + QStringLiteral("\n  github: coditect-ai/coditect-dev-context\n  api: ")
            + quoted(facts.githubApi.toString()) + QStringLiteral("\n  credential: none\n");
    text += QStringLiteral("pipelines: [.github/workflows/ci.yml, "
                           ".github/workflows/deploy-standalone.yml,\n"
                           "            .github/workflows/deploy-coditect.yml]\n"
                           "prometheus: {url: ")
            + quoted(facts.prometheus.toString()) + QStringLiteral(", credential: none}\n");

    text
        += QStringLiteral("tracks:\n  standalone:\n    budget: 10m\n"
                          "    workflow: .github/workflows/deploy-standalone.yml\n"
                          "    control: {kind: http-route, kubeconfig: ")
           + quoted(kubeconfig)
           + QStringLiteral(", context: rehearsal,\n"
                            "              namespace: production, name: context-intelligence,\n"
                            "              stable: context-intelligence, "
                            "candidate: context-intelligence-canary}\n"
                            "    commit_from: image-tag\n    database: context\n")
           + pace(facts.speed)
           + analysis({QStringLiteral("http"), QStringLiteral("db_connection_held_seconds"),
                       QStringLiteral("db"), QStringLiteral("standalone"),
                       QStringLiteral("version")},
                      window)
           + QStringLiteral("    series: {label: version, stable: stable, candidate: candidate}\n");

    text += QStringLiteral("  coditect:\n    budget: 5m\n"
                           "    workflow: .github/workflows/deploy-coditect.yml\n"
                           "    control: {kind: cloud-run, project: coditect-production, "
                           "region: us-central1,\n"
                           "              service: coditect-backend, credential: none, api: ")
            + quoted(facts.cloudRunApi.toString()) + QStringLiteral("}\n") + buildService(facts)
            + QStringLiteral("    commit_from: image-tag\n    database: context\n")
            + pace(facts.speed)
            + analysis({QStringLiteral("run"), QStringLiteral("run_connection_held_seconds"),
                        QStringLiteral("run"), QStringLiteral("coditect"),
                        QStringLiteral("revision_name")},
                       window)
            + QStringLiteral("    series: {label: revision_name, stable: '${stable.revision}',\n"
                             "             candidate: '${candidate.revision}'}\n");

    text += databases(facts);
    text += QStringLiteral("also_live:\n"
                           "  - {name: celery worker, context: rehearsal, namespace: production,\n"
                           "     deployment: context-worker, commit_from: image-tag, "
                           "database: context}\n"
                           "limits: {stale_after: 15s, refuse_after: 60s}\n");
    return text.toUtf8();
}

QByteArray kubeconfigText(const WorkspaceFacts &facts)
{
    QByteArray cluster = "    server: " + quoted(facts.kubernetes.toString()).toUtf8() + '\n';
    if (!facts.kubernetesCa.isEmpty())
        cluster += "    certificate-authority-data: " + facts.kubernetesCa.toBase64() + '\n';
    return "apiVersion: v1\nkind: Config\n"
           "clusters:\n- name: rehearsal\n  cluster:\n"
           + cluster + "users:\n- name: release-manager\n  user:\n    token: "
           + quoted(facts.kubernetesToken).toUtf8()
           + "\ncontexts:\n- name: rehearsal\n  context:\n    cluster: rehearsal\n"
             "    user: release-manager\n    namespace: production\n"
             "current-context: rehearsal\n";
}

Result<WrittenWorkspace> writeWorkspace(const WorkspaceFacts &facts)
{
    const QDir dir(QDir(facts.dir).absolutePath());
    WrittenWorkspace written{dir.filePath(QStringLiteral("pilothouse.yaml")),
                             dir.filePath(QStringLiteral("kubeconfig"))};
    QFile kubeconfig(written.kubeconfig);
    const QByteArray secret = kubeconfigText(facts);
    // The token is in it: closed to others before the first byte stands in it.
    if (!kubeconfig.open(QIODevice::WriteOnly)
        || !kubeconfig.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        || kubeconfig.write(secret) != secret.size() || !kubeconfig.flush())
        return cannotWrite(kubeconfig);
    QFile workspace(written.workspaceFile);
    const QByteArray text = workspaceText(facts, written.kubeconfig);
    if (!workspace.open(QIODevice::WriteOnly) || workspace.write(text) != text.size()
        || !workspace.flush())
        return cannotWrite(workspace);
    return written;
}

} // namespace pilothouse::sandbox
