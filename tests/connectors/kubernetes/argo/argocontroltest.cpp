#include "argofixture.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString base
    = QStringLiteral("/apis/argoproj.io/v1alpha1/namespaces/production/rollouts/web");
const QByteArray conflict("{\"kind\": \"Status\", \"reason\": \"Conflict\"}");

} // namespace

class ArgoControlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReadAsksForTheRolloutLast()
    {
        ArgoFixture f;
        const auto state = f.read();
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(f.http.log(),
                 QStringList({QStringLiteral("GET /apis/apps/v1/namespaces/production/replicasets"
                                             "?limit=500"),
                              QStringLiteral("GET /api/v1/namespaces/production/pods?limit=500"),
                              QStringLiteral("GET ") + base}));
        QCOMPARE(state->value.asked, Weight{10});
        QCOMPARE(state->value.stable->commit.value, oldCommit());
        QCOMPARE(state->source, QStringLiteral("Kubernetes"));
        QCOMPARE(state->age(f.clock).count(), 0);
    }

    void aPromotionIsBoundToTheVersionAndNotedAfterwards()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(ArgoFixture::resumed("81800"));
        f.answer(ArgoFixture::resumed("81801"));
        const auto state = await(f.control.setWeight(ArgoFixture::request(50)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.accepted, std::optional(Weight{10}));
        QCOMPARE(state->value.version, QStringLiteral("81801"));
        const QList<HttpRequest> writes = f.writes();
        QCOMPARE(writes.size(), 2);
        QCOMPARE(writes[0].url.path(), base + QStringLiteral("/status"));
        QCOMPARE(writes[0].url.query(),
                 QStringLiteral("fieldManager=pilothouse&fieldValidation=Strict"));
        QCOMPARE(writes[0].contentType, QByteArray("application/merge-patch+json"));
        QVERIFY(writes[0].repeat == HttpRequest::Repeat::Never);
        QCOMPARE(f.body(0), parsed("{'metadata': {'resourceVersion': '81723'},"
                                   " 'status': {'pauseConditions': null}}"));
        QCOMPARE(writes[1].url.path(), base);
        const QJsonObject metadata = f.body(1).value(QLatin1String("metadata")).toObject();
        QCOMPARE(metadata.value(QLatin1String("resourceVersion")), QStringLiteral("81800"));
        const auto changes = decodeChanges(metadata.value(QLatin1String("annotations"))
                                               .toObject()
                                               .value(QLatin1String(changesAnnotation))
                                               .toString()
                                               .toUtf8());
        QVERIFY(changes);
        QCOMPARE(changes->size(), 1);
        QCOMPARE(changes->first().from, Weight{10});
        QCOMPARE(changes->first().to, Weight{50});
        QCOMPARE(changes->first().intent.value, QStringLiteral("i7"));
    }

    void aNoteThatTheControllerOvertookIsTriedOnceMore()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(ArgoFixture::resumed("81800"));
        f.http.scripted.answer(409, conflict);
        f.answer(ArgoFixture::resumed("81805"));
        f.answer(ArgoFixture::resumed("81806"));
        const auto state = await(f.control.setWeight(ArgoFixture::request(50)));
        QVERIFY(state);
        QCOMPARE(state->value.version, QStringLiteral("81806"));
        QCOMPARE(state->value.problem, QString());
        QCOMPARE(f.body(2)
                     .value(QLatin1String("metadata"))
                     .toObject()
                     .value(QLatin1String("resourceVersion")),
                 QStringLiteral("81805"));
    }

    void aNoteThatFailsDoesNotUndoWhatWasDone()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(ArgoFixture::resumed("81800"));
        f.http.scripted.answer(403, "{\"message\": \"rollouts is forbidden\"}");
        f.answer(ArgoFixture::resumed("81800"));
        f.http.scripted.answer(403, "{\"message\": \"rollouts is forbidden\"}");
        const auto state = await(f.control.setWeight(ArgoFixture::request(50)));
        QVERIFY(state);
        QCOMPARE(state->value.asked, Weight{50});
        QVERIFY2(state->value.problem.contains(QStringLiteral("not noted on the object")),
                 qPrintable(state->value.problem));
    }

    void aConflictIsSentOnceAndChangesNothing()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(409, conflict);
        const auto state = await(f.control.setWeight(ArgoFixture::request(50)));
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::Conflict);
        QCOMPARE(f.writes().size(), 1);
        QCOMPARE(f.http.scripted.left(), 0);
    }

    void theConflictNamesWhoWasFaster()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(409, conflict);
        f.answer(with(rolloutObject("81900"), "metadata.generation", 8));
        const auto state = await(f.control.setWeight(ArgoFixture::request(50)));
        QCOMPARE(state.error().kind, ErrorKind::Conflict);
        QCOMPARE(state.error().message,
                 QStringLiteral("web was changed by helm since it was read. Look at it again, then "
                                "decide."));
        QCOMPARE(f.writes().size(), 1);
    }

    void aSecondPressFindsAnotherVersionAndSendsNothing()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(ArgoFixture::resumed("81800"));
        f.answer(ArgoFixture::resumed("81801"));
        QVERIFY(await(f.control.setWeight(ArgoFixture::request(50))));
        f.answer(ArgoFixture::resumed("81801"));
        const auto again = await(f.control.setWeight(ArgoFixture::request(50)));
        QCOMPARE(again.error().kind, ErrorKind::Conflict);
        QVERIFY(again.error().message.contains(QStringLiteral("helm")));
        QCOMPARE(f.writes().size(), 2);
    }

    void aWeightThatIsNotTheNextStepsIsRefused()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        const auto state = await(f.control.setWeight(ArgoFixture::request(25)));
        QCOMPARE(state.error().kind, ErrorKind::Refused);
        QVERIFY(state.error().message.contains(QStringLiteral("lead to 50 % next, not to 25 %")));
        QVERIFY(f.writes().isEmpty());
    }

    void aRollbackIsAnAbort()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(with(abortedRollout(), "metadata.resourceVersion", QStringLiteral("81800")));
        f.answer(with(abortedRollout(), "metadata.resourceVersion", QStringLiteral("81801")));
        const auto state = await(f.control.setWeight(ArgoFixture::request(0)));
        QVERIFY(state);
        QCOMPARE(f.body(0), parsed("{'metadata': {'resourceVersion': '81723'},"
                                   " 'status': {'abort': true}}"));
        QCOMPARE(state->value.asked, Weight{0});
        QCOMPARE(state->value.accepted, std::optional(Weight{0}));
    }

    void aKindWithoutAStatusOfItsOwnIsWrittenWhole()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(404,
                               R"({"kind": "Status", "message": "the server could not find it"})");
        f.answer(abortedRollout());
        f.answer(abortedRollout());
        const auto state = await(f.control.runOwn(ArgoFixture::own("argo.abort")));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(f.writes().size(), 3);
        QCOMPARE(f.writes()[1].url.path(), base);
        QCOMPARE(f.body(1), f.body(0));
    }

    void whatAProxyDoesNotFindIsNoReasonToWriteTheWhole()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.http.scripted.answer(404, "<html>there is no such page</html>");
        const auto state = await(f.control.runOwn(ArgoFixture::own("argo.abort")));
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::NotFound);
        QCOMPARE(f.writes().size(), 1);
    }

    void anOwnActionOnTheStatusIsNotedAfterwards()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(with(abortedRollout(), "metadata.resourceVersion", QStringLiteral("81800")));
        f.answer(with(abortedRollout(), "metadata.resourceVersion", QStringLiteral("81801")));
        const auto state = await(f.control.runOwn(ArgoFixture::own("argo.abort")));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(f.writes().size(), 2);
        QCOMPARE(f.writes()[1].url.path(), base);
        QCOMPARE(f.deedIn(1),
                 (Deed{f.clock.now(), QStringLiteral("mara"), QStringLiteral("argo.abort"),
                       QStringLiteral("errors"), IntentId(QStringLiteral("i8"))}));
        QVERIFY(!state->value.problem.contains(QStringLiteral("not noted")));
    }

    void anOwnActionWhoseNoteFailsIsDoneAndSaysSo()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(with(abortedRollout(), "metadata.resourceVersion", QStringLiteral("81800")));
        f.http.scripted.answer(403, "{\"message\": \"rollouts is forbidden\"}");
        f.http.scripted.answer(403, "{\"message\": \"rollouts is forbidden\"}");
        const auto state = await(f.control.runOwn(ArgoFixture::own("argo.abort")));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QVERIFY2(state->value.problem.contains(
                     QStringLiteral("done, but it is not noted on the object")),
                 qPrintable(state->value.problem));
    }

    void anOwnActionThatWritesTheObjectIsNotedInTheSamePatch()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(rolloutObject("81800"));
        QVERIFY(await(f.control.runOwn(ArgoFixture::own("argo.undo:1"))));
        QCOMPARE(f.writes().size(), 1);
        const QJsonArray operations = QJsonDocument::fromJson(f.writes().first().body).array();
        const QJsonObject note = operations.last().toObject();
        QCOMPARE(note.value(QLatin1String("path")).toString(), annotationPath(deedsAnnotation));
        QCOMPARE(decodeDeeds(note.value(QLatin1String("value")).toString().toUtf8()).first().intent,
                 IntentId(QStringLiteral("i8")));
    }

    void whatAnOwnActionShowsIsWhatItSends()
    {
        ArgoFixture f;
        const auto read = f.read();
        QVERIFY(read);
        const QList<OwnAction> actions = f.control.ownActions(read->value);
        for (const char *id :
             {"argo.promote-one", "argo.promote-full", "argo.abort", "argo.undo:1"}) {
            ArgoFixture fresh;
            QVERIFY(fresh.read());
            fresh.answer(rolloutObject("81800"));
            QVERIFY(await(fresh.control.runOwn(ArgoFixture::own(id))));
            for (const OwnAction &action : actions) {
                if (action.id != QLatin1String(id))
                    continue;
                const QByteArray shown
                    = action.calls.first().exact.section(QStringLiteral("\n\n"), 1, 1).toUtf8();
                const QJsonDocument sent = QJsonDocument::fromJson(fresh.writes().first().body);
                QVERIFY(action.calls.last().exact.contains(QLatin1String(deedsAnnotation))
                        || shown.contains("pilothouse.dev~1deeds"));
                if (!sent.isArray()) {
                    QCOMPARE(QJsonDocument::fromJson(shown), sent);
                    continue;
                }
                // The note has its time and intent only when it is sent.
                QJsonArray rest = sent.array();
                QJsonArray told = QJsonDocument::fromJson(shown).array();
                QCOMPARE(told.size(), rest.size());
                told.removeLast();
                rest.removeLast();
                QCOMPARE(told, rest);
            }
        }
    }

    void aSecondRequestThatFailsSaysThatTheFirstWasTaken()
    {
        ArgoFixture f;
        f.object = with(rolloutObject(), "spec.paused", true);
        QVERIFY(f.read());
        f.answer(rolloutObject("81800"));
        f.http.scripted.answer(403, "{\"message\": \"rollouts is forbidden\"}");
        const auto state = await(f.control.runOwn(ArgoFixture::own("argo.promote-one")));
        QVERIFY(!state);
        QVERIFY(state.error().message.startsWith(
            QStringLiteral("The first of several writes was taken, then: ")));
        QCOMPARE(f.body(1).value(QLatin1String("spec")).toObject(), parsed("{'paused': false}"));
        QCOMPARE(f.deedIn(1).intent.value, QStringLiteral("i8"));
    }

    void anUndoWritesToTheDeploymentThatHasTheTemplate()
    {
        ArgoFixture f;
        f.object = with(rolloutObject(), "spec.workloadRef",
                        parsed("{'kind': 'Deployment', 'name': 'w'}"));
        QVERIFY(f.read());
        f.answer(f.object);
        f.answer(parsed("{'metadata': {'name': 'w', 'resourceVersion': '500'}}"));
        f.answer(parsed("{'metadata': {'name': 'w', 'resourceVersion': '501'}}"));
        f.answer(f.object);
        f.answer(f.object);
        const auto state = await(f.control.runOwn(ArgoFixture::own("argo.undo:1")));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(f.writes().size(), 2);
        QCOMPARE(f.writes()[1].url.path(), base);
        QCOMPARE(f.deedIn(1).what, QStringLiteral("argo.undo:1"));
        QCOMPARE(f.writes().first().url.path(),
                 QStringLiteral("/apis/apps/v1/namespaces/production/deployments/w"));
        const QJsonArray operations = QJsonDocument::fromJson(f.writes().first().body).array();
        QCOMPARE(operations.first().toObject(),
                 parsed("{'op': 'test', 'path': '/metadata/resourceVersion', 'value': '500'}"));
        QCOMPARE(operations.size(), 2);
        // A Rollout that moved meanwhile stops it before the Deployment is touched.
        f.answer(with(f.object, "metadata.resourceVersion", QStringLiteral("81900")));
        QCOMPARE(await(f.control.runOwn(ArgoFixture::own("argo.undo:1"))).error().kind,
                 ErrorKind::Conflict);
        QCOMPARE(f.writes().size(), 2);
    }

    void whatIsOffOrUnknownIsRefused()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        const auto off = await(f.control.runOwn(ArgoFixture::own("argo.retry")));
        QCOMPARE(off.error().kind, ErrorKind::Refused);
        QVERIFY(off.error().message.contains(QStringLiteral("it is not aborted")));
        QCOMPARE(await(f.control.runOwn(ArgoFixture::own("argo.fly"))).error().kind,
                 ErrorKind::NotFound);
        QVERIFY(f.writes().isEmpty());
    }

    void rightsAreAskedForTheObjectAndItsStatus()
    {
        ArgoFixture f;
        f.http.scripted.answer(201, "{\"status\": {\"allowed\": true}}");
        f.http.scripted.answer(201, "{\"status\": {\"allowed\": false}}");
        const auto access = await(f.control.access());
        QVERIFY(access);
        QVERIFY(!access->mayWrite);
        QCOMPARE(access->why, QStringLiteral("you lack patch on rollouts/status in production"));
        const auto attributes = QJsonDocument::fromJson(f.http.scripted.requests.last().body)
                                    .object()
                                    .value(QLatin1String("spec"))
                                    .toObject()
                                    .value(QLatin1String("resourceAttributes"));
        QCOMPARE(attributes.toObject(),
                 parsed("{'namespace': 'production', 'verb': 'patch', 'group': 'argoproj.io',"
                        " 'resource': 'rollouts', 'subresource': 'status', 'name': 'web'}"));
    }

    void aWatchTellsWhatTheControllerDoes()
    {
        ArgoFixture f;
        f.watch();
        QVERIFY(!f.told.isEmpty());
        QCOMPARE(f.told.last().value.asked, Weight{10});
        f.tell(with(ArgoFixture::resumed("81900"), "status.currentStepIndex", 2));
        QCOMPARE(f.told.last().value.asked, Weight{50});
        QVERIFY(f.losses.isEmpty());
        // The proof of life goes on.
        f.answer(rolloutObject("81950"));
        f.clock.advance(5s);
        QCOMPARE(f.told.last().value.version, QStringLiteral("81950"));
    }

    void aWatchThatDoesNotGoIsSaidAndEverythingIsReadInstead()
    {
        ArgoFixture f;
        f.watch();
        const qsizetype before = f.told.size();
        f.http.streams[0]->end(fail(Error{ErrorKind::Unavailable, QStringLiteral("gone"), {}, {}}));
        QCOMPARE(f.losses.size(), 1);
        f.http.scripted.answer(Error{ErrorKind::Unavailable, QStringLiteral("gone"), {}, {}});
        f.clock.advance(5s);
        QVERIFY(f.losses.size() > 1);
        QCOMPARE(f.told.size(), before);
    }

    void aHoldIsAnAnnotationAndGoesAgain()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(rolloutObject("81801"));
        Hold hold;
        hold.by = QStringLiteral("mara");
        QVERIFY(await(f.control.setHold(hold, QStringLiteral("81723"))));
        const QString text = f.body(0)
                                 .value(QLatin1String("metadata"))
                                 .toObject()
                                 .value(QLatin1String("annotations"))
                                 .toObject()
                                 .value(QLatin1String(holdAnnotation))
                                 .toString();
        QCOMPARE(decodeHold(text.toUtf8())->since, f.clock.now());
        f.answer(rolloutObject("81802"));
        QVERIFY(await(f.control.setHold({}, QStringLiteral("81801"))));
        QCOMPARE(f.body(1), parsed("{'metadata': {'resourceVersion': '81801',"
                                   " 'annotations': {'pilothouse.dev/hold': null}}}"));
    }

    void thePlanOfAHoldIsWhatIsSent()
    {
        ArgoFixture f;
        const auto state = f.read();
        const Hold hold{QStringLiteral("mara"), f.clock.now(), QStringLiteral("it's odd"), {}};
        const PlannedCall call = f.control.planHold(hold, state->value);
        QCOMPARE(call.summary, QStringLiteral("PATCH rollouts.argoproj.io/web   hold   if version "
                                              "is still 81723"));
        f.answer(rolloutObject("81801"));
        QVERIFY(await(f.control.setHold(hold, QStringLiteral("81723"))));
        QCOMPARE(QJsonDocument::fromJson(call.exact.section(QStringLiteral("\n\n"), 1).toUtf8())
                     .object(),
                 f.body(0));
        QVERIFY2(call.copyable.contains(QStringLiteral("it'\\''s odd")), qPrintable(call.copyable));
        QVERIFY(call.curl.contains(QStringLiteral("it'\\''s odd")));
        const PlannedCall lifted = f.control.planHold({}, state->value);
        QCOMPARE(lifted.copyable,
                 QStringLiteral("kubectl --context prod -n production patch rollouts.argoproj.io "
                                "web --type=merge -p '{\"metadata\":{\"annotations\":"
                                "{\"pilothouse.dev/hold\":null},\"resourceVersion\":\"81723\"}}'"));
    }

    void thePlanIsWhatWouldBeSent()
    {
        ArgoFixture f;
        const auto state = f.read();
        const PlannedCall call = f.control.planWeight(ArgoFixture::request(50), state->value);
        QCOMPARE(call.summary,
                 QStringLiteral("PATCH rollouts/web/status   step 2 of 6: pause until a person "
                                "promotes: 10 → 50 %   if version is still 81723"));
        QVERIFY(call.exact.startsWith(QStringLiteral("PATCH ") + base + QStringLiteral("/status")));
        const PlannedCall back = f.control.planWeight(ArgoFixture::request(0), state->value);
        QVERIFY(back.summary.contains(QStringLiteral("abort: all traffic to the stable")));
        const PlannedCall wrong = f.control.planWeight(ArgoFixture::request(25), state->value);
        QVERIFY(wrong.summary.contains(QStringLiteral("lead to 50 % next")));
        QVERIFY(wrong.exact.isEmpty());
        QCOMPARE(f.control.showCommand(),
                 QStringLiteral("kubectl --context prod -n production get rollouts.argoproj.io web "
                                "-o yaml"));
    }
};

QTEST_GUILESS_MAIN(ArgoControlTest)
#include "argocontroltest.moc"
