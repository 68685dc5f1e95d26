#include "bench/measure.h"
#include "logs/logstore.h"
#include "ui/logs/logview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QPainter>
#include <QTemporaryDir>
#include <QTimer>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QSocketNotifier>

using namespace pilothouse;
using Clock = std::chrono::steady_clock;

namespace {

/// A connection on loopback: the sender's end and the reader's.
struct Connection
{
    int sender = -1;
    int reader = -1;

    static Connection make()
    {
        const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *const plain = reinterpret_cast<sockaddr *>(&address);
        if (::bind(listener, plain, size) != 0 || ::listen(listener, 1) != 0
            || ::getsockname(listener, plain, &size) != 0)
            qFatal("no socket on loopback");
        Connection made;
        made.sender = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(made.sender, plain, size) != 0)
            qFatal("no connection on loopback");
        made.reader = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        const int atOnce = 1;
        ::setsockopt(made.sender, IPPROTO_TCP, TCP_NODELAY, &atOnce, sizeof atOnce);
        ::close(listener);
        return made;
    }
};

QByteArray lineOf(qint64 number)
{
    return "2026-11-24T13:30:00.1234567Z \x1b[32m\xe2\x9c\x93\x1b[0m step "
           + QByteArray::number(number) + " of the build wrote its output to the usual place\n";
}

/// Sends so many lines a second, a millisecond's worth at a time.
void sendLines(int socket, int perSecond, int seconds)
{
    const auto begin = Clock::now();
    const qint64 all = qint64(perSecond) * seconds;
    for (qint64 sent = 0; sent < all;) {
        const auto passed
            = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
        const qint64 due = std::min<qint64>(all, 1 + passed * perSecond / 1'000'000);
        QByteArray bytes;
        for (; sent < due; ++sent)
            bytes += lineOf(sent);
        for (qsizetype at = 0; at < bytes.size();) {
            const ssize_t written
                = ::write(socket, bytes.constData() + at, size_t(bytes.size() - at));
            if (written <= 0)
                return;
            at += written;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::close(socket);
}

constexpr int rounds = 5;

double percentile(std::vector<double> &values, double part)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, size_t(double(values.size()) * part))];
}

/// One round, in milliseconds.
struct Tail
{
    double p50;
    double p99;
    double worst;
    qint64 lost; ///< lines
    double paintsPerFrame;
};

/// Lines from a socket into the view, each read weighed by its lines: from its arrival in this
/// program until they are on the page or the page shows what came after them.
Tail measureTail(LogView &view, int perSecond, int seconds)
{
    const QTemporaryDir folder;
    auto made = LogStore::create(folder.path());
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    const std::unique_ptr<LogStore> store = std::move(*made);
    view.setLog(store.get(), nullptr);

    struct Waiting
    {
        Clock::time_point arrived;
        qint64 lines; ///< in the log, this read included
    };
    std::vector<Waiting> waiting;
    std::vector<double> latencies;
    qint64 painted = 0;
    qint64 paints = 0;
    const auto connection = QObject::connect(&view, &LogView::painted, &view, [&] {
        const auto now = Clock::now();
        ++paints;
        const qint64 shown = view.rows().count();
        size_t done = 0;
        for (; done < waiting.size() && waiting[done].lines <= shown; ++done) {
            const double milliseconds
                = std::chrono::duration<double, std::milli>(now - waiting[done].arrived).count();
            latencies.insert(latencies.end(), size_t(waiting[done].lines - painted), milliseconds);
            painted = waiting[done].lines;
        }
        waiting.erase(waiting.begin(), waiting.begin() + qsizetype(done));
    });

    const Connection sockets = Connection::make();
    QEventLoop loop;
    QSocketNotifier notifier(sockets.reader, QSocketNotifier::Read);
    QByteArray buffer(256 << 10, Qt::Uninitialized);
    QObject::connect(&notifier, &QSocketNotifier::activated, &view, [&] {
        const auto arrived = Clock::now();
        const ssize_t read = ::read(sockets.reader, buffer.data(), size_t(buffer.size()));
        if (read == 0) {
            notifier.setEnabled(false);
            (void)store->finish();
            QTimer::singleShot(100, &loop, &QEventLoop::quit); // the last frame
        } else if (read > 0) {
            const qint64 before = store->lineCount();
            if (const auto written = store->append(buffer.left(read)); !written)
                qFatal("%s", qPrintable(written.error().message));
            if (store->lineCount() > before)
                waiting.push_back({arrived, store->lineCount()});
        }
    });
    std::thread sender([&] { sendLines(sockets.sender, perSecond, seconds); });
    const auto begin = Clock::now();
    loop.exec();
    const double took = std::chrono::duration<double>(Clock::now() - begin).count();
    sender.join();
    ::close(sockets.reader);
    QObject::disconnect(connection);

    // Each line says its number: none is missing, none is twice.
    const qint64 all = qint64(perSecond) * seconds;
    qint64 wrong = std::abs(all - store->lineCount());
    for (qint64 line = 0; line < store->lineCount(); ++line)
        wrong += store->line(line) + '\n' == lineOf(line) ? 0 : 1;
    view.setLog(nullptr, nullptr);
    return {percentile(latencies, 0.5), percentile(latencies, 0.99), percentile(latencies, 1),
            wrong + (all - painted), double(paints) / (took * 60)};
}

