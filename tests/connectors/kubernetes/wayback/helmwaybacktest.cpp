#include "connectors/kubernetes/wayback/helmwayback.h"

#include "action/outcomewords.h"
#include "connectors/http/httperror.h"
#include "helm/helmobjects.h"
#include "rollout/trafficannotations.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakerunner.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString production = QStringLiteral("production");

/// A cluster in memory: the route's world and the Secrets of one release.
class ReleasedCluster final : public HttpClient
{
public:
    explicit ReleasedCluster(Clock &clock) : m_clock(clock) {}

    QList<HelmSecret> revisions; ///< oldest first
    QString stable = newCommit();
    QByteArray release = "web"; ///< of the stable Deployment; empty = none
    bool secretsForbidden = false;
    QByteArray out;  ///< what has this in its path is not answered
    QString lacking; ///< a verb on Secrets
    QList<HttpRequest> patches;
    QStringList log; ///< "LIST", "GET 43"

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override
    {
        const QString path = request.url.path();
        if (!out.isEmpty() && path.contains(QLatin1String(out)))
            return ready<HttpResponse>(fail(ErrorKind::Unavailable, QStringLiteral("it is out")));
        if (request.method == "PATCH") {
            patches.append(request);
            return answered(route());
        }
        if (request.method == "POST")
            return answered(review(request.body));
        if (path.endsWith(QLatin1String("/services")))
            return answered(listObject(objectsOf(RoutePart::Services)));
        if (path.endsWith(QLatin1String("/pods")))
            return answered(listObject(QJsonArray{podObject("stable-1", "stable", stable)}));
        if (path.endsWith(QLatin1String("/deployments")))
            return answered(listObject(QJsonArray{deployment()}));
        if (path.contains(QLatin1String("/httproutes")))
            return answered(route());
        return secrets(path);
    }
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest & /*request*/) override
    {
        return nullptr;
    }

    [[nodiscard]] HelmSecret &find(int number)
    {
        for (HelmSecret &each : revisions) {
            if (each.number == number)
                return each;
        }
        qFatal("there is no such revision");
    }
    void add(int number, const QByteArray &status, const QString &commit)
    {
        HelmSecret secret;
        secret.number = number;
        secret.status = status;
        secret.madeAt = m_clock.now().toSecsSinceEpoch() - 3600 + number;
        secret.manifest = QStringLiteral("kind: Deployment\nmetadata: {name: stable}\n"
                                         "spec: {template: {spec: {containers: [{name: app, image: "
                                         "'registry.test/app:%1'}]}}}\n")
                              .arg(commit);
        revisions.append(secret);
    }

private:
    [[nodiscard]] static QJsonObject route() { return routeObject(100, 0); }
    [[nodiscard]] QJsonObject deployment() const
    {
        const QJsonObject made = deploymentObject("stable", "stable", stable, 1);
        return release.isEmpty()
                   ? made
                   : with(
                       made, "metadata.annotations",
                       QJsonObject{{QStringLiteral("meta.helm.sh/release-name"),
                                    QString::fromLatin1(release)},
                                   {QStringLiteral("meta.helm.sh/release-namespace"), production}});
    }
    [[nodiscard]] QJsonObject review(const QByteArray &body) const
    {
        const QJsonObject attributes = QJsonDocument::fromJson(body)
                                           .object()
                                           .value(QLatin1String("spec"))
                                           .toObject()
                                           .value(QLatin1String("resourceAttributes"))
                                           .toObject();
        const bool allowed = attributes.value(QLatin1String("verb")) != lacking;
        return {{QStringLiteral("status"), QJsonObject{{QStringLiteral("allowed"), allowed}}}};
    }
    [[nodiscard]] QFuture<Result<HttpResponse>> secrets(const QString &path)
    {
        const bool isList = path.endsWith(QLatin1String("/secrets"));
        log << (isList ? QStringLiteral("LIST")
                       : QStringLiteral("GET ") + path.section(QStringLiteral(".v"), -1));
        if (secretsForbidden)
            return ready<HttpResponse>(
                fail(statusError(QStringLiteral("Kubernetes"), 403, {},
                                 "{\"message\": \"forbidden\"}", m_clock.now())));
        QJsonArray items;
        for (const HelmSecret &each : std::as_const(revisions)) {
            if (path.endsWith(QStringLiteral(".v%1").arg(each.number)))
                return answered(secretObject(each));
            items.append(secretMetadata(each));
        }
        return answered(listObject(items));
    }
    [[nodiscard]] QFuture<Result<HttpResponse>> answered(const QJsonObject &object) const
    {
        HttpResponse response;
        response.status = 200;
        response.body = bytes(object);
        response.serverAt = m_clock.now();
        return ready<HttpResponse>(response);
    }

    Clock &m_clock;
};

