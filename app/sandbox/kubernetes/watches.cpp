#include "app/sandbox/kubernetes/watches.h"

#include "app/sandbox/kubernetes/tables.h"

#include <QElapsedTimer>

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

constexpr std::chrono::seconds bookmarkEvery{5};

enum class Bookmark { Plain, EndsInitialEvents };

QJsonObject bookmark(const ResourceType &type, qint64 version, Bookmark kind)
{
    QJsonObject metadata{{QStringLiteral("resourceVersion"), QString::number(version)},
                         {QStringLiteral("creationTimestamp"), QJsonValue::Null}};
    if (kind == Bookmark::EndsInitialEvents)
        metadata.insert(
            QStringLiteral("annotations"),
            QJsonObject{{QStringLiteral("k8s.io/initial-events-end"), QStringLiteral("true")}});
    return {{QStringLiteral("kind"), type.kind},
            {QStringLiteral("apiVersion"), type.groupVersion()},
            {QStringLiteral("metadata"), metadata}};
}

} // namespace

struct Watches::Watch
{
    ExchangePtr exchange;
    WatchRequest request;
    QElapsedTimer age;
};

Watches::Watches(ObjectStore &store, QObject *parent) : QObject(parent), m_store(store)
{
    connect(&store, &ObjectStore::written, this, &Watches::onWritten);
    m_beat.setInterval(bookmarkEvery);
    connect(&m_beat, &QTimer::timeout, this, &Watches::beat);
    m_beat.start();
}

Watches::~Watches()
{
    for (const auto &watch : m_watches)
        watch->exchange->onClosed = nullptr;
}

void Watches::open(const ExchangePtr &exchange, const WatchRequest &request)
{
    std::optional<QList<StoreEvent>> missed = QList<StoreEvent>();
    if (request.since > 0)
        missed = m_store.eventsSince(request.since);

    auto watch = std::make_unique<Watch>();
    watch->exchange = exchange;
    watch->request = request;
    watch->age.start();
    exchange->begin(200,
                    {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache, private"}});
    if (!missed) {
        send(*watch, "ERROR", expired(request.since, m_store.oldestVersion()).status);
        exchange->end();
        return;
    }
    if (request.since <= 0) {
        for (const QJsonObject &object : m_store.list(*request.type, request.nameSpace))
            if (concerns(*watch, object))
                send(*watch, "ADDED", object);
        if (request.initialEvents)
            send(*watch, "BOOKMARK",
                 bookmark(*request.type, m_store.version(), Bookmark::EndsInitialEvents));
    }
    for (const StoreEvent &event : *missed)
        deliver(*watch, event);
    exchange->onClosed = [this, raw = watch.get()] {
        close(raw);
    };
    if (request.timeoutSeconds > 0)
        QTimer::singleShot(std::chrono::seconds(request.timeoutSeconds), this,
                           [weak = std::weak_ptr(exchange)] {
                               if (const ExchangePtr still = weak.lock())
                                   still->end();
                           });
    m_watches.push_back(std::move(watch));
}

void Watches::close(Watch *watch)
{
    std::erase_if(m_watches, [watch](const auto &each) { return each.get() == watch; });
}

void Watches::expireAll()
{
    for (const auto &watch : m_watches) {
        send(*watch, "ERROR", expired(watch->request.since, m_store.oldestVersion()).status);
        watch->exchange->end();
    }
}

void Watches::send(const Watch &watch, const char *type, const QJsonObject &object)
{
    QJsonObject shown = object;
    const QString kind = object.value(QLatin1String("kind")).toString();
    if (watch.request.table && kind != QLatin1String("Status"))
        shown = tableOf(*watch.request.type, {object}, metadataText(object, "resourceVersion"));
    watch.exchange->write(jsonBytes(QJsonObject{{QStringLiteral("type"), QLatin1String(type)},
                                                {QStringLiteral("object"), shown}})
                          + '\n');
}

bool Watches::concerns(const Watch &watch, const QJsonObject &object)
{
    const WatchRequest &request = watch.request;
    return (request.nameSpace.isEmpty() || !request.type->namespaced
            || namespaceOf(object) == request.nameSpace)
           && (request.name.isEmpty() || nameOf(object) == request.name)
           && request.labels.matches(object) && request.fields.matches(object);
}

void Watches::deliver(const Watch &watch, const StoreEvent &event)
{
    if (event.resource != watch.request.type->qualified())
        return;
    // An object that begins or ceases to match comes as ADDED or DELETED.
    const bool was = event.kind != StoreEvent::Kind::Added && concerns(watch, event.before);
    const bool is = event.kind != StoreEvent::Kind::Deleted && concerns(watch, event.object);
    if (is)
        send(watch, was ? "MODIFIED" : "ADDED", event.object);
    else if (was)
        send(watch, "DELETED", event.object);
}

void Watches::onWritten(const StoreEvent &event)
{
    for (const auto &watch : m_watches)
        deliver(*watch, event);
}

void Watches::beat()
{
    for (const auto &watch : m_watches)
        if (watch->request.bookmarks)
            send(*watch, "BOOKMARK",
                 bookmark(*watch->request.type, m_store.version(), Bookmark::Plain));
}

} // namespace pilothouse::sandbox
