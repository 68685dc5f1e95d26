#include "app/wiring/clustercontrols.h"
#include "support/fakeclock.h"
#include "support/places.h"
#include "support/scriptedhttp.h"
#include "workspace/workspacefile.h"

#include <QTest>

using namespace pilothouse;

class WiredControlsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindOfTheExampleHasItsControl()
    {
        const auto workspace = loadWorkspace(
            QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/templates/controls.yaml"));
        QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().detail));
        ScriptedHttp http;
        FakeClock clock;
        KubernetesApi api(http, clock, QUrl(QStringLiteral("https://k8s.test")));
        QStringList shown;
        for (const TrackSettings &track : workspace->tracks) {
            const auto control = clusterControl(track, api, clock, QStringLiteral("prod"));
            QVERIFY2(control, qPrintable(track.name.value));
            shown << control->showCommand();
        }
        const QString kubectl = QStringLiteral("kubectl --context prod -n ");
        QCOMPARE(shown,
                 (QStringList{
                     kubectl + QStringLiteral("shop get rollouts.argoproj.io shop -o yaml"),
                     kubectl + QStringLiteral("legacy get ingress legacy-canary -o yaml"),
                     kubectl
                         + QStringLiteral("mesh get virtualservices.networking.istio.io mesh -o "
                                          "yaml"),
                     kubectl + QStringLiteral("flags get canaries.flagger.app flags -o yaml")}));
    }

    void aControlOutsideAClusterIsNotMadeHere()
    {
        ScriptedHttp http;
        FakeClock clock;
        KubernetesApi api(http, clock, QUrl(QStringLiteral("https://k8s.test")));
        TrackSettings track;
        track.control = CloudRunSettings{};
        QVERIFY(!clusterControl(track, api, clock, {}));
        QVERIFY(!placeOf(track.control));
    }
};

QTEST_GUILESS_MAIN(WiredControlsTest)
#include "wiredcontrolstest.moc"