/// A helm that rolls the cluster's release back.
class ReleasingHelm final : public CommandRunner
{
public:
    explicit ReleasingHelm(ReleasedCluster &cluster) : m_cluster(cluster) {}

    bool isThere = true;
    std::optional<ErrorKind> noVersion;   ///< so it fails when it is asked for its version
    std::optional<CommandOutput> failure; ///< of every write; nothing is done then
    bool isCutOff = false;                ///< a write is done, and nobody hears of its end
    bool doesNothing = false;             ///< and says that all is well
    QStringList lines;                    ///< the arguments of all but those for the version

    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override
    {
        if (!isThere)
            return ready<CommandOutput>(fail(ErrorKind::NotFound, QStringLiteral("no helm here")));
        if (command.arguments.first() == QLatin1String("version") && noVersion)
            return ready<CommandOutput>(fail(*noVersion, QStringLiteral("it said no version")));
        if (command.arguments.first() == QLatin1String("version"))
            return ready<CommandOutput>(CommandOutput{0, "v3.17.2", {}});
        lines << command.arguments.join(QLatin1Char(' '));
        if (failure)
            return ready<CommandOutput>(*failure);
        if (!doesNothing && !command.arguments.contains(QStringLiteral("--dry-run")))
            rollBack(command.arguments[2].toInt());
        if (isCutOff)
            return ready<CommandOutput>(
                fail(ErrorKind::Unavailable, QStringLiteral("a signal ended it")));
        FakeRunner::tell(command, "Rollback was a success! Happy Helming!\n");
        return ready<CommandOutput>(CommandOutput{0, "Rollback was a success!\n", {}});
    }

private:
    void rollBack(int number)
    {
        HelmSecret next = m_cluster.find(number);
        HelmSecret &live = m_cluster.revisions.last();
        live.status = "superseded";
        live.resourceVersion += "1";
        next.number = live.number + 1;
        next.status = "deployed";
        next.description = QStringLiteral("Rollback to %1").arg(number);
        m_cluster.revisions.append(next);
        m_cluster.stable = number == 41 ? oldCommit() : newCommit();
    }

    ReleasedCluster &m_cluster;
};

/// Release "web": revision 42 brings the new commit and is live, 41 the old one.
struct Fixture
{
    FakeClock clock;
    ReleasedCluster cluster{clock};
    KubernetesApi api{cluster, clock, QUrl(QStringLiteral("https://k8s.test"))};
    ReleasingHelm helm{cluster};
    HelmWayBack control{
        api, helm, clock,
        HelmWayBack::Settings{QStringLiteral("helm"),
                              QStringLiteral("/kubeconfig"),
                              QStringLiteral("prod"),
                              production,
                              {}},
        std::make_unique<HttpRouteControl>(
            api, clock,
            HttpRouteControl::Settings{production, routeNames(), QStringLiteral("prod")})};
    QStringList output;

