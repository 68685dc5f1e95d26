#include "action/actionrunner.h"
#include "bench/measure.h"
#include "bench/rollback/moments.h"
#include "bench/rollback/others.h"
#include "bench/rollback/timedhttp.h"
#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubetoken.h"
#include "journal/sqlitejournal.h"
#include "rollout/rolloutcontroller.h"
#include "support/kube/canaryworld.h"
#include "support/places.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFutureWatcher>
#include <QJsonArray>
#include <QTimer>

using namespace pilothouse;

// `rollback [ROUNDS]`: from the confirmation of a rollback to a weight of 0 that a real API server
// has taken, by the controller, the traffic control, the HTTP client and the journal that the
// console wires together. Each round is undone, done again by curl, and now and then by kubectl and
// helm; after each the server is asked whether the weight is 0.
//
// Own time   = confirm → the PATCH's bytes given to the kernel, less the time in which
//              - the re-read was on its way (asking the HTTP client → its answer), or
//              - the disk was waited for (inside fsync and fdatasync).
//              The two run side by side: what overlaps is taken off once. What SQLite does besides
//              the disk, where no re-read was on its way, and a new connection's handshake, are
//              own time.
// Acknowledged = confirm → the controller's own state says that 0 is asked for, which it takes from
//              the answer to the PATCH.
// Anchor     = curl's time_total of a GET of the route + one write and fsync of a kilobyte on the
//              disk of the journal + curl's time_total of the same PATCH. Both requests are made by
//              one curl process on one kept connection, opened by a GET before that does not count;
//              what curl does between the requests does not count either.

namespace {

constexpr auto atWeight = 10;

double percentile(std::vector<double> values, double part)
{
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, size_t(double(values.size()) * part))];
}

/// A console's own parts, as app/wiring puts them together, with a clockwork between two of them.
class TimedConsole
{
public:
    TimedConsole(const KubeContext &context, Journal &journal)
        : m_token(context), m_network(settingsOf(context), m_token, m_clock), http(m_network),
          m_api(http, m_clock, context.server), m_control(m_api, m_clock, routeOf(context)),
          m_actions(journal, QStringLiteral("A. Muster")),
          rollout(trackSettings(), m_control, nullptr, m_actions, m_clock)
    {
        rollout.start();
    }

    /// Until it holds; ends the program after a minute.
    template <typename Condition>
    void until(const char *what, const Condition &holds)
    {
        if (holds())
            return;
        QEventLoop loop;
        const auto look = [&] {
            if (holds())
                loop.quit();
        };
        QObject::connect(&rollout, &RolloutController::changed, &loop, look);
        QTimer::singleShot(60'000, &loop, [what, this] {
            const auto &reading = rollout.traffic();
            qFatal("%s did not come: asked %d, %s", what,
                   reading ? reading->value.asked.percent : -1,
                   qPrintable(reading ? reading->value.problem : QString()));
        });
        loop.exec();
    }
    [[nodiscard]] bool isAt(int percent) const
    {
        const auto &reading = rollout.traffic();
        return reading && reading->value.asked == Weight{percent}
               && reading->value.accepted == std::optional(Weight{percent}) && !rollout.busy();
    }

private:
    static NetworkHttp::Settings settingsOf(const KubeContext &context)
    {
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Kubernetes");
        settings.base = context.server;
        settings.tls.caPem = context.caPem;
        return settings;
    }
    static HttpRouteControl::Settings routeOf(const KubeContext &context)
    {
        return {context.nameSpace,
                {CanaryWorld::name(), CanaryWorld::name(), CanaryWorld::candidate(), {}},
                context.name};
    }
    static RolloutSettings trackSettings()
    {
        RolloutSettings settings;
        settings.track = TrackName(QStringLiteral("standalone"));
        settings.plan.stages = {{Weight{atWeight}, std::chrono::minutes(5)}, {Weight{100}, {}}};
        return settings;
    }

    SystemClock m_clock;
    KubeToken m_token;
    NetworkHttp m_network;

