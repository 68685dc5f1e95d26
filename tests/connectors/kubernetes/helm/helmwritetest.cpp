#include "base/chaining.h"
#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/helm/helmcontrol.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubeconfig.h"
#include "connectors/kubernetes/kubetoken.h"
#include "rollout/trafficannotations.h"
#include "support/await.h"
#include "support/kube/kubeserver.h"
#include "support/places.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTest>

using namespace pilothouse;

namespace {

const QString production = QStringLiteral("production");
const QString chart
    = QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/connectors/kubernetes/helm/chart");

QString programOf(const QString &generation)
{
    return QStringLiteral("%1/helm/%2/helm")
        .arg(qEnvironmentVariable("PILOTHOUSE_PARTS"), generation);
}

/// A kubeconfig of one's own: the server's is written again for each kubectl, and a helm that reads
/// it just then would find it empty.
QString copyOf(const QString &kubeconfig)
{
    QString copy = kubeconfig + QStringLiteral(".copy");
    QFile::copy(kubeconfig, copy); // it may be there already
    return copy;
}

/// A server whose clock can be put forward.
class LaterHttp final : public HttpClient
{
public:
    explicit LaterHttp(HttpClient &http) : m_http(http) {}
    std::chrono::seconds later{0};

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override
    {
        return converted<HttpResponse>(
            m_http.send(request), &m_context,
            [this](const Result<HttpResponse> &answer) -> Result<HttpResponse> {
                Result<HttpResponse> moved = answer;
                if (moved)
                    moved->serverAt = moved->serverAt.addSecs(later.count());
                return moved;
            });
    }
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override
    {
        return m_http.stream(request);
    }

private:
    HttpClient &m_http;
    QObject m_context;
};

/// Everything that one kubeconfig reaches.
struct Client
{
    SystemClock clock;
    KubeContext context;
    KubeToken token;
    NetworkHttp network;
    LaterHttp http;
    KubernetesApi api;

    explicit Client(const KubeContext &given)
        : context(given), token(context), network(settingsFor(context), token, clock),
          http(network), api(http, clock, context.server)
    {}
    static NetworkHttp::Settings settingsFor(const KubeContext &context)
    {
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Kubernetes");
        settings.base = context.server;
        settings.tls.caPem = context.caPem;
        settings.tls.clientCertificatePem = context.clientCertificatePem;
        settings.tls.clientKeyPem = context.clientKeyPem;
        return settings;
    }
};

} // namespace

