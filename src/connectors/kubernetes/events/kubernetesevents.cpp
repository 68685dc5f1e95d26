#include "connectors/kubernetes/events/kubernetesevents.h"

#include "base/whendone.h"
#include "base/words.h"
#include "connectors/kubernetes/events/configmaps.h"
#include "connectors/kubernetes/events/cronstarts.h"

#include <QPromise>

#include <algorithm>

namespace pilothouse {
namespace {

const QString &coreGroup()
{
    static const QString group = QStringLiteral("api/v1");
    return group;
}

const QString &batchGroup()
{
    static const QString group = QStringLiteral("apis/batch/v1");
    return group;
}

QString whyNot(const Error &error, const QString &right, const QString &nameSpace)
{
    return error.kind == ErrorKind::NotAllowed
               ? Words::tr("you lack %1 in %2").arg(right, nameSpace)
               : error.message;
}

} // namespace

/// What is asked of one namespace of one cluster.
struct KubernetesEvents::NameSpace
{
    KubernetesApi *api = nullptr;
    QString name;
    QStringList objects; ///< paths of the Pods and Deployments whose config maps count
    QStringList rights;  ///< what each of them needs
    QSet<QString> configMaps;
    int open = 0; ///< of `objects`
    std::optional<QJsonArray> cronJobs;
    std::optional<QJsonArray> jobs;
};

struct KubernetesEvents::Gathering
{
    QPromise<ClusterEvents> promise;
    ClusterQuestion question;
    ClusterEvents found;
    int open = 0;

