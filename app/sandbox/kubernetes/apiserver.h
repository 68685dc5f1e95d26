#pragma once

#include "app/sandbox/http/exchange.h"
#include "app/sandbox/kubernetes/objectstore.h"
#include "app/sandbox/kubernetes/watches.h"

namespace pilothouse::sandbox {

/// The Kubernetes API over an ObjectStore: discovery, get, list, watch, create, update, patch,
/// delete, dry runs and access reviews, with the refusals of the real server. A bearer token other
/// than the kubeconfig's is turned away; none at all is what kubectl sends over plain HTTP.
class ApiServer final : public QObject
{
    Q_OBJECT

public:
    /// Answers GET …/pods/{name}/log of a pod that exists.
    using PodLogs = std::function<void(const ExchangePtr &exchange, const QJsonObject &pod)>;

    ApiServer(ObjectStore &store, QByteArray token, PodLogs logs, QObject *parent = nullptr);

    void answer(const ExchangePtr &exchange);
    /// A refusal in the server's words; for a watch as an ERROR event where it comes so.
    void refuse(const ExchangePtr &exchange, int status);
    [[nodiscard]] Watches &watches() { return m_watches; }

Q_SIGNALS:
    /// A write was tried with dryRun=All: this is what it would have made.
    void dryRunSeen(const QString &resource, const QJsonObject &would);
    /// A client wrote through the API (the cluster's own writes are not told).
    void written(const QString &resource, const QJsonObject &object, const QString &manager);

private:
    /// A path below /api or /apis, taken apart.
    struct Target
    {
        const ResourceType *type = nullptr;
        QString nameSpace;
        QString name;
        QString subresource;
    };

    [[nodiscard]] static std::optional<Target> parse(const QString &path);
    void route(const ExchangePtr &exchange, const Target &target);
    void read(const ExchangePtr &exchange, const Target &target);
    void list(const ExchangePtr &exchange, const Target &target);
    void watch(const ExchangePtr &exchange, const Target &target, const Selector &labels,
               const Selector &fields);
    void create(const ExchangePtr &exchange, const Target &target);
    void update(const ExchangePtr &exchange, const Target &target);
    void patch(const ExchangePtr &exchange, const Target &target);
    void remove(const ExchangePtr &exchange, const Target &target);
    enum class Verdict { Allowed, Denied };
    static void review(const ExchangePtr &exchange, const QString &resource, Verdict verdict);
    [[nodiscard]] ObjectStore::Answer patched(const Request &request, const Target &target) const;
    [[nodiscard]] ObjectStore::Answer parsedBody(const Request &request,
                                                 const Target &target) const;
    void finishWrite(const ExchangePtr &exchange, const Target &target, int status,
                     const ObjectStore::Answer &answer);
    void replyObject(const ExchangePtr &exchange, const Target &target, int status,
                     const QJsonObject &object);
    static void refuse(const ExchangePtr &exchange, const Refusal &refusal);

    ObjectStore &m_store;
    QByteArray m_token;
    PodLogs m_logs;
    Watches m_watches;
};

} // namespace pilothouse::sandbox
