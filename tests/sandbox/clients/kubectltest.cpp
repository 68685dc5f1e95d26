#include "clientprogram.h"
#include "connectors/kubernetes/rehearsalserver.h"
#include "support/kube/canaryworld.h"
#include "support/kube/kubeserver.h"

#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
const QString route = QStringLiteral("httproute context-intelligence");

QString q(const char *text)
{
    return QString::fromUtf8(text);
}

/// Without what differs for no reason of interest: ages, the widths of columns, places in lists
/// (servers since 1.25 tell them, the tests' one is older), where a selector's grammar broke off.
QString comparable(const QString &text)
{
    static const QRegularExpression age(QStringLiteral("(?m) (\\d+[smhdy])+$"));
    static const QRegularExpression blanks(QStringLiteral(" +"));
    static const QRegularExpression place(QStringLiteral("\\[\\d+\\]"));
    static const QRegularExpression grammar(QStringLiteral("(unable to parse requirement):.*"));
    QString out = text;
    out.replace(blanks, QStringLiteral(" ")).replace(age, QStringLiteral(" AGE"));
    out.remove(place).replace(grammar, QStringLiteral("\\1"));
    return out.trimmed();
}

/// Objects that are the same on both servers, whatever else there is.
constexpr char probes[] = R"(
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: probe, labels: {probe: 'yes'}}, data: {a: b}}
- {apiVersion: v1, kind: Secret, metadata: {name: probe}, type: Opaque, data: {a: Yg==}}
- {apiVersion: v1, kind: Endpoints, metadata: {name: probe},
   subsets: [{addresses: [{ip: 10.1.2.3}], ports: [{port: 80}]}]}
- {apiVersion: v1, kind: Service, metadata: {name: probe},
   spec: {clusterIP: None, selector: {probe: none}, ports: [{name: a, port: 80}, {name: b, port: 81}]}}
- {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: probe},
   spec: {replicas: 0, selector: {matchLabels: {probe: none}},
          template: {metadata: {labels: {probe: none}},
                     spec: {containers: [{name: app, image: probe}]}}}}
- {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: probe},
   spec: {hostnames: [probe.test],
          rules: [{backendRefs: [{name: a, port: 80, weight: 90}, {name: b, port: 80, weight: 10}]}]}}
)";

} // namespace

/// What kubectl says of the rehearsal and of a real kube-apiserver, command by command.
class KubectlTest : public QObject
{
    Q_OBJECT

private:
    using Output = ClientProgram::Output;

    std::unique_ptr<RehearsalServer> m_rehearsal;
    std::unique_ptr<KubeServer> m_real;
    std::unique_ptr<ClientProgram> m_kubectl;
    QString m_rehearsalConfig;
    QString m_realConfig;
    int m_minor = 0;

