#include "connectors/kubernetes/events/podconfigmaps.h"

#include "base/whendone.h"
#include "base/words.h"
#include "connectors/kubernetes/events/configmaps.h"
#include "connectors/kubernetes/helm/helmrevision.h"

#include <QPromise>

#include <algorithm>

namespace pilothouse {
namespace {

/// The certificates of the cluster, which it puts into every namespace by itself.
constexpr QLatin1String ofTheCluster("kube-root-ca.crt");

ResourcePath coreObjects(const QString &nameSpace, const char *plural)
{
    return {QStringLiteral("api/v1"), nameSpace, QLatin1String(plural)};
}

QString whyUnknown(const Error &error, const char *right, const QString &nameSpace)
{
    if (error.kind == ErrorKind::NotAllowed)
        return Words::tr("you lack %1 in %2").arg(QLatin1String(right), nameSpace);
    const QString said = error.message.section(QLatin1Char('\n'), 0, 0);
    return said.endsWith(QLatin1Char('.')) ? said.chopped(1) : said;
}

/// The newest revision that was made by then: a release's record is written before its objects are.
int revisionAt(const QJsonArray &secrets, const QDateTime &at)
{
    int newest = 0;
    for (const QJsonValue &secret : secrets) {
        const auto revision = decodeRevision(secret.toObject());
        if (revision && revision->at.isValid() && revision->at <= at)
            newest = std::max(newest, revision->number);
    }
    return newest;
}

} // namespace

struct PodConfigMaps::Asked
{
    QPromise<std::optional<ConfigMapsInUse>> promise;
    KubernetesApi *api = nullptr;
    QString nameSpace;
    QSet<QString> names;
    ConfigMapsInUse found;
    bool isSeen = false; ///< one of the pods, or a refusal to show it
    int open = 0;

    void doNotKnow(const QString &why)
    {
        if (!found.unknown.contains(why))
            found.unknown.append(why);
    }
};

PodConfigMaps::PodConfigMaps(QList<KubernetesEvents::Place> places, QObject *parent)
    : QObject(parent), m_places(std::move(places))
{}

void PodConfigMaps::ask(const Shared &asked, const QFuture<Answer> &future,
                        const std::function<void(const Answer &)> &use,
                        void (PodConfigMaps::*after)(const Shared &))
{
    ++asked->open;
    const auto end = [this, asked, use, after](const Answer &answer) {
        use(answer);
        if (--asked->open == 0)
            (this->*after)(asked);
    };
    whenDone(future, this, end,
             [end] { end(fail(ErrorKind::Cancelled, Words::tr("Kubernetes gave no answer."))); });
}

QFuture<std::optional<ConfigMapsInUse>> PodConfigMaps::configMapsOf(const TrackName &track,
                                                                    const QStringList &pods)
{
    const auto asked = std::make_shared<Asked>();
    asked->promise.start();
    auto future = asked->promise.future();
    const auto place = std::find_if(m_places.cbegin(), m_places.cend(), [&track](const auto &each) {
        return each.track == track && !track.value.isEmpty();
    });
    if (place == m_places.cend()) {
        asked->promise.addResult(std::nullopt);
        asked->promise.finish();
        return future;
    }
    if (!place->api)
        asked->doNotKnow(whyUnknown(place->unreachable.value_or(Error{}), "", {}));
    else if (pods.isEmpty())
        asked->doNotKnow(Words::tr("the pods of %1 are not known").arg(track.value));
    if (!asked->found.unknown.isEmpty()) {
        end(asked);
        return future;
    }
    asked->api = place->api;
    asked->nameSpace = place->nameSpace;
    ++asked->open; // until all is asked
    for (const QString &pod : pods) {
        ask(
            asked, asked->api->get(coreObjects(asked->nameSpace, "pods").object(pod), this),
            [asked](const Answer &answer) {
                if (answer) {
                    asked->isSeen = true;
                    if (const auto names = configMapsOfObject(answer->object))
                        asked->names += *names;
                    else
                        asked->doNotKnow(whyUnknown(names.error(), "", {}));
                } else if (!isNotThere(answer.error())) { // a pod that went away
                    asked->isSeen = true;
                    asked->doNotKnow(whyUnknown(answer.error(), "get on pods", asked->nameSpace));
                }
            },
            &PodConfigMaps::list);
    }
    if (--asked->open == 0)
        list(asked);
    return future;
}

void PodConfigMaps::list(const Shared &asked)
{
    if (!asked->isSeen)
        asked->doNotKnow(Words::tr("the pods went away meanwhile"));
    asked->names.remove(ofTheCluster);
    if (asked->names.isEmpty())
        return end(asked);
    ask(
        asked, asked->api->listMetadata(coreObjects(asked->nameSpace, "configmaps"), {}, this),
        [asked](const Answer &answer) {
            if (!answer)
                return asked->doNotKnow(
                    whyUnknown(answer.error(), "list on configmaps", asked->nameSpace));
            const auto maps = configMapsNamed(
                answer->object.value(QLatin1String("items")).toArray(), asked->names);
            if (maps)
                asked->found.maps = *maps;
            else
                asked->doNotKnow(whyUnknown(maps.error(), "", {}));
        },
        &PodConfigMaps::askReleases);
}

void PodConfigMaps::askReleases(const Shared &asked)
{
    QStringList releases;
    for (const ConfigMapInUse &map : std::as_const(asked->found.maps)) {
        if (!map.release.isEmpty() && !releases.contains(map.release))
            releases.append(map.release);
    }
    if (releases.isEmpty())
        return end(asked);
    ++asked->open; // until all is asked
    for (const QString &release : std::as_const(releases)) {
        const auto take = [asked, release](const Answer &answer) {
            for (ConfigMapInUse &map : asked->found.maps) {
                if (map.release != release)
                    continue;
                if (answer)
                    map.revision = revisionAt(
                        answer->object.value(QLatin1String("items")).toArray(), map.writtenAt);
                else
                    map.revisionUnknown
                        = whyUnknown(answer.error(), "list on secrets", asked->nameSpace);
            }
        };
        ask(asked,
            asked->api->listMetadata(coreObjects(asked->nameSpace, "secrets"), selectorOf(release),
                                     this),
            take, &PodConfigMaps::end);
    }
    if (--asked->open == 0)
        end(asked);
}

void PodConfigMaps::end(const Shared &asked)
{
    asked->found.unknown.sort();
    asked->promise.addResult(std::optional(asked->found));
    asked->promise.finish();
}

} // namespace pilothouse