/// What a program must at least do: read, and paint the last lines as they came.
class PlainPage final : public QWidget
{
public:
    QByteArray tail;
    std::function<void()> painted;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), Qt::white);
        painter.setFont(Theme::instance().codeFont());
        const int height = painter.fontMetrics().lineSpacing();
        const QList<QByteArray> lines = tail.split('\n');
        for (qsizetype i = 0; i < lines.size(); ++i)
            painter.drawText(0, int(i + 1) * height, QString::fromUtf8(lines[i]));
        painted();
    }
};

/// The median time from arrival to the paint of the plain page, in milliseconds.
double measurePlain(int perSecond, int seconds)
{
    PlainPage page;
    page.resize(1600, 900);
    page.show();
    constexpr qsizetype pageBytes = 4500;
    std::vector<Clock::time_point> waiting;
    std::vector<double> latencies;
    page.painted = [&] {
        for (const Clock::time_point arrived : waiting)
            latencies.push_back(
                std::chrono::duration<double, std::milli>(Clock::now() - arrived).count());
        waiting.clear();
    };
    QCoreApplication::processEvents();
    const Connection sockets = Connection::make();
    QEventLoop loop;
    QSocketNotifier notifier(sockets.reader, QSocketNotifier::Read);
    QByteArray buffer(256 << 10, Qt::Uninitialized);
    QObject::connect(&notifier, &QSocketNotifier::activated, &page, [&] {
        const ssize_t read = ::read(sockets.reader, buffer.data(), size_t(buffer.size()));
        if (read == 0)
            loop.quit();
        if (read <= 0)
            return;
        waiting.push_back(Clock::now());
        page.tail = (page.tail + buffer.left(read))
                        .last(std::min(pageBytes, page.tail.size() + qsizetype(read)));
        page.update();
    });
    std::thread sender([&] { sendLines(sockets.sender, perSecond, seconds); });
    loop.exec();
    sender.join();
    ::close(sockets.reader);
    return percentile(latencies, 0.5);
}

/// Medians of the rounds; the worst of all and everything that was lost in any.
void printTail(LogView &view, int perSecond, int seconds)
{
    std::vector<double> p50;
    std::vector<double> p99;
    std::vector<double> paints;
    double worst = 0;
    qint64 lost = 0;
    for (int round = 0; round < rounds; ++round) {
        const Tail tail = measureTail(view, perSecond, seconds);
        p50.push_back(tail.p50);
        p99.push_back(tail.p99);
        paints.push_back(tail.paintsPerFrame);
        worst = std::max(worst, tail.worst);
        lost += tail.lost;
    }
    const double plain = measurePlain(perSecond, seconds);
    const double median = bench::medianOf(p50);
    const QJsonObject result{
        {QStringLiteral("bench"), QStringLiteral("tail")},
        {QStringLiteral("lines_per_second"), perSecond},
        {QStringLiteral("seconds"), seconds},
        {QStringLiteral("rounds"), rounds},
        {QStringLiteral("lost"), lost},
        {QStringLiteral("p50_ms"), median},
        {QStringLiteral("p99_ms"), bench::medianOf(p99)},
        {QStringLiteral("max_ms"), worst},
        {QStringLiteral("paints_per_frame"), bench::medianOf(paints)},
        {QStringLiteral("anchor"), QStringLiteral("the last lines painted plainly")},
        {QStringLiteral("anchor_p50_ms"), plain},
        {QStringLiteral("ratio"), median / plain},
    };
    std::printf("%s\n", QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

} // namespace

/// tail [SECONDS]: lines from a socket on loopback until they are painted.
int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    Theme::instance().apply(app);
    const int seconds = std::max(1, app.arguments().value(1, QStringLiteral("10")).toInt());
    LogView view;
    view.resize(1600, 900);
    view.show();
    QCoreApplication::processEvents();
    for (const int perSecond : {100, 100'000})
        printTail(view, perSecond, seconds);
    return 0;
}
