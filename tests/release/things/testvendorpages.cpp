#include "release/things/vendorpages.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

VendorPages pages()
{
    VendorPages made;
    made.repository = QUrl(t("https://github.com/coditect-ai/context"));
    made.metrics = QUrl(t("https://me:secret@prometheus.example/prom/?token=abc#x"));
    made.tracks[t("standalone")]
        = ClusterView{t("kubectl --context prod -n production"),
                      t("kubectl --context prod -n production get httproute web -o yaml"),
                      t("describe service ")};
    made.tracks[t("argo")] = ClusterView{t("kubectl -n p"), t("kubectl -n p get rollout r"), {}};
    made.tracks[t("lost")] = ClusterView{t("kubectl -n p"), {}, {}};
    made.tracks[t("coditect")]
        = CloudRunView{t("coditect-production"), t("us-central1"), t("backend"), {}};
    made.tracks[t("rehearsed")]
        = CloudRunView{t("p"), t("r"), t("s"), CloudRunView::Served::Elsewhere};
    made.workloads[t("celery worker")]
        = ClusterView{t("kubectl -n p"), t("kubectl -n p describe deployment context-worker"), {}};
    made.changeFolders[t("context")] = t("migrations/changes");
    made.builds = CloudBuildView{t("coditect-production"), t("us-central1"), {}};
    return made;
}

Thing thing(Thing::Kind kind, const char *id, const char *within = "")
{
    return {kind, t(id), t(within), {}, {}};
}

} // namespace

