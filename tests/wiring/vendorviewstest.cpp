#include "app/wiring/vendorviews.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

Workspace workspaceWith(const Control &control)
{
    Workspace workspace;
    workspace.name = t("shop");
    TrackSettings track;
    track.name = TrackName(t("standalone"));
    track.control = control;
    workspace.tracks = {track};
    return workspace;
}

VendorPage seen(const Workspace &workspace, Thing::Kind kind, const char *id,
                const char *within = "")
{
    return pageOf({kind, t(id), t(within), {}, {}}, vendorPages(workspace));
}

const ClusterPlace place{{}, t("prod"), t("production")};

} // namespace

class VendorViewsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyControlIsShownByItsOwnCommand_data()
    {
        QTest::addColumn<QSharedPointer<Control>>("control");
        QTest::addColumn<QString>("track");
        QTest::addColumn<QString>("revision");
        const auto row = [](const char *name, const Control &control, const char *track,
                            const char *revision) {
            QTest::newRow(name) << QSharedPointer<Control>::create(control) << t(track)
                                << t(revision);
        };
        const QByteArray kubectl("kubectl --context prod -n production ");
        row("http-route", HttpRouteSettings{place, t("web"), {}, {}},
            kubectl + "get httproute web -o yaml", kubectl + "describe service rev-1");
        row("the current context", HttpRouteSettings{{{}, {}, t("production")}, t("web"), {}, {}},
            "kubectl -n production get httproute web -o yaml",
            "kubectl -n production describe service rev-1");
        row("argo", ArgoRolloutSettings{place, t("web")}, kubectl + "get rollout web -o yaml",
            kubectl + "get replicaset -l rollouts-pod-template-hash=rev-1");
        row("nginx", NginxCanarySettings{place, t("web"), {}, {}, {}},
            kubectl + "get ingress web -o yaml", kubectl + "describe service rev-1");
        row("istio", IstioSettings{place, t("web"), {}, {}, {}, {}},
            kubectl + "get virtualservice web -o yaml", kubectl + "get virtualservice web -o yaml");
        row("flagger", FlaggerSettings{place, t("web")}, kubectl + "get canary web -o yaml",
            kubectl + "get canary web -o yaml");
        row("helm", HelmSettings{place, t("web"), {}, {}, {}, {}},
            "helm --kube-context prod -n production history web",
            kubectl + "describe service rev-1");
        row("an odd name", HttpRouteSettings{{{}, t("a b"), t("production")}, t("$(x)"), {}, {}},
            "kubectl --context 'a b' -n production get httproute '$(x)' -o yaml",
            "kubectl --context 'a b' -n production describe service rev-1");
    }
    void everyControlIsShownByItsOwnCommand()
    {
        QFETCH(QSharedPointer<Control>, control);
        QFETCH(QString, track);
        QFETCH(QString, revision);
        const Workspace workspace = workspaceWith(*control);
        QCOMPARE(seen(workspace, Thing::Kind::Track, "standalone").command, track);
        const VendorPage page = seen(workspace, Thing::Kind::Revision, "rev-1", "standalone");
        QCOMPARE(page.command, revision);
        QVERIFY(page.address.isEmpty());
        QVERIFY(!page.noPage.isEmpty());
    }

    void cloudRunHasItsConsoleWhereItIsGoogles()
    {
        CloudRunSettings run;
        run.project = t("p");
        run.region = t("r");
        run.service = t("s");
        QCOMPARE(seen(workspaceWith(run), Thing::Kind::Track, "standalone").address.host(),
                 t("console.cloud.google.com"));
        run.api.url = QUrl(t("https://us-central1-run.googleapis.com"));
        QVERIFY(!seen(workspaceWith(run), Thing::Kind::Track, "standalone").address.isEmpty());
        run.api.url = QUrl(t("http://127.0.0.1:40123"));
        const VendorPage rehearsed = seen(workspaceWith(run), Thing::Kind::Track, "standalone");
        QVERIFY(rehearsed.address.isEmpty());
        QCOMPARE(rehearsed.command, t("gcloud run services describe s --project=p --region=r"));
    }

    void theRepositoryIsThatOfTheWorkspace()
    {
        Workspace workspace;
        QVERIFY(!seen(workspace, Thing::Kind::Commit, "c41d77e").noPage.isEmpty());
        workspace.repository.github = t("o/r");
        QCOMPARE(seen(workspace, Thing::Kind::Commit, "c41d77e").address.toString(),
                 t("https://github.com/o/r/commit/c41d77e"));
        workspace.repository.api.url = QUrl(t("http://127.0.0.1:40123"));
        const VendorPage rehearsed = seen(workspace, Thing::Kind::Commit, "c41d77e");
        QVERIFY(rehearsed.address.isEmpty());
        QCOMPARE(rehearsed.noPage, t("127.0.0.1 serves no pages that are known"));
    }

    void alertsWorkloadsAndChangesAreFoundToo()
    {
        Workspace workspace;
        workspace.prometheus
            = PrometheusSettings{{QUrl(t("https://prometheus.example")), false}, {}, {}};
        AlsoLive worker;
        worker.name = t("celery worker");
        worker.context = t("prod");
        worker.nameSpace = t("production");
        worker.deployment = t("context-worker");
        workspace.alsoLive = {worker};
        DatabaseSettings database;
        database.name = t("context");
        database.changes = t("migrations/changes");
        workspace.databases = {database};
        workspace.repository.github = t("o/r");
        QCOMPARE(seen(workspace, Thing::Kind::Alert, "High").address.toString(),
                 t("https://prometheus.example/alerts?search=High"));
        QCOMPARE(seen(workspace, Thing::Kind::Workload, "celery worker").command,
                 t("kubectl --context prod -n production get deployment context-worker -o yaml"));
        QCOMPARE(seen(workspace, Thing::Kind::Change, "org-id", "context").address.toString(),
                 t("https://github.com/o/r/blob/HEAD/migrations/changes/org-id.yaml"));
    }

    void aBuildIsOnlyFoundWhereThereIsOneService()
    {
        Workspace workspace = workspaceWith(CloudRunSettings{});
        QVERIFY(seen(workspace, Thing::Kind::Build, "b", "c").address.isEmpty());
        BuildSettings build;
        build.project = t("p");
        build.region = t("global");
        workspace.tracks[0].build = build;
        QVERIFY(!seen(workspace, Thing::Kind::Build, "b", "c").address.isEmpty());
        workspace.tracks.append(workspace.tracks[0]);
        QVERIFY(!seen(workspace, Thing::Kind::Build, "b", "c").address.isEmpty());
        workspace.tracks[1].build->project = t("other");
        QVERIFY(seen(workspace, Thing::Kind::Build, "b", "c").address.isEmpty());
    }
};

QTEST_GUILESS_MAIN(VendorViewsTest)
#include "vendorviewstest.moc"
