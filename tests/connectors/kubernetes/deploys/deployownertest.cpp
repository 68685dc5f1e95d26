#include "clusterobjects.h"

#include "connectors/kubernetes/deploys/deployowner.h"
#include "connectors/kubernetes/httproute/routeplaces.h"
#include "connectors/kubernetes/nginx/canaryingress.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString production = QStringLiteral("production");
const QString kubectlNote = QStringLiteral("kubectl.kubernetes.io/last-applied-configuration");
const QJsonObject helmNotes{
    {QStringLiteral("meta.helm.sh/release-name"), QStringLiteral("web")},
    {QStringLiteral("meta.helm.sh/release-namespace"), QStringLiteral("production")}};

QJsonObject noted(const QJsonObject &annotations)
{
    return with(routeObject(90, 10), "metadata.annotations", annotations);
}

/// `route`, as a person has it in a file.
QJsonObject applied(const QJsonObject &route)
{
    return noted({{kubectlNote, QString::fromUtf8(bytes(route))}});
}

DeployOwner ownerOf(const QJsonObject &route)
{
    return deployOwner(decodeRoute(route)->meta, production, routeFields(production, routeNames()));
}

/// What is told of a route of the release “web” when its revision 41 says these weights.
NextDeploy byHelm(const AppliedWeights &weights, WeightFields::Type type, const char *method = "")
{
    DeployOwner owner = ownerOf(noted(helmNotes));
    owner.type = type;
    owner.chart = ReleaseChart{41, QLatin1String(method) == QLatin1String("ssa"), weights, {}};
    return nextDeploy(owner);
}

constexpr AppliedWeights none{AppliedWeights::Says::Nothing, {}};
constexpr AppliedWeights zero{AppliedWeights::Says::Weights, 0};
constexpr AppliedWeights others{AppliedWeights::Says::Weights, {}};
constexpr auto custom = WeightFields::Type::Custom;
constexpr auto builtIn = WeightFields::Type::BuiltIn;

const QString manifest = QStringLiteral(R"(---
# Source: web/templates/config.yaml
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData: {password: hunter2}
---
# Source: web/templates/route.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
spec:
  parentRefs: [{name: public}]
  rules:
    - backendRefs:
        - {name: stable, port: 80, weight: 75}
        - {name: candidate, port: 80, weight: 25}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web-canary
  namespace: production
  annotations:
    nginx.ingress.kubernetes.io/canary: "true"
    nginx.ingress.kubernetes.io/canary-weight: "30"
)");

NginxNames nginxNames()
{
    NginxNames names;
    names.nameSpace = production;
    names.ingress = QStringLiteral("web-canary");
    return names;
}

/// "weights 25", "nothing", "no object"; "weights" where one of ours would look otherwise.
QString said(const Result<AppliedWeights> &weights)
{
    if (!weights)
        return weights.error().message;
    switch (weights->says) {
    case AppliedWeights::Says::NoObject:
        return QStringLiteral("no object");
    case AppliedWeights::Says::Nothing:
        return QStringLiteral("nothing");
    case AppliedWeights::Says::Weights:
        break;
    }
    return weights->percent ? QStringLiteral("weights %1").arg(*weights->percent)
                            : QStringLiteral("weights");
}

QString routeSays(const QJsonObject &route)
{
    return said(routeFields(production, routeNames()).read(route));
}

} // namespace

