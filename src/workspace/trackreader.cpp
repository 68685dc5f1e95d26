#include "workspace/trackreader.h"

#include "base/words.h"
#include "workspace/analysisreader.h"
#include "workspace/clusterreader.h"
#include "workspace/databasereader.h"
#include "workspace/helmreader.h"
#include "workspace/sharedfields.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace pilothouse {

namespace {

using Need = Fields::Need;

Control readCloudRun(Fields &fields)
{
    CloudRunSettings control;
    control.project = fields.text("project").value_or(QString());
    control.region = fields.text("region").value_or(QString());
    control.service = fields.text("service").value_or(QString());
    using From = CredentialChoice::Kind;
    control.credential = readCredential(
        fields, {From::Gcloud, From::Keychain, From::Environment, From::None}, control.credential);
    control.api = readAddress(fields, "api", Need::Optional, control.credential);
    return control;
}

Control readControl(Fields &track, const QString &folder)
{
    enum class Strategy { HttpRoute, CloudRun, Argo, Nginx, Istio, Flagger, HelmValue };
    Fields fields(track.map("control"), Words::tr("a control"), track.problems());
    const auto kind = fields.choice<Strategy>("kind", {{"http-route", Strategy::HttpRoute},
                                                       {"cloud-run", Strategy::CloudRun},
                                                       {"argo-rollout", Strategy::Argo},
                                                       {"nginx-canary", Strategy::Nginx},
                                                       {"istio", Strategy::Istio},
                                                       {"flagger", Strategy::Flagger},
                                                       {"helm-value", Strategy::HelmValue}});
    if (kind == Strategy::HttpRoute)
        return readHttpRoute(fields, folder);
    if (kind == Strategy::CloudRun)
        return readCloudRun(fields);
    if (kind == Strategy::Argo)
        return readArgoRollout(fields, folder);
    if (kind == Strategy::Nginx)
        return readNginxCanary(fields, folder);
    if (kind == Strategy::Istio)
        return readIstio(fields, folder);
    if (kind == Strategy::Flagger)
        return readFlagger(fields, folder);
    if (kind == Strategy::HelmValue)
        return readHelmValue(fields, folder);
    fields.ignoreRest();
    return {};
}

std::optional<BuildSettings> readBuild(Fields &track)
{
    enum class Service { CloudBuild };
    const YamlNode map = track.map("build", Need::Optional);
    if (map.isMissing())
        return {};
    Fields fields(map, Words::tr("a build"), track.problems());
    BuildSettings build;
    if (!fields.choice<Service>("kind", {{"cloud-build", Service::CloudBuild}})) {
        fields.ignoreRest();
        return build;
    }
    build.project = fields.text("project").value_or(QString());
    build.region = fields.text("region", Need::Optional).value_or(QStringLiteral("global"));
    build.job = fields.text("job", Need::Optional).value_or(QString());
    using From = CredentialChoice::Kind;
    build.credential = readCredential(
        fields, {From::Gcloud, From::Keychain, From::Environment, From::None}, build.credential);
    build.api = readAddress(fields, "api", Need::Optional, build.credential);
    build.storage = readAddress(fields, "storage", Need::Optional, build.credential);
    return build;
}

/// A name that no pipeline has would hide every run of the track.
QString readWorkflow(Fields &track, const QStringList &pipelines)
{
    QString path = track.text("workflow", Need::Optional).value_or(QString());
    if (!path.isEmpty() && !pipelines.isEmpty() && !pipelines.contains(path))
        track.report("workflow", Words::tr("workflow: expected one of \"pipelines\" (%1), found "
                                           "\"%2\"")
                                     .arg(pipelines.join(QStringLiteral(", ")), path));
    return path;
}

Plan readPlan(Fields &track)
{
    Plan plan;
    Problems &problems = track.problems();
    int before = 0;
    Position lastAt;
    bool readable = true;
    const QList<YamlNode> stages = track.list("plan");
    for (const YamlNode &node : stages) {
        Fields fields(node, Words::tr("a stage"), problems);
        const std::optional<qint64> weight = fields.integer("weight", Need::Required, 1, 100);
        const auto bake = fields.duration("bake", Need::Optional).value_or(0ms);
        readable = readable && weight.has_value();
        if (!weight)
            continue;
        lastAt = node.value(u"weight").at();
        if (*weight <= before) {
            fields.report("weight",
                          Words::tr("weight: expected more than %1, the weight of the stage "
                                    "before, found %2")
                              .arg(before)
                              .arg(*weight));
        }
        before = int(*weight);
        plan.stages.append({Weight{before}, bake});
    }
    if (readable && !stages.isEmpty() && before != 100) {
        problems.add(
            lastAt,
            Words::tr("weight: expected 100 in the last stage of a plan, found %1").arg(before));
    }
    return plan;
}

std::chrono::milliseconds readInterval(Fields &track, const char *key,
                                       std::chrono::milliseconds absent)
{
    const auto interval = track.duration(key, Need::Optional).value_or(absent);
    if (interval < 100ms) {
        track.report(key, Words::tr("%1: expected 100ms or more").arg(QLatin1String(key)));
    }
    return interval;
}

GuardSettings readGuard(Fields &track)
{
    GuardSettings guard;
    const YamlNode map = track.map("guard", Need::Optional);
    if (map.isMissing())
        return guard;
    Fields fields(map, Words::tr("a guard"), track.problems());
    using Arm = GuardSettings::Arm;
    guard.arm
        = fields
              .choice<Arm>("arm", {{"by-hand", Arm::ByHand}, {"with-rollout", Arm::WithRollout}},
                           Need::Optional)
              .value_or(guard.arm);
    guard.failures = int(fields.integer("after", Need::Optional, 1, 100).value_or(guard.failures));
    return guard;
}

/// A guard that nothing would set off must not look like one. Where something is wrong, that may be
/// why no check is critical.
void checkGuard(Fields &track, const TrackSettings &settings)
{
    const bool judges = std::any_of(settings.analysis.cbegin(), settings.analysis.cend(),
                                    [](const Check &check) { return check.critical; });
    if (settings.guard.arm == GuardSettings::Arm::WithRollout && !judges
        && !track.problems().hasErrors())
        track.report("guard", Words::tr("guard: expected a check with \"critical: true\" under "
                                        "\"analysis\", as only those make it roll back"));
}

TrackSettings readTrack(const YamlNode::Entry &entry, Problems &problems,
                        const TrackSurroundings &surroundings)
{
    TrackSettings track;
    track.name = TrackName(entry.key);
    Fields fields(entry.value, Words::tr("the track \"%1\"").arg(entry.key), problems);
    track.budget = fields.duration("budget", Need::Optional);
    if (track.budget && *track.budget <= 0ms)
        fields.report("budget", Words::tr("budget: expected more than no time"));
    track.control = readControl(fields, surroundings.folder);
    track.workflow = readWorkflow(fields, surroundings.pipelines);
    track.build = readBuild(fields);
    track.commitFrom = readCommitFrom(fields);
    track.plan = readPlan(fields);
    track.judgeEvery = readInterval(fields, "judge_every", track.judgeEvery);
    track.scrape = readInterval(fields, "scrape", track.scrape);
    track.series = readSeries(fields);
    track.analysis = readAnalysis(fields, {track.series, entry.key, track.scrape});
    track.guard = readGuard(fields);
    checkGuard(fields, track);
    if (!track.analysis.isEmpty() && !surroundings.hasPrometheus) {
        fields.report("analysis",
                      Words::tr("analysis: expected \"prometheus\" in the workspace, as its "
                                "queries need a server"));
    }
    track.database = readDatabaseName(fields, Need::Optional, surroundings.databases);
    return track;
}

} // namespace

QList<TrackSettings> readTracks(Fields &workspace, const TrackSurroundings &surroundings)
{
    QList<TrackSettings> tracks;
    for (const YamlNode::Entry &entry : workspace.entries("tracks", Need::Optional)) {
        checkName(workspace.problems(), entry);
        tracks.append(readTrack(entry, workspace.problems(), surroundings));
    }
    return tracks;
}

} // namespace pilothouse