    Fixture()
    {
        cluster.add(41, "superseded", oldCommit());
        cluster.add(42, "deployed", newCommit());
        QObject::connect(&control, &HelmWayBack::output,
                         [this](const QString &line) { output << line; });
    }
    [[nodiscard]] TrafficState read()
    {
        const auto state = await(control.read());
        if (!state)
            qFatal("%s", qPrintable(state.error().message));
        return state->value;
    }
    [[nodiscard]] EarlierDeploy earlier() { return read().earlier.value_or(EarlierDeploy()); }
    [[nodiscard]] OwnRequest request(const char *action) const
    {
        return {QString::fromLatin1(action), QStringLiteral("81723"), QStringLiteral("mara"),
                QStringLiteral("it hurts"), IntentId(QStringLiteral("i8"))};
    }
    [[nodiscard]] Result<Reading<TrafficState>> run(const char *action = "helm.rollback:41")
    {
        return await(control.runOwn(request(action)));
    }
};

} // namespace

class HelmWayBackTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theReleaseBehindTheStableLeadsBack()
    {
        Fixture f;
        QVERIFY(f.control.programName().isEmpty());
        const EarlierDeploy earlier = f.earlier();
        QCOMPARE(earlier.number, 41);
        QCOMPARE(earlier.commit.value, oldCommit());
        QCOMPARE(earlier.live, 42);
        QCOMPARE(earlier.release, QStringLiteral("production/web"));
        QCOMPARE(f.control.programName(), QStringLiteral("helm"));
        QCOMPARE(f.control.systemName(), QStringLiteral("Kubernetes"));
    }

    /// As at a start, when what was left open is settled while the first look is under way.
    void whoAsksSecondDoesNotEndTheFirst()
    {
        Fixture f;
        const auto first = f.control.read();
        const auto second = f.control.read();
        for (const auto &read : {first, second}) {
            QTRY_VERIFY(read.isFinished());
            QVERIFY(!read.isCanceled());
            QCOMPARE(read.result()->value.earlier.value_or(EarlierDeploy()).number, 41);
        }
    }

    void beforeTheReleaseIsReadItIsNotSaidThatThereIsNone()
    {
        Fixture f;
        const auto glanced = await(f.control.glance());
        QVERIFY(glanced);
        const EarlierDeploy unread = glanced->value.earlier.value_or(EarlierDeploy());
        QCOMPARE(unread.number, 0);
        QCOMPARE(unread.noneBecause, QStringLiteral("its Helm release has not been read yet"));
        QCOMPARE(f.earlier().number, 41);
    }

    void aStableOfNoReleaseIsTheRouteAlone()
    {
        Fixture f;
        f.cluster.release = {};
        QVERIFY(!f.read().earlier);
        QVERIFY(f.control.ownActions({}).isEmpty());
        QVERIFY(f.control.programName().isEmpty());
        QVERIFY(f.cluster.log.isEmpty()); // nobody looked for Secrets
        QCOMPARE(f.run("argo.abort").error().kind, ErrorKind::Refused);
    }

    void whatIsKnownOfASecretIsNotAskedForAgain()
    {
        Fixture f;
        (void)f.read();
        f.cluster.log.clear();
        (void)f.read();
        QCOMPARE(f.cluster.log, QStringList{QStringLiteral("LIST")});
    }

    void anAccountThatMayNotSeeSecretsIsTold()
    {
        Fixture f;
        f.cluster.secretsForbidden = true;
        const EarlierDeploy earlier = f.earlier();
        QCOMPARE(earlier.number, 0);
        QVERIFY2(
            earlier.noneBecause.contains(QStringLiteral("you lack list on secrets in production")),
            qPrintable(earlier.noneBecause));
        QCOMPARE(f.run().error().kind, ErrorKind::NotAllowed);
        QVERIFY(f.helm.lines.isEmpty());
    }

    void anAccountThatMayNotWriteSecretsIsTold()
    {
        Fixture f;
        f.cluster.lacking = QStringLiteral("create");
        const TrafficState state = f.read();
        QCOMPARE(state.earlier->number, 0);
        QVERIFY2(state.earlier->noneBecause.contains(
                     QStringLiteral("you lack create on secrets in production")),
                 qPrintable(state.earlier->noneBecause));
        QVERIFY(f.control.ownActions(state).first().offBecause.startsWith(
            QStringLiteral("you lack create")));
        QVERIFY(f.helm.lines.isEmpty());
    }

    void aHelmThatIsNotThereIsTold()
    {
        Fixture f;
        f.helm.isThere = false;
        (void)f.read();
        QVERIFY(f.earlier().noneBecause.contains(QStringLiteral("helm was not found here")));
    }

    void theActionIsToldWithItsCommand()
    {
        Fixture f;
        const QList<OwnAction> actions = f.control.ownActions(f.read());
        QCOMPARE(actions.size(), 1); // never the live one
        QCOMPARE(actions.first().id, QStringLiteral("helm.rollback:41"));
        QCOMPARE(actions.first().calls.first().copyable,
                 QStringLiteral("helm rollback web 41 --namespace production --kube-context prod "
                                "--kubeconfig /kubeconfig"));
        QVERIFY(
            actions.first().calls.first().exact.contains(QStringLiteral("a note on the route")));
        QVERIFY2(actions.first().leaves.last().startsWith(QStringLiteral("To the weights")),
                 qPrintable(actions.first().leaves.join(QLatin1Char('\n'))));
    }

    void aRollbackIsFollowedReadAgainAndNoted()
    {
        Fixture f;
        (void)f.read();
        const auto done = f.run();
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(f.helm.lines,
                 QStringList{QStringLiteral("rollback web 41 --namespace production --kube-context "
                                            "prod --kubeconfig /kubeconfig")});
        QCOMPARE(f.output.size(), 2);
        QVERIFY(f.output.first().startsWith(QStringLiteral("$ helm rollback web 41 ")));
        QCOMPARE(f.cluster.patches.size(), 1);
        const QString note = QString::fromUtf8(f.cluster.patches.first().body);
        for (const char *said : {"helm 43", "mara", "it hurts", "i8"})
            QVERIFY2(note.contains(QLatin1String(said)), qPrintable(note));
        const EarlierDeploy now = f.earlier();
        QCOMPARE(now.live, 43);
        QCOMPARE(now.liveGoesBack, 41);
        QCOMPARE(now.number, 42); // and forward again
    }

    void aSmallNoteIsWrittenToTheRouteAndTheReleaseStaysKnown()
    {
        Fixture f;
        const TrafficState before = f.read();
        const QString key = QLatin1String(guardsAnnotation);
        const auto done = await(f.control.annotate(key, "[]", before.version));
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(f.cluster.patches.size(), 1);
        QVERIFY(f.cluster.patches.first().body.contains("pilothouse.dev/guard"));
        QVERIFY(f.control.planAnnotation(key, "[]", before).exact.contains(key));
        QVERIFY(done->value.earlier == before.earlier);
    }

    void whatLeadsNowhereAnyMoreIsAConflict_data()
    {
        QTest::addColumn<QString>("action");
        QTest::newRow("the live one") << QStringLiteral("helm.rollback:42");
        QTest::newRow("one that is not there") << QStringLiteral("helm.rollback:7");
        QTest::newRow("one that failed") << QStringLiteral("helm.rollback:40");
    }
    void whatLeadsNowhereAnyMoreIsAConflict()
    {
        QFETCH(QString, action);
        Fixture f;
        f.cluster.add(40, "failed", oldCommit());
        (void)f.read();
        QCOMPARE(f.run(action.toLatin1().constData()).error().kind, ErrorKind::Conflict);
        QVERIFY(f.helm.lines.isEmpty());
    }

    void somebodyWhoDeploysIsNotRunOver()
    {
        Fixture f;
        f.cluster.add(43, "pending-upgrade", oldCommit());
        f.cluster.find(43).madeAt = f.clock.now().toSecsSinceEpoch() - 5;
        QVERIFY(f.earlier().noneBecause.contains(QStringLiteral("somebody is deploying now")));
        QCOMPARE(f.run().error().kind, ErrorKind::Refused);
        QVERIFY(f.helm.lines.isEmpty());
    }

    void whatHelmRefusesIsItsAnswer()
    {
        Fixture f;
        (void)f.read();
        f.helm.failure = CommandOutput{1, {}, "Error: secrets is forbidden: User \"x\""};
        const auto done = f.run();
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::NotAllowed);
        QVERIFY(f.cluster.patches.isEmpty());
    }

    void aHelmWhoseEndNobodyHeardOfWasDoneIfTheHistorySaysSo()
    {
        Fixture f;
        (void)f.read();
        f.helm.isCutOff = true;
        const auto done = f.run();
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(f.cluster.patches.size(), 1);
    }

    void whatFailedBeforeHelmWasRunIsFailedAndNeverUnknown_data()
    {
        QTest::addColumn<int>("version");    ///< how that question fails; -1 = it is told
        QTest::addColumn<QByteArray>("out"); ///< of the cluster, a path
        QTest::newRow("not found") << int(ErrorKind::NotFound) << QByteArray();
        QTest::newRow("not allowed") << int(ErrorKind::SignedOut) << QByteArray();
        QTest::newRow("hangs") << int(ErrorKind::TimedOut) << QByteArray();
        QTest::newRow("killed") << int(ErrorKind::Unavailable) << QByteArray();
        QTest::newRow("route unread") << -1 << QByteArray("/httproutes");
        QTest::newRow("history unread") << -1 << QByteArray("/secrets");
    }
    void whatFailedBeforeHelmWasRunIsFailedAndNeverUnknown()
    {
        QFETCH(int, version);
        QFETCH(QByteArray, out);
        Fixture f;
        f.cluster.out = out;
        if (version >= 0)
            f.helm.noVersion = ErrorKind(version);
        const auto done = f.run();
        QVERIFY(!done);
        QVERIFY(!mayBeDone(done.error()));
        QCOMPARE(outcomeOf(done.error()).kind, Outcome::Kind::Failed);
        QVERIFY(f.helm.lines.isEmpty());
    }

    void aHelmThatIsCutOffMayHaveDoneIt()
    {
        Fixture f;
        (void)f.read();
        f.helm.isCutOff = true;
        f.helm.doesNothing = true;
        const auto done = f.run();
        QVERIFY(!done);
        QVERIFY(mayBeDone(done.error()));
    }

    void aHelmThatMadeNothingIsNotDone()
    {
        Fixture f;
        (void)f.read();
        f.helm.doesNothing = true;
        QCOMPARE(f.run().error().kind, ErrorKind::Malformed);
    }

    void aDryRunAsksHelmAndComparesTheManifests()
    {
        Fixture f;
        (void)f.read();
        const auto run = await(f.control.dryRunOwn(f.request("helm.rollback:41")));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->how,
                 QStringLiteral("helm rollback --dry-run, manifests of revisions 42 and 41"));
        QCOMPARE(run->changes.size(), 1);
        QVERIFY2(run->changes.first().startsWith(QStringLiteral("Deployment/stable")),
                 qPrintable(run->changes.first()));
        QVERIFY(f.helm.lines.first().endsWith(QStringLiteral(" --dry-run")));
        QVERIFY(f.output.isEmpty());
        QCOMPARE(f.earlier().live, 42);
        f.helm.failure = CommandOutput{1, {}, "Error: release has no 41 version"};
        QVERIFY(!await(f.control.dryRunOwn(f.request("helm.rollback:41"))));
        QCOMPARE(await(f.control.dryRunOwn(f.request("helm.rollback:42"))).error().kind,
                 ErrorKind::Conflict);
    }
};

QTEST_GUILESS_MAIN(HelmWayBackTest)
#include "helmwaybacktest.moc"
