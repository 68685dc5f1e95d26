#include "clusterobjects.h"

#include "connectors/kubernetes/httproute/routeplaces.h"
#include "rollout/trafficannotations.h"

#include <QTest>
#include <QTimeZone>

#include <functional>

using namespace pilothouse;

namespace {

/// Changes one object of a part before it is put into the world.
using Edit = std::function<void(ToldWorld &)>;

Edit route(const QJsonObject &object)
{
    return [object](ToldWorld &world) {
        world.replace(RoutePart::Routes, {object});
    };
}

Edit put(RoutePart part, const QJsonObject &object)
{
    return [part, object](ToldWorld &world) {
        world.put(part, object);
    };
}

Edit drop(RoutePart part, const QString &name)
{
    return [part, name](ToldWorld &world) {
        world.remove(part, name);
    };
}

Edit all(const std::initializer_list<Edit> &edits)
{
    return [edits = std::vector<Edit>(edits)](ToldWorld &world) {
        for (const Edit &edit : edits)
            edit(world);
    };
}

/// Every Pod of an image whose tag tells no commit, with a member replaced.
Edit eachPod(const char *path, const QJsonValue &value)
{
    return [path, value](ToldWorld &world) {
        for (const QJsonValue pod : objectsOf(RoutePart::Pods))
            world.put(RoutePart::Pods, with(with(pod.toObject(), "spec.containers.0.image",
                                                 QStringLiteral("app:latest")),
                                            path, value));
    };
}

/// A rule for testers, beside the weighted one.
QJsonObject withHeaderRule(const QJsonObject &object, int weight)
{
    QJsonArray rules
        = object.value(QLatin1String("spec")).toObject().value(QLatin1String("rules")).toArray();
    rules.append(parsed("{'matches': [{'headers': [{'name': 'x-canary', 'value': 'yes'}]}],"
                        " 'backendRefs': [{'name': 'candidate', 'port': 80, 'weight': "
                        + QByteArray::number(weight) + "}]}"));
    return with(object, "spec.rules", rules);
}

QJsonObject withBackends(const QByteArray &backends)
{
    return with(routeObject(90, 10), "spec.rules.0.backendRefs",
                parsed("{'all': [" + backends + "]}").value(QLatin1String("all")));
}

const char *const accepted = "status.parents.0.conditions.0";
const char *const resolved = "status.parents.0.conditions.1";

/// Everything a row says about a state, as one text.
QString summary(const TrafficState &state)
{
    const auto revision = [](const std::optional<RevisionState> &each) {
        if (!each)
            return QStringLiteral("none");
        const QString commit
            = each->commit.value.isEmpty() ? QStringLiteral("?") : each->commit.value.left(1);
        return QStringLiteral("%1 %2/%3%4")
            .arg(commit)
            .arg(each->readyReplicas)
            .arg(each->wantedReplicas)
            .arg(each->mixed ? QStringLiteral(" mixed") : QString());
    };
    return QStringLiteral("asked %1, accepted %2, stable %3, candidate %4")
        .arg(state.asked.percent)
        .arg(state.accepted ? QString::number(state.accepted->percent) : QStringLiteral("-"),
             revision(state.stable), revision(state.candidate));
}

} // namespace

class RouteStateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void traffic_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("problem"); ///< contained; empty = none at all
        const auto row = [](const char *name, const Edit &edit, const char *expected,
                            const char *problem = "") {
            QTest::newRow(name) << edit << QString::fromLatin1(expected)
                                << QString::fromUtf8(problem);
        };
        const QJsonObject plain = routeObject(90, 10);

        row(
            "the world as it is", [](ToldWorld &) {},
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2");

        // Weights are shares.
        row("weights that do not add up to 100 are shares", route(routeObject(3, 1)),
            "asked 25, accepted 25, stable a 3/3, candidate b 2/2");
        row("a share under half a per cent is not none", route(routeObject(999, 1)),
            "asked 1, accepted 1, stable a 3/3, candidate b 2/2");
        row("a share close to all is not all", route(routeObject(1, 999)),
            "asked 99, accepted 99, stable a 3/3, candidate b 2/2");
        row("the largest weights", route(routeObject(1'000'000, 1'000'000)),
            "asked 50, accepted 50, stable a 3/3, candidate b 2/2");
        row("a weight that is left out is 1",
            route(withBackends("{'name': 'stable'}, {'name': 'candidate'}")),
            "asked 50, accepted 50, stable a 3/3, candidate b 2/2");
        row("all of it", route(routeObject(0, 100)),
            "asked 100, accepted 100, stable a 3/3, candidate b 2/2");
        row("weights that are all 0 send it nowhere", route(routeObject(0, 0)),
            "asked 0, accepted 0, stable a 3/3, candidate b 2/2", "nowhere");
        row("a third backend is part of the sum",
            route(withBackends(
                "{'name': 'stable', 'weight': 40}, {'name': 'candidate', 'weight': 10},"
                " {'name': 'other', 'weight': 50}")),
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2", "third backend");
        row("the largest share counts where rules differ",
            route(with(
                plain, "spec.rules",
                parsed("{'all': [{'backendRefs': [{'name': 'stable', 'weight': 100},"
                       " {'name': 'candidate', 'weight': 0}]}, {'backendRefs': ["
                       "{'name': 'candidate', 'weight': 1}, {'name': 'stable', 'weight': 1}]}]}")
                    .value(QLatin1String("all")))),
            "asked 50, accepted 50, stable a 3/3, candidate b 2/2", "(0 %, 50 %)");

        // What the Gateways have taken over.
        row("conditions of an older generation accept nothing",
            route(with(plain, "metadata.generation", 8)),
            "asked 10, accepted -, stable a 3/3, candidate b 2/2");
        row("the oldest condition counts",
            route(with(plain, "status.parents.0.conditions.1.observedGeneration", 6)),
            "asked 10, accepted -, stable a 3/3, candidate b 2/2");
        row("a condition of an older generation is no problem of this one",
            route(with(with(plain, "metadata.generation", 8),
                       "status.parents.0.conditions.0.status", QStringLiteral("False"))),
            "asked 10, accepted -, stable a 3/3, candidate b 2/2");
        row("conditions that tell no generation accept nothing",
            route(with(with(plain, "status.parents.0.conditions.0.observedGeneration",
                            QJsonValue::Undefined),
                       "status.parents.0.conditions.1.observedGeneration", QJsonValue::Undefined)),
            "asked 10, accepted -, stable a 3/3, candidate b 2/2");
        row("a route without a status is not accepted",
            route(with(plain, "status", QJsonValue::Undefined)),
            "asked 10, accepted -, stable a 3/3, candidate b 2/2");
        row("a second Gateway that says nothing yet is waited for",
            route(with(plain, "spec.parentRefs",
                       QJsonArray{parsed("{'name': 'public'}"), parsed("{'name': 'internal'}")})),
            "asked 10, accepted -, stable a 3/3, candidate b 2/2");
        row("a refused route is a problem",
            route(with(plain, accepted,
                       parsed("{'type': 'Accepted', 'status': 'False', 'message': 'no such host',"
                              " 'observedGeneration': 7}"))),
            "asked 10, accepted -, stable a 3/3, candidate b 2/2", "Accepted False: no such host");
        row("a backend that cannot be resolved is a problem",
            route(with(plain, resolved,
                       parsed("{'type': 'ResolvedRefs', 'status': 'False', 'message': 'no port 80',"
                              " 'observedGeneration': 7}"))),
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2",
            "ResolvedRefs False: no port 80");
        row("a rule that was left out is a problem",
            route(with(
                plain, "status.parents.0.conditions",
                parsed("{'all': [{'type': 'Accepted', 'status': 'True', 'observedGeneration': 7},"
                       "{'type': 'PartiallyInvalid', 'status': 'True', 'message': 'rule 2'}]}")
                    .value(QLatin1String("all")))),
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2",
            "PartiallyInvalid True: rule 2");
        row("conditions of the controller's own are not ours to judge",
            route(with(
                plain, "status.parents.0.conditions",
                parsed("{'all': [{'type': 'Accepted', 'status': 'True', 'observedGeneration': 7},"
                       "{'type': 'vendor.test/Programmed', 'status': 'False'}]}")
                    .value(QLatin1String("all")))),
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2");

        // What runs behind them.
        row("a Pod that is not ready counts as wanted",
            put(RoutePart::Pods, with(podObject("stable-3", "stable", oldCommit()),
                                      "status.conditions.0.status", QStringLiteral("False"))),
            "asked 10, accepted 10, stable a 2/3, candidate b 2/2");
        row("Pods that a Deployment still owes are wanted",
            drop(RoutePart::Pods, QStringLiteral("candidate-2")),
            "asked 10, accepted 10, stable a 3/3, candidate b 1/2");
        row("an image by digest has an unknown commit",
            all({put(RoutePart::Pods,
                     with(podObject("candidate-1", "candidate", newCommit()),
                          "spec.containers.0.image", QStringLiteral("app@sha256:0123"))),
                 put(RoutePart::Pods,
                     with(podObject("candidate-2", "candidate", newCommit()),
                          "spec.containers.0.image", QStringLiteral("app@sha256:0123")))}),
            "asked 10, accepted 10, stable a 3/3, candidate ? 2/2");
        row("two images behind one Service are MIXED, of an unknown commit",
            put(RoutePart::Pods, podObject("stable-2", "stable", newCommit())),
            "asked 10, accepted 10, stable ? 3/3 mixed, candidate b 2/2");
        row("one tag that was pushed twice is MIXED",
            put(RoutePart::Pods,
                with(podObject("stable-2", "stable", oldCommit()),
                     "status.containerStatuses.0.imageID", QStringLiteral("app@sha256:other"))),
            "asked 10, accepted 10, stable ? 3/3 mixed, candidate b 2/2");
        row("a Pod that is going does not count",
            put(RoutePart::Pods,
                with(podObject("stable-4", "stable", newCommit()), "metadata.deletionTimestamp",
                     QStringLiteral("2026-11-24T13:30:00Z"))),
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2");
        row("a Pod that was evicted does not count",
            put(RoutePart::Pods, with(podObject("stable-4", "stable", newCommit()), "status.phase",
                                      QStringLiteral("Failed"))),
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2");
        row("a Pod of another app does not count",
            put(RoutePart::Pods, with(podObject("stable-4", "stable", newCommit()),
                                      "metadata.labels.app", QStringLiteral("shop"))),
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2");
        row("before its first Pod a candidate is known by its template",
            all({drop(RoutePart::Pods, QStringLiteral("candidate-1")),
                 drop(RoutePart::Pods, QStringLiteral("candidate-2")), route(routeObject(100, 0))}),
            "asked 0, accepted 0, stable a 3/3, candidate b 0/2");
        row("no candidate Pod and no Deployment is no candidate",
            all({drop(RoutePart::Pods, QStringLiteral("candidate-1")),
                 drop(RoutePart::Pods, QStringLiteral("candidate-2")),
                 drop(RoutePart::Deployments, QStringLiteral("candidate")),
                 route(routeObject(100, 0))}),
            "asked 0, accepted 0, stable a 3/3, candidate none");
        row("traffic to a candidate without Pods is a problem",
            all({drop(RoutePart::Pods, QStringLiteral("candidate-1")),
                 drop(RoutePart::Pods, QStringLiteral("candidate-2")),
                 drop(RoutePart::Deployments, QStringLiteral("candidate"))}),
            "asked 10, accepted 10, stable a 3/3, candidate none",
            "10 % of the traffic goes to “candidate”, behind which no Pod stands");
        row("a stable without Pods is no way back",
            all({drop(RoutePart::Pods, QStringLiteral("stable-1")),
                 drop(RoutePart::Pods, QStringLiteral("stable-2")),
                 drop(RoutePart::Pods, QStringLiteral("stable-3")),
                 drop(RoutePart::Deployments, QStringLiteral("stable"))}),
            "asked 10, accepted 10, stable ? 0/1, candidate b 2/2",
            "no Pod stands behind “stable”");
        const Edit sameCode
            = all({put(RoutePart::Pods, podObject("candidate-1", "candidate", oldCommit())),
                   put(RoutePart::Pods, podObject("candidate-2", "candidate", oldCommit()))});
        row("a candidate of the stable's code at weight 0 is none",
            all({sameCode, route(routeObject(100, 0))}),
            "asked 0, accepted 0, stable a 3/3, candidate none");
        row("with traffic it is one all the same", sameCode,
            "asked 10, accepted 10, stable a 3/3, candidate a 2/2");
        row("what nobody knows is not the same code",
            all({eachPod("status.containerStatuses", QJsonValue::Undefined),
                 route(routeObject(100, 0))}),
            "asked 0, accepted 0, stable ? 3/3, candidate ? 2/2");
        row("the same digest is the same code",
            all({eachPod("status.containerStatuses.0.imageID", QStringLiteral("app@sha256:1")),
                 route(routeObject(100, 0))}),
            "asked 0, accepted 0, stable ? 3/3, candidate none");
        row("a Pod that cannot be read is told, the rest holds",
            put(RoutePart::Pods, parsed("{'metadata': {'name': 'odd'}, 'spec': {}}")),
            "asked 10, accepted 10, stable a 3/3, candidate b 2/2", "Pod odd");
    }
    void traffic()
    {
        QFETCH(Edit, edit);
        QFETCH(QString, expected);
        QFETCH(QString, problem);
        ToldWorld changed;
        edit(changed);
        const auto state = changed.state();
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(summary(*state), expected);
        if (problem.isEmpty())
            QCOMPARE(state->problem, QString());
        else
            QVERIFY2(state->problem.contains(problem), qPrintable(state->problem));
    }

    void whatIsNotThereSaysWhatToDo_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("said");
        QTest::newRow("no route") << drop(RoutePart::Routes, QStringLiteral("web"))
                                  << int(ErrorKind::NotFound)
                                  << QStringLiteral("no HTTPRoute “web”");
        QTest::newRow("no rule with both")
            << route(withBackends("{'name': 'stable'}")) << int(ErrorKind::NotFound)
            << QStringLiteral("no rule with both backends “stable” and “candidate”");
        QTest::newRow("a backend of another kind does not count")
            << route(withBackends("{'name': 'stable'}, {'name': 'candidate', 'kind': 'Bucket'}"))
            << int(ErrorKind::NotFound) << QStringLiteral("no rule with both");
        QTest::newRow("a backend in another namespace does not count")
            << route(withBackends("{'name': 'stable'}, {'name': 'candidate', 'namespace': 'test'}"))
            << int(ErrorKind::NotFound) << QStringLiteral("no rule with both");
        QTest::newRow("no Service")
            << drop(RoutePart::Services, QStringLiteral("candidate")) << int(ErrorKind::NotFound)
            << QStringLiteral("the Service “candidate”, which is not there");
        QTest::newRow("a route that cannot be read")
            << route(with(routeObject(90, 10), "spec.rules.0.backendRefs.0.weight",
                          QStringLiteral("much")))
            << int(ErrorKind::Malformed)
            << QStringLiteral("HTTPRoute web) gave an answer that cannot be read: "
                              "spec.rules[0].backendRefs[0].weight");
        QTest::newRow("a Service that cannot be read")
            << put(RoutePart::Services, parsed("{'metadata': {'name': 'stable'}}"))
            << int(ErrorKind::Malformed) << QStringLiteral("Service stable");
    }
    void whatIsNotThereSaysWhatToDo()
    {
        QFETCH(Edit, edit);
        QFETCH(int, kind);
        QFETCH(QString, said);
        ToldWorld changed;
        edit(changed);
        const auto state = changed.state();
        QVERIFY(!state);
        QCOMPARE(int(state.error().kind), kind);
        QVERIFY2(state.error().message.contains(said), qPrintable(state.error().message));
    }

    void anObjectThatCanBeReadAgainIsNoProblemAnyMore()
    {
        ToldWorld changed;
        changed.put(RoutePart::Pods, parsed("{'metadata': {'name': 'stable-1'}}"));
        QCOMPARE(changed.state()->stable->wantedReplicas, 3);
        changed.put(RoutePart::Pods, podObject("stable-1", "stable", oldCommit()));
        QCOMPARE(changed.state()->problem, QString());
    }

    void aHeaderRuleMakesACandidateReachable()
    {
        ToldWorld changed;
        route(withHeaderRule(routeObject(100, 0), 1))(changed);
        const auto state = changed.state();
        QVERIFY(state);
        QCOMPARE(state->asked, Weight{0});
        QCOMPARE(state->reachable.size(), 1);
        QCOMPARE(state->reachable.first().commit.value, newCommit());
        // With weight it is the candidate, without weight in the rule nothing leads there.
        route(withHeaderRule(routeObject(90, 10), 1))(changed);
        QVERIFY(changed.state()->reachable.isEmpty());
        route(withHeaderRule(routeObject(100, 0), 0))(changed);
        QVERIFY(changed.state()->reachable.isEmpty());
    }

    void theRestOfTheStateIsTheRoutes()
    {
        const Hold hold{QStringLiteral("mara"),
                        QDateTime(QDate(2026, 11, 24), QTime(13, 0), QTimeZone::utc()),
                        QStringLiteral("p95"), CommitId(newCommit())};
        const WeightChange change{QDateTime(QDate(2026, 11, 24), QTime(12, 0), QTimeZone::utc()),
                                  QStringLiteral("jon"),
                                  Weight{0},
                                  Weight{10},
                                  {},
                                  IntentId(QStringLiteral("i1")),
                                  CommitId(newCommit())};
        QJsonObject annotations;
        annotations.insert(QLatin1String(holdAnnotation), QString::fromUtf8(encodeHold(hold)));
        annotations.insert(QLatin1String(changesAnnotation),
                           QString::fromUtf8(encodeChanges({change})));
        ToldWorld changed;
        route(with(routeObject(90, 10), "metadata.annotations", annotations))(changed);
        const auto state = changed.state();
        QVERIFY(state);
        QCOMPARE(state->version, QStringLiteral("81723"));
        QCOMPARE(state->hold, std::optional(hold));
        QCOMPARE(state->changes, QList<WeightChange>{change});
        QCOMPARE(state->lastWriter, QStringLiteral("kubectl-edit"));
        QCOMPARE(state->lastWrittenAt,
                 QDateTime(QDate(2026, 11, 24), QTime(13, 20), QTimeZone::utc()));
        QCOMPARE(state->stable->name.value, QStringLiteral("stable"));
        QCOMPARE(state->stable->imageDigest, QStringLiteral("sha256:aaaaaaaa"));
        QCOMPARE(state->candidate->pods,
                 QStringList({QStringLiteral("candidate-1"), QStringLiteral("candidate-2")}));
    }

    void aRevisionIsUpSinceTheYoungestOfItsPodsWasMade()
    {
        ToldWorld changed;
        QVERIFY(!changed.state()->candidate->upSince.isValid()); // where the pods do not tell
        for (const auto &[pod, made] : {std::pair("candidate-1", "2026-11-24T13:27:00Z"),
                                        std::pair("candidate-2", "2026-11-24T13:20:00Z")}) {
            changed.put(RoutePart::Pods, with(podObject(pod, "candidate", newCommit()),
                                              "metadata.creationTimestamp", QLatin1String(made)));
        }
        QCOMPARE(changed.state()->candidate->upSince,
                 QDateTime(QDate(2026, 11, 24), QTime(13, 27), QTimeZone::utc()));
    }

    /// The server's stamps are whole seconds: whoever has the rules came last.
    void ofTwoWritersInOneSecondTheOwnerOfTheRulesIsTheLast()
    {
        const QJsonArray writers{parsed("{'manager': 'helm', 'time': '2026-11-24T13:20:00Z',"
                                        " 'fieldsV1': {'f:spec': {'f:parentRefs': {}}}}"),
                                 parsed("{'manager': 'pilothouse', 'time': '2026-11-24T13:20:00Z',"
                                        " 'fieldsV1': {'f:spec': {'f:rules': {}}}}")};
        ToldWorld changed;
        route(with(routeObject(90, 10), "metadata.managedFields", writers))(changed);
        QCOMPARE(changed.state()->lastWriter, QStringLiteral("pilothouse"));
        // One second later it is not.
        route(with(with(routeObject(90, 10), "metadata.managedFields", writers),
                   "metadata.managedFields.0.time",
                   QStringLiteral("2026-11-24T13:20:01Z")))(changed);
        QCOMPARE(changed.state()->lastWriter, QStringLiteral("helm"));
    }

    void changesThatCannotBeReadAreAProblem()
    {
        ToldWorld changed;
        route(with(routeObject(90, 10), "metadata.annotations",
                   parsed("{'pilothouse.dev/changes': 'nonsense'}")))(changed);
        const auto state = changed.state();
        QVERIFY(state);
        QVERIFY(state->problem.contains(QStringLiteral("pilothouse.dev/changes")));
    }

    void theMainContainerIsTheOneThatCounts()
    {
        const QJsonObject sidecar
            = parsed("{'metadata': {'name': 'p', 'annotations':"
                     "   {'kubectl.kubernetes.io/default-container': 'app'}},"
                     " 'spec': {'containers': [{'name': 'proxy', 'image': 'proxy:1'},"
                     "   {'name': 'app', 'image': 'app:2'}]},"
                     " 'status': {'containerStatuses': [{'name': 'app', 'imageID': 'x@sha256:2'},"
                     "   {'name': 'proxy', 'imageID': 'x@sha256:1'}]}}");
        QCOMPARE(decodePod(sidecar)->make->image, QStringLiteral("app:2"));
        QCOMPARE(decodePod(sidecar)->make->imageDigest, QStringLiteral("sha256:2"));
        const auto plain = decodePod(with(sidecar, "metadata.annotations", QJsonValue::Undefined));
        QCOMPARE(plain->make->image, QStringLiteral("proxy:1"));
        QCOMPARE(plain->make->imageDigest, QStringLiteral("sha256:1"));
    }

    void aLabelMayTellTheCommit()
    {
        RouteNames names = routeNames();
        names.commitFrom = {CommitFrom::Kind::Label, QStringLiteral("version")};
        ToldWorld changed(names);
        for (const QJsonValue pod : objectsOf(RoutePart::Pods))
            changed.put(RoutePart::Pods,
                        with(pod.toObject(), "metadata.labels.version", newCommit()));
        QCOMPARE(changed.state()->stable->commit.value, newCommit());
        changed.put(RoutePart::Pods, podObject("stable-1", "stable", oldCommit()));
        QVERIFY(changed.state()->stable->mixed);
    }

    void anOlderGenerationWasOvertakenOnItsWay()
    {
        ToldWorld changed;
        changed.put(RoutePart::Routes, with(routeObject(50, 50), "metadata.generation", 8));
        changed.put(RoutePart::Routes, routeObject(90, 10));
        QCOMPARE(shareOf(placesOf(*changed.world.route(), routeNames())), Weight{50});
        // One that was made anew begins its count again.
        changed.put(RoutePart::Routes, with(with(routeObject(80, 20), "metadata.generation", 1),
                                            "metadata.uid", QStringLiteral("u2")));
        QCOMPARE(shareOf(placesOf(*changed.world.route(), routeNames())), Weight{20});
    }
};

QTEST_GUILESS_MAIN(RouteStateTest)
#include "routestatetest.moc"
