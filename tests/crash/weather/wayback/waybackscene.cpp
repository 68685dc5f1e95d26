#include "crash/weather/wayback/waybackscene.h"

#include "base/future.h"
#include "connectors/kubernetes/helm/helmobjects.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/wayback/helmwayback.h"
#include "support/kube/canaryworld.h"

#include <QPromise>
#include <QTimer>

namespace pilothouse {
namespace {

constexpr int helmTakes = 20;    // ms
constexpr int rollOutTakes = 20; // ms
constexpr int stablePods = 3;
const QString production = QStringLiteral("production");
const QString imagePath = QStringLiteral("registry.test:5000/context-intelligence:");
const sandbox::ObjectStore::Writer helm{QStringLiteral("helm"), {}, {}};
const sandbox::ObjectStore::Writer controller{
    QStringLiteral("controller"), QStringLiteral("status"), {}};

QJsonObject inProduction(QJsonObject object)
{
    QJsonObject metadata = object[QLatin1String("metadata")].toObject();
    metadata.insert(QStringLiteral("namespace"), production);
    metadata.remove(QStringLiteral("resourceVersion"));
    object.insert(QStringLiteral("metadata"), metadata);
    return object;
}

HelmSecret secretOf(int number, const QByteArray &status, const QString &commit,
                    const QString &description)
{
    HelmSecret made;
    made.number = number;
    made.status = status;
    made.description = description;
    made.madeAt = QDateTime::currentSecsSinceEpoch();
    made.manifest = QStringLiteral("kind: Deployment\nmetadata: {name: %1}\n"
                                   "spec: {template: {spec: {containers: [{name: app, image: "
                                   "'%2%3'}]}}}\n")
                        .arg(CanaryWorld::name(), imagePath, commit);
    return made;
}

} // namespace

WayBackScene::WayBackScene()
{
    add(earlierCommit(), QStringLiteral("Install complete"));
    add(CanaryWorld::stableCommit(), QStringLiteral("Upgrade complete"));
    const auto &deployments = sandbox::resourceType("deployments");
    const auto stable = store().get(deployments, production, CanaryWorld::name());
    if (!stable)
        qFatal("the stable is not there");
    const QJsonObject release{{QStringLiteral("meta.helm.sh/release-name"), QStringLiteral("web")},
                              {QStringLiteral("meta.helm.sh/release-namespace"), production}};
    (void)store().update(deployments, with(*stable, "metadata.annotations", release), helm);
    giveWeight(0);
}

std::unique_ptr<TrafficControl> WayBackScene::control(HttpClient &http, Clock &clock,
                                                      const QUrl &server)
{
    auto route = RouteScene::control(http, clock, server);
    return std::make_unique<HelmWayBack>(
        api(), *this, clock, HelmWayBack::Settings{QStringLiteral("helm"), {}, {}, production, {}},
        std::unique_ptr<HttpRouteControl>(static_cast<HttpRouteControl *>(route.release())));
}

QFuture<Result<CommandOutput>> WayBackScene::run(const Command &command)
{
    const QStringList words = command.arguments;
    if (words.first() == QLatin1String("version"))
        return ready<CommandOutput>(CommandOutput{0, "v3.17.2", {}});
    const CommandOutput happy{0, "Rollback was a success! Happy Helming!\n", {}};
    if (words.first() != QLatin1String("rollback") || words.contains(QStringLiteral("--dry-run")))
        return ready<CommandOutput>(happy);
    ++m_rollbacks;
    const auto promise = std::make_shared<QPromise<Result<CommandOutput>>>();
    promise->start();
    QTimer::singleShot(helmTakes, &m_self, [this, number = words[2].toInt(), promise, happy] {
        const QString commit = m_commits[number - 1];
        add(commit, QStringLiteral("Rollback to %1").arg(number));
        make(commit);
        promise->addResult(happy);
        promise->finish();
    });
    return promise->future();
}

void WayBackScene::add(const QString &commit, const QString &description)
{
    const auto &secrets = sandbox::resourceType("secrets");
    const int number = int(m_commits.size()) + 1;
    if (number > 1) {
        const QString name = QStringLiteral("sh.helm.release.v1.web.v%1").arg(number - 1);
        if (const auto before = store().get(secrets, production, name))
            (void)store().update(
                secrets, with(*before, "metadata.labels.status", QStringLiteral("superseded")),
                helm);
    }
    if (!store().create(
            secrets, inProduction(secretObject(secretOf(number, "deployed", commit, description))),
            helm))
        qFatal("revision %d was not made", number);
    m_commits.append(commit);
}

/// What the manifest says, and then its controller.
void WayBackScene::make(const QString &commit)
{
    const auto &deployments = sandbox::resourceType("deployments");
    const auto now = store().get(deployments, production, CanaryWorld::name());
    if (!now)
        return;
    const QString image = imagePath + commit;
    (void)store().update(deployments, with(*now, "spec.template.spec.containers.0.image", image),
                         helm);
    QTimer::singleShot(rollOutTakes, &m_self, [this, commit] { rollOut(commit); });
}

void WayBackScene::rollOut(const QString &commit)
{
    const auto &deployments = sandbox::resourceType("deployments");
    const auto &pods = sandbox::resourceType("pods");
    for (int number = 1; number <= stablePods; ++number) {
        const QString name = CanaryWorld::name() + QLatin1Char('-') + QString::number(number);
        const auto old = store().get(pods, production, name);
        if (!old)
            continue;
        (void)store().remove(pods, production, name);
        const QString image = imagePath + commit;
        QJsonObject pod = with(*old, "metadata.name", name + QStringLiteral("-again"));
        pod = with(pod, "metadata.uid", QJsonValue(QJsonValue::Undefined));
        pod = with(pod, "spec.containers.0.image", image);
        pod = with(pod, "status.containerStatuses.0.image", image);
        pod = with(pod, "status.containerStatuses.0.imageID",
                   QStringLiteral("registry.test/app@sha256:") + commit.left(8));
        const QJsonValue status = pod[QLatin1String("status")];
        if (auto made = store().create(pods, inProduction(pod), helm)) {
            made->insert(QStringLiteral("status"), status);
            (void)store().update(pods, *made, controller);
        }
    }
    if (const auto now = store().get(deployments, production, CanaryWorld::name()))
        (void)store().update(
            deployments,
            with(*now, "status.observedGeneration",
                 now->value(QLatin1String("metadata"))[QLatin1String("generation")]),
            controller);
}

} // namespace pilothouse
