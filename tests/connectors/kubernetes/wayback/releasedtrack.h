#pragma once

#include "support/kube/canaryworld.h"
#include "support/kube/kubeserver.h"
#include "support/places.h"

#include <QJsonArray>
#include <QMap>
#include <QProcess>

namespace pilothouse {

/// A track on a real kube-apiserver whose stable is deployed by a release of its own, by either
/// generation of helm: an HTTPRoute between two Services, and what a person, helm and the
/// controllers do to it. No controllers run there, so that the test makes the Pods and says what
/// the Gateway would say. Each call gives what failed; empty = nothing.
class ReleasedTrack
{
public:
    static inline const QString nameSpace = QStringLiteral("production");
    static inline const QString first = QString(40, QLatin1Char('a'));
    static inline const QString second = QString(40, QLatin1Char('b'));

    /// Empty without the program.
    [[nodiscard]] static QString helmOf(const QString &generation)
    {
        return QStringLiteral("%1/helm/%2/helm")
            .arg(qEnvironmentVariable("PILOTHOUSE_PARTS"), generation);
    }

    /// `kubeconfig` is an account that may deploy.
    ReleasedTrack(KubeServer &server, const QString &generation, QString name, QString kubeconfig)
        : m_server(server), m_helm(helmOf(generation)), m_name(std::move(name)),
          m_kubeconfig(std::move(kubeconfig))
    {}

    [[nodiscard]] const QString &name() const { return m_name; }
    [[nodiscard]] const QString &program() const { return m_helm; }
    [[nodiscard]] const QString &kubeconfig() const { return m_kubeconfig; }

    /// A route to both Services, and the release with the first commit as its stable.
    [[nodiscard]] QString make() const
    {
        const QByteArray route
            = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: "
              + m_name.toLatin1() + "}\nspec:\n  parentRefs: [{name: public}]\n  rules:\n"
              + "    - backendRefs:\n        - {name: " + m_name.toLatin1()
              + ", port: 80, weight: 100}\n        - {name: " + m_name.toLatin1()
              + "-canary, port: 80, weight: 0}\n";
        const QString applied
            = kubectl({QStringLiteral("apply"), QStringLiteral("-f"), QStringLiteral("-")}, route);
        if (applied.startsWith(QLatin1String("ERROR")))
            return applied;
        return helm({QStringLiteral("install"), m_name, chart(), QStringLiteral("--set"),
                     QStringLiteral("stable.commit=") + first});
    }
    /// `values` as helm's --set takes them.
    [[nodiscard]] QString deploy(const QString &values) const
    {
        return helm({QStringLiteral("upgrade"), m_name, chart(), QStringLiteral("--reuse-values"),
                     QStringLiteral("--set"), values});
    }
    /// One ready Pod of this commit is all there is behind that Service.
    [[nodiscard]] QString pods(const QString &service, const QString &commit)
    {
        (void)kubectl({QStringLiteral("delete"), QStringLiteral("pod"), QStringLiteral("-l"),
                       QStringLiteral("app=") + service, QStringLiteral("--force"),
                       QStringLiteral("--grace-period=0"), QStringLiteral("--wait=false")});
        const QString pod = QStringLiteral("%1-%2-%3").arg(service, commit.left(4)).arg(++m_made);
        const QString path = QStringLiteral("/api/v1/namespaces/production/pods");
        const QByteArray object = "{\"metadata\": {\"name\": \"" + pod.toLatin1()
                                  + "\", \"labels\": {\"app\": \"" + service.toLatin1()
                                  + "\"}}, \"spec\": {\"containers\": [{\"name\": \"app\", "
                                  + "\"image\": \"" + imageOf(commit).toLatin1() + "\"}]}}";
        const int status = m_server.admin().ask("POST", path, object).status;
        const int told
            = m_server.admin()
                  .ask("PATCH", path + QLatin1Char('/') + pod + QStringLiteral("/status"),
                       "{\"status\": {\"phase\": \"Running\", \"conditions\": "
                       "[{\"type\": \"Ready\", \"status\": \"True\"}]}}",
                       "application/merge-patch+json")
                  .status;
        return status == 201 && told == 200 ? QString()
                                            : QStringLiteral("%1, %2").arg(status).arg(told);
    }
    /// What the Gateway says of the route as it is.
    void accept() const
    {
        const qint64 generation = CanaryWorld::generationOf(route());
        (void)m_server.admin().ask("PATCH", routePath() + QStringLiteral("/status"),
                                   CanaryWorld::acceptance(generation),
                                   "application/merge-patch+json");
    }

    [[nodiscard]] QJsonObject route() const
    {
        return m_server.admin().ask("GET", routePath()).object;
    }
    [[nodiscard]] static QString imageOf(const QString &commit)
    {
        return QStringLiteral("registry.test/app:") + commit;
    }
    /// Of the stable's Deployment.
    [[nodiscard]] QString image() const
    {
        const QJsonObject deployment
            = m_server.admin()
                  .ask("GET",
                       QStringLiteral("/apis/apps/v1/namespaces/production/deployments/") + m_name)
                  .object;
        return deployment[QLatin1String("spec")][QLatin1String("template")][QLatin1String("spec")]
                         [QLatin1String("containers")][0][QLatin1String("image")]
                             .toString();
    }
    /// "100 0": of the stable and the candidate.
    [[nodiscard]] QString weights() const
    {
        return kubectl({QStringLiteral("get"), QStringLiteral("httproute"), m_name,
                        QStringLiteral("-o"),
                        QStringLiteral("jsonpath={.spec.rules[0].backendRefs[*].weight}")});
    }
    /// Of all revisions, oldest first: "superseded deployed".
    [[nodiscard]] QString states() const
    {
        const QJsonObject secrets
            = m_server.admin()
                  .ask("GET", QStringLiteral("/api/v1/namespaces/production/secrets"
                                             "?labelSelector=owner%3Dhelm,name%3D")
                                  + m_name)
                  .object;
        QMap<int, QString> states; // by revision
        for (const QJsonValue secret : secrets[QLatin1String("items")].toArray()) {
            const QJsonValue labels = secret[QLatin1String("metadata")][QLatin1String("labels")];
            states.insert(labels[QLatin1String("version")].toString().toInt(),
                          labels[QLatin1String("status")].toString());
        }
        return QStringList(states.values()).join(QLatin1Char(' '));
    }
    QString helm(QStringList arguments) const
    {
        arguments << QStringLiteral("--namespace") << nameSpace << QStringLiteral("--kubeconfig")
                  << m_kubeconfig;
        QProcess process;
        process.start(m_helm, arguments);
        process.waitForFinished(60'000);
        return process.exitCode() == 0 ? QString()
                                       : QString::fromUtf8(process.readAllStandardError());
    }
    QString kubectl(const QStringList &arguments, const QByteArray &input = {}) const
    {
        return m_server.kubectl(QStringList{QStringLiteral("-n"), nameSpace} + arguments, input);
    }

private:
    [[nodiscard]] static QString chart()
    {
        return QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/connectors/kubernetes/wayback/chart");
    }
    [[nodiscard]] QString routePath() const
    {
        return QStringLiteral(
                   "/apis/gateway.networking.k8s.io/v1/namespaces/production/httproutes/")
               + m_name;
    }

    KubeServer &m_server;
    QString m_helm;
    QString m_name;
    QString m_kubeconfig;
    int m_made = 0;
};

} // namespace pilothouse
