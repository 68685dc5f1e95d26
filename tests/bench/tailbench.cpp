#include "base/clock.h"
#include "bench/measure.h"
#include "logs/logcontroller.h"
#include "ui/logs/logpanel.h"
#include "ui/logs/logview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QPainter>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QSocketNotifier>

using namespace pilothouse;
using Monotonic = std::chrono::steady_clock;

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

/// When which lines were written to the socket, told by who wrote them: a line that waits in the
/// socket waits for us. Both threads read one clock.
class Stamps
{
public:
    void note(qint64 lines)
    {
        const auto now = Monotonic::now();
        const std::scoped_lock lock(m_mutex);
        m_waiting.push_back({now, lines});
    }

    /// The first `lines` are on the screen: adds to `latencies`, in milliseconds, how long each
    /// that was not there before took.
    void shown(qint64 lines, std::vector<double> &latencies)
    {
        const auto now = Monotonic::now();
        const std::scoped_lock lock(m_mutex);
        size_t done = 0;
        for (; done < m_waiting.size() && m_shown < lines; ++done) {
            const Written &written = m_waiting[done];
            const qint64 upTo = std::min(lines, written.lines);
            const double milliseconds
                = std::chrono::duration<double, std::milli>(now - written.at).count();
            latencies.insert(latencies.end(), size_t(upTo - m_shown), milliseconds);
            m_shown = upTo;
            if (upTo < written.lines)
                break;
        }
        m_waiting.erase(m_waiting.begin(), m_waiting.begin() + qsizetype(done));
    }

    [[nodiscard]] qint64 count() const { return m_shown; }

private:
    struct Written
    {
        Monotonic::time_point at;
        qint64 lines; ///< sent by then, these included
    };
    std::mutex m_mutex;
    std::vector<Written> m_waiting;
    qint64 m_shown = 0;
};

/// Sends so many lines a second, a millisecond's worth at a time.
void sendLines(int socket, int perSecond, int seconds, Stamps &stamps)
{
    const auto begin = Monotonic::now();
    const qint64 all = qint64(perSecond) * seconds;
    for (qint64 sent = 0; sent < all;) {
        const auto passed
            = std::chrono::duration_cast<std::chrono::microseconds>(Monotonic::now() - begin)
                  .count();
        const qint64 due = std::min<qint64>(all, 1 + passed * perSecond / 1'000'000);
        QByteArray bytes;
        for (; sent < due; ++sent)
            bytes += lineOf(sent);
        if (!bytes.isEmpty())
            stamps.note(sent); // before they are written: a full socket is waiting too
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

/// The reader's end of a connection as the stream of a pod's log.
class SocketLog final : public LogStream
{
public:
    explicit SocketLog(int socket)
        : m_socket(socket), m_notifier(socket, QSocketNotifier::Read),
          m_buffer(256 << 10, Qt::Uninitialized)
    {
        connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
            const ssize_t read = ::read(m_socket, m_buffer.data(), size_t(m_buffer.size()));
            if (read > 0)
                return Q_EMIT bytesArrived(m_buffer.left(read));
            if (read == 0) {
                m_notifier.setEnabled(false);
                Q_EMIT ended({});
            }
        });
    }

private:
    int m_socket;
    QSocketNotifier m_notifier;
    QByteArray m_buffer;
};

class SocketLogs final : public LogSource
{
public:
    std::unique_ptr<LogStream> open(const LogTarget &) override
    {
        return std::make_unique<SocketLog>(socket);
    }

    int socket = -1;
};

/// Lines from a socket into the panel as the window has it, each from when it was written to the
/// socket until it is on the page or the page shows what came after it.
Tail measureTail(LogPanel &panel, LogController &controller, SocketLogs &source, int perSecond,
                 int seconds)
{
    LogView &view = *panel.view();
    std::vector<double> latencies;
    latencies.reserve(size_t(perSecond) * size_t(seconds));
    qint64 paints = 0;
    Stamps stamps;
    const auto connection = QObject::connect(&view, &LogView::painted, &view, [&] {
        ++paints;
        if (const LogStore *store = controller.store())
            stamps.shown(std::min(view.rows().count(), store->writtenLines()), latencies);
    });

    const Connection sockets = Connection::make();
    source.socket = sockets.reader;
    QEventLoop loop;
    const auto state = QObject::connect(&controller, &LogController::changed, &loop, [&] {
        if (controller.state() == LogController::State::Failed)
            qFatal("%s", qPrintable(controller.error()->message));
        if (controller.state() == LogController::State::Complete)
            QTimer::singleShot(100, &loop, &QEventLoop::quit); // the last frame
    });
    controller.open(PodLog{TrackName(QStringLiteral("bench")), QStringLiteral("pod"), {}},
                    QStringLiteral("pod"));
    std::thread sender([&] { sendLines(sockets.sender, perSecond, seconds, stamps); });
    const auto begin = Monotonic::now();
    loop.exec();
    const double took = std::chrono::duration<double>(Monotonic::now() - begin).count();
    sender.join();
    QObject::disconnect(connection);
    QObject::disconnect(state);

    // Each line says its number: none is missing, none is twice.
    const qint64 all = qint64(perSecond) * seconds;
    const LogStore &store = *controller.store();
    qint64 wrong = std::abs(all - store.lineCount());
    for (qint64 line = 0; line < store.lineCount(); ++line)
        wrong += store.line(line) + '\n' == lineOf(line) ? 0 : 1;
    controller.close();
    ::close(sockets.reader);
    return {percentile(latencies, 0.5), percentile(latencies, 0.99), percentile(latencies, 1),
            wrong + (all - stamps.count()), double(paints) / (took * 60)};
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

/// The median time of a line from the socket to the paint of the plain page, in milliseconds.
double measurePlain(int perSecond, int seconds)
{
    PlainPage page;
    page.resize(1600, 900);
    page.show();
    constexpr qsizetype pageBytes = 4500;
    Stamps stamps;
    qint64 lines = 0;
    std::vector<double> latencies;
    page.painted = [&] {
        stamps.shown(lines, latencies);
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
        lines += std::count(buffer.cbegin(), buffer.cbegin() + read, '\n');
        page.tail = (page.tail + buffer.left(read))
                        .last(std::min(pageBytes, page.tail.size() + qsizetype(read)));
        page.update();
    });
    std::thread sender([&] { sendLines(sockets.sender, perSecond, seconds, stamps); });
    loop.exec();
    sender.join();
    ::close(sockets.reader);
    return percentile(latencies, 0.5);
}

/// Medians of the rounds; the worst of all and everything that was lost in any.
void printTail(LogPanel &panel, LogController &controller, SocketLogs &source, int perSecond,
               int seconds)
{
    std::vector<double> p50;
    std::vector<double> p99;
    std::vector<double> paints;
    double worst = 0;
    qint64 lost = 0;
    for (int round = 0; round < rounds; ++round) {
        const Tail tail = measureTail(panel, controller, source, perSecond, seconds);
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

/// tail [SECONDS]: lines from when they are written to a socket on loopback until they are painted
/// in the panel of the window.
int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    Theme::instance().apply(app);
    const int seconds = std::max(1, app.arguments().value(1, QStringLiteral("10")).toInt());
    const QTemporaryDir folder;
    SystemClock clock;
    SocketLogs source;
    LogController controller({&source}, folder.path(), clock);
    LogPanel panel(controller);
    panel.resize(1600, 900);
    panel.show();
    QCoreApplication::processEvents();
    for (const int perSecond : {100, 100'000})
        printTail(panel, controller, source, perSecond, seconds);
    return 0;
}
