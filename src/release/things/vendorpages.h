#pragma once

#include "release/things/thing.h"

#include <QHash>
#include <QUrl>

#include <optional>
#include <variant>

namespace pilothouse {

/// Where a thing is seen at its own system: a page, else the command that shows it, else why there
/// is neither.
struct VendorPage
{
    QString vendor;  ///< "GitHub", "Google Cloud", "Prometheus", "Kubernetes"
    QUrl address;    ///< http or https, without a credential; empty = no page
    QString command; ///< shows it in a terminal; empty = none
    QString noPage;  ///< why there is no address; empty where there is one

    bool operator==(const VendorPage &) const = default;
};

/// A namespace of a cluster, which has no pages.
struct ClusterView
{
    QString kubectl; ///< "kubectl --context prod -n production"
    QString show;    ///< command that shows the object as a whole; empty = cannot be told
    QString
        revision; ///< what shows a revision whose name follows: "describe service "; empty = show

    bool operator==(const ClusterView &) const = default;
};

struct CloudRunView
{
    QString project;
    QString region;
    QString service;
    enum class Served { ByGoogle, Elsewhere } served = Served::ByGoogle;

    bool operator==(const CloudRunView &) const = default;
};

struct CloudBuildView
{
    QString project;
    QString region;
    CloudRunView::Served served = CloudRunView::Served::ByGoogle;

    bool operator==(const CloudBuildView &) const = default;
};

/// Where the things of one workspace are seen.
struct VendorPages
{
    QUrl repository;      ///< its pages at the CI host; empty = none
    QString noRepository; ///< why there is none
    QUrl metrics;         ///< of the metrics server; empty = none
    QHash<QString, std::variant<ClusterView, CloudRunView>> tracks; ///< by their names
    QHash<QString, ClusterView> workloads;
    QHash<QString, QString> changeFolders; ///< by database: where its change files lie
    std::optional<CloudBuildView> builds;
};

[[nodiscard]] VendorPage pageOf(const Thing &thing, const VendorPages &pages);

/// "owner/name" on the web, from the address of its API: github.com for an empty one, GitHub
/// Enterprise by its two forms. Nothing for any other server, and for one on this machine.
[[nodiscard]] std::optional<QUrl> githubPages(const QString &repository, const QUrl &api);

/// Whether an address means this machine, and so nothing to anybody else.
[[nodiscard]] bool isOfThisMachine(const QUrl &address);

} // namespace pilothouse