class TestVendorPages final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aThingIsSeenAtItsOwnSystem_data()
    {
        QTest::addColumn<Thing>("shown");
        QTest::addColumn<QString>("vendor");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("command");
        using Kind = Thing::Kind;
        const auto row = [](const char *name, const Thing &shown, const char *vendor,
                            const char *address, const char *command = "") {
            QTest::newRow(name) << shown << t(vendor) << t(address) << t(command);
        };
        row("commit", thing(Kind::Commit, "c41d77e"), "GitHub",
            "https://github.com/coditect-ai/context/commit/c41d77e");
        row("run", thing(Kind::Run, "7012"), "GitHub",
            "https://github.com/coditect-ai/context/actions/runs/7012");
        row("job", thing(Kind::Job, "5", "7012"), "GitHub",
            "https://github.com/coditect-ai/context/actions/runs/7012/job/5");
        row("change", thing(Kind::Change, "org-id", "context"), "GitHub",
            "https://github.com/coditect-ai/context/blob/HEAD/migrations/changes/org-id.yaml");
        row("build", thing(Kind::Build, "3f2a-9c", "c41d77e"), "Google Cloud",
            "https://console.cloud.google.com/cloud-build/builds;region=us-central1/"
            "3f2a-9c?project=coditect-production",
            "gcloud builds describe 3f2a-9c --project=coditect-production --region=us-central1");
        row("alert", thing(Kind::Alert, "High Error & Co"), "Prometheus",
            "https://prometheus.example/prom/alerts?search=High%20Error%20%26%20Co");
        row("track of Cloud Run", thing(Kind::Track, "coditect"), "Google Cloud",
            "https://console.cloud.google.com/run/detail/us-central1/backend/metrics"
            "?project=coditect-production",
            "gcloud run services describe backend --project=coditect-production "
            "--region=us-central1");
        row("revision of Cloud Run", thing(Kind::Revision, "backend-00057-xil", "coditect"),
            "Google Cloud",
            "https://console.cloud.google.com/run/detail/us-central1/backend/revisions"
            "?project=coditect-production",
            "gcloud run revisions describe backend-00057-xil --project=coditect-production "
            "--region=us-central1");
        row("track in a cluster", thing(Kind::Track, "standalone"), "Kubernetes", "",
            "kubectl --context prod -n production get httproute web -o yaml");
        row("revision in a cluster", thing(Kind::Revision, "web-canary", "standalone"),
            "Kubernetes", "", "kubectl --context prod -n production describe service web-canary");
        row("revision without an object of its own", thing(Kind::Revision, "6c9f", "argo"),
            "Kubernetes", "", "kubectl -n p get rollout r");
        row("pod", thing(Kind::Pod, "web-6c9f-x2kq", "standalone"), "Kubernetes", "",
            "kubectl --context prod -n production describe pod web-6c9f-x2kq");
        row("pod with a strange name", thing(Kind::Pod, "a; rm -rf b", "standalone"), "Kubernetes",
            "", "kubectl --context prod -n production describe pod 'a; rm -rf b'");
        row("workload", thing(Kind::Workload, "celery worker"), "Kubernetes", "",
            "kubectl -n p describe deployment context-worker");
        row("a server that is not Google's", thing(Kind::Track, "rehearsed"), "Google Cloud", "",
            "gcloud run services describe s --project=p --region=r");
        row("a cluster out of reach", thing(Kind::Track, "lost"), "Kubernetes", "");
        row("no such track", thing(Kind::Pod, "web-1", "gone"), "", "");
        row("a change whose folder is not told", thing(Kind::Change, "org-id", "other"), "", "");
        row("on call", thing(Kind::OnCall, ""), "", "");
        row("history", thing(Kind::History, ""), "", "");
        row("an id from outside", thing(Kind::Run, "7/../../evil?x#y"), "GitHub",
            "https://github.com/coditect-ai/context/actions/runs/7%2F..%2F..%2Fevil%3Fx%23y");
    }
    void aThingIsSeenAtItsOwnSystem()
    {
        QFETCH(Thing, shown);
        QFETCH(QString, vendor);
        QFETCH(QString, address);
        QFETCH(QString, command);
        const VendorPage page = pageOf(shown, pages());
        QCOMPARE(page.address.toString(QUrl::FullyEncoded), address);
        QCOMPARE(page.command, command);
        if (!vendor.isEmpty())
            QCOMPARE(page.vendor, vendor);
        QCOMPARE(page.noPage.isEmpty(), !page.address.isEmpty());
    }

    void withoutAHostItsReasonIsSaid()
    {
        VendorPages none = pages();
        none.repository.clear();
        none.noRepository = t("the workspace names no GitHub repository");
        none.metrics.clear();
        none.builds.reset();
        const VendorPage page = pageOf(thing(Thing::Kind::Commit, "c41d77e"), none);
        QVERIFY(page.address.isEmpty());
        QCOMPARE(page.noPage, none.noRepository);
        QVERIFY(!pageOf(thing(Thing::Kind::Alert, "A"), none).noPage.isEmpty());
        QVERIFY(!pageOf(thing(Thing::Kind::Build, "b"), none).noPage.isEmpty());
    }

    void aRepositoryIsFoundOnTheWebByItsApi_data()
    {
        QTest::addColumn<QString>("repository");
        QTest::addColumn<QString>("api");
        QTest::addColumn<QString>("page");
        const auto row
            = [](const char *name, const char *repository, const char *api, const char *page) {
                  QTest::newRow(name) << t(repository) << t(api) << t(page);
              };
        row("the vendor's own", "o/r", "", "https://github.com/o/r");
        row("the vendor's own, told", "o/r.x", "https://api.github.com",
            "https://github.com/o/r.x");
        row("a server of one's own", "o/r", "https://git.example/api/v3",
            "https://git.example/o/r");
        row("with a slash and a port", "o/r", "https://git.example:8443/api/v3/",
            "https://git.example:8443/o/r");
        row("a tenant", "o/r", "https://api.octo.ghe.com", "https://octo.ghe.com/o/r");
        row("the rehearsal", "o/r", "http://127.0.0.1:40123", "");
        row("the rehearsal, as Enterprise", "o/r", "http://127.0.0.1:40123/api/v3", "");
        row("this machine over TLS", "o/r", "https://localhost/api/v3", "");
        row("another server", "o/r", "https://git.example/rest", "");
        row("in the open", "o/r", "http://git.example/api/v3", "");
        row("no repository", "", "", "");
        row("no name", "o/", "", "");
        row("a path", "o/r/../x", "", "");
        row("markup", "o/<r>", "", "");
    }
    void aRepositoryIsFoundOnTheWebByItsApi()
    {
        QFETCH(QString, repository);
        QFETCH(QString, api);
        QFETCH(QString, page);
        const auto found = githubPages(repository, QUrl(api));
        QCOMPARE(found ? found->toString() : QString(), page);
    }

    void anAddressOfThisMachineIsKnown()
    {
        for (const char *own : {"http://127.0.0.1:9090", "http://localhost", "http://[::1]:80",
                                "http://a.localhost", "http://127.9.9.9", "file:///etc"})
            QVERIFY2(isOfThisMachine(QUrl(t(own))), own);
        for (const char *other :
             {"https://github.com", "http://10.0.0.1", "http://localhost.example"})
            QVERIFY2(!isOfThisMachine(QUrl(t(other))), other);
    }
};

QTEST_GUILESS_MAIN(TestVendorPages)
#include "testvendorpages.moc"