/// What is told of the next deploy, by who owns the weights.
class DeployOwnerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSentenceIsTold_data()
    {
        QTest::addColumn<NextDeploy>("told");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const NextDeploy &told, NextDeploy::Kind kind,
                            const char *words) {
            QTest::newRow(name) << told << int(kind) << QString::fromUtf8(words);
        };
        using Kind = NextDeploy::Kind;

        row("nobody who deploys is seen", nextDeploy(ownerOf(routeObject(90, 10))), Kind::NoDeploys,
            "no deploy is known to set this weight (looked for: Helm, kubectl apply, managed "
            "fields)");

        row("a chart without weights keeps them", byHelm(none, custom), Kind::Keeps,
            "the next Helm deploy keeps this weight: its chart sets none (checked: revision 41)");
        row("so does one that has no such object any more", byHelm({}, builtIn, "ssa"), Kind::Keeps,
            "the next Helm deploy keeps this weight: its chart sets none (checked: revision 41)");
        row("Helm sends of a custom resource what its chart changed", byHelm(zero, custom),
            Kind::Keeps,
            "the next Helm deploy keeps this weight as long as its chart renders the same rules as "
            "in revision 41 (0 %); others overwrite it");
        row("of a built-in kind it sends what differs", byHelm(zero, builtIn), Kind::Overwrites,
            "the next Helm deploy overwrites this weight: revision 41 says 0 %");
        row("weights in other numbers are said to be others", byHelm(others, builtIn),
            Kind::Overwrites,
            "the next Helm deploy overwrites this weight: revision 41 says weights of its own");
        row("by the server it is a conflict", byHelm(zero, custom, "ssa"), Kind::Conflicts,
            "the next Helm deploy fails on a conflict: revision 41 is applied by the server and "
            "says 0 %; with --force-conflicts it overwrites this weight");
        row("for every kind", byHelm(zero, builtIn, "ssa"), Kind::Conflicts,
            "the next Helm deploy fails on a conflict: revision 41 is applied by the server and "
            "says 0 %; with --force-conflicts it overwrites this weight");
        row("Helm 4 can do as Helm 3 did", byHelm(zero, builtIn, "csa"), Kind::Overwrites,
            "the next Helm deploy overwrites this weight: revision 41 says 0 %");

        row("kubectl apply writes what it wrote", nextDeploy(ownerOf(applied(routeObject(80, 20)))),
            Kind::Overwrites,
            "the next kubectl apply overwrites this weight: what was applied last says 20 %");
        row("a file without rules leaves them",
            nextDeploy(
                ownerOf(applied(with(routeObject(80, 20), "spec.rules", QJsonValue::Undefined)))),
            Kind::Keeps,
            "the next kubectl apply keeps this weight: what was applied last sets none");

        DeployOwner pending = ownerOf(noted(helmNotes));
        pending.chart = ReleaseChart{41, false, none, QStringLiteral("pending-upgrade")};
        row("while Helm deploys nothing is known", nextDeploy(pending), Kind::CannotTell,
            "what the next deploy does to this weight is not known: a Helm deploy is under way "
            "(pending-upgrade)");
        row("before the release was read nothing is known", nextDeploy(ownerOf(noted(helmNotes))),
            Kind::CannotTell,
            "what the next deploy does to this weight is not known: the Helm release web was not "
            "read yet");
        DeployOwner unseen = ownerOf(noted(helmNotes));
        unseen.chart = fail(ErrorKind::NotAllowed, QStringLiteral("you lack list on secrets."));
        row("a release that cannot be seen is no weight that stays", nextDeploy(unseen),
            Kind::CannotTell,
            "what the next deploy does to this weight is not known: you lack list on secrets");
        QJsonObject both = helmNotes;
        both.insert(kubectlNote, QString::fromUtf8(bytes(routeObject(80, 20))));
        row("of two who deploy the next one is not known", nextDeploy(ownerOf(noted(both))),
            Kind::CannotTell,
            "what the next deploy does to this weight is not known: both the Helm release web and "
            "kubectl apply make this object");
    }

    void theSentenceIsTold()
    {
        QFETCH(NextDeploy, told);
        QFETCH(int, kind);
        QFETCH(QString, words);
        QCOMPARE(told.words, words);
        QCOMPARE(int(told.kind), kind);
    }

    void whoAppliesByTheServerIsNamed()
    {
        const auto managedBy = [](const char *manager, const QJsonObject &notes) {
            QJsonObject entry = parsed("{'operation': 'Apply', 'time': '2026-11-24T13:20:00Z',"
                                       " 'fieldsV1': {'f:spec': {'f:parentRefs': {}}}}");
            entry.insert(QStringLiteral("manager"), QLatin1String(manager));
            return with(noted(notes), "metadata.managedFields", QJsonArray{entry});
        };
        const NextDeploy told = nextDeploy(ownerOf(managedBy("kustomize-controller", {})));
        QCOMPARE(told.kind, NextDeploy::Kind::CannotTell);
        QCOMPARE(told.words,
                 QStringLiteral("what the next deploy does to this weight is not known: "
                                "kustomize-controller applies this object by the server (managed "
                                "fields)"));
        // Of its own objects Helm is told by its record.
        QVERIFY(ownerOf(managedBy("helm", helmNotes)).appliers.isEmpty());
        QCOMPARE(ownerOf(managedBy("helm", {})).appliers, QStringList{QStringLiteral("helm")});
    }

    void aWriterOfTheStatusIsNoApplier()
    {
        QJsonObject entry = parsed("{'operation': 'Apply', 'subresource': 'status', 'manager':"
                                   " 'gateway', 'time': '2026-11-24T13:20:00Z',"
                                   " 'fieldsV1': {'f:status': {'f:parents': {}}}}");
        QVERIFY(ownerOf(with(routeObject(90, 10), "metadata.managedFields", QJsonArray{entry}))
                    .appliers.isEmpty());
    }

    void aReleaseMayBeOfAnotherNamespace()
    {
        const QJsonObject elsewhere{
            {QStringLiteral("meta.helm.sh/release-name"), QStringLiteral("web")},
            {QStringLiteral("meta.helm.sh/release-namespace"), QStringLiteral("deploys")}};
        QCOMPARE(ownerOf(noted(elsewhere)).release,
                 std::optional(HelmRelease{QStringLiteral("deploys"), QStringLiteral("web")}));
        QVERIFY(!ownerOf(routeObject(90, 10)).release);
    }

    void aDeployThatBringsTheSameWeightTakesNothingAway()
    {
        const NextDeploy conflict = byHelm(zero, custom, "ssa");
        QCOMPARE(nextDeployAt(conflict, 50), conflict);
        QCOMPARE(nextDeployAt(conflict, 0).kind, NextDeploy::Kind::Keeps);
        QCOMPARE(nextDeployAt(conflict, 0).words,
                 QStringLiteral("the next deploy brings the same weight, 0 %"));
        // What cannot be told does not become known by it.
        const NextDeploy unknown = nextDeploy(ownerOf(noted(helmNotes)));
        QCOMPARE(nextDeployAt(unknown, 0), unknown);
    }

    void theWeightsOfARouteAreReadAsOursWouldLook()
    {
        QCOMPARE(routeSays(routeObject(100, 0)), QStringLiteral("weights 0"));
        QCOMPARE(routeSays(routeObject(75, 25)), QStringLiteral("weights 25"));
        QCOMPARE(routeSays(routeObject(3, 1)), QStringLiteral("weights"));
        QCOMPARE(routeSays(with(routeObject(75, 25), "spec.rules", QJsonValue::Undefined)),
                 QStringLiteral("nothing"));
        // Rules are one field: they are written with the others, even where we find no weight.
        QCOMPARE(routeSays(with(routeObject(75, 25), "spec.rules.0.backendRefs.1.name",
                                QStringLiteral("third"))),
                 QStringLiteral("weights"));
        QCOMPARE(routeSays(with(with(routeObject(75, 25), "spec.rules.0.backendRefs.0.weight",
                                     QJsonValue::Undefined),
                                "spec.rules.0.backendRefs.1.weight", QJsonValue::Undefined)),
                 QStringLiteral("weights"));
        QVERIFY(routeSays(with(routeObject(75, 25), "spec.rules.0.backendRefs.0.weight",
                               QStringLiteral("many")))
                    .contains(QStringLiteral("spec.rules[0].backendRefs[0].weight")));
    }

    void aManifestIsSearchedForTheObject()
    {
        const WeightFields route = routeFields(production, routeNames());
        const WeightFields ingress = canaryFields(nginxNames());
        const auto in = [](const QString &text, const WeightFields &fields, const char *name) {
            return said(weightsIn(text, fields, production, QString::fromLatin1(name)));
        };
        QCOMPARE(in(manifest, route, "web"), QStringLiteral("weights 25"));
        QCOMPARE(in(manifest, route, "shop"), QStringLiteral("no object"));
        QCOMPARE(in(manifest, ingress, "web-canary"), QStringLiteral("weights 30"));
        QString elsewhere = manifest;
        elsewhere.replace(QStringLiteral("namespace: production"), QStringLiteral("namespace: x"));
        QCOMPARE(in(elsewhere, ingress, "web-canary"), QStringLiteral("no object"));
        QString weightless = manifest;
        weightless.remove(
            QStringLiteral("    nginx.ingress.kubernetes.io/canary-weight: \"30\"\n"));
        QCOMPARE(in(weightless, ingress, "web-canary"), QStringLiteral("nothing"));
    }
};

QTEST_GUILESS_MAIN(DeployOwnerTest)
#include "deployownertest.moc"