public:
    bench::TimedHttp http;

private:
    KubernetesApi m_api;
    HttpRouteControl m_control;
    ActionRunner m_actions;

public:
    RolloutController rollout;
};

/// Seconds of each rollback, by what they are spent on.
struct Times
{
    std::vector<double> own;
    std::vector<double> reading;
    std::vector<double> syncing;
    std::vector<double> waiting; ///< for either
    std::vector<double> toPatch;
    std::vector<double> acknowledged;
};

void roundOf(TimedConsole &console, CanaryWorld &world, Times &times)
{
    const Preview preview = console.rollout.previewRollback();
    const Confirmation confirmation{QStringLiteral("a bench"), preview.fingerprint, preview.target};
    console.http.forget();
    bench::awaitSyncs();
    const bench::Moment confirmed = bench::now();
    const QFuture<Outcome> outcome = console.rollout.rollBack(confirmation);
    console.until("the acknowledged weight", [&] {
        const auto &reading = console.rollout.traffic();
        return reading && reading->value.asked == Weight{0};
    });
    times.acknowledged.push_back(bench::since(confirmed));
    const auto left = bench::leftAt();
    if (!left || !console.http.read)
        qFatal("the PATCH was not seen, or nothing was read before it");
    std::vector<bench::Wait> waits = bench::syncs();
    times.syncing.push_back(bench::waitedSeconds(waits, confirmed, *left));
    waits.push_back(*console.http.read);
    const double waited = bench::waitedSeconds(waits, confirmed, *left);
    const double toPatch = bench::Wait{confirmed, *left}.seconds();
    times.toPatch.push_back(toPatch);
    times.reading.push_back(console.http.read->seconds());
    times.waiting.push_back(waited);
    times.own.push_back(toPatch - waited);

    if (const QString failed = world.accept(); !failed.isEmpty())
        qFatal("%s", qPrintable(failed));
    console.until("the accepted weight", [&] { return console.isAt(0) && outcome.isFinished(); });
    if (outcome.result().kind != Outcome::Kind::Done || CanaryWorld::weightOf(world.route()) != 0)
        qFatal("the rollback was not done: %s", qPrintable(outcome.result().text));
}

/// The route at its weight again, as if nobody had touched it; its version.
QByteArray begin(CanaryWorld &world)
{
    for (const QString &failed : {world.reset(atWeight), world.accept()}) {
        if (!failed.isEmpty())
            qFatal("%s", qPrintable(failed));
    }
    return CanaryWorld::versionOf(world.route()).toLatin1();
}

/// What the console sent, for another version of the route.
HttpRequest patchFor(const HttpRequest &sent, const QByteArray &version)
{
    HttpRequest patch = sent;
    QJsonArray operations = QJsonDocument::fromJson(sent.body).array();
    for (auto operation = operations.begin(); operation != operations.end(); ++operation) {
        QJsonObject changed = operation->toObject();
        if (changed.value(QLatin1String("path")) != QLatin1String("/metadata/resourceVersion"))
            continue;
        changed.insert(QLatin1String("value"), QString::fromLatin1(version));
        *operation = changed;
    }
    patch.body = QJsonDocument(operations).toJson(QJsonDocument::Compact);
    return patch;
}

void expectZero(CanaryWorld &world, const char *by)
{
    if (CanaryWorld::weightOf(world.route()) != 0)
        qFatal("%s left the weight at %d", by, CanaryWorld::weightOf(world.route()));
}