/// Both generations of helm, driven by a HelmControl, on a real kube-apiserver.
class HelmWriteTest : public QObject
{
    Q_OBJECT

private:
    /// One release of its own for one test, installed at weight 0, and a control of it.
    struct Release
    {
        Release(KubeServer &kube, KubeServer::User user, const QString &generation,
                const QString &name)
            : server(kube), kubeconfig(copyOf(kube.kubeconfig(user))),
              client(*readKubeconfig(kubeconfig, {})),
              target{programOf(generation),          kubeconfig, {}, production, name, chart,
                     QStringLiteral("canary.weight")}
        {
            HttpRouteControl::Settings route;
            route.nameSpace = production;
            route.names = {name, name, name + QStringLiteral("-canary"), {}};
            control = std::make_unique<HelmControl>(
                client.api, runner, client.clock, target,
                std::make_unique<HttpRouteControl>(client.api, client.clock, route));
            QObject::connect(control.get(), &HelmControl::output,
                             [this](const QString &line) { output << line; });
        }
        /// helm as somebody else would run it.
        QString helm(QStringList arguments) const
        {
            arguments << QStringLiteral("--namespace") << production
                      << QStringLiteral("--kubeconfig") << kubeconfig;
            QProcess process;
            process.start(target.program, arguments);
            process.waitForFinished(60'000);
            return process.exitCode() == 0 ? QString()
                                           : QString::fromUtf8(process.readAllStandardError());
        }
        QString install() const { return helm({QStringLiteral("install"), target.release, chart}); }
        QString upgrade(const char *set) const
        {
            return helm({QStringLiteral("upgrade"), target.release, chart,
                         QStringLiteral("--reuse-values"), QStringLiteral("--set"),
                         QString::fromLatin1(set)});
        }
        QString kubectl(const char *arguments) const
        {
            return server.kubectl(
                QString::fromLatin1(arguments).arg(target.release).split(QLatin1Char(' ')));
        }
        /// "100 0"
        QString weights() const
        {
            return kubectl("-n production get httproute %1 -o "
                           "jsonpath={.spec.rules[0].backendRefs[*].weight}");
        }
        /// "superseded,deployed", oldest first.
        QString states() const
        {
            return kubectl("-n production get secrets -l owner=helm,name=%1 "
                           "--sort-by=.metadata.creationTimestamp -o "
                           "jsonpath={.items[*].metadata.labels.status}");
        }
        /// The resourceVersion of the route and of each of Helm's Secrets.
        QString versions() const
        {
            return kubectl("-n production get httproute %1 -o jsonpath={.metadata.resourceVersion}")
                   + QLatin1Char(' ')
                   + kubectl("-n production get secrets -l owner=helm,name=%1 -o "
                             "jsonpath={.items[*].metadata.resourceVersion}");
        }
        TrafficState read() const
        {
            const auto state = await(control->read());
            if (!state)
                QTest::qFail(qPrintable(state.error().message), __FILE__, __LINE__);
            return state ? state->value : TrafficState();
        }
        WeightRequest request(int weight) const
        {
            WeightRequest request;
            request.candidate = Weight{weight};
            request.expectedVersion = read().version;
            request.actor = QStringLiteral("mara");
            request.reason = QStringLiteral("all well");
            request.intent = IntentId(QStringLiteral("i7"));
            request.candidateCommit = CommitId(QString(40, QLatin1Char('b')));
            return request;
        }
        QString set(int weight) const
        {
            const auto state = await(control->setWeight(request(weight)));
            return state ? QString() : state.error().message;
        }

        KubeServer &server;
        QString kubeconfig;
        ProcessRunner runner;
        Client client;
        HelmTarget target;
        QStringList output;
        std::unique_ptr<HelmControl> control;
    };

    KubeServer m_server;
    int m_releases = 0;

    std::unique_ptr<Release> installed()
    {
        const QString generation = QString::fromLatin1(QTest::currentDataTag());
        auto release = std::make_unique<Release>(m_server, KubeServer::User::Admin, generation,
                                                 QStringLiteral("r%1").arg(++m_releases));
        const QString problem = release->install();
        if (!problem.isEmpty())
            QTest::qFail(qPrintable(problem), __FILE__, __LINE__);
        return release;
    }
    static void generations()
    {
        QTest::addColumn<int>("nothing");
        QTest::newRow("3") << 0;
        QTest::newRow("4") << 0;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *generation : {"3", "4"}) {
            if (!QFileInfo(programOf(QString::fromLatin1(generation))).isExecutable())
                QSKIP("there is no helm: packaging/setup --for-tests fetches it");
        }
        START_OR_SKIP(m_server);
    }

    void aPromoteMovesTheRouteAndIsInTheHistory_data() { generations(); }
    void aPromoteMovesTheRouteAndIsInTheHistory()
    {
        const auto r = installed();
        QCOMPARE(r->read().asked, Weight{0});
        QCOMPARE(r->set(10), QString());
        QCOMPARE(r->weights(), QStringLiteral("90 10"));
        const TrafficState state = r->read();
        QCOMPARE(state.asked, Weight{10});
        QVERIFY(state.version.startsWith(QLatin1String("2/")));
        QCOMPARE(state.changes.first().actor, QStringLiteral("mara"));
        QCOMPARE(state.changes.first().intent.value, QStringLiteral("i7"));
        QVERIFY2(r->output.join(QLatin1Char('\n')).contains(QStringLiteral("has been upgraded")),
                 qPrintable(r->output.join(QLatin1Char('\n'))));
    }

