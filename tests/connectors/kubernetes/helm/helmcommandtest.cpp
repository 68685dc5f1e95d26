#include "connectors/kubernetes/helm/helmcommand.h"

#include <QTest>

using namespace pilothouse;

namespace {

HelmTarget target()
{
    return {QStringLiteral("/opt/helm"),    QStringLiteral("/home/mara/.kube/config"),
            QStringLiteral("prod"),         QStringLiteral("production"),
            QStringLiteral("web"),          QStringLiteral("shop/web"),
            QStringLiteral("canary.weight")};
}

HelmUpgrade upgrade(int percent)
{
    HelmUpgrade upgrade;
    upgrade.weight.percent = percent;
    upgrade.chartVersion = QStringLiteral("1.4.0");
    return upgrade;
}

QString words(const QStringList &arguments)
{
    return arguments.join(QLatin1Char(' '));
}

const QString place = QStringLiteral(
    " --namespace production --kube-context prod --kubeconfig /home/mara/.kube/config");

} // namespace

class HelmCommandTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anUpgradeSetsTheWeightAndKeepsEverythingElse()
    {
        QCOMPARE(words(upgradeArguments(target(), HelmGeneration::Three, upgrade(50))),
                 QStringLiteral("upgrade web shop/web --reuse-values --version 1.4.0 "
                                "--set canary.weight=50")
                     + place);
    }

    void aWeightThatIsATextStaysOne()
    {
        HelmUpgrade text = upgrade(50);
        text.weight.form = HelmValue::Form::Text;
        QVERIFY(words(upgradeArguments(target(), HelmGeneration::Three, text))
                    .contains(QStringLiteral("--set-string canary.weight=50")));
    }

    void eachGenerationUndoesAFailureByItsOwnFlag()
    {
        HelmUpgrade safe = upgrade(50);
        safe.onFailure = HelmUpgrade::OnFailure::RollBack;
        const QString three = words(upgradeArguments(target(), HelmGeneration::Three, safe));
        QVERIFY2(three.contains(QStringLiteral(" --atomic --timeout 40s ")), qPrintable(three));
        const QString four = words(upgradeArguments(target(), HelmGeneration::Four, safe));
        QVERIFY2(four.contains(QStringLiteral(" --rollback-on-failure --timeout 40s ")),
                 qPrintable(four));
        QVERIFY(!four.contains(QStringLiteral("--atomic")));
    }

    void onlyHelm4IsToldToForceConflicts()
    {
        const auto forced = [](HelmGeneration generation) {
            return words(rollbackArguments(target(), generation, 41, HelmConflicts::Force));
        };
        QCOMPARE(forced(HelmGeneration::Four),
                 QStringLiteral("rollback web 41 --force-conflicts") + place);
        QCOMPARE(forced(HelmGeneration::Three), QStringLiteral("rollback web 41") + place);
        QVERIFY(
            !words(rollbackArguments(target(), HelmGeneration::Four, 41, HelmConflicts::Respect))
                 .contains(QStringLiteral("force")));
    }

    void aChartOnDiskHasOnlyItsOwnVersion_data()
    {
        QTest::addColumn<bool>("versioned");
        QTest::newRow("shop/web") << true;
        QTest::newRow("oci://registry.test/web") << true;
        QTest::newRow("/srv/charts/web") << false;
        QTest::newRow("./charts/web") << false;
        QTest::newRow("web-1.4.0.tgz") << false;
    }
    void aChartOnDiskHasOnlyItsOwnVersion()
    {
        HelmTarget there = target();
        there.chart = QString::fromLatin1(QTest::currentDataTag());
        QTEST(words(upgradeArguments(there, HelmGeneration::Three, upgrade(50)))
                  .contains(QStringLiteral("--version 1.4.0")),
              "versioned");
    }

    void aTrialChangesNothingAndHidesSecrets()
    {
        const QString trial = words(trialArguments(target(), HelmGeneration::Four, upgrade(50)));
        QVERIFY(trial.contains(QStringLiteral("--set canary.weight=50")));
        QVERIFY(trial.contains(QStringLiteral("--dry-run=server --hide-secret --output json")));
        QVERIFY(!trial.contains(QStringLiteral("rollback-on-failure")));
    }

    void theEnvironmentDoesNotChooseAnotherClusterOrStorage()
    {
        qputenv("HELM_KUBECONTEXT", "elsewhere");
        qputenv("HELM_DRIVER", "configmap");
        qputenv("HELM_CACHE_HOME", "/tmp/cache");
        const Command command = helmCommand(target(), {QStringLiteral("list")});
        QVERIFY(!command.environment.contains(QStringLiteral("HELM_KUBECONTEXT")));
        QCOMPARE(command.environment.value(QStringLiteral("HELM_DRIVER")),
                 QStringLiteral("secret"));
        QCOMPARE(command.environment.value(QStringLiteral("HELM_CACHE_HOME")),
                 QStringLiteral("/tmp/cache"));
        QCOMPARE(command.program, QStringLiteral("/opt/helm"));
        for (const char *name : {"HELM_KUBECONTEXT", "HELM_DRIVER", "HELM_CACHE_HOME"})
            qunsetenv(name);
    }

    void helmIsAskedToEndBeforeItIsKilled()
    {
        // A killed helm leaves a lock behind; one that is asked notes that it was cancelled.
        const Command command = helmCommand(target(), {});
        QVERIFY(command.grace > std::chrono::milliseconds(0));
        QVERIFY(command.timeout > std::chrono::seconds(2 * helmWaits));
    }

    void theGenerationIsReadFromTheVersion()
    {
        QCOMPARE(generationFrom("v3.17.2\n").value(), HelmGeneration::Three);
        QCOMPARE(generationFrom("v4.1.4").value(), HelmGeneration::Four);
        for (const char *other : {"v2.16.0", "", "helm: not found"}) {
            const auto generation = generationFrom(other);
            QVERIFY(!generation);
            QCOMPARE(generation.error().kind, ErrorKind::BadInput);
            QVERIFY(generation.error().message.contains(QStringLiteral("program")));
        }
    }

    void aShellTakesEachWordWhole()
    {
        QCOMPARE(shellText(QStringLiteral("helm"),
                           {QStringLiteral("--set"), QStringLiteral("canary.weight=50"),
                            QStringLiteral("mara's 10 -> 50"), QString()}),
                 QStringLiteral("helm --set canary.weight=50 'mara'\\''s 10 -> 50' ''"));
    }

    void whatHelmSaysDecidesTheKind_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, const char *said, ErrorKind kind) {
            QTest::newRow(name) << QByteArray(said) << int(kind);
        };
        row("a lock",
            "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
            ErrorKind::Conflict);
        row("the same number",
            "Error: UPGRADE FAILED: create: failed to create: secrets "
            "\"sh.helm.release.v1.web.v3\" already exists",
            ErrorKind::Conflict);
        row("another owner",
            "Error: UPGRADE FAILED: conflict occurred while applying object production/web: Apply "
            "failed with 1 conflict",
            ErrorKind::Conflict);
        row("no cluster (3)", "Error: Kubernetes cluster unreachable: Get …",
            ErrorKind::Unavailable);
        row("no cluster (4)", "Error: kubernetes cluster unreachable: Get …",
            ErrorKind::Unavailable);
        row("no right", "Error: query: failed to query with labels: secrets is forbidden: User …",
            ErrorKind::NotAllowed);
        row("no release", "Error: UPGRADE FAILED: \"web\" has no deployed releases",
            ErrorKind::NotFound);
        row("no revision", "Error: release has no 4 version", ErrorKind::NotFound);
        row("never ready", "Error: UPGRADE FAILED: context deadline exceeded", ErrorKind::BadInput);
    }
    void whatHelmSaysDecidesTheKind()
    {
        QFETCH(const QByteArray, said);
        const Error error = helmFailure({1, {}, "level=WARN msg=\"beside the point\"\n" + said});
        QTEST(int(error.kind), "kind");
        QVERIFY(error.message.startsWith(QStringLiteral("helm says: ")));
        QVERIFY(!error.message.contains(QStringLiteral("beside the point")));
    }

    void aLongOrSecretMessageIsCutAndMasked()
    {
        const Error error
            = helmFailure({1, {}, "Error: password=hunter2 " + QByteArray(10'000, 'x')});
        QVERIFY(error.message.size() < 300);
        QVERIFY(!error.message.contains(QStringLiteral("hunter2")));
        QVERIFY(!error.detail.contains(QStringLiteral("hunter2")));
        QVERIFY(helmFailure({7, {}, {}}).message.contains(QStringLiteral("code 7")));
    }
};

QTEST_GUILESS_MAIN(HelmCommandTest)
#include "helmcommandtest.moc"
