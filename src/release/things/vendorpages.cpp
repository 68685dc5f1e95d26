#include "release/things/vendorpages.h"

#include "action/commandline.h"
#include "base/words.h"

#include <QRegularExpression>
#include <QUrlQuery>

namespace pilothouse {
namespace {

QString inPath(const QString &name)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(name));
}

/// `path` is percent-encoded where it has to be.
QUrl below(QUrl address, const QString &path)
{
    const QString own = address.path(QUrl::FullyEncoded);
    address.setPath((own.endsWith(QLatin1Char('/')) ? own.chopped(1) : own) + path,
                    QUrl::StrictMode);
    return address;
}

VendorPage atRepository(const VendorPages &pages, const QString &path)
{
    VendorPage page;
    page.vendor = QStringLiteral("GitHub");
    if (pages.repository.isEmpty())
        page.noPage = pages.noRepository;
    else
        page.address = below(pages.repository, path);
    return page;
}

QUrl googlePage(const QString &path, const QString &project)
{
    QUrl page(QStringLiteral("https://console.cloud.google.com"));
    page.setPath(path, QUrl::StrictMode);
    page.setQuery(QStringLiteral("project=") + inPath(project), QUrl::StrictMode);
    return page;
}

VendorPage atGoogle(const QUrl &address, CloudRunView::Served served, const QString &command)
{
    VendorPage page{QStringLiteral("Google Cloud"), {}, command, {}};
    if (served == CloudRunView::Served::ByGoogle)
        page.address = address;
    else
        page.noPage = Words::tr("this server is not Google's and has no console");
    return page;
}

VendorPage pageIn(const CloudRunView &run, const Thing &thing)
{
    const bool asRevision = thing.kind == Thing::Kind::Revision;
    const QString path
        = QStringLiteral("/run/detail/%1/%2/%3")
              .arg(inPath(run.region), inPath(run.service),
                   asRevision ? QStringLiteral("revisions") : QStringLiteral("metrics"));
    const QString command
        = QStringLiteral("gcloud run %1 describe %2 --project=%3 --region=%4")
              .arg(asRevision ? QStringLiteral("revisions") : QStringLiteral("services"),
                   shellWord(asRevision ? thing.id : run.service), shellWord(run.project),
                   shellWord(run.region));
    return atGoogle(googlePage(path, run.project), run.served, command);
}

VendorPage pageIn(const ClusterView &cluster, const Thing &thing)
{
    VendorPage page;
    page.vendor = QStringLiteral("Kubernetes");
    if (thing.kind == Thing::Kind::Pod)
        page.command
            = QStringLiteral("%1 describe pod %2").arg(cluster.kubectl, shellWord(thing.id));
    else if (thing.kind == Thing::Kind::Revision && !cluster.revision.isEmpty())
        page.command
            = QStringLiteral("%1 %2%3").arg(cluster.kubectl, cluster.revision, shellWord(thing.id));
    else
        page.command = cluster.show;
    page.noPage = page.command.isEmpty() ? Words::tr("no command is known that shows it")
                                         : Words::tr("Kubernetes has no page for it");
    return page;
}

VendorPage atTrack(const VendorPages &pages, const QString &track, const Thing &thing)
{
    const auto found = pages.tracks.constFind(track);
    if (found == pages.tracks.constEnd())
        return {{}, {}, {}, Words::tr("the workspace has no such track")};
    return std::visit([&](const auto &place) { return pageIn(place, thing); }, *found);
}

VendorPage ofBuild(const VendorPages &pages, const QString &build)
{
    if (!pages.builds)
        return {{}, {}, {}, Words::tr("which build service it belongs to is not known")};
    const CloudBuildView &at = *pages.builds;
    return atGoogle(googlePage(QStringLiteral("/cloud-build/builds;region=%1/%2")
                                   .arg(inPath(at.region), inPath(build)),
                               at.project),
                    at.served,
                    QStringLiteral("gcloud builds describe %1 --project=%2 --region=%3")
                        .arg(shellWord(build), shellWord(at.project), shellWord(at.region)));
}

