#include "servers/controlclient.h"

#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/nginx/nginxcontrol.h"
#include "support/kube/kubeserver.h"
#include "support/places.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTest>

using namespace pilothouse;

namespace {

using Kind = NextDeploy::Kind;

const QString production = QStringLiteral("production");
const QString chart
    = QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/connectors/kubernetes/helm/chart");

/// Which object has the weights of a release.
enum class Moves {
    Route,
    Ingress,           ///< of which the chart sets the weight
    WeightlessIngress, ///< of which it does not
};

QString helmOf(const QString &generation)
{
    return QStringLiteral("%1/helm/%2/helm")
        .arg(qEnvironmentVariable("PILOTHOUSE_PARTS"), generation);
}

QString objectOf(Moves moves)
{
    return moves == Moves::Route ? QStringLiteral("httproute") : QStringLiteral("ingress");
}

} // namespace

/// What is told of the next deploy against what it then does: both generations of helm, and
/// kubectl, on a real kube-apiserver.
class NextDeployServerTest : public QObject
{
    Q_OBJECT

private:
    KubeServer m_server;
    QString m_kubeconfig;
    int m_releases = 0;

    /// Empty, or what helm said.
    QString helm(const QString &generation, QStringList arguments) const
    {
        arguments << QStringLiteral("--namespace") << production << QStringLiteral("--kubeconfig")
                  << m_kubeconfig;
        QProcess process;
        process.start(helmOf(generation), arguments);
        process.waitForFinished(60'000);
        return process.exitCode() == 0 ? QString()
                                       : QString::fromUtf8(process.readAllStandardError());
    }
    [[nodiscard]] QString get(Moves moves, const QString &name, const QString &path) const
    {
        return m_server.kubectl({QStringLiteral("-n"), production, QStringLiteral("get"),
                                 objectOf(moves), name, QStringLiteral("-o"),
                                 QStringLiteral("jsonpath=") + path});
    }
    /// The candidate's weight that the object has.
    [[nodiscard]] QString weight(Moves moves, const QString &name) const
    {
        return get(moves, name,
                   moves == Moves::Route
                       ? QStringLiteral("{.spec.rules[0].backendRefs[1].weight}")
                       : QStringLiteral("{.metadata.annotations.nginx\\.ingress\\.kubernetes\\.io/"
                                        "canary-weight}"));
    }

    /// Writes a weight as a console does. What it tells of the next deploy then.
    template <typename Control, typename Settings>
    std::optional<NextDeploy> written(const Settings &settings, int weight) const
    {
        const auto context = readKubeconfig(m_kubeconfig, {});
        if (!context)
            return {};
        ControlClient<Control> console(*context, settings);
        const auto seen = await(console.control.read());
        if (!seen)
            QTest::qFail(qPrintable(seen.error().message), __FILE__, __LINE__);
        const auto state
            = seen ? await(console.control.setWeight(RouteClient::weight(weight, seen->value)))
                   : seen;
        if (seen && !state)
            QTest::qFail(qPrintable(state.error().message), __FILE__, __LINE__);
        return state && state->value.nextDeploy
                   ? std::optional(nextDeployAt(*state->value.nextDeploy, weight))
                   : std::nullopt;
    }
    std::optional<NextDeploy> written(Moves moves, const QString &name, int weight) const
    {
        const QString candidate = name + QStringLiteral("-canary");
        if (moves == Moves::Route) {
            HttpRouteControl::Settings settings;
            settings.nameSpace = production;
            settings.names = {name, name, candidate, {}};
            return written<HttpRouteControl>(settings, weight);
        }
        NginxControl::Settings settings;
        settings.names.nameSpace = production;
        settings.names.ingress = name;
        settings.names.stable = name;
        settings.names.candidate = candidate;
        return written<NginxControl>(settings, weight);
    }

    /// `flags` of one word each, as both commands take them.
    [[nodiscard]] static QStringList flagsOf(Moves moves, const QString &flags)
    {
        QStringList all = flags.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        if (moves != Moves::Route)
            all << QStringLiteral("--set")
                << (moves == Moves::Ingress ? QStringLiteral("ingress=weighted")
                                            : QStringLiteral("ingress=weightless"));
        return all;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *generation : {"3", "4"}) {
            if (!QFileInfo(helmOf(QString::fromLatin1(generation))).isExecutable())
                QSKIP("there is no helm: packaging/setup --for-tests fetches it");
        }
        START_OR_SKIP(m_server);
        // A copy: the server's is written again for each kubectl.
        const QString known = m_server.kubeconfig(KubeServer::User::Admin);
        m_kubeconfig = known + QStringLiteral(".copy");
        QVERIFY(QFile::copy(known, m_kubeconfig));
    }

