#pragma once

#include "helmobjects.h"

#include "base/commandrunner.h"
#include "connectors/http/httperror.h"
#include "connectors/kubernetes/helm/helmcontrol.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakerunner.h"
#include "support/faketraffic.h"

namespace pilothouse {

/// The Secrets of one release, and what an account may do with them.
class HelmCluster final : public HttpClient
{
public:
    explicit HelmCluster(Clock &clock) : m_clock(clock) {}

    QList<HelmSecret> revisions; ///< oldest first
    QList<int> pruned;           ///< still in the list, and gone when they are asked for
    QStringList forbidden;       ///< verbs on secrets
    std::optional<Error> broken; ///< every answer
    QStringList log;             ///< "LIST", "GET 43", "MAY list"

    [[nodiscard]] HelmSecret &find(int number)
    {
        for (HelmSecret &each : revisions) {
            if (each.number == number)
                return each;
        }
        qFatal("there is no such revision");
    }

    [[nodiscard]] qint64 now() const { return m_clock.now().toSecsSinceEpoch(); }
    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override
    {
        if (broken)
            return ready<HttpResponse>(fail(*broken));
        if (request.method == "POST")
            return review(request);
        const QString path = request.url.path();
        const bool isList = path.endsWith(QLatin1String("/secrets"));
        log << (isList ? QStringLiteral("LIST")
                       : QStringLiteral("GET ") + path.section(QStringLiteral(".v"), -1));
        if (forbidden.contains(isList ? QStringLiteral("list") : QStringLiteral("get")))
            return refused(403, "{\"message\": \"secrets is forbidden\"}");
        if (isList) {
            QJsonArray items;
            for (const HelmSecret &each : std::as_const(revisions))
                items.append(secretMetadata(each));
            return answered(listObject(items));
        }
        for (const HelmSecret &each : std::as_const(revisions)) {
            if (path.endsWith(QStringLiteral(".web.v%1").arg(each.number))
                && !pruned.contains(each.number))
                return answered(secretObject(each));
        }
        return refused(404, R"({"kind": "Status"})");
    }
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest & /*request*/) override
    {
        return nullptr;
    }

private:
    [[nodiscard]] QFuture<Result<HttpResponse>> answered(const QJsonObject &object) const
    {
        HttpResponse response;
        response.status = 200;
        response.body = bytes(object);
        response.serverAt = m_clock.now();
        return ready<HttpResponse>(response);
    }
    [[nodiscard]] QFuture<Result<HttpResponse>> refused(int status, const QByteArray &body) const
    {
        return ready<HttpResponse>(
            fail(statusError(QStringLiteral("Kubernetes"), status, {}, body, m_clock.now())));
    }
    [[nodiscard]] QFuture<Result<HttpResponse>> review(const HttpRequest &request)
    {
        const QString verb = QJsonDocument::fromJson(request.body)[QLatin1String(
            "spec")][QLatin1String("resourceAttributes")][QLatin1String("verb")]
                                 .toString();
        log << QStringLiteral("MAY ") + verb;
        return answered(parsed(forbidden.contains(verb) ? "{'status': {'allowed': false}}"
                                                        : "{'status': {'allowed': true}}"));
    }

    Clock &m_clock;
};

/// A helm that keeps its history in a HelmCluster and moves a FakeTraffic as a chart would.
class FakeHelm final : public CommandRunner
{
public:
    FakeHelm(HelmCluster &cluster, FakeTraffic &route) : m_cluster(cluster), m_route(route) {}

    QByteArray version = "v3.17.2";
    QByteArray chart; ///< what "show chart" prints
    int chartsShown = 0;
    std::optional<Error> missing;                  ///< the program does not start
    std::optional<Error> noVersion;                ///< what comes when it is asked for its version
    std::optional<CommandOutput> failure;          ///< of every write; nothing is done then
    std::optional<QByteArray> trial;               ///< what --dry-run prints
    std::optional<Result<CommandOutput>> afterAll; ///< what comes of a write that was done
    bool doesNothing = false;                      ///< and says that all is well
    bool movesTheRoute = true;
    QList<Command> commands; ///< without those that ask for the version or show the chart

    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override
    {
        if (missing)
            return ready<CommandOutput>(fail(*missing));
        const QStringList &words = command.arguments;
        if (words.first() == QLatin1String("version") && noVersion)
            return ready<CommandOutput>(fail(*noVersion));
        if (words.first() == QLatin1String("version"))
            return ready<CommandOutput>(CommandOutput{0, version, {}});
        if (words.first() == QLatin1String("show")) {
            ++chartsShown;
            return ready<CommandOutput>(
                chart.isEmpty() ? CommandOutput{1, {}, "Error: no such file or directory"}
                                : CommandOutput{0, chart, {}});
        }
        commands.append(command);
        const bool tries = words.contains(QStringLiteral("--dry-run=server"))
                           || words.contains(QStringLiteral("--dry-run"));
        if (tries && words.first() == QLatin1String("upgrade"))
            return ready<CommandOutput>(CommandOutput{0, trial.value_or("no JSON"), {}});
        if (failure) {
            FakeRunner::tell(command, failure->standardError);
            return ready<CommandOutput>(*failure);
        }
        if (doesNothing || tries)
            return ready<CommandOutput>(CommandOutput{0, "Happy Helming!\n", {}});
        if (words.first() == QLatin1String("upgrade"))
            upgrade(words);
        else
            rollBack(words[2].toInt());
        if (afterAll)
            return ready<CommandOutput>(*afterAll);
        FakeRunner::tell(command, "Release \"web\" has been upgraded.\nexport password=hunter2\n");
        return ready<CommandOutput>(CommandOutput{0, "Happy Helming!\n", {}});
    }
    /// "upgrade web shop/web --reuse-values …" of the last one.
    [[nodiscard]] QString last() const
    {
        return commands.isEmpty() ? QString() : commands.last().arguments.join(QLatin1Char(' '));
    }

private:
    void add(HelmSecret next, int percent)
    {
        for (HelmSecret &each : m_cluster.revisions) {
            if (each.status == "deployed") {
                each.status = "superseded";
                each.resourceVersion += "1";
            }
        }
        next.number = m_cluster.revisions.last().number + 1;
        next.status = "deployed";
        next.madeAt = m_cluster.now();
        m_cluster.revisions.append(next);
        if (movesTheRoute)
            m_route.change([percent](TrafficState &state) {
                state.asked = Weight{percent};
                state.accepted = state.asked;
            });
    }
    void upgrade(const QStringList &words)
    {
        HelmSecret next = m_cluster.revisions.last();
        const qsizetype at = words.indexOf(QStringLiteral("--set"));
        const QString percent = words[at + 1].section(QLatin1Char('='), 1);
        next.config = "{'canary': {'weight': " + percent.toLatin1() + "}, 'image': {'tag': 'b'}}";
        next.description = words[words.indexOf(QStringLiteral("--description")) + 1];
        add(next, percent.toInt());
    }
    void rollBack(int number)
    {
        HelmSecret next = m_cluster.find(number);
        next.description = QStringLiteral("Rollback to %1").arg(number);
        add(next, decodeBody(releaseObject(next), QStringLiteral("canary.weight")).weight->percent);
    }