    void doNotKnow(const QString &what)
    {
        if (!found.unknown.contains(what))
            found.unknown.append(what);
    }
    void take(const Result<QList<ClusterEvent>> &events, const QString &what)
    {
        if (events)
            found.events += *events;
        else
            doNotKnow(Words::tr("%1: %2").arg(what, events.error().message));
    }
};

KubernetesEvents::KubernetesEvents(QList<Place> places, QObject *parent)
    : QObject(parent), m_places(std::move(places))
{}

void KubernetesEvents::ask(const Shared &gathering, const QFuture<Answer> &future,
                           const std::function<void(const Answer &)> &use)
{
    ++gathering->open;
    const auto end = [this, gathering, use](const Answer &answer) {
        use(answer);
        close(gathering);
    };
    whenDone(future, this, end,
             [end] { end(fail(ErrorKind::Cancelled, Words::tr("Kubernetes gave no answer."))); });
}

void KubernetesEvents::close(const Shared &gathering)
{
    if (--gathering->open > 0)
        return;
    gathering->found.unknown.sort(); // answers come in any order, lines stand still
    gathering->promise.addResult(gathering->found);
    gathering->promise.finish();
}

QFuture<ClusterEvents> KubernetesEvents::between(const ClusterQuestion &question)
{
    const auto gathering = std::make_shared<Gathering>();
    gathering->promise.start();
    gathering->question = question;
    gathering->open = 1; // until all is asked
    auto future = gathering->promise.future();
    QList<std::shared_ptr<NameSpace>> spaces;
    for (const Place &place : std::as_const(m_places)) {
        if (!place.api) {
            gathering->doNotKnow(Words::tr("config maps and cron jobs of %1: %2")
                                     .arg(place.name, place.unreachable.value_or(Error{}).message));
            continue;
        }
        auto found = std::find_if(spaces.begin(), spaces.end(), [&place](const auto &each) {
            return each->api == place.api && each->name == place.nameSpace;
        });
        if (found == spaces.end()) {
            spaces.append(std::make_shared<NameSpace>());
            found = std::prev(spaces.end());
            (*found)->api = place.api;
            (*found)->name = place.nameSpace;
        }
        const auto add = [&space = **found](const ResourcePath &path, const QString &name) {
            space.objects.append(path.object(name));
            space.rights.append(QStringLiteral("get on ") + path.plural);
        };
        if (!place.deployment.isEmpty())
            add({QStringLiteral("apis/apps/v1"), place.nameSpace, QStringLiteral("deployments")},
                place.deployment);
        bool podsKnown = place.track.value.isEmpty();
        for (const PodOfTrack &pod : question.pods) {
            if (place.track.value.isEmpty() || !(pod.track == place.track))
                continue;
            podsKnown = true;
            add({coreGroup(), place.nameSpace, QStringLiteral("pods")}, pod.pod);
        }
        if (!podsKnown)
            gathering->doNotKnow(
                Words::tr("config maps of %1: its pods are not known").arg(place.name));
    }
    for (const auto &space : std::as_const(spaces)) {
        askConfigMaps(gathering, space);
        askCronJobs(gathering, space);
    }
    close(gathering);
    return future;
}

void KubernetesEvents::askConfigMaps(const Shared &gathering,
                                     const std::shared_ptr<NameSpace> &space)
{
    const QString what = Words::tr("config maps");
    const auto list = [this, gathering, space, what] {
        if (space->configMaps.isEmpty())
            return;
        const ResourcePath maps{coreGroup(), space->name, QStringLiteral("configmaps")};
        ask(gathering, space->api->listMetadata(maps, {}, this),
            [gathering, space, what](const Answer &answer) {
                if (!answer) {
                    gathering->doNotKnow(Words::tr("%1: %2").arg(
                        what,
                        whyNot(answer.error(), QStringLiteral("list on configmaps"), space->name)));
                    return;
                }
                const ClusterQuestion &question = gathering->question;
                gathering->take(
                    configMapWrites(answer->object.value(QLatin1String("items")).toArray(),
                                    space->configMaps, question.from, question.to),
                    what);
            });
    };
    space->open = int(space->objects.size());
    for (qsizetype i = 0; i < space->objects.size(); ++i) {
        const QString right = space->rights[i];
        ask(gathering, space->api->get(space->objects[i], this),
            [gathering, space, what, right, list](const Answer &answer) {
                if (answer) {
                    if (const auto names = configMapsOfObject(answer->object))
                        space->configMaps += *names;
                    else
                        gathering->doNotKnow(Words::tr("%1: %2").arg(what, names.error().message));
                } else if (!isNotThere(answer.error())) { // a pod that went away
                    gathering->doNotKnow(
                        Words::tr("%1: %2").arg(what, whyNot(answer.error(), right, space->name)));
                }
                if (--space->open == 0)
                    list();
            });
    }
}

void KubernetesEvents::askCronJobs(const Shared &gathering, const std::shared_ptr<NameSpace> &space)
{
    const auto open = std::make_shared<int>(2);
    const auto take = [gathering, space, open](const Answer &answer, const QString &plural,
                                               const QString &what,
                                               std::optional<QJsonArray> &items) {
        if (answer)
            items = answer->object.value(QLatin1String("items")).toArray();
        else
            gathering->doNotKnow(Words::tr("%1: %2").arg(
                what, whyNot(answer.error(), QStringLiteral("list on ") + plural, space->name)));
        if (--*open == 0)
            gathering->take(cronStarts(space->cronJobs, space->jobs, gathering->question.from,
                                       gathering->question.to),
                            Words::tr("cron jobs"));
    };
    const auto takeCronJobs = [take, space](const Answer &answer) {
        take(answer, QStringLiteral("cronjobs"), Words::tr("cron jobs"), space->cronJobs);
    };
    const auto list = [space, this](const QString &group, const char *plural) {
        return space->api->listTogether({group, space->name, QLatin1String(plural)}, this);
    };
    ask(gathering, list(batchGroup(), "cronjobs"),
        [this, gathering, list, takeCronJobs](const Answer &answer) {
            // Before 1.21 they were only there.
            if (!answer && answer.error().kind == ErrorKind::NotFound)
                ask(gathering, list(QStringLiteral("apis/batch/v1beta1"), "cronjobs"),
                    takeCronJobs);
            else
                takeCronJobs(answer);
        });
    ask(gathering, list(batchGroup(), "jobs"), [take, space](const Answer &answer) {
        take(answer, QStringLiteral("jobs"), Words::tr("starts of cron jobs"), space->jobs);
    });
}

} // namespace pilothouse
