#include "clusterobjects.h"
#include "connectors/kubernetes/nginx/nginxcontrol.h"
#include "crash/weather/kinds/kindscene.h"
#include "crash/weather/scene.h"

namespace pilothouse {
namespace {

const QString weightKey = QStringLiteral("nginx.ingress.kubernetes.io/canary-weight");

/// A canary Ingress. No controller says that it follows the weight.
class NginxScene final : public Scene, private KindScene
{
public:
    NginxScene()
        : KindScene(QStringLiteral("/apis/networking.k8s.io/v1/namespaces/production/ingresses"),
                    Scene::token())
    {
        add("services", objectsOf(RoutePart::Services));
        add("deployments", objectsOf(RoutePart::Deployments));
        add("pods", objectsOf(RoutePart::Pods));
        begin(parsed("{'metadata': {'name': 'web-canary', 'annotations': {"
                     "   'nginx.ingress.kubernetes.io/canary': 'true',"
                     "   'nginx.ingress.kubernetes.io/canary-weight': '10'}},"
                     " 'spec': {'ingressClassName': 'nginx', 'rules': [{'host': 'web.test',"
                     "   'http': {'paths': [{'path': '/', 'backend': {'service':"
                     "     {'name': 'candidate', 'port': {'number': 80}}}}]}}]}}"));
    }

    [[nodiscard]] QString name() const override { return QStringLiteral("ingress-nginx"); }
    [[nodiscard]] QUrl url() const override { return KindScene::url(); }
    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override
    {
        NginxNames names;
        names.nameSpace = nameSpace();
        names.ingress = QStringLiteral("web-canary");
        names.stable = QStringLiteral("stable");
        names.candidate = QStringLiteral("candidate");
        return std::make_unique<NginxControl>(clientOf(http, clock, server), clock,
                                              NginxControl::Settings{names, {}});
    }
    [[nodiscard]] StepRules::AfterFull afterFull() const override
    {
        return StepRules::AfterFull::StableIsReplaced;
    }
    [[nodiscard]] QList<int> history() const override { return m_history; }
    [[nodiscard]] QByteArray annotation(const char *key) const override
    {
        return KindScene::annotation(key);
    }

private:
    void taken(const QJsonObject &body) override
    {
        const QJsonValue weight
            = body[QLatin1String("metadata")][QLatin1String("annotations")][weightKey];
        if (weight.isString())
            m_history.append(weight.toString().toInt());
    }

    QList<int> m_history{10};
};

} // namespace

std::unique_ptr<Scene> makeNginxScene()
{
    return std::make_unique<NginxScene>();
}

} // namespace pilothouse