VendorPage ofAlert(const VendorPages &pages, const QString &alert)
{
    VendorPage page;
    page.vendor = QStringLiteral("Prometheus");
    if (pages.metrics.isEmpty()) {
        page.noPage = Words::tr("the workspace names no metrics server");
        return page;
    }
    page.address = below(
        pages.metrics.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment),
        QStringLiteral("/alerts"));
    page.address.setQuery(QStringLiteral("search=") + inPath(alert), QUrl::StrictMode);
    return page;
}

VendorPage ofChange(const VendorPages &pages, const Thing &change)
{
    const QString folder = pages.changeFolders.value(change.within);
    if (folder.isEmpty())
        return {{}, {}, {}, Words::tr("where its file lies is not known")};
    const QString path = QStringLiteral("%1/%2.yaml").arg(folder, change.id);
    return atRepository(pages, QStringLiteral("/blob/HEAD/")
                                   + QString::fromLatin1(QUrl::toPercentEncoding(path, "/")));
}

} // namespace

VendorPage pageOf(const Thing &thing, const VendorPages &pages)
{
    switch (thing.kind) {
    case Thing::Kind::Commit:
        return atRepository(pages, QStringLiteral("/commit/") + inPath(thing.id));
    case Thing::Kind::Run:
        return atRepository(pages, QStringLiteral("/actions/runs/") + inPath(thing.id));
    case Thing::Kind::Job:
        return atRepository(
            pages,
            QStringLiteral("/actions/runs/%1/job/%2").arg(inPath(thing.within), inPath(thing.id)));
    case Thing::Kind::Build:
        return ofBuild(pages, thing.id);
    case Thing::Kind::Track:
        return atTrack(pages, thing.id, thing);
    case Thing::Kind::Revision:
    case Thing::Kind::Pod:
        return atTrack(pages, thing.within, thing);
    case Thing::Kind::Alert:
        return ofAlert(pages, thing.id);
    case Thing::Kind::Change:
        return ofChange(pages, thing);
    case Thing::Kind::Workload:
        return pageIn(pages.workloads.value(thing.id), thing);
    case Thing::Kind::OnCall:
    case Thing::Kind::History:
    case Thing::Kind::Workspace:
        break;
    }
    return {{}, {}, {}, Words::tr("it is seen in Pilothouse alone")};
}

std::optional<QUrl> githubPages(const QString &repository, const QUrl &api)
{
    static const QRegularExpression form(QStringLiteral("^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$"));
    if (!form.match(repository).hasMatch())
        return {};
    QUrl pages;
    pages.setScheme(QStringLiteral("https"));
    pages.setPath(QLatin1Char('/') + repository);
    const QString host = api.host();
    const QString path = api.path();
    if (api.isEmpty() || host == QLatin1String("api.github.com")) {
        pages.setHost(QStringLiteral("github.com"));
        return pages;
    }
    if (api.scheme() != QLatin1String("https") || isOfThisMachine(api))
        return {};
    // A server of one's own, and github.com's tenants: HOST/api/v3, api.HOST.
    if (path == QLatin1String("/api/v3") || path == QLatin1String("/api/v3/")) {
        pages.setHost(host);
        pages.setPort(api.port());
        return pages;
    }
    if (host.startsWith(QLatin1String("api.")) && host.endsWith(QLatin1String(".ghe.com"))) {
        pages.setHost(host.mid(4));
        return pages;
    }
    return {};
}

bool isOfThisMachine(const QUrl &address)
{
    const QString host = address.host();
    return host.isEmpty() || host == QLatin1String("localhost")
           || host.endsWith(QLatin1String(".localhost")) || host.startsWith(QLatin1String("127."))
           || host == QLatin1String("::1") || host == QLatin1String("0.0.0.0");
}

} // namespace pilothouse
