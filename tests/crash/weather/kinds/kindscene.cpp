#include "crash/weather/kinds/kindscene.h"

#include <QJsonDocument>

namespace pilothouse {

using sandbox::ExchangePtr;

namespace {

const sandbox::ResourceType &keptAs()
{
    return sandbox::resourceType("gateways");
}

QString keptAt()
{
    return QStringLiteral("/apis/gateway.networking.k8s.io/v1/namespaces/production/gateways");
}

const sandbox::ObjectStore::Writer owner{QStringLiteral("helm"), {}, {}};
const sandbox::ObjectStore::Writer controller{
    QStringLiteral("controller"), QStringLiteral("status"), {}};

} // namespace

KindScene::KindScene(QString collection, QByteArray token)
    : m_collection(std::move(collection)),
      m_api(m_store, std::move(token), [](const ExchangePtr &, const QJsonObject &) {})
{
    auto listening
        = sandbox::Server::listen(0, [this](const ExchangePtr &exchange) { answer(exchange); });
    if (!listening)
        qFatal("%s", qPrintable(listening.error().message));
    m_server = std::move(*listening);
    QObject::connect(&m_store, &sandbox::ObjectStore::written, &m_api,
                     [this](const sandbox::StoreEvent &event) {
                         if (event.resource == keptAs().qualified())
                             changed();
                     });
}

KindScene::~KindScene()
{
    m_server.reset();
}

QUrl KindScene::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
}

QByteArray KindScene::annotation(const char *key) const
{
    return object()[QLatin1String("metadata")][QLatin1String("annotations")][QLatin1String(key)]
        .toString()
        .toUtf8();
}

QJsonObject KindScene::object() const
{
    return m_store.get(keptAs(), nameSpace(), m_name).value_or(QJsonObject());
}

void KindScene::add(const char *plural, const QJsonArray &objects)
{
    for (const QJsonValue each : objects) {
        QJsonObject object = each.toObject();
        QJsonObject metadata = object[QLatin1String("metadata")].toObject();
        metadata.insert(QStringLiteral("namespace"), nameSpace());
        metadata.remove(QStringLiteral("resourceVersion"));
        object.insert(QStringLiteral("metadata"), metadata);
        if (!m_store.create(sandbox::resourceType(plural), object, owner))
            qFatal("%s were not made", plural);
    }
}

void KindScene::begin(const QJsonObject &object)
{
    m_name = sandbox::nameOf(object);
    add("gateways", {object});
}

void KindScene::say(const QJsonObject &status)
{
    QJsonObject now = object();
    now.insert(QStringLiteral("status"), status);
    (void)m_store.update(keptAs(), now, controller);
}

void KindScene::own(const QJsonObject &object)
{
    (void)m_store.update(keptAs(), object, owner);
}

KubernetesApi &KindScene::clientOf(HttpClient &http, Clock &clock, const QUrl &server)
{
    m_client = std::make_unique<KubernetesApi>(http, clock, server);
    return *m_client;
}

void KindScene::answer(const ExchangePtr &exchange)
{
    sandbox::Request &request = exchange->request;
    if (request.path.startsWith(m_collection)) {
        request.path.replace(0, m_collection.size(), keptAt());
        if (request.method == "PATCH" && !request.query.hasQueryItem(QStringLiteral("dryRun"))) {
            QJsonObject body = QJsonDocument::fromJson(request.body).object();
            // Each of the two paths takes its own part alone.
            const QJsonValue said = body.take(QStringLiteral("status"));
            if (request.path.endsWith(QLatin1String("/status")))
                body = {{QStringLiteral("status"), said}};
            exchange->onReply = [this, body](int &status, sandbox::HeaderList &, QByteArray &) {
                if (status == 200)
                    taken(body);
            };
        }
    }
    m_api.answer(exchange);
}

} // namespace pilothouse
