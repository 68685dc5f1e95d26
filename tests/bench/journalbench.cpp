#include "base/clock.h"
#include "bench/measure.h"
#include "journal/sqlitejournal.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <memory>

#include <unistd.h>

using namespace pilothouse;

namespace {

Record sampleRecord(int number)
{
    Record record;
    record.kind = RecordKind::Intent;
    record.id = IntentId(QString::number(number));
    record.subject = QStringLiteral("standalone");
    record.actor = QStringLiteral("A. Muster");
    record.body = {{QStringLiteral("action"), QStringLiteral("promote")},
                   {QStringLiteral("reason"), QString(200, QLatin1Char('x'))}};
    return record;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const int records = app.arguments().size() > 1 ? app.arguments().at(1).toInt() : 200;
    const QTemporaryDir folder;
    SystemClock clock;
    auto journal = SqliteJournal::open(folder.filePath(QStringLiteral("journal.db")), clock);
    if (!journal)
        qFatal("%s", qPrintable(journal.error().message));

    int number = 0;
    const auto append = [&] {
        for (int i = 0; i < records; ++i)
            (*journal)->append(sampleRecord(++number)).waitForFinished();
    };
    const auto plain = [&] {
        QFile file(folder.filePath(QStringLiteral("plain")));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Append))
            qFatal("%s", qPrintable(file.errorString()));
        const QByteArray line(400, 'x');
        for (int i = 0; i < records; ++i) {
            file.write(line);
            file.flush();
            ::fsync(file.handle());
        }
    };
    const QJsonObject amount{{QStringLiteral("records"), records}};
    bench::print("journal", "append durably, one after another", "write and fsync", amount,
                 bench::measure(5, append, plain));
    return 0;
}
