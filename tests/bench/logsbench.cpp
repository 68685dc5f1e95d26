#include "bench/anchorindex.h"
#include "bench/measure.h"
#include "logs/logsearch.h"
#include "logs/logstore.h"
#include "ui/logs/logview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

#include <optional>
#include <thread>

#include <sys/resource.h>

using namespace pilothouse;

namespace {

constexpr int rounds = 5;

/// Processor time of this process, or of the children that it has waited for.
double processorSeconds(int who)
{
    struct rusage usage = {};
    ::getrusage(who, &usage);
    const auto seconds = [](const timeval &t) {
        return double(t.tv_sec) + double(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Wall time and, since others may use the machine, processor time.
struct Times
{
    std::vector<double> wall;
    std::vector<double> processor;

    template <typename Work>
    void take(int who, const Work &work)
    {
        const double before = processorSeconds(who);
        wall.push_back(bench::secondsOf(work));
        processor.push_back(processorSeconds(who) - before);
    }
};

double anonymousMegabytes(const char *field)
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith(field))
            return line.mid(qsizetype(qstrlen(field))).trimmed().split(' ').first().toDouble()
                   / 1024;
    }
    return 0;
}

/// The highest RssAnon while it lives, looked at each millisecond.
class PeakMemory
{
public:
    PeakMemory()
        : m_watch([this] {
              while (!m_ended) {
                  m_peak = std::max(m_peak, anonymousMegabytes("RssAnon:"));
                  std::this_thread::sleep_for(std::chrono::milliseconds(1));
              }
          })
    {}
    double end()
    {
        m_ended = true;
        m_watch.join();
        return m_peak;
    }

private:
    std::atomic<bool> m_ended = false;
    double m_peak = 0;
    std::thread m_watch;
};

template <typename Done>
void waitFor(const Done &done)
{
    while (!done())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

std::unique_ptr<LogStore> opened(const QString &file)
{
    auto store = LogStore::openFile(file);
    if (!store)
        qFatal("%s", qPrintable(store.error().message));
    return std::move(*store);
}

/// Opens a log and paints the page at its end, before the rest is read.
double lastPage(LogView &view, const QString &file)
{
    std::unique_ptr<LogStore> store;
    const double seconds = bench::secondsOf([&] {
        store = opened(file);
        view.setLog(store.get(), nullptr);
        view.viewport()->repaint();
    });
    view.setLog(nullptr, nullptr);
    return seconds;
}

qint64 count(const LogStore &store, const QString &pattern)
{
    LogSearch search;
    search.start(&store, {pattern, SearchQuery::Regex | SearchQuery::CaseSensitive});
    waitFor([&] { return search.isComplete(); });
    return qint64(search.lines().size());
}

qint64 ripgrep(const QString &program, const QString &pattern, const QString &file)
{
    QProcess process;
    process.start(program, {QStringLiteral("--count"), QStringLiteral("-e"), pattern, file});
    process.waitForFinished(-1);
    return process.readAllStandardOutput().trimmed().toLongLong();
}

double milliseconds(std::vector<double> seconds)
{
    return bench::medianOf(std::move(seconds)) * 1000;
}

} // namespace

/// logs FILE [PATTERN]: what opening, indexing and counting take, each beside plain work on the
/// same file, by turns.
int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    Theme::instance().apply(app);
    const QString file = app.arguments().value(1);
    const QString pattern = app.arguments().value(2, QStringLiteral("error|failed"));
    if (!QFile::exists(file))
        qFatal("Usage: bench logs -- FILE [PATTERN]");

    LogView view;
    view.resize(1600, 900);
    view.show();
    QCoreApplication::processEvents();
    const double empty = anonymousMegabytes("RssAnon:");
    PeakMemory memory;
    {
        const std::unique_ptr<LogStore> store = opened(file);
        view.setLog(store.get(), nullptr);
        waitFor([&] { return store->isIndexed(); });
        (void)count(*store, pattern);
        view.viewport()->repaint();
        view.setLog(nullptr, nullptr);
    }
    const double peak = memory.end();

    const QString rg = QStandardPaths::findExecutable(QStringLiteral("rg"));
    (void)bench::AnchorIndex(file); // the file is in the page cache from here on

    std::vector<double> page;
    Times index;
    Times limit;
    Times counts;
    Times rgCounts;
    qint64 lines = 0;
    qint64 anchorLines = 0;
    qint64 found = 0;
    qint64 rgFound = -1;
    for (int round = 0; round < rounds; ++round) {
        std::optional<bench::AnchorIndex> anchor;
        limit.take(RUSAGE_SELF, [&] { anchor.emplace(file); });
        anchorLines = anchor->newlines();
        anchor.reset();
        std::unique_ptr<LogStore> store;
        bool marked = false;
        index.take(RUSAGE_SELF, [&] {
            store = opened(file);
            QObject::connect(store.get(), &LogStore::marked, store.get(), [&] { marked = true; });
            waitFor([&] { return store->isIndexed(); });
        });
        lines = store->lineCount();
        waitFor([&] { return marked || store->byteCount() < (4 << 20); });
        counts.take(RUSAGE_SELF, [&] { found = count(*store, pattern); });
        store.reset();
        page.push_back(lastPage(view, file));
        if (!rg.isEmpty())
            rgCounts.take(RUSAGE_CHILDREN, [&] { rgFound = ripgrep(rg, pattern, file); });
    }

    QJsonObject line{
        {QStringLiteral("bench"), QStringLiteral("logs")},
        {QStringLiteral("bytes"), QFileInfo(file).size()},
        {QStringLiteral("lines"), lines},
        {QStringLiteral("pattern"), pattern},
        {QStringLiteral("last_page_ms"), milliseconds(page)},
        {QStringLiteral("index_ms"), milliseconds(index.wall)},
        {QStringLiteral("index_cpu_ms"), milliseconds(index.processor)},
        {QStringLiteral("limit_ms"), milliseconds(limit.wall)},
        {QStringLiteral("limit_cpu_ms"), milliseconds(limit.processor)},
        {QStringLiteral("count_ms"), milliseconds(counts.wall)},
        {QStringLiteral("count_cpu_ms"), milliseconds(counts.processor)},
        {QStringLiteral("count"), found},
        {QStringLiteral("rss_mb"), peak - empty},
    };
    if (!rg.isEmpty()) {
        line.insert(QStringLiteral("rg_ms"), milliseconds(rgCounts.wall));
        line.insert(QStringLiteral("rg_cpu_ms"), milliseconds(rgCounts.processor));
        line.insert(QStringLiteral("rg_count"), rgFound);
    }
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    // A last line without an end is one more.
    return lines - anchorLines <= 1 ? 0 : 1;
}
