#include "workspace/workspacereader.h"

#include "base/words.h"
#include "document/duration.h"
#include "rollout/alerts/alertmatcher.h"
#include "workspace/databasereader.h"
#include "workspace/freezereader.h"
#include "workspace/sharedfields.h"
#include "workspace/trackreader.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

using namespace std::chrono_literals;

namespace pilothouse {

namespace {

using Need = Fields::Need;

EnvironmentMark readEnvironment(Fields &workspace, const EnvironmentMark &absent)
{
    const YamlNode node = workspace.map("environment", Need::Optional);
    if (node.isMissing())
        return absent;
    Fields fields(node, Words::tr("an environment"), workspace.problems());
    using Kind = EnvironmentMark::Kind;
    EnvironmentMark mark;
    mark.kind = fields
                    .choice<Kind>("kind", {{"production", Kind::Production},
                                           {"rehearsal", Kind::Rehearsal},
                                           {"other", Kind::Other}})
                    .value_or(Kind::Production);
    mark.name = fields.text("name", Need::Optional).value_or(node.value(u"kind").text());
    return mark;
}

RepositorySettings readRepository(Fields &workspace, const QString &folder)
{
    Fields fields(workspace.map("repository"), Words::tr("a repository"), workspace.problems());
    RepositorySettings repository;
    if (const auto path = fields.text("path"))
        repository.path = absolutePath(*path, folder);
    repository.github = fields.text("github", Need::Optional).value_or(QString());
    static const QRegularExpression ownerName(
        QStringLiteral("^[A-Za-z0-9](?:[A-Za-z0-9-]*)/[A-Za-z0-9._-]+$"));
    if (!repository.github.isEmpty() && !ownerName.match(repository.github).hasMatch()) {
        fields.report(
            "github",
            Words::tr("github: expected owner/name, found \"%1\"").arg(repository.github));
    }
    using Kind = CredentialChoice::Kind;
    repository.credential = readCredential(
        fields, {Kind::Gh, Kind::Keychain, Kind::Environment, Kind::None}, repository.credential);
    repository.api = readAddress(fields, "api", Need::Optional, repository.credential);
    if (fields.has("api") && !fields.has("github"))
        fields.report("api", Words::tr("api: expected \"github: owner/name\" beside it"));
    return repository;
}

QStringList readPipelines(Fields &workspace)
{
    QStringList paths;
    Problems &problems = workspace.problems();
    for (const YamlNode &node : workspace.list("pipelines", Need::Optional)) {
        if (!node.isScalar()) {
            problems.add(node.at(),
                         Words::tr("pipelines: expected the path of a workflow file, found %1")
                             .arg(describe(node)));
            continue;
        }
        const QString path = repositoryPath(problems, node.at(), node.text());
        if (path.isEmpty())
            continue;
        if (!path.endsWith(QLatin1String(".yml")) && !path.endsWith(QLatin1String(".yaml")))
            problems.add(node.at(),
                         Words::tr("pipelines: expected a file that ends in .yml or .yaml, "
                                   "found %1")
                             .arg(describe(node)));
        else if (paths.contains(path))
            problems.add(node.at(), Words::tr("pipelines: expected each file once, found %1 again")
                                        .arg(describe(node)));
        paths.append(path);
    }
    return paths;
}

/// Which alerts of a server are of this workspace.
QStringList readAlertMatch(Fields &fields)
{
    QStringList match;
    for (const YamlNode &each : fields.list("match", Need::Optional)) {
        if (alertMatcher(each.text()))
            match.append(each.text());
        else
            fields.problems().add(
                each.at(),
                Words::tr("match: expected a matcher such as 'team=\"context\"', found %1")
                    .arg(describe(each)));
    }
    return match;
}

std::optional<PrometheusSettings> readPrometheus(Fields &workspace, const QString &folder)
{
    const YamlNode node = workspace.map("prometheus", Need::Optional);
    if (node.isMissing())
        return std::nullopt;
    Fields fields(node, Words::tr("a prometheus"), workspace.problems());
    PrometheusSettings prometheus;
    prometheus.credential = readCredential(fields, serverCredentials(), {}, folder);
    prometheus.user = readBasicUser(fields, prometheus.credential);
    prometheus.address = readAddress(fields, "url", Need::Required, prometheus.credential);
    prometheus.match = readAlertMatch(fields);
    return prometheus;
}

std::optional<AlertmanagerSettings> readAlertmanager(Fields &workspace, const QString &folder)
{
    const YamlNode node = workspace.map("alertmanager", Need::Optional);
    if (node.isMissing())
        return std::nullopt;
    Fields fields(node, Words::tr("an alertmanager"), workspace.problems());
    AlertmanagerSettings alertmanager;
    alertmanager.credential = readCredential(fields, serverCredentials(), {}, folder);
    alertmanager.user = readBasicUser(fields, alertmanager.credential);
    alertmanager.address = readAddress(fields, "url", Need::Required, alertmanager.credential);
    alertmanager.match = readAlertMatch(fields);
    return alertmanager;
}

/// The kubeconfig of the first track that has the same context; else as kubectl finds it.
QString kubeconfigOf(const QString &context, const QList<TrackSettings> &tracks)
{
    for (const TrackSettings &track : tracks) {
        const ClusterPlace *place = placeOf(track.control);
        if (place && place->context == context)
            return place->kubeconfig;
    }
    return {};
}

QList<AlsoLive> readAlsoLive(Fields &workspace, const QString &folder,
                             const QList<TrackSettings> &tracks, const QStringList &databases)
{
    QList<AlsoLive> all;
    for (const YamlNode &node : workspace.list("also_live", Need::Optional)) {
        Fields fields(node, Words::tr("an entry of also_live"), workspace.problems());
        AlsoLive live;
        live.name = fields.text("name").value_or(QString());
        live.deployment = readKubernetesName(fields, "deployment");
        live.nameSpace = readKubernetesName(fields, "namespace");
        live.context = fields.text("context").value_or(QString());
        const std::optional<QString> kubeconfig = fields.text("kubeconfig", Need::Optional);
        live.kubeconfig
            = kubeconfig ? absolutePath(*kubeconfig, folder) : kubeconfigOf(live.context, tracks);
        live.commitFrom = readCommitFrom(fields);
        live.database = readDatabaseName(fields, Need::Required, databases);
        for (const AlsoLive &other : std::as_const(all)) {
            if (!live.name.isEmpty() && other.name == live.name) {
                fields.report("name", Words::tr("name: expected a name that no other entry of "
                                                "also_live has, found \"%1\" again")
                                          .arg(live.name));
                break;
            }
        }
        all.append(live);
    }
    return all;
}

Limits readLimits(Fields &workspace)
{
    Limits limits;
    Fields fields(workspace.map("limits", Need::Optional), Words::tr("the limits"),
                  workspace.problems());
    limits.staleAfter = fields.duration("stale_after", Need::Optional).value_or(limits.staleAfter);
    limits.refuseAfter
        = fields.duration("refuse_after", Need::Optional).value_or(limits.refuseAfter);
    if (limits.staleAfter < 1s)
        fields.report("stale_after", Words::tr("stale_after: expected 1s or more"));
    if (limits.refuseAfter < limits.staleAfter)
        fields.report("refuse_after",
                      Words::tr("refuse_after: expected no less than stale_after (%1)")
                          .arg(formatDuration(limits.staleAfter)));
    return limits;
}

void readInto(Workspace &workspace, Fields &fields, const QString &folder)
{
    workspace.name = fields.text("name").value_or(QString());
    workspace.environment = readEnvironment(fields, workspace.environment);
    workspace.repository = readRepository(fields, folder);
    workspace.pipelines = readPipelines(fields);
    workspace.prometheus = readPrometheus(fields, folder);
    workspace.alertmanager = readAlertmanager(fields, folder);
    workspace.databases = readDatabases(fields);
    QStringList databases;
    for (const DatabaseSettings &database : std::as_const(workspace.databases))
        databases.append(database.name);
    workspace.tracks
        = readTracks(fields, {folder, databases, workspace.pipelines, fields.has("prometheus")});
    workspace.alsoLive = readAlsoLive(fields, folder, workspace.tracks, databases);
    workspace.limits = readLimits(fields);
    workspace.freeze = readFreeze(fields);
}

} // namespace

tl::expected<Workspace, Problems> readWorkspace(const QByteArray &content, const QString &fileName)
{
    Problems problems(fileName);
    const QFileInfo file(fileName);
    Workspace workspace;
    workspace.file = QDir::cleanPath(file.absoluteFilePath());
    const YamlNode root = parseYaml(content, problems);
    {
        Fields fields(root, Words::tr("a workspace"), problems);
        const std::optional<qint64> version = fields.integer("pilothouse");
        if (version && *version != 1) {
            fields.report("pilothouse", Words::tr("pilothouse: expected 1, the version that this "
                                                  "program reads, found %1")
                                            .arg(*version));
            fields.ignoreRest();
        } else {
            readInto(workspace, fields, file.absolutePath());
        }
    }
    if (problems.hasErrors())
        return tl::unexpected<Problems>(problems);
    return workspace;
}

} // namespace pilothouse
