#include "base/future.h"
#include "connectors/kubernetes/helm/helmcontrol.h"
#include "connectors/kubernetes/helm/helmobjects.h"
#include "crash/weather/routescene.h"
#include "rollout/trafficannotations.h"
#include "support/kube/canaryworld.h"

#include <QPromise>
#include <QRegularExpression>
#include <QTimer>

namespace pilothouse {
namespace {

constexpr int helmTakes = 20; // ms
const QString production = QStringLiteral("production");

/// A release "web" whose chart makes the weights of the route. Its helm is played here, and never
/// goes wrong: it writes the Secrets that helm writes, and moves the route.
class HelmScene final : public RouteScene, public CommandRunner
{
public:
    HelmScene()
    {
        add(0, QStringLiteral("Install complete"));
        add(10, QStringLiteral("Upgrade complete"));
    }

    [[nodiscard]] QString name() const override { return QStringLiteral("Helm"); }
    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override
    {
        auto ofRoute = RouteScene::control(http, clock, server);
        return std::make_unique<HelmControl>(api(), *this, clock,
                                             HelmTarget{QStringLiteral("helm"),
                                                        {},
                                                        {},
                                                        production,
                                                        QStringLiteral("web"),
                                                        QStringLiteral("shop/web"),
                                                        QStringLiteral("canary.weight")},
                                             std::move(ofRoute));
    }
    [[nodiscard]] Names names() const override { return Names::OfPromotions; }
    /// What the route remembers, and what the descriptions of the revisions say.
    [[nodiscard]] QByteArray annotation(const char *key) const override
    {
        const QByteArray noted = RouteScene::annotation(key);
        if (QByteArray(key) != changesAnnotation)
            return noted;
        static const QRegularExpression form(QStringLiteral(R"(\(pilothouse (\S+))"));
        QList<WeightChange> changes = decodeChanges(noted).value_or(QList<WeightChange>());
        for (const HelmSecret &revision : m_revisions) {
            const auto match = form.match(revision.description);
            if (!match.hasMatch())
                continue;
            WeightChange change;
            change.at = QDateTime::currentDateTimeUtc();
            change.intent = IntentId(match.captured(1));
            changes.append(change);
        }
        return encodeChanges(changes);
    }

    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override
    {
        const QStringList words = command.arguments;
        if (words.first() == QLatin1String("version"))
            return ready<CommandOutput>(CommandOutput{0, "v3.17.2", {}});
        if (words.contains(QStringLiteral("--dry-run=server")))
            return ready<CommandOutput>(CommandOutput{0, "{\"manifest\": \"kind: None\\n\"}", {}});
        const auto promise = std::make_shared<QPromise<Result<CommandOutput>>>();
        promise->start();
        QTimer::singleShot(helmTakes, &m_self, [this, words, promise] {
            write(words);
            promise->addResult(CommandOutput{0, "Happy Helming!\n", {}});
            promise->finish();
        });
        return promise->future();
    }

private:
    void write(const QStringList &words)
    {
        if (words.first() == QLatin1String("rollback")) {
            add(m_weights[words[2].toInt() - 1], QStringLiteral("Rollback to ") + words[2]);
        } else {
            const QString set = words[words.indexOf(QStringLiteral("--set")) + 1];
            add(set.section(QLatin1Char('='), 1).toInt(),
                words[words.indexOf(QStringLiteral("--description")) + 1]);
        }
        giveWeight(m_weights.last());
    }
    void add(int weight, const QString &description)
    {
        const auto &secrets = sandbox::resourceType("secrets");
        if (!m_revisions.isEmpty()) {
            HelmSecret &before = m_revisions.last();
            before.status = "superseded";
            (void)store().update(secrets, objectOf(before), {QStringLiteral("helm"), {}, {}});
        }
        HelmSecret next;
        next.number = int(m_revisions.size()) + 1;
        next.description = description;
        next.config = "{'canary': {'weight': " + QByteArray::number(weight) + "}}";
        next.manifest
            = QStringLiteral("kind: HTTPRoute\nmetadata: {name: web}\nweight: %1\n").arg(weight);
        next.madeAt = QDateTime::currentSecsSinceEpoch();
        m_revisions.append(next);
        m_weights.append(weight);
        (void)store().create(secrets, objectOf(next), {QStringLiteral("helm"), {}, {}});
    }
    [[nodiscard]] static QJsonObject objectOf(const HelmSecret &revision)
    {
        QJsonObject object = secretObject(revision);
        QJsonObject metadata = object[QLatin1String("metadata")].toObject();
        metadata.insert(QStringLiteral("namespace"), production);
        metadata.remove(QStringLiteral("resourceVersion"));
        object.insert(QStringLiteral("metadata"), metadata);
        return object;
    }

    QObject m_self;
    QList<HelmSecret> m_revisions;
    QList<int> m_weights;
};

} // namespace

std::unique_ptr<Scene> makeHelmScene()
{
    return std::make_unique<HelmScene>();
}

} // namespace pilothouse
