#pragma once

#include "action/preview.h"
#include "base/id.h"
#include "rollout/commitfrom.h"
#include "rollout/plan.h"
#include "workspace/control.h"
#include "workspace/freeze.h"

#include <QList>
#include <QStringList>

#include <chrono>
#include <optional>

namespace pilothouse {

struct RepositorySettings
{
    QString path;   ///< absolute path of a clone
    QString github; ///< "owner/name"; empty = no CI host
    ServerAddress api;
    CredentialChoice credential;

    bool operator==(const RepositorySettings &) const = default;
};

struct PrometheusSettings
{
    ServerAddress address;
    CredentialChoice credential;
    QStringList match; ///< of its alerts, such as team="context"; empty = it is shared with others
    QString user = {}; ///< whose password the credential is; empty = it is a bearer token

    bool operator==(const PrometheusSettings &) const = default;
};

struct AlertmanagerSettings
{
    ServerAddress address;
    CredentialChoice credential;
    QStringList match; ///< matchers such as team="context"; empty = it is shared with others
    QString user = {}; ///< whose password the credential is; empty = it is a bearer token

    bool operator==(const AlertmanagerSettings &) const = default;
};

/// Who arms the guard in a console's window, and after how many failed judgements it rolls back.
struct GuardSettings
{
    enum class Arm { ByHand, WithRollout } arm = Arm::ByHand;
    int failures = 3;

    bool operator==(const GuardSettings &) const = default;
};

/// One way to production.
struct TrackSettings
{
    TrackName name;
    std::optional<std::chrono::milliseconds> budget; ///< machine time from commit to 100 %
    Control control;
    QString workflow;                   ///< path of the file that deploys it; empty = not told
    std::optional<BuildSettings> build; ///< nothing = its builds are not shown
    CommitFrom commitFrom;
    Plan plan;
    QList<Check> analysis;             ///< empty = nothing is judged
    std::optional<SeriesNames> series; ///< there is one if there is an analysis
    GuardSettings guard;
    QString database; ///< name of a DatabaseSettings; empty = uses none
    std::chrono::milliseconds judgeEvery{15'000};
    std::chrono::milliseconds scrape{15'000}; ///< of the metrics server: no chart has finer steps

    bool operator==(const TrackSettings &) const = default;
};

/// A PostgreSQL database: a libpq service, or host, port, dbname and user. Never a password.
/// Where a database is.
struct DatabasePlace
{
    QString service; ///< empty = the four below
    QString host;
    int port = 5432;
    QString dbname;
    QString user; ///< empty = libpq's default

    bool operator==(const DatabasePlace &) const = default;
};

struct DatabaseSettings : DatabasePlace
{
    QString name;    ///< as the workspace file spells it
    QString changes; ///< folder of the change files, from the repository's root
    QStringList via; ///< program and arguments that open the way to it; empty = direct
    std::optional<int> rowsPerSecond;        ///< a backfill goes no faster
    std::optional<DatabasePlace> rehearseOn; ///< a server that is nobody's

    bool operator==(const DatabaseSettings &) const = default;
};

/// A Deployment that runs our code without routed traffic.
struct AlsoLive
{
    QString name;
    QString kubeconfig; ///< absolute path; empty = as kubectl finds it
    QString context;
    QString nameSpace;
    QString deployment;
    CommitFrom commitFrom;
    QString database; ///< name of a DatabaseSettings

    bool operator==(const AlsoLive &) const = default;
};

/// One `pilothouse.yaml`, checked: names refer to what exists, plans rise and end at 100, every
/// query has its track's series label, no credential goes over an open connection. Lists keep the
/// order of the file.
struct Workspace
{
    QString file; ///< absolute path; the journal's and the single instance's key
    QString name;
    EnvironmentMark environment{EnvironmentMark::Kind::Production, QStringLiteral("production")};
    RepositorySettings repository;
    QStringList pipelines; ///< paths from the repository's root; empty = all workflow files
    std::optional<PrometheusSettings> prometheus;
    std::optional<AlertmanagerSettings> alertmanager;
    QList<TrackSettings> tracks;
    QList<DatabaseSettings> databases;
    QList<AlsoLive> alsoLive;
    Limits limits;
    QList<FreezeWindow> freeze;

    bool operator==(const Workspace &) const = default;
};

} // namespace pilothouse
