#include "app/sandbox/world/scenario.h"

#include "base/words.h"

#include <QFile>

#include <yaml-cpp/yaml.h>

namespace pilothouse::sandbox {

namespace {

QString text(const YAML::Node &node)
{
    return node && node.IsScalar() ? QString::fromStdString(node.Scalar()) : QString();
}

/// A value that must be there; yaml-cpp's own exception tells the line.
template <typename T>
T must(const YAML::Node &map, const char *key)
{
    const YAML::Node node = map[key];
    if (!node)
        throw YAML::RepresentationException(map.Mark(), std::string("\"") + key + "\" is missing");
    return node.as<T>();
}

QString mustText(const YAML::Node &map, const char *key)
{
    return QString::fromStdString(must<std::string>(map, key));
}

double number(const YAML::Node &node, double otherwise)
{
    return node ? node.as<double>() : otherwise;
}

QStringList texts(const YAML::Node &list)
{
    QStringList out;
    for (const auto &item : list)
        out.append(text(item));
    return out;
}

/// "21d", "11m", "30s" in seconds.
double age(const YAML::Node &node)
{
    const QString word = text(node);
    bool ok = false;
    const double count = word.chopped(word.isEmpty() ? 0 : 1).toDouble(&ok);
    const double unit = word.endsWith(QLatin1Char('d'))   ? 86'400
                        : word.endsWith(QLatin1Char('h')) ? 3'600
                        : word.endsWith(QLatin1Char('m')) ? 60
                        : word.endsWith(QLatin1Char('s')) ? 1
                                                          : 0;
    if (!ok || unit <= 0)
        throw YAML::RepresentationException(node.Mark(), "an age such as 11m was expected");
    return count * unit;
}

Behaviour readBehaviour(const QString &nickname, const YAML::Node &map)
{
    Behaviour out;
    out.nickname = nickname;
    out.cloudRunRevision = text(map["cloud_run"]);
    out.writesOrganization = must<bool>(map, "writes_organization");
    out.held = must<double>(map, "held");
    out.errorRatio = must<double>(map, "error_ratio");
    out.p95 = must<double>(map, "p95");
    out.p95Full = number(map["p95_full"], 0);
    out.p95Over = number(map["p95_over"], out.p95Full);
    return out;
}

PlannedJob readJob(const YAML::Node &map)
{
    PlannedJob job;
    job.name = mustText(map, "key");
    job.duration = must<double>(map, "duration");
    job.needs = texts(map["needs"]);
    job.environment = text(map["environment"]);
    job.gate = map["gate"] && map["gate"].as<bool>();
    job.build = map["build"] && map["build"].as<bool>();
    job.deploys = text(map["deploys"]);
    job.finishes = text(map["finishes"]);
    return job;
}

void readWorkflows(const YAML::Node &map, Scenario &out)
{
    for (const auto &item : map) {
        PlannedWorkflow workflow;
        workflow.file = text(item.first);
        workflow.name = mustText(item.second, "name");
        workflow.event = mustText(item.second, "event");
        workflow.concurrency = text(item.second["concurrency"]);
        workflow.startable = item.second["dispatch"].IsDefined();
        workflow.requiredInputs = texts(item.second["dispatch"]);
        for (const auto &job : item.second["jobs"])
            workflow.jobs.append(readJob(job));
        out.workflows.insert(workflow.file, workflow);
    }
}

void readRuns(const YAML::Node &root, Scenario &out)
{
    for (const auto &item : root["history"])
        out.history.append({must<qint64>(item, "run"), mustText(item, "workflow"),
                            mustText(item, "revision"), age(item["age"]), texts(item["failed"]),
                            texts(item["cancelled"])});
    for (const auto &item : root["releases"]) {
        PlannedRelease release;
        release.revision = mustText(item, "revision");
        for (const auto &run : item["runs"])
            release.runs.insert(text(run.first), run.second.as<qint64>());
        out.releases.append(release);
    }
}

void readPeople(const YAML::Node &root, Scenario &out)
{
    const YAML::Node who = must<YAML::Node>(root, "colleague");
    out.colleague.name = mustText(who, "name");
    out.colleague.takesThrough = mustText(who, "takes_coditect_through");
    for (const auto &step : who["coditect_steps"])
        out.colleague.steps.append(step.as<int>());
    out.colleague.pause = must<double>(who, "coditect_pause");
    out.colleague.afterDryRun = must<double>(who, "after_dry_run");
    out.colleague.weightAfterDryRun = must<int>(who, "weights_after_dry_run");
    out.colleague.nagsAfter = must<double>(who, "nags_after");
    out.colleague.nag = mustText(who, "nag");
    out.colleague.rollsBackAfter = must<double>(who, "rolls_back_after");
    const YAML::Node alert = must<YAML::Node>(root, "alert");
    out.alert = {mustText(alert, "name"), must<double>(alert, "over"), must<double>(alert, "for"),
                 must<double>(alert, "window")};
    const YAML::Node restarts = must<YAML::Node>(root, "pod_restarts");
    out.restarts = {must<double>(restarts, "after"), must<double>(restarts, "every")};
}

Scenario read(const YAML::Node &root)
{
    Scenario out;
    out.name = mustText(root, "name");
    const YAML::Node repository = must<YAML::Node>(root, "repository");
    out.owner = mustText(repository, "owner");
    out.repository = mustText(repository, "name");
    out.branch = mustText(repository, "branch");
    out.nameSpace = mustText(root, "namespace");
    out.image = mustText(root, "image");
    const YAML::Node cloud = must<YAML::Node>(root, "cloud_run");
    out.cloudProject = mustText(cloud, "project");
    out.cloudRegion = mustText(cloud, "region");
    out.cloudService = mustText(cloud, "service");
    out.cloudImage = mustText(cloud, "image");
    for (const auto &item : must<YAML::Node>(root, "revisions"))
        out.revisions.insert(text(item.first), readBehaviour(text(item.first), item.second));
    for (const auto &item : must<YAML::Node>(root, "tracks")) {
        const YAML::Node &map = item.second;
        out.tracks.insert(text(item.first),
                          {must<double>(map, "demand"), must<double>(map, "noise"),
                           must<int>(map, "stable_pods"), must<int>(map, "candidate_pods"),
                           must<int>(map, "connections_per_pod")});
    }
    out.timeConstant = must<double>(root, "time_constant");
    out.poolTimeConstant = must<double>(root, "pool_time_constant");
    out.stable = mustText(root, "stable");
    out.worker = mustText(root, "worker");
    readWorkflows(must<YAML::Node>(root, "workflows"), out);
    readRuns(root, out);
    readPeople(root, out);
    out.workerRollsAfter = must<double>(root, "worker_rolls_after");
    out.routeAcceptsAfter = must<double>(root, "route_accepts_after");
    out.podsReadyAfter = must<double>(root, "pods_ready_after");
    return out;
}

} // namespace

Result<Scenario> Scenario::load(const QString &file)
{
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly))
        return fail(
            ErrorKind::NotFound,
            Words::tr("There is no scenario %1: name one of resources/scenarios.").arg(file),
            in.errorString());
    return parse(in.readAll(), file);
}

Result<Scenario> Scenario::parse(const QByteArray &text, const QString &name)
{
    try {
        return read(YAML::Load(text.toStdString()));
    } catch (const YAML::Exception &error) {
        return fail(ErrorKind::BadInput, Words::tr("%1:%2:%3: %4.")
                                             .arg(name)
                                             .arg(error.mark.line + 1)
                                             .arg(error.mark.column + 1)
                                             .arg(QString::fromStdString(error.msg)));
    }
}

} // namespace pilothouse::sandbox
