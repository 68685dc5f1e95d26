#include "action/actionrunner.h"
#include "bench/measure.h"
#include "bench/watch/busywatch.h"
#include "bench/watch/memorywatch.h"
#include "bench/watch/podplan.h"
#include "bench/watch/podserver.h"
#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubetoken.h"
#include "journal/unwritablejournal.h"
#include "logs/logcontroller.h"
#include "rollout/rolloutcontroller.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

using namespace pilothouse;

// `watch [SECONDS]`: a track whose route has 5,000 pods behind it, listed and then watched while
// 500 changes come each second, by the traffic control, the controller and the page that the
// console shows, over HTTP from a program of its own that replays what a real kube-apiserver said.
// That is recorded at the first call, and kept beside the programs. In the end the console must
// know every pod by name and each as ready, which it does only if no change was lost.
//
// The GUI thread is busy from coming back from the kernel with events until it asks for more; the
// longest such turn counts. Memory is RssAnon, the most that was seen against what it was before
// the watch began. The anchor parses the same text with QJsonDocument and does nothing with it;
// next to it stands what the GUI thread used in all.

namespace {

constexpr int pods = 5000;
constexpr int changesPerSecond = 500;
constexpr double frame = 0.016;

/// The program beside this one.
class Feed
{
public:
    explicit Feed(const QString &recording)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QCoreApplication::applicationFilePath(),
                        {QStringLiteral("serve"), recording});
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(60'000))
                qFatal("the server does not start");
        }
        m_port = m_process.readLine().trimmed().mid(5).toInt();
    }
    ~Feed()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    [[nodiscard]] QUrl url() const
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_port));
    }
    /// Everything was sent.
    [[nodiscard]] QProcess &process() { return m_process; }

private:
    QProcess m_process;
    int m_port = 0;
};

RolloutSettings trackSettings()
{
    RolloutSettings settings;
    settings.track = TrackName(QStringLiteral("standalone"));
    settings.plan.stages = {{Weight{10}, std::chrono::minutes(5)}, {Weight{100}, {}}};
    return settings;
}

bool isWhole(const RolloutController &rollout, const QStringList &stable,
             const QStringList &candidate)
{
    const auto &reading = rollout.traffic();
    const auto holds = [](const std::optional<RevisionState> &revision, const QStringList &names) {
        return revision && revision->readyReplicas == names.size() && revision->pods == names;
    };
    return reading && holds(reading->value.stable, stable)
           && holds(reading->value.candidate, candidate);
}

/// Seconds that parsing all of the text takes and nothing else.
double parsing(const bench::PodRecording &recording)
{
    const QByteArray list = '[' + recording.listed().join(',') + ']';
    return bench::secondsOf([&] {
        if (QJsonDocument::fromJson(list).array().size() != pods)
            qFatal("the list is not JSON");
        for (const QByteArray &change : recording.changes()) {
            if (QJsonDocument::fromJson(change).object().isEmpty())
                qFatal("a change is not JSON");
        }
    });
}

int serve(const QString &folder)
{
    const bench::PodRecording recording(folder);
    bench::PodServer server(recording, changesPerSecond);
    return server.listen() ? QCoreApplication::exec() : 1;
}

int record(const QString &folder, int changes)
{
    const QString failed = bench::PodRecording::make(bench::PodPlan(pods, changes), folder);
    if (!failed.isEmpty())
        qWarning("%s", qPrintable(failed));
    return failed.isEmpty() ? 0 : 1;
}

/// Of so many changes, made in a program of its own where there is none yet.
QString recordingOf(int changes)
{
    const QString folder = QDir(QCoreApplication::applicationDirPath())
                               .filePath(QStringLiteral("../recordings/watch-%1").arg(changes));
    if (!bench::PodRecording::isThere(folder)
        && QProcess::execute(QCoreApplication::applicationFilePath(),
                             {QStringLiteral("record"), folder, QString::number(changes)})
               != 0)
        qFatal("nothing could be recorded");
    return folder;
}

} // namespace

