#pragma once

#include "app/sandbox/http/server.h"
#include "app/sandbox/kubernetes/apiserver.h"
#include "connectors/kubernetes/kubernetesapi.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QUrl>

namespace pilothouse {

/// A cluster with one object of a kind that the rehearsal does not have. The rehearsal's own API
/// server keeps it as another kind that has a status of its own, and nobody sees that but in the
/// `kind` of the object.
class KindScene
{
public:
    /// `collection` is where the kind lives: "/apis/argoproj.io/v1alpha1/namespaces/production/
    /// rollouts".
    KindScene(QString collection, QByteArray token);
    virtual ~KindScene();

    [[nodiscard]] QUrl url() const;
    [[nodiscard]] QByteArray annotation(const char *key) const;

protected:
    [[nodiscard]] static QString nameSpace() { return QStringLiteral("production"); }
    [[nodiscard]] QJsonObject object() const;
    /// What stands around it, of a kind that the rehearsal has.
    void add(const char *plural, const QJsonArray &objects);
    /// The one object of the kind.
    void begin(const QJsonObject &object);
    /// Its controller writes the status, or its owner the rest.
    void say(const QJsonObject &status);
    void own(const QJsonObject &object);
    /// A write of a client was taken: what was sent.
    virtual void taken(const QJsonObject & /*body*/) {}
    /// The object is another one now.
    virtual void changed() {}
    [[nodiscard]] KubernetesApi &clientOf(HttpClient &http, Clock &clock, const QUrl &server);
    [[nodiscard]] QObject *context() { return &m_api; }

private:
    void answer(const sandbox::ExchangePtr &exchange);

    QString m_collection;
    QString m_name;
    sandbox::ObjectStore m_store{1};
    sandbox::ApiServer m_api;
    std::unique_ptr<sandbox::Server> m_server;
    std::unique_ptr<KubernetesApi> m_client;
};

} // namespace pilothouse
