#include "workspace/helmreader.h"

#include "base/words.h"
#include "workspace/clusterreader.h"
#include "workspace/sharedfields.h"

#include <QRegularExpression>

namespace pilothouse {

namespace {

using Need = Fields::Need;

/// A folder or an archive of this machine begins with a dot, a slash or a tilde, as helm itself and
/// every shell have it; anything else is REPOSITORY/CHART or oci://….
QString readChart(Fields &fields, const QString &folder)
{
    const QString chart = fields.text("chart").value_or(QString());
    static const QRegularExpression onDisk(QStringLiteral(R"(^(\.{0,2}/|~/|\.{1,2}$))"));
    return onDisk.match(chart).hasMatch() ? absolutePath(chart, folder) : chart;
}

QString readValueName(Fields &fields)
{
    QString value = fields.text("value", Need::Optional).value_or(QStringLiteral("canary.weight"));
    static const QRegularExpression valid(
        QStringLiteral(R"(^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*$)"));
    if (!valid.match(value).hasMatch()) {
        fields.report("value", Words::tr("value: expected the name of a chart's value, as "
                                         "\"canary.weight\", found \"%1\"")
                                   .arg(value));
    }
    return value;
}

HelmSettings::Route readHelmRoute(Fields &control)
{
    using Kind = HelmSettings::Route::Kind;
    HelmSettings::Route route;
    const YamlNode map = control.map("route");
    Fields fields(map, Words::tr("a route"), control.problems());
    const auto kind = fields.choice<Kind>(
        "kind", {{"http-route", Kind::HttpRoute}, {"nginx-canary", Kind::NginxCanary}});
    if (!kind) {
        fields.ignoreRest();
        return route;
    }
    route.kind = *kind;
    route.name = readKubernetesName(fields, "name");
    route.stable = readKubernetesName(fields, "stable");
    route.candidate = readKubernetesName(fields, "candidate");
    if (route.kind == Kind::NginxCanary)
        route.prefix = readAnnotationsPrefix(fields, route.prefix);
    refuseSameEnds(fields, route.stable, route.candidate);
    return route;
}

} // namespace

QString programPath(const QString &program, const QString &folder)
{
    return program.contains(QLatin1Char('/')) ? absolutePath(program, folder) : program;
}

QString readHelmProgram(Fields &control, const QString &folder)
{
    return programPath(control.text("program", Need::Optional).value_or(QStringLiteral("helm")),
                       folder);
}

HelmSettings readHelmValue(Fields &control, const QString &folder)
{
    HelmSettings helm;
    helm.at = readPlace(control, folder);
    helm.release = readKubernetesName(control, "release");
    helm.chart = readChart(control, folder);
    helm.value = readValueName(control);
    helm.program = readHelmProgram(control, folder);
    helm.route = readHelmRoute(control);
    return helm;
}

} // namespace pilothouse
