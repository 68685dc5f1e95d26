#include "argo/argoobjects.h"
#include "connectors/kubernetes/argo/argocontrol.h"
#include "crash/weather/kinds/kindscene.h"
#include "crash/weather/scene.h"

#include <QTimer>

namespace pilothouse {
namespace {

constexpr int controllerTakes = 15; // ms
constexpr int pauseAtTen = 1;       // step
constexpr int pauseAtFifty = 3;

/// A Rollout that stands at the pause of its first weight, and what its controller would say.
class ArgoScene final : public Scene, private KindScene
{
public:
    ArgoScene()
        : KindScene(QStringLiteral("/apis/argoproj.io/v1alpha1/namespaces/production/rollouts"),
                    Scene::token())
    {
        add("replicasets", setObjects());
        add("pods", setPods());
        begin(with(rolloutObject(), "status.observedGeneration", QStringLiteral("1")));
    }

    [[nodiscard]] QString name() const override { return QStringLiteral("Argo Rollouts"); }
    [[nodiscard]] QUrl url() const override { return KindScene::url(); }
    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override
    {
        return std::make_unique<ArgoControl>(clientOf(http, clock, server), clock,
                                             ArgoControl::Settings{argoNames(), {}});
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
    /// A status has no place for it, and the note that follows may fail.
    [[nodiscard]] Names names() const override { return Names::OfNone; }

private:
    void taken(const QJsonObject &body) override
    {
        const QJsonObject status = body[QLatin1String("status")].toObject();
        if (status.contains(QLatin1String("abort")))
            m_history.append(0);
        else if (!status.isEmpty())
            m_history.append(step() == pauseAtTen ? 50 : 80);
    }
    [[nodiscard]] int step() const
    {
        return object()[QLatin1String("status")][QLatin1String("currentStepIndex")].toInt();
    }
    [[nodiscard]] bool says(const char *key) const
    {
        return object()[QLatin1String("status")].toObject().contains(QLatin1String(key));
    }

    void changed() override
    {
        QTimer::singleShot(controllerTakes, context(), [this] { reconcile(); });
    }
    /// The controller.
    void reconcile()
    {
        const bool aborted
            = object()[QLatin1String("status")][QLatin1String("abort")].toBool() && step() > 0;
        const bool resumed = !says("pauseConditions") && step() == pauseAtTen;
        QJsonObject now = with(
            object(), "status.observedGeneration",
            QString::number(
                object()[QLatin1String("metadata")][QLatin1String("generation")].toInteger()));
        if (aborted) {
            now = with(abortedRollout(), "status.observedGeneration",
                       now[QLatin1String("status")][QLatin1String("observedGeneration")]);
        } else if (resumed) {
            now = with(now, "status.currentStepIndex", pauseAtFifty);
            now = with(now, "status.pauseConditions",
                       rolloutObject()[QLatin1String("status")][QLatin1String("pauseConditions")]);
            now = with(now, "status.canary.weights.canary.weight", 50);
        }
        say(now[QLatin1String("status")].toObject());
    }

    QList<int> m_history{10};
};

} // namespace

std::unique_ptr<Scene> makeArgoScene()
{
    return std::make_unique<ArgoScene>();
}

} // namespace pilothouse