void printLine(QJsonObject line)
{
    line.insert(QStringLiteral("bench"), QStringLiteral("rollback"));
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const int rounds = std::max(1, app.arguments().value(1, QStringLiteral("100")).toInt());
    KubeServer server;
    if (!server.start())
        qFatal("%s", qPrintable(server.why()));
    CanaryWorld world(server.admin());
    if (const QString failed = world.make(); !failed.isEmpty())
        qFatal("%s", qPrintable(failed));
    const auto context = readKubeconfig(server.kubeconfig(KubeServer::User::Console), {});
    if (!context)
        qFatal("%s", qPrintable(context.error().message));
    // Beside the build, not under /tmp, which may be no disk at all.
    const QTemporaryDir folder(QStringLiteral(PILOTHOUSE_BINARY_DIR "/rollback-XXXXXX"));
    SystemClock clock;
    auto journal = SqliteJournal::open(folder.filePath(QStringLiteral("journal.db")), clock);
    if (!journal)
        qFatal("%s", qPrintable(journal.error().message));

    Times times;
    std::vector<double> gets;
    std::vector<double> syncs;
    std::vector<double> patches;
    std::vector<double> kubectl;
    std::vector<double> helm;
    {
        TimedConsole console(*context, **journal);
        std::optional<bench::HelmRollback> helmed;
        if (!bench::HelmRollback::program().isEmpty())
            helmed.emplace(server);
        for (int round = 0; round < rounds; ++round) {
            begin(world);
            console.until("the canary", [&] { return console.isAt(atWeight); });
            roundOf(console, world, times);

            const bench::CurlTimes curl
                = bench::curlRollback(server, patchFor(console.http.patch, begin(world)));
            expectZero(world, "curl");
            gets.push_back(curl.get);
            patches.push_back(curl.patch);
            syncs.push_back(bench::plainSync(folder.path()));
            if (round % 20 > 0)
                continue;
            kubectl.push_back(
                bench::kubectlRollback(server, patchFor(console.http.patch, begin(world))));
            expectZero(world, "kubectl");
            if (helmed)
                helm.push_back(helmed->run());
        }
    }

    const auto milliseconds = [](const std::vector<double> &seconds, double part) {
        return percentile(seconds, part) * 1e3;
    };
    printLine({{QStringLiteral("what"), QStringLiteral("own time from confirm to PATCH")},
               {QStringLiteral("rollbacks"), rounds},
               {QStringLiteral("own_p50_ms"), milliseconds(times.own, 0.5)},
               {QStringLiteral("own_p99_ms"), milliseconds(times.own, 0.99)},
               {QStringLiteral("own_max_ms"), milliseconds(times.own, 1)},
               {QStringLiteral("reread_p50_ms"), milliseconds(times.reading, 0.5)},
               {QStringLiteral("reread_p99_ms"), milliseconds(times.reading, 0.99)},
               {QStringLiteral("fsync_p50_ms"), milliseconds(times.syncing, 0.5)},
               {QStringLiteral("fsync_p99_ms"), milliseconds(times.syncing, 0.99)},
               {QStringLiteral("waits_together_p50_ms"), milliseconds(times.waiting, 0.5)},
               {QStringLiteral("to_patch_p50_ms"), milliseconds(times.toPatch, 0.5)},
               {QStringLiteral("to_patch_p99_ms"), milliseconds(times.toPatch, 0.99)}});
    const bench::Pair pair{bench::medianOf(times.acknowledged), bench::medianOf(gets)
                                                                    + bench::medianOf(syncs)
                                                                    + bench::medianOf(patches)};
    QJsonObject line{
        {QStringLiteral("rollbacks"), rounds},
        {QStringLiteral("acknowledged_p99_ms"), milliseconds(times.acknowledged, 0.99)},
        {QStringLiteral("curl_get_ms"), milliseconds(gets, 0.5)},
        {QStringLiteral("plain_fsync_ms"), milliseconds(syncs, 0.5)},
        {QStringLiteral("curl_patch_ms"), milliseconds(patches, 0.5)},
        {QStringLiteral("kubectl_patch_seconds"), bench::medianOf(kubectl)}};
    if (helm.empty())
        line.insert(QStringLiteral("helm_rollback_seconds"),
                    QStringLiteral("helm is not among the parts: packaging/setup --for-tests"));
    else
        line.insert(QStringLiteral("helm_rollback_seconds"), bench::medianOf(helm));
    bench::print("rollback", "confirm to acknowledged weight 0",
                 "GET, one fsync and PATCH, by one curl on a kept connection", line, pair);
    return 0;
}