    Output ask(const QString &config, const QString &line, const QByteArray &input = {})
    {
        return m_kubectl->run(QStringList{q("--kubeconfig"), config} + ClientProgram::words(line),
                              input);
    }
    Output rehearsal(const QString &line, const QByteArray &input = {})
    {
        return ask(m_rehearsalConfig, line, input);
    }
    Output real(const QString &line, const QByteArray &input = {})
    {
        return ask(m_realConfig, line, input);
    }
    static void commands()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("says");
    }
    static void row(const char *name, const QString &line, int exitCode, const char *says)
    {
        QTest::newRow(name) << line << exitCode << q(says);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString program = QStandardPaths::findExecutable(q("kubectl"));
        NEED_PART(program, "kubectl");
        m_real = std::make_unique<KubeServer>();
        START_OR_SKIP(*m_real);
        QCOMPARE(CanaryWorld(m_real->admin()).make(), QString());
        m_realConfig = m_real->kubeconfig(KubeServer::User::Admin);
        m_rehearsal = std::make_unique<RehearsalServer>(atTenPerCent);
        QVERIFY2(!m_rehearsal->ready.isEmpty(), qPrintable(m_rehearsal->complaint));
        m_rehearsalConfig = m_rehearsal->ready.value(QLatin1String("kubeconfig")).toString();
        m_kubectl = std::make_unique<ClientProgram>(program);
        static const QRegularExpression minor(q("\"minor\": *\"(\\d+)"));
        m_minor = minor.match(rehearsal(q("version --client -o json")).out).captured(1).toInt();
        for (const QString &config : {m_rehearsalConfig, m_realConfig}) {
            const Output made = ask(config, q("create --validate=false -f -"), probes);
            QVERIFY2(made.exitCode == 0, qPrintable(made.error));
        }
    }

    void cleanupTestCase()
    {
        if (m_kubectl)
            qInfo("%d kubectl commands", m_kubectl->runs());
    }

    void bothSayTheSame_data()
    {
        commands();
        const auto patch = [](const char *type, const char *body) {
            return QStringLiteral("patch httproute probe --type=%1 -p '%2'").arg(q(type), q(body));
        };
        row("the server answers", q("get --raw /readyz"), 0, "ok");
        row("weights", q("get ") + route + q(" -o jsonpath={.spec.rules[0].backendRefs[*].weight}"),
            0, "90 10");
        row("pods by label", q("get pods -l track=candidate -o jsonpath={.items[*].status.phase}"),
            0, "Running Running");
        row("pods by two labels",
            q("get pods -l 'track in (candidate),!none' -o jsonpath={.items[*].kind}"), 0,
            "Pod Pod");
        row("no pods", q("get pods -l track=none"), 0, "No resources found");
        row("pods by name", q("get pods --field-selector metadata.name=none -o name"), 0, "");
        row("a selector that is none", q("get pods -l 'track in ('"), 1, "BadRequest");
        row("a field that is none", q("get pods --field-selector status.bad=x"), 1,
            "field label not supported");
        row("a namespace that is none", q("get pods -n none"), 0, "No resources found");
        for (const char *kind :
             {"configmap", "secret", "endpoints", "service", "replicaset", "httproute"})
            row(kind, QStringLiteral("get %1 probe").arg(q(kind)), 0, "AGE");
        row("a namespace", q("get namespace production"), 0, "Active");
        row("a short name", q("get cm probe -o name"), 0, "configmap/probe");
        row("several at once", q("get cm/probe svc/probe -o name"), 0, "service/probe");
        row("own columns",
            q("get httproute probe -o custom-columns=KIND:.kind,HOST:.spec.hostnames"), 0,
            "HTTPRoute");
        row("nothing by that name", q("get httproute none"), 1, "(NotFound)");
        row("nothing, and no matter", q("get httproute none --ignore-not-found"), 0, "");
        row("a kind that is none", q("get nosuch"), 1, "doesn't have a resource type");
        row("may I", q("auth can-i patch httproutes"), 0, "yes");
        row("a weight",
            patch("json", R"([{"op":"replace",)"
                          R"("path":"/spec/rules/0/backendRefs/1/weight","value":50}])"),
            0, "patched");
        row("the weight is there",
            q("get httproute probe -o jsonpath={.spec.rules[0].backendRefs[*].weight}"), 0,
            "90 50");
        row("a weight below 0",
            patch("json", R"([{"op":"replace",)"
                          R"("path":"/spec/rules/0/backendRefs/1/weight",)"
                          R"("value":-1}])"),
            1, "greater than or equal to 0");
        row("another version",
            patch("json", R"([{"op":"test","path":"/metadata/resourceVersion",)"
                          R"("value":"1"},{"op":"remove","path":"/spec"}])"),
            1, "The request is invalid");
        row("a path that is none",
            patch("json", R"([{"op":"replace","path":"/spec/none/0","value":1}])"), 1,
            "The request is invalid");
        row("merged", patch("merge", R"({"metadata":{"annotations":{"a":"b"}}})"), 0, "patched");
        row("merged again", patch("merge", R"({"metadata":{"annotations":{"a":"b"}}})"), 0,
            "(no change)");
        row("merged on an old version",
            patch("merge", R"({"metadata":{"resourceVersion":"1"},"spec":{"hostnames":[]}})"), 1,
            "the object has been modified");
        row("taken away by merging", patch("merge", R"({"metadata":{"annotations":null}})"), 0,
            "patched");
        row("a label", q("label httproute probe team=context"), 0, "labeled");
        row("an annotation", q("annotate httproute probe a=b"), 0, "annotated");
        row("the same label", q("get httproute -l team=context -o name"), 0,
            "httproute.gateway.networking.k8s.io/probe");
        row("a patch of nothing", q("patch httproute none --type=merge -p {}"), 1, "(NotFound)");
        row("deleted for show", q("delete configmap probe --dry-run=client"), 0, "(dry run)");
        row("deleted", q("delete configmap probe"), 0, "deleted");
        row("deleted twice", q("delete configmap probe"), 1, "(NotFound)");
        row("gone", q("get configmap probe -o name"), 1, "(NotFound)");
    }
    void bothSayTheSame()
    {
        QFETCH(QString, line);
        QFETCH(int, exitCode);
        QFETCH(QString, says);
        const Output ours = rehearsal(line);
        const Output theirs = real(line);
        QVERIFY2(theirs.all().contains(says), qPrintable(theirs.all()));
        QCOMPARE(comparable(ours.all()), comparable(theirs.all()));
        QCOMPARE(ours.exitCode, exitCode);
        QCOMPARE(theirs.exitCode, exitCode);
    }

    void bothTakeWholeObjects()
    {
        const QByteArray object
            = R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},)"
              R"("data":{"a":"b"}})";
        QByteArray old = object;
        old.replace(R"("name":"m")", R"("name":"m","resourceVersion":"1")");
        const QList<std::tuple<QString, QByteArray, int>> steps{
            {q("create --validate=false -f -"), object, 0},
            {q("create --validate=false -f -"), object, 1},
            {q("replace --validate=false -f -"), object, 0},
            {q("replace --validate=false -f -"), old, 1},
            {q("delete -f -"), object, 0},
            {q("replace --validate=false -f -"), object, 1},
        };
        for (const auto &[line, input, exitCode] : steps) {
            const Output ours = rehearsal(line, input);
            const Output theirs = real(line, input);
            QCOMPARE(comparable(ours.all()), comparable(theirs.all()));
            QCOMPARE(ours.exitCode, exitCode);
            QCOMPARE(theirs.exitCode, exitCode);
        }
    }

    void bothShowAChangeToAWatcher()
    {
        for (const QString &config : {m_rehearsalConfig, m_realConfig}) {
            const auto watcher = m_kubectl->begin(
                {q("--kubeconfig"), config, q("get"), q("httproute"), q("probe"), q("--watch"),
                 q("-o"), q("jsonpath={.spec.hostnames[0]}{\"\\n\"}")});
            QByteArray seen;
            const auto sees = [&](const char *text) {
                seen += watcher->readAllStandardOutput();
                return seen.contains(text);
            };
            QTRY_VERIFY_WITH_TIMEOUT(sees("probe.test\n"), 30'000);
            const Output changed
                = ask(config, q("patch httproute probe --type=merge "
                                "-p '{\"spec\":{\"hostnames\":[\"watched.test\"]}}'"));
            QVERIFY2(changed.exitCode == 0, qPrintable(changed.error));
            QTRY_VERIFY_WITH_TIMEOUT(sees("watched.test\n"), 30'000);
            watcher->kill();
            watcher->waitForFinished();
        }
    }

    /// The console's kinds are there under the same names.
    void bothAreDiscoveredAlike()
    {
        for (const char *group : {"''", "apps", "gateway.networking.k8s.io"}) {
            const QString line
                = QStringLiteral("api-resources --no-headers --api-group=%1").arg(q(group));
            const QStringList theirs = comparable(real(line).out).split(QLatin1Char('\n'));
            const QStringList ours = comparable(rehearsal(line).out).split(QLatin1Char('\n'));
            QVERIFY(ours.size() > 0);
            for (const QString &each : ours) {
                // The definitions that the tests give the real server have no Gateway.
                if (!each.startsWith(QLatin1String("gateways ")))
                    QVERIFY2(theirs.contains(each), qPrintable(each));
            }
        }
        QVERIFY(rehearsal(q("version")).out.contains(q("v1.33.0+rehearsal")));
    }

    /// Where the rehearsal is no second API server: it refuses, it does not pretend.
    void theRehearsalLeavesOut_data()
    {
        commands();
        row("strategic patches", q("patch httproute probe --type=strategic -p {}"), 1,
            "media types include: application/json-patch+json, application/merge-patch+json");
        row("patches that kubectl chooses",
            q("patch deployment context-intelligence -p '{\"spec\":{\"replicas\":3}}'"), 1,
            "media types include: application/json-patch+json, application/merge-patch+json");
        // Debian 12's sends JSON.
        if (m_minor >= 25)
            row("protobuf", q("create configmap m --from-literal=a=b"), 1,
                "media types include: application/json");
        row("scale", q("scale deployment context-intelligence --replicas=3"), 1,
            "could not find the requested resource");
        row("schemas", q("explain pods"), 1, "could not find the requested resource");
        row("all rights at once", q("auth can-i --list"), 1,
            "could not find the requested resource");
        row("a shell", q("exec deployment/context-intelligence -- true"), 1,
            "could not find the requested resource");
    }
    void theRehearsalLeavesOut()
    {
        QFETCH(QString, line);
        QFETCH(int, exitCode);
        QFETCH(QString, says);
        const Output ours = rehearsal(line);
        QVERIFY2(ours.error.contains(says), qPrintable(ours.all()));
        QCOMPARE(ours.exitCode, exitCode);
    }

    /// What needs controllers or a kubelet, which the real server of the tests has not.
    void theRehearsalGoesFurther_data()
    {
        commands();
        row("a rollout", q("rollout status deployment/context-intelligence --timeout=20s"), 0,
            "successfully rolled out");
        row("a condition",
            q("wait --for=condition=Available deployment/context-intelligence --timeout=20s"), 0,
            "condition met");
        row("a log", q("logs deployment/context-intelligence --tail=2"), 0, "api.search");
        row("logs by label", q("logs -l track=candidate --tail=1"), 0, "api.search");
        row("a description", q("describe deployment context-intelligence"), 0,
            "MinimumReplicasAvailable");
        row("a route's description", q("describe ") + route, 0, "Accepted");
        row("replicas", q("get deployment context-intelligence"), 0, "3/3");
    }
    void theRehearsalGoesFurther()
    {
        QFETCH(QString, line);
        QFETCH(int, exitCode);
        QFETCH(QString, says);
        const Output ours = rehearsal(line);
        QVERIFY2(ours.out.contains(says), qPrintable(ours.all()));
        QCOMPARE(ours.exitCode, exitCode);
    }
};

QTEST_GUILESS_MAIN(KubectlTest)
#include "kubectltest.moc"