int main(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    const QString part = arguments.value(0);
    if (part == QLatin1String("serve") || part == QLatin1String("record")) {
        const QCoreApplication app(argc, argv);
        return part == QLatin1String("serve")
                   ? serve(arguments.value(1))
                   : record(arguments.value(1), arguments.value(2).toInt());
    }
    const int seconds = std::max(1, arguments.value(0, QStringLiteral("10")).toInt());
    QApplication app(argc, argv);
    Theme::instance().apply(app);
    const QString recorded = recordingOf(changesPerSecond * seconds);
    Feed feed(recorded);

    KubeContext context;
    context.server = feed.url();
    SystemClock clock;
    KubeToken token(context);
    NetworkHttp::Settings settings;
    settings.systemName = QStringLiteral("Kubernetes");
    settings.base = context.server;
    NetworkHttp http(settings, token, clock);
    KubernetesApi api(http, clock, context.server);
    HttpRouteControl control(api, clock,
                             {QStringLiteral("production"),
                              {QStringLiteral("context-intelligence"),
                               bench::PodPlan::stable(),
                               bench::PodPlan::candidate(),
                               {}},
                              {}});
    UnwritableJournal journal(Error{ErrorKind::Unavailable, QStringLiteral("none"), {}, {}});
    ActionRunner actions(journal, QStringLiteral("A. Muster"));
    RolloutController rollout(trackSettings(), control, nullptr, actions, clock);
    const QTemporaryDir folder;
    LogController logs({}, folder.path(), clock);
    RolloutPage page({&rollout}, logs);
    page.resize(1600, 900);
    page.show();
    rollout.look(&page);

    QEventLoop loop;
    QTimer::singleShot(500, &loop, &QEventLoop::quit); // the empty page is drawn
    loop.exec();

    const QStringList stable = bench::PodRecording::atLast(recorded, bench::PodPlan::stable());
    const QStringList candidate
        = bench::PodRecording::atLast(recorded, bench::PodPlan::candidate());
    bench::MemoryWatch memory;
    bench::BusyWatch busy;
    const double cpu = bench::BusyWatch::cpuSeconds();
    bench::BusyWatch::Turn whileListing;
    QElapsedTimer timer;
    timer.start();
    qint64 listedAfter = 0;
    qint64 sentAfter = 0;
    int told = 0;
    QObject::connect(&control, &TrafficControl::changed, &loop, [&] {
        if (++told == 1) {
            listedAfter = timer.elapsed();
            whileListing = busy.takeLongest();
        }
    });
    QObject::connect(&feed.process(), &QProcess::readyReadStandardOutput, &loop,
                     [&] { sentAfter = timer.elapsed(); });
    QObject::connect(&rollout, &RolloutController::changed, &loop, [&] {
        if (sentAfter > 0 && isWhole(rollout, stable, candidate))
            loop.quit();
    });
    QTimer::singleShot((seconds + 60) * 1000, &loop, [&] {
        const auto &reading = rollout.traffic();
        qFatal("changes were lost: %d of %d pods are ready",
               reading && reading->value.stable ? reading->value.stable->readyReplicas : 0,
               int(stable.size()));
    });
    rollout.start();
    loop.exec();
    const qint64 wholeAfter = timer.elapsed();
    const double used = bench::BusyWatch::cpuSeconds() - cpu;

    const double memoryAtMost = memory.megabytesAtMost();
    const double memoryAtEnd = memory.megabytesNow();
    const auto milliseconds = [](double value) {
        return value * 1e3;
    };
    const bench::BusyWatch::Turn whileWatching = busy.takeLongest();
    const bench::PodRecording recording(recorded); // after the memory was looked at
    const QJsonObject line{
        {QStringLiteral("pods"), pods},
        {QStringLiteral("changes"), recording.changes().size()},
        {QStringLiteral("changes_per_second"), changesPerSecond},
        {QStringLiteral("lost"), 0},
        {QStringLiteral("listed_ms"), listedAfter},
        {QStringLiteral("told"), told},
        {QStringLiteral("last_change_told_after_ms"), wholeAfter - sentAfter},
        {QStringLiteral("busy_max_listing_ms"), milliseconds(whileListing.seconds)},
        {QStringLiteral("busy_max_listing_cpu_ms"), milliseconds(whileListing.cpuSeconds)},
        {QStringLiteral("busy_max_watching_ms"), milliseconds(whileWatching.seconds)},
        {QStringLiteral("busy_max_watching_cpu_ms"), milliseconds(whileWatching.cpuSeconds)},
        {QStringLiteral("turns_over_16_ms"), busy.turnsOver(frame)},
        {QStringLiteral("memory_more_mb"), memoryAtMost},
        {QStringLiteral("memory_more_at_end_mb"), memoryAtEnd},
    };
    bench::print("watch", "the GUI thread in all", "the same text parsed by QJsonDocument", line,
                 {used, parsing(recording)});
    return 0;
}
