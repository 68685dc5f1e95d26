#include "bench/measure.h"
#include "logs/logsearch.h"
#include "logs/logstore.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <memory>

using namespace pilothouse;

namespace {

constexpr qsizetype chunkBytes = 64 << 10; ///< about what a transfer hands over at once

QByteArray sampleLog(int lines)
{
    QByteArray log;
    for (int i = 0; i < lines; ++i) {
        log += "2026-11-24T13:30:00.1234567Z tests/unit/test_" + QByteArray::number(i)
               + ".py::test_answer PASSED \x1b[32m[ 42%]\x1b[0m\n";
    }
    return log;
}

template <typename Take>
void inChunks(const QByteArray &log, const Take &take)
{
    for (qsizetype at = 0; at < log.size(); at += chunkBytes)
        take(log.mid(at, chunkBytes));
}

/// Waits until the search has read the whole log.
void searchAll(const LogStore &store, const QString &text)
{
    LogSearch search;
    search.start(&store, text);
    while (!search.isComplete())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const int lines = app.arguments().size() > 1 ? app.arguments().at(1).toInt() : 500'000;
    const QByteArray log = sampleLog(lines);
    const QJsonObject amount{{QStringLiteral("lines"), lines},
                             {QStringLiteral("bytes"), qint64(log.size())}};
    const QTemporaryDir folder;
    std::unique_ptr<LogStore> store;
    const auto spool = [&] {
        auto made = LogStore::create(folder.path());
        if (!made)
            qFatal("%s", qPrintable(made.error().message));
        store = std::move(*made);
        inChunks(log, [&](const QByteArray &bytes) { (void)store->append(bytes); });
        (void)store->finish();
    };
    const QString plainFile = folder.filePath(QStringLiteral("plain"));
    const auto plainWrite = [&] {
        QFile file(plainFile);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("%s", qPrintable(file.errorString()));
        inChunks(log, [&](const QByteArray &bytes) { file.write(bytes); });
        file.close();
    };
    bench::print("log", "spool, mask and index a log", "write the same bytes", amount,
                 bench::measure(5, spool, plainWrite));

    qsizetype found = 0;
    const auto plainSearch = [&] {
        QFile file(plainFile);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("%s", qPrintable(file.errorString()));
        while (!file.atEnd())
            found += file.readLine().contains("no such text") ? 1 : 0;
    };
    bench::print("log", "search all lines", "read and search the same lines", amount,
                 bench::measure(
                     5, [&] { searchAll(*store, QStringLiteral("no such text")); }, plainSearch));
    return found == 0 ? 0 : 1;
}