    void aDryRunShowsTheChangeAndMakesNone_data() { generations(); }
    void aDryRunShowsTheChangeAndMakesNone()
    {
        const auto r = installed();
        const auto run = await(r->control->dryRun(r->request(10)));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        const QString route
            = QStringLiteral("HTTPRoute/%1 spec.rules[0].backendRefs").arg(r->target.release);
        QCOMPARE(run->changes, (QStringList{route + QStringLiteral("[0].weight: 100 → 90"),
                                            route + QStringLiteral("[1].weight: 0 → 10"),
                                            QStringLiteral("Secrets are not compared")}));
        QCOMPARE(r->weights(), QStringLiteral("100 0"));
        QCOMPARE(r->states(), QStringLiteral("deployed"));
    }

    void aDryRunOfAnOwnRollbackShowsWhatItThenDoes_data() { generations(); }
    void aDryRunOfAnOwnRollbackShowsWhatItThenDoes()
    {
        const auto r = installed();
        QCOMPARE(r->set(10), QString());
        const QString versions = r->versions();
        const OwnRequest request{QStringLiteral("helm.rollback:1"), r->read().version,
                                 QStringLiteral("mara"), QString(), IntentId(QStringLiteral("i8"))};
        const auto run = await(r->control->dryRunOwn(request));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->how,
                 QStringLiteral("helm rollback --dry-run, manifests of revisions 2 and 1"));
        const QString route
            = QStringLiteral("HTTPRoute/%1 spec.rules[0].backendRefs").arg(r->target.release);
        QVERIFY2(run->changes.contains(route + QStringLiteral("[0].weight: 90 → 100")),
                 qPrintable(run->changes.join(QLatin1Char('\n'))));
        QVERIFY(run->changes.contains(route + QStringLiteral("[1].weight: 10 → 0")));
        QCOMPARE(r->versions(), versions);
        QCOMPARE(r->weights(), QStringLiteral("90 10"));
        QCOMPARE(r->states(), QStringLiteral("superseded deployed"));
        const auto done = await(r->control->runOwn(request));
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(r->weights(), QStringLiteral("100 0"));
    }

    void aRollbackMovesTheTrafficAlone_data() { generations(); }
    void aRollbackMovesTheTrafficAlone()
    {
        const auto r = installed();
        QCOMPARE(r->upgrade("image.tag=second"), QString());
        QCOMPARE(r->set(10), QString());
        QCOMPARE(r->set(50), QString());
        const PlannedCall plan = r->control->planWeight(r->request(0), r->read());
        QVERIFY2(
            plan.summary.startsWith(QStringLiteral("helm rollback %1 2 ").arg(r->target.release)),
            qPrintable(plan.summary));
        QCOMPARE(r->set(0), QString());
        QCOMPARE(r->weights(), QStringLiteral("100 0"));
        QCOMPARE(r->kubectl("-n production get configmap %1 -o jsonpath={.data.tag}"),
                 QStringLiteral("second"));
        QCOMPARE(r->states(),
                 QStringLiteral("superseded superseded superseded superseded deployed"));
        // The revision names nobody; the route has the note that does.
        const TrafficState state = r->read();
        QCOMPARE(state.changes.first().through, QStringLiteral("helm 5"));
        QCOMPARE(state.changes.first().actor, QStringLiteral("mara"));
        QCOMPARE(state.changes.first().intent.value, QStringLiteral("i7"));
        QVERIFY2(!state.problem.contains(QStringLiteral("not noted")), qPrintable(state.problem));
    }

    void aRollbackBySomebodyElseMayBeAnybodys_data() { generations(); }
    void aRollbackBySomebodyElseMayBeAnybodys()
    {
        const auto r = installed();
        QCOMPARE(r->set(10), QString());
        QCOMPARE(r->helm({QStringLiteral("rollback"), r->target.release, QStringLiteral("1")}),
                 QString());
        const TrafficState state = r->read();
        QCOMPARE(state.asked, Weight{0});
        QCOMPARE(isNoted(state, IntentId(QStringLiteral("i8"))), Noted::Nameless);
        QCOMPARE(isNoted(state, IntentId(QStringLiteral("i7"))), Noted::Yes); // the promotion
    }

    void whoeverWasSlowerIsToldAndChangesNothing_data() { generations(); }
    void whoeverWasSlowerIsToldAndChangesNothing()
    {
        const auto r = installed();
        const WeightRequest request = r->request(10);
        QCOMPARE(r->upgrade("image.tag=second"), QString());
        const auto state = await(r->control->setWeight(request));
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::Conflict);
        QCOMPARE(r->weights(), QStringLiteral("100 0"));
        QCOMPARE(r->states(), QStringLiteral("superseded deployed"));
    }

    void aRouteMovedBesidesHelmIsSaidAndComesBackToZero_data() { generations(); }
    void aRouteMovedBesidesHelmIsSaidAndComesBackToZero()
    {
        const auto r = installed();
        const char *patch = "-n production patch httproute %1 --type=json -p "
                            "[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/"
                            "weight\",\"value\":300}]";
        QVERIFY(r->kubectl(patch).contains(QStringLiteral("patched")));
        QVERIFY2(r->read().problem.contains(
                     QStringLiteral("Helm was asked for 0 % and the route has 75 %")),
                 qPrintable(r->read().problem));
        QCOMPARE(r->set(0), QString());
        QCOMPARE(r->weights().section(QLatin1Char(' '), 1), QStringLiteral("0"));
        // And the next deploy meets no conflict over the fields.
        QCOMPARE(r->upgrade("image.tag=second"), QString());
    }

    void anUpgradeThatIsCutOffLeavesALockThatIsClearedLater_data() { generations(); }
    void anUpgradeThatIsCutOffLeavesALockThatIsClearedLater()
    {
        const auto r = installed();
        QProcess cutOff;
        cutOff.start(r->target.program,
                     {QStringLiteral("upgrade"), r->target.release, chart,
                      QStringLiteral("--reuse-values"), QStringLiteral("--set"),
                      QStringLiteral("hangs=true"), QStringLiteral("--namespace"), production,
                      QStringLiteral("--kubeconfig"), r->target.kubeconfig});
        QTRY_VERIFY2_WITH_TIMEOUT(
            r->kubectl("-n production get job %1-hangs -o name").startsWith(QLatin1String("job"))
                || cutOff.state() == QProcess::NotRunning,
            qPrintable(r->states()), 90'000);
        QVERIFY2(cutOff.state() == QProcess::Running, cutOff.readAllStandardError().constData());
        cutOff.kill();
        QVERIFY(cutOff.waitForFinished());

        // Fresh: somebody may be at work.
        QVERIFY2(r->read().problem.contains(QStringLiteral("somebody is deploying now")),
                 qPrintable(r->read().problem));
        QCOMPARE(await(r->control->setWeight(r->request(10))).error().kind, ErrorKind::Conflict);
        QVERIFY(!r->control->ownActions({}).first().offBecause.isEmpty());

        r->client.http.later = std::chrono::hours(1);
        const TrafficState locked = r->read();
        QVERIFY2(locked.problem.contains(QStringLiteral("left this lock behind")),
                 qPrintable(locked.problem));
        QCOMPARE(await(r->control->setWeight(r->request(10))).error().kind, ErrorKind::Refused);
        const OwnAction unlock = r->control->ownActions({}).first();
        QCOMPARE(unlock.id, QStringLiteral("helm.unlock"));
        QCOMPARE(unlock.offBecause, QString());
        const OwnRequest request{
            unlock.id, locked.version, QStringLiteral("mara"), {}, IntentId(QStringLiteral("i8"))};
        const QString versions = r->versions();
        const auto tried = await(r->control->dryRunOwn(request));
        QVERIFY2(tried, qPrintable(tried ? QString() : tried.error().message));
        QVERIFY2(tried->how.startsWith(QStringLiteral("helm rollback --dry-run")),
                 qPrintable(tried->how));
        QCOMPARE(r->versions(), versions);
        const auto cleared = await(r->control->runOwn(request));
        QVERIFY2(cleared, qPrintable(cleared ? QString() : cleared.error().message));
        QCOMPARE(isNoted(r->read(), IntentId(QStringLiteral("i8"))), Noted::Yes);
        QCOMPARE(r->states(), QStringLiteral("superseded pending-upgrade deployed"));
        QCOMPARE(r->set(10), QString());
        QCOMPARE(r->weights(), QStringLiteral("90 10"));
    }

    void theNextDeployDoesWhatIsTold_data() { generations(); }
    void theNextDeployDoesWhatIsTold()
    {
        const auto r = installed();
        QCOMPARE(r->set(50), QString());
        const auto next = r->read().nextDeploy;
        QVERIFY(next);
        QVERIFY2(next->kind == NextDeploy::Kind::Overwrites, qPrintable(next->words));
        // "with --reuse-values, or without any, it stays"
        QCOMPARE(r->upgrade("image.tag=second"), QString());
        QCOMPARE(r->weights(), QStringLiteral("50 50"));
        QCOMPARE(r->helm({QStringLiteral("upgrade"), r->target.release, chart}), QString());
        QCOMPARE(r->weights(), QStringLiteral("50 50"));
        // "with values of its own"
        QCOMPARE(r->helm({QStringLiteral("upgrade"), r->target.release, chart,
                          QStringLiteral("--set"), QStringLiteral("image.tag=third")}),
                 QString());
        QCOMPARE(r->weights(), QStringLiteral("100 0"));
    }

    void aLockDoesNotStopARollback_data() { generations(); }
    void aLockDoesNotStopARollback()
    {
        const auto r = installed();
        QCOMPARE(r->set(10), QString());
        QVERIFY(r->kubectl("-n production label --overwrite secret sh.helm.release.v1.%1.v2 "
                           "status=pending-upgrade")
                    .contains(QStringLiteral("labeled")));
        QCOMPARE(r->set(0), QString());
        QCOMPARE(r->weights(), QStringLiteral("100 0"));
    }

    void anUpgradeThatTheServerRefusesSaysWhyAndAnOwnRollbackHelps_data() { generations(); }
    void anUpgradeThatTheServerRefusesSaysWhyAndAnOwnRollbackHelps()
    {
        const auto r = installed();
        QCOMPARE(r->set(10), QString());
        // A weight below 0: helm itself takes it, the server does not.
        QVERIFY(!r->upgrade("canary.weight=-5").isEmpty());
        const TrafficState state = r->read();
        QVERIFY2(state.problem.contains(QStringLiteral("Helm revision 3 failed")),
                 qPrintable(state.problem));
        QCOMPARE(state.asked, Weight{10});
        QStringList actions;
        for (const OwnAction &each : r->control->ownActions(state))
            actions << each.id;
        QCOMPARE(actions,
                 (QStringList{QStringLiteral("helm.unlock"), QStringLiteral("helm.rollback:2"),
                              QStringLiteral("helm.rollback:1")}));
        const auto back = await(r->control->runOwn({QStringLiteral("helm.rollback:2"),
                                                    state.version,
                                                    QStringLiteral("mara"),
                                                    {},
                                                    IntentId()}));
        QVERIFY2(back, qPrintable(back ? QString() : back.error().message));
        QCOMPARE(back->value.problem.contains(QStringLiteral("failed")), false);
        QCOMPARE(r->weights(), QStringLiteral("90 10"));
    }

    void whoMayNotSeeSecretsMayStillRollBack_data() { generations(); }
    void whoMayNotSeeSecretsMayStillRollBack()
    {
        const auto owner = installed();
        QCOMPARE(owner->set(50), QString());
        Release r(m_server, KubeServer::User::Console, QString::fromLatin1(QTest::currentDataTag()),
                  owner->target.release);
        const TrafficState state = r.read();
        QVERIFY2(state.problem.contains(QStringLiteral("you lack list on secrets in production")),
                 qPrintable(state.problem));
        const auto access = await(r.control->access());
        QVERIFY2(access, qPrintable(access ? QString() : access.error().message));
        QVERIFY(access->mayWrite);
        QVERIFY(access->why.contains(QStringLiteral("you lack list on secrets")));
        QCOMPARE(await(r.control->setWeight(r.request(100))).error().kind, ErrorKind::NotAllowed);
        QCOMPARE(r.set(0), QString());
        QCOMPARE(owner->weights().section(QLatin1Char(' '), 1), QStringLiteral("0"));
        QVERIFY(owner->read().problem.contains(
            QStringLiteral("Helm was asked for 50 % and the route has 0 %")));
    }
};

QTEST_GUILESS_MAIN(HelmWriteTest)
#include "helmwritetest.moc"
