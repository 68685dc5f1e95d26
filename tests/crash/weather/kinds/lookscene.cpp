#include "crash/weather/kinds/lookscene.h"

#include "clusterobjects.h"
#include "connectors/kubernetes/flagger/flaggercontrol.h"
#include "connectors/kubernetes/istio/istiocontrol.h"

namespace pilothouse {
namespace {

class IstioScene final : public LookScene
{
public:
    IstioScene()
        : LookScene(QStringLiteral(
                        "/apis/networking.istio.io/v1beta1/namespaces/production/virtualservices"),
                    token())
    {
        addBackends("stable", "candidate");
        begin(parsed("{'metadata': {'name': 'web'}, 'spec': {'hosts': ['web.test'], 'http': ["
                     " {'route': [{'destination': {'host': 'stable'}, 'weight': 90},"
                     "   {'destination': {'host': 'candidate'}, 'weight': 10}]}]}}"));
    }

    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override
    {
        IstioNames names;
        names.nameSpace = nameSpace();
        names.virtualService = QStringLiteral("web");
        names.stable.service = QStringLiteral("stable");
        names.candidate.service = QStringLiteral("candidate");
        return std::make_unique<IstioControl>(clientOf(http, clock, server), clock,
                                              IstioControl::Settings{names, {}});
    }
    void move(int weight) override
    {
        const QJsonObject now = with(object(), "spec.http.0.route.0.weight", 100 - weight);
        own(with(now, "spec.http.0.route.1.weight", weight));
    }
};

class FlaggerScene final : public LookScene
{
public:
    FlaggerScene()
        : LookScene(QStringLiteral("/apis/flagger.app/v1beta1/namespaces/production/canaries"),
                    token())
    {
        addBackends("web-primary", "web-canary");
        begin(parsed("{'metadata': {'name': 'web'},"
                     " 'spec': {'targetRef': {'kind': 'Deployment', 'name': 'web'},"
                     "   'service': {'port': 80}, 'analysis': {'threshold': 5, 'maxWeight': 50,"
                     "     'stepWeight': 10}},"
                     " 'status': {'phase': 'Progressing', 'canaryWeight': 10}}"));
    }

    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override
    {
        return std::make_unique<FlaggerControl>(
            clientOf(http, clock, server), clock,
            FlaggerControl::Settings{{nameSpace(), QStringLiteral("web"), {}}, {}});
    }
    void move(int weight) override
    {
        say(parsed("{'phase': 'Progressing', 'canaryWeight': " + QByteArray::number(weight) + '}'));
    }
};

} // namespace

void LookScene::addBackends(const char *stable, const char *candidate)
{
    add("services", {serviceObject(stable, "stable"), serviceObject(candidate, "candidate")});
    add("deployments", objectsOf(RoutePart::Deployments));
    add("pods", objectsOf(RoutePart::Pods));
}

std::unique_ptr<LookScene> makeIstioScene()
{
    return std::make_unique<IstioScene>();
}

std::unique_ptr<LookScene> makeFlaggerScene()
{
    return std::make_unique<FlaggerScene>();
}

} // namespace pilothouse
