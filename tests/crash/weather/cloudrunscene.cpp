#include "app/sandbox/cloudrun/cloudrunserver.h"
#include "app/sandbox/http/server.h"
#include "app/sandbox/world/world.h"
#include "connectors/cloudrun/cloudruncontrol.h"
#include "crash/weather/scene.h"
#include "sandbox/sandboxworld.h"

#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse {
namespace {

using sandbox::ExchangePtr;

constexpr int candidateDeployed = 4; // beat
const QString track = QStringLiteral("coditect");

class CloudRunScene final : public Scene
{
public:
    CloudRunScene()
        : m_world(scenario(), options(), sandbox::madeUpCommits(*scenario())), m_run(m_world)
    {
        auto listening
            = sandbox::Server::listen(0, [this](const ExchangePtr &exchange) { answer(exchange); });
        if (!listening)
            qFatal("%s", qPrintable(listening.error().message));
        m_server = std::move(*listening);
        QEventLoop loop;
        QObject::connect(&m_world, &sandbox::World::trafficChanged, &loop, [&] {
            if (m_world.traffic(track).weight == m_history.first())
                loop.quit();
        });
        m_run.setWeight(m_history.first());
        loop.exec();
        m_candidate
            = m_world.scenario().revisions.value(m_world.traffic(track).candidate).cloudRunRevision;
    }
    ~CloudRunScene() override { m_server.reset(); }

    [[nodiscard]] QString name() const override { return QStringLiteral("Cloud Run"); }
    [[nodiscard]] QUrl url() const override
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
    }
    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override
    {
        const sandbox::Scenario &known = m_world.scenario();
        return std::make_unique<CloudRunControl>(
            http, clock,
            CloudRunControl::Settings{known.cloudProject,
                                      known.cloudRegion,
                                      known.cloudService,
                                      server,
                                      {CommitFrom::Kind::ImageTag, {}}});
    }
    [[nodiscard]] StepRules::AfterFull afterFull() const override
    {
        return StepRules::AfterFull::PreviousStays;
    }
    [[nodiscard]] QList<int> history() const override { return m_history; }
    [[nodiscard]] QByteArray annotation(const char *key) const override
    {
        return m_annotations[QLatin1String(key)].toString().toUtf8();
    }

private:
    [[nodiscard]] static const std::shared_ptr<const sandbox::Scenario> &scenario()
    {
        static const auto loaded = sandbox::goodThenBad();
        return loaded;
    }
    [[nodiscard]] static sandbox::WorldOptions options()
    {
        sandbox::WorldOptions options;
        options.speed = 60; // it reconciles in 17 ms
        options.startAt = candidateDeployed;
        return options;
    }
    void answer(const ExchangePtr &exchange)
    {
        const sandbox::Request &request = exchange->request;
        if (request.method == "PATCH" && !request.flag("validateOnly")) {
            exchange->onReply = [this, body = request.body, mask = request.parameter("updateMask")](
                                    int &status, sandbox::HeaderList &, QByteArray &) {
                if (status == 200)
                    remember(QJsonDocument::fromJson(body).object(), mask);
            };
        }
        m_run.answer(exchange, request.path);
    }
    /// A write that was taken.
    void remember(const QJsonObject &service, const QString &mask)
    {
        m_annotations = service[QLatin1String("annotations")].toObject();
        if (!mask.contains(QLatin1String("traffic")))
            return;
        int weight = 0;
        for (const QJsonValue target : service[QLatin1String("traffic")].toArray()) {
            if (target[QLatin1String("revision")].toString().endsWith(m_candidate))
                weight += target[QLatin1String("percent")].toInt();
        }
        m_history.append(weight);
    }

    sandbox::World m_world;
    sandbox::CloudRunServer m_run;
    std::unique_ptr<sandbox::Server> m_server;
    QString m_candidate;
    QJsonObject m_annotations;
    QList<int> m_history{10};
};

} // namespace

std::unique_ptr<Scene> makeCloudRunScene()
{
    return std::make_unique<CloudRunScene>();
}

} // namespace pilothouse
