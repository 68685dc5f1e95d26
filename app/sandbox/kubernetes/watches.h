#pragma once

#include "app/sandbox/http/exchange.h"
#include "app/sandbox/kubernetes/objectstore.h"
#include "app/sandbox/kubernetes/selector.h"

#include <QTimer>

#include <memory>

namespace pilothouse::sandbox {

/// What one watch wants to hear of.
struct WatchRequest
{
    const ResourceType *type = nullptr;
    QString nameSpace; ///< empty = all
    QString name;      ///< empty = all
    Selector labels;
    Selector fields;
    qint64 since = 0; ///< 0 = what is there now comes first as ADDED
    bool bookmarks = false;
    bool initialEvents = false; ///< sendInitialEvents: a marked bookmark ends what is there now
    bool table = false;
    int timeoutSeconds = 0; ///< 0 = until the client goes
};

/// The open watches: each a stream of JSON lines on its exchange.
class Watches final : public QObject
{
    Q_OBJECT

public:
    explicit Watches(ObjectStore &store, QObject *parent = nullptr);
    ~Watches() override;

    /// Answers the exchange with a stream, or with 410 if `since` is forgotten.
    void open(const ExchangePtr &exchange, const WatchRequest &request);
    /// Ends every watch with an ERROR event of code 410, as after a compaction.
    void expireAll();
    [[nodiscard]] qsizetype count() const { return qsizetype(m_watches.size()); }

private:
    struct Watch;

    void onWritten(const StoreEvent &event);
    void beat();
    void close(Watch *watch);
    static void send(const Watch &watch, const char *type, const QJsonObject &object);
    [[nodiscard]] static bool concerns(const Watch &watch, const QJsonObject &object);
    static void deliver(const Watch &watch, const StoreEvent &event);

    ObjectStore &m_store;
    std::vector<std::unique_ptr<Watch>> m_watches;
    QTimer m_beat;
};

} // namespace pilothouse::sandbox
