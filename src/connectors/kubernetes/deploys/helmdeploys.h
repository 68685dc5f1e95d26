#pragma once

#include "connectors/kubernetes/deploys/deployowner.h"
#include "connectors/kubernetes/helm/helmstorage.h"
#include "connectors/kubernetes/kubernetesapi.h"
#include "release/seen/seensource.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace pilothouse {

/// The releases that the Deployments behind these Services say they belong to, each once, in the
/// order of the Deployments. Malformed for what is no Service or Deployment.
[[nodiscard]] Result<QList<HelmRelease>> releasesBehind(const QList<QJsonObject> &services,
                                                        const QJsonArray &deployments,
                                                        const QString &nameSpace);
/// A revision as a deed: nobody but Helm itself is told by its records.
[[nodiscard]] SeenDeed deedOf(const HelmRelease &release, const HelmRevision &revision,
                              const HelmBody &body);

/// The Helm revisions of what runs behind a track's Services, whatever moves its traffic. Which
/// releases those are is looked up again from time to time. A track without one tells nothing, and
/// that is no error. GUI thread; api and clock outlive it.
class HelmDeploys final : public QObject, public SeenSource
{
    Q_OBJECT

public:
    struct Place
    {
        TrackName track;
        KubernetesApi *api = nullptr; ///< nullptr = see `unreachable`
        QString nameSpace;
        QStringList services;             ///< one that is not there has no Deployment
        std::optional<Error> unreachable; ///< why there is no api
    };

    HelmDeploys(Place place, Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] QString systemName() const override;
    [[nodiscard]] QString subject() const override;
    [[nodiscard]] QFuture<Result<QList<SeenDeed>>> newest() override;

private:
    using Deeds = Result<QList<SeenDeed>>;
    struct Known
    {
        HelmRelease release;
        std::unique_ptr<HelmStorage> storage;
    };

    [[nodiscard]] QFuture<Result<bool>> findReleases();
    [[nodiscard]] QFuture<Result<bool>> askServices(QStringList left,
                                                    const QList<QJsonObject> &before);
    [[nodiscard]] QFuture<Result<bool>> askDeployments(const QList<QJsonObject> &services);
    void keep(const QList<HelmRelease> &releases);
    [[nodiscard]] QFuture<Deeds> read(size_t index, const QList<SeenDeed> &before);

    Place m_place;
    Clock &m_clock;
    std::vector<Known> m_known;
    std::optional<std::chrono::milliseconds> m_foundAt; ///< since boot; nullopt = to be found
};

} // namespace pilothouse
