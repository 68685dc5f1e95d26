#include "workspace/localoverrides.h"

#include "base/words.h"
#include "document/nearestword.h"
#include "workspace/helmreader.h"
#include "workspace/sharedfields.h"

#include <QFileInfo>

#include <algorithm>
#include <functional>

namespace pilothouse {

namespace {

using Need = Fields::Need;
using CredentialFrom = CredentialChoice::Kind;

bool hasOnlyComments(const QByteArray &content)
{
    const QList<QByteArray> lines = content.split('\n');
    return std::all_of(lines.begin(), lines.end(), [](const QByteArray &line) {
        const QByteArray text = line.trimmed();
        return text.isEmpty() || text.startsWith('#');
    });
}

void overridePath(Fields &fields, const char *key, const QString &folder, QString &path)
{
    if (const auto text = fields.text(key, Need::Optional))
        path = absolutePath(*text, folder);
}

void overrideText(Fields &fields, const char *key, QString &text)
{
    text = fields.text(key, Need::Optional).value_or(text);
}

void overrideCredential(Fields &fields, const QList<CredentialFrom> &allowed,
                        const ServerAddress &address, CredentialChoice &credential,
                        const QString &folder = {})
{
    credential = readCredential(fields, allowed, credential, folder);
    if (fields.has("credential"))
        refuseOpenCredential(fields, address, credential);
}

void overrideControl(Fields &fields, const QString &folder, Control &control)
{
    if (ClusterPlace *place = placeOf(control)) {
        overridePath(fields, "kubeconfig", folder, place->kubeconfig);
        overrideText(fields, "context", place->context);
    }
    const auto overrideProgram = [&](QString &program) {
        if (const auto text = fields.text("program", Need::Optional))
            program = programPath(*text, folder);
    };
    if (auto *helm = std::get_if<HelmSettings>(&control)) {
        overrideProgram(helm->program);
    } else if (auto *route = std::get_if<HttpRouteSettings>(&control)) {
        overrideProgram(route->program);
    } else if (auto *run = std::get_if<CloudRunSettings>(&control)) {
        overrideCredential(fields,
                           {CredentialFrom::Gcloud, CredentialFrom::Keychain,
                            CredentialFrom::Environment, CredentialFrom::None},
                           run->api, run->credential);
    }
}

/// Hands each entry of a map to the element of that name; a name that is none is a problem.
template <typename T>
void overrideEach(Fields &fields, const char *key, QList<T> &elements,
                  const std::function<QString(const T &)> &nameOf,
                  const std::function<void(const YamlNode &, T &)> &read)
{
    QStringList names;
    for (const T &element : std::as_const(elements))
        names.append(nameOf(element));
    for (const YamlNode::Entry &entry : fields.entries(key, Need::Optional)) {
        const qsizetype index = names.indexOf(entry.key);
        if (index >= 0) {
            read(entry.value, elements[index]);
            continue;
        }
        fields.problems().add(
            entry.keyAt,
            Words::tr("%1: expected a name of the workspace (%2), found \"%3\"")
                .arg(QLatin1String(key), names.join(QStringLiteral(", ")), entry.key),
            nearestWord(entry.key, names));
    }
}

/// The credential of a metrics server or of an Alertmanager, where there is one.
template <typename Server>
void overrideServer(Fields &fields, const char *key, const QString &folder,
                    std::optional<Server> &server)
{
    const YamlNode node = fields.map(key, Need::Optional);
    if (node.isMap() && !server) {
        fields.report(key, Words::tr("%1: expected it in the workspace before it is overridden")
                               .arg(QLatin1String(key)));
    } else if (server) {
        Fields settings(node, Words::tr("the local overrides"), fields.problems());
        overrideCredential(settings, serverCredentials(), server->address, server->credential,
                           folder);
    }
}

void overrideWorkspace(Workspace &workspace, Fields &fields, const QString &folder)
{
    Problems &problems = fields.problems();
    const QString local = Words::tr("the local overrides");
    {
        Fields repository(fields.map("repository", Need::Optional), local, problems);
        overridePath(repository, "path", folder, workspace.repository.path);
        overrideCredential(repository,
                           {CredentialFrom::Gh, CredentialFrom::Keychain,
                            CredentialFrom::Environment, CredentialFrom::None},
                           workspace.repository.api, workspace.repository.credential);
    }
    overrideServer(fields, "prometheus", folder, workspace.prometheus);
    overrideServer(fields, "alertmanager", folder, workspace.alertmanager);
    overrideEach<TrackSettings>(
        fields, "tracks", workspace.tracks,
        [](const TrackSettings &track) { return track.name.value; },
        [&](const YamlNode &node, TrackSettings &track) {
            Fields settings(node, local, problems);
            Fields control(settings.map("control", Need::Optional), local, problems);
            overrideControl(control, folder, track.control);
        });
    overrideEach<AlsoLive>(
        fields, "also_live", workspace.alsoLive, [](const AlsoLive &live) { return live.name; },
        [&](const YamlNode &node, AlsoLive &live) {
            Fields settings(node, local, problems);
            overridePath(settings, "kubeconfig", folder, live.kubeconfig);
            overrideText(settings, "context", live.context);
        });
}

} // namespace

tl::expected<Workspace, Problems>
withLocalOverrides(const Workspace &workspace, const QByteArray &content, const QString &fileName)
{
    if (hasOnlyComments(content))
        return workspace;
    Problems problems(fileName);
    Workspace result = workspace;
    const YamlNode root = parseYaml(content, problems);
    {
        Fields fields(root, Words::tr("the local overrides"), problems);
        overrideWorkspace(result, fields, QFileInfo(fileName).absolutePath());
    }
    if (problems.hasErrors())
        return tl::unexpected<Problems>(problems);
    return result;
}

} // namespace pilothouse