    HelmCluster &m_cluster;
    FakeTraffic &m_route;
};

/// A release "web" whose candidate came with revision 41 and got 10 and 50 per cent since. Revision
/// 40 had another image.
struct HelmFixture
{
    QString chart;
    FakeClock clock;
    HelmCluster cluster{clock};
    KubernetesApi api{cluster, clock, QUrl(QStringLiteral("https://k8s.test"))};
    FakeTraffic *route = new FakeTraffic(clock); ///< the control's
    FakeHelm helm{cluster, *route};
    HelmControl control{api, helm, clock,
                        HelmTarget{QStringLiteral("helm"), QStringLiteral("/kubeconfig"),
                                   QStringLiteral("prod"), QStringLiteral("production"),
                                   QStringLiteral("web"), chart, QStringLiteral("canary.weight")},
                        std::unique_ptr<TrafficControl>(route)};
    QStringList output;

    explicit HelmFixture(const QString &itsChart = QStringLiteral("shop/web")) : chart(itsChart)
    {
        add(40, "superseded", 0, "a");
        add(41, "superseded", 0);
        add(42, "superseded", 10);
        add(43, "deployed", 50);
        route->world.asked = Weight{50};
        route->world.accepted = Weight{50};
        route->world.stable = readyRevision(QStringLiteral("stable"), oldCommit(), 3);
        route->world.candidate = readyRevision(QStringLiteral("candidate"), newCommit(), 2);
        QObject::connect(&control, &HelmControl::output,
                         [this](const QString &line) { output << line; });
    }
    void add(int number, const QByteArray &status, int percent, const QByteArray &tag = "b")
    {
        HelmSecret secret;
        secret.number = number;
        secret.status = status;
        secret.config = "{'canary': {'weight': " + QByteArray::number(percent)
                        + "}, 'image': {'tag': '" + tag + "'}}";
        secret.madeAt = clock.now().addSecs(-3600).toSecsSinceEpoch() + number;
        secret.manifest = QStringLiteral("kind: HTTPRoute\nmetadata: {name: web}\n"
                                         "spec: {weight: %1}\n")
                              .arg(percent);
        cluster.revisions.append(secret);
    }
    /// The newest revision is a lock of this age.
    void addLock(std::chrono::seconds age)
    {
        add(44, "pending-upgrade", 100);
        cluster.find(44).madeAt = clock.now().toSecsSinceEpoch() - age.count();
    }
    [[nodiscard]] TrafficState read()
    {
        const auto state = await(control.read());
        if (!state)
            qFatal("%s", qPrintable(state.error().message));
        return state->value;
    }
    [[nodiscard]] WeightRequest request(int weight,
                                        const QString &version = QStringLiteral("43/1")) const
    {
        WeightRequest request;
        request.candidate = Weight{weight};
        request.expectedVersion = version;
        request.candidateCommit = CommitId(newCommit());
        request.actor = QStringLiteral("mara");
        request.reason = QStringLiteral("all well");
        request.intent = IntentId(QStringLiteral("i7"));
        return request;
    }
    [[nodiscard]] OwnAction action(const QString &id) const
    {
        for (const OwnAction &each : control.ownActions({})) {
            if (each.id == id)
                return each;
        }
        return {};
    }
    [[nodiscard]] Result<Reading<TrafficState>> runOwn(const char *id, const QString &version)
    {
        return await(control.runOwn({QString::fromLatin1(id), version, QStringLiteral("mara"),
                                     QString(), IntentId(QStringLiteral("i8"))}));
    }
};

} // namespace pilothouse