    void helmDoesWhatIsTold_data()
    {
        QTest::addColumn<Moves>("moves");
        QTest::addColumn<QString>("installs");
        QTest::addColumn<QString>("installFlags");
        QTest::addColumn<QString>("upgrades");
        QTest::addColumn<int>("weight");
        QTest::addColumn<Kind>("kind");
        const auto row = [](const char *name, Moves moves, const char *installs, const char *flags,
                            const char *upgrades, int weight, Kind kind) {
            QTest::newRow(name) << moves << QString::fromLatin1(installs)
                                << QString::fromLatin1(flags) << QString::fromLatin1(upgrades)
                                << weight << kind;
        };
        constexpr const char *client = "--server-side=false";
        row("Helm 3 keeps a route", Moves::Route, "3", "", "3", 50, Kind::Keeps);
        row("Helm 3 overwrites an Ingress", Moves::Ingress, "3", "", "3", 50, Kind::Overwrites);
        row("Helm 3 keeps an Ingress without a weight", Moves::WeightlessIngress, "3", "", "3", 50,
            Kind::Keeps);
        row("Helm 4 fails on a route", Moves::Route, "4", "", "4", 50, Kind::Conflicts);
        row("Helm 4 fails on an Ingress", Moves::Ingress, "4", "", "4", 50, Kind::Conflicts);
        row("Helm 4 keeps an Ingress without a weight", Moves::WeightlessIngress, "4", "", "4", 50,
            Kind::Keeps);
        row("Helm 4 brings the same weight", Moves::Route, "4", "", "4", 0, Kind::Keeps);
        row("Helm 4 takes over from Helm 3 as Helm 3 did", Moves::Route, "3", "", "4", 50,
            Kind::Keeps);
        row("and overwrites the same Ingress", Moves::Ingress, "3", "", "4", 50, Kind::Overwrites);
        row("Helm 4 without the server keeps a route", Moves::Route, "4", client, "4", 50,
            Kind::Keeps);
        row("and overwrites an Ingress", Moves::Ingress, "4", client, "4", 50, Kind::Overwrites);
    }

    void helmDoesWhatIsTold()
    {
        QFETCH(Moves, moves);
        QFETCH(QString, installs);
        QFETCH(QString, installFlags);
        QFETCH(QString, upgrades);
        QFETCH(int, weight);
        QFETCH(Kind, kind);
        const QString name = QStringLiteral("n%1").arg(++m_releases);
        QCOMPARE(helm(installs, QStringList{QStringLiteral("install"), name, chart}
                                    + flagsOf(moves, installFlags)),
                 QString());
        const auto told = written(moves, name, weight);
        QVERIFY(told);
        QVERIFY2(told->kind == kind, qPrintable(told->words));
        QCOMPARE(this->weight(moves, name), QString::number(weight));

        const QString failure = helm(
            upgrades, {QStringLiteral("upgrade"), name, chart, QStringLiteral("--reuse-values"),
                       QStringLiteral("--set"), QStringLiteral("image.tag=second")});
        QVERIFY2(failure.isEmpty() == (kind != Kind::Conflicts), qPrintable(failure));
        if (kind == Kind::Conflicts)
            QVERIFY2(failure.contains(QStringLiteral("conflict")), qPrintable(failure));
        if (kind == Kind::Overwrites)
            QCOMPARE(told->brings, std::optional(0));
        QCOMPARE(this->weight(moves, name),
                 QString::number(kind == Kind::Overwrites ? *told->brings : weight));
    }

    /// What stands behind "as long as" and "with --force-conflicts".
    void whatTheSentenceWarnsOfHappens_data()
    {
        QTest::addColumn<QString>("generation");
        QTest::addColumn<QString>("flags");
        QTest::newRow("Helm 3 with other rules")
            << QStringLiteral("3") << QStringLiteral("--set canary.weight=20");
        QTest::newRow("Helm 4 by force")
            << QStringLiteral("4") << QStringLiteral("--force-conflicts --set canary.weight=20");
    }

    void whatTheSentenceWarnsOfHappens()
    {
        QFETCH(QString, generation);
        QFETCH(QString, flags);
        const QString name = QStringLiteral("n%1").arg(++m_releases);
        QCOMPARE(helm(generation, {QStringLiteral("install"), name, chart}), QString());
        QVERIFY(written(Moves::Route, name, 50));
        QCOMPARE(helm(generation, QStringList{QStringLiteral("upgrade"), name, chart}
                                      + flagsOf(Moves::Route, flags)),
                 QString());
        QCOMPARE(weight(Moves::Route, name), QStringLiteral("20"));
    }

    void kubectlApplyDoesWhatIsTold_data()
    {
        QTest::addColumn<Moves>("moves");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("a route is overwritten") << Moves::Route << Kind::Overwrites;
        QTest::newRow("an Ingress is overwritten") << Moves::Ingress << Kind::Overwrites;
        QTest::newRow("an Ingress without a weight is kept")
            << Moves::WeightlessIngress << Kind::Keeps;
    }

    void kubectlApplyDoesWhatIsTold()
    {
        QFETCH(Moves, moves);
        QFETCH(Kind, kind);
        const QString name = QStringLiteral("n%1").arg(++m_releases);
        QProcess render;
        render.start(helmOf(QStringLiteral("3")),
                     QStringList{QStringLiteral("template"), name, chart} + flagsOf(moves, {}));
        QVERIFY(render.waitForFinished());
        const QByteArray files = render.readAllStandardOutput();
        const QStringList apply{QStringLiteral("-n"), production, QStringLiteral("apply"),
                                QStringLiteral("-f"), QStringLiteral("-")};
        const QString first = m_server.kubectl(apply, files);
        QVERIFY2(!first.startsWith(QLatin1String("ERROR")), qPrintable(first));

        const auto told = written(moves, name, 50);
        QVERIFY(told);
        QVERIFY2(told->kind == kind, qPrintable(told->words));
        QCOMPARE(weight(moves, name), QStringLiteral("50"));
        const QString again = m_server.kubectl(apply, files);
        QVERIFY2(!again.startsWith(QLatin1String("ERROR")), qPrintable(again));
        QCOMPARE(weight(moves, name),
                 kind == Kind::Overwrites ? QStringLiteral("0") : QStringLiteral("50"));
    }
};

QTEST_GUILESS_MAIN(NextDeployServerTest)
#include "nextdeployservertest.moc"
