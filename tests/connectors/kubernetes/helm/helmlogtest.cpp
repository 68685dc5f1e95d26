#include "connectors/kubernetes/helm/helmlog.h"

#include "helmfixture.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class HelmLogTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture : HelmFixture
    {
        HelmLog log{control, clock, TrackName(QStringLiteral("partner"))};
        std::unique_ptr<LogStream> stream;
        QByteArray text;

        void open(const LogTarget &target = ProgramLog{TrackName(QStringLiteral("partner"))})
        {
            text.clear();
            stream = log.open(target);
            if (stream)
                QObject::connect(stream.get(), &LogStream::bytesArrived,
                                 [this](const QByteArray &bytes) { text += bytes; });
        }
        /// The lines without their times.
        [[nodiscard]] QList<QByteArray> lines() const
        {
            QList<QByteArray> all;
            for (const QByteArray &line : text.split('\n')) {
                if (!line.isEmpty())
                    all << line.mid(line.indexOf(' ') + 1);
            }
            return all;
        }
        void print(const char *line) { Q_EMIT control.output(QString::fromUtf8(line)); }
    };

private Q_SLOTS:
    void aWriteIsInTheLogWithItsCommand()
    {
        Fixture f;
        (void)f.read();
        QVERIFY(await(f.control.setWeight(f.request(0))));
        f.open();
        QVERIFY(f.text.isEmpty()); // nothing comes from within open()
        QTRY_VERIFY(!f.text.isEmpty());
        QCOMPARE(f.lines().size(), 3);
        QVERIFY(f.lines().first().startsWith("$ helm rollback web 41 "));
        QCOMPARE(f.lines().last(), QByteArray("export password=***"));
        QVERIFY(f.text.startsWith(f.clock.now().toString(QStringLiteral("yyyy-MM-dd")).toUtf8()));
    }

    void linesThatComeLaterAreTold()
    {
        Fixture f;
        f.print("one");
        f.open();
        f.print("two"); // before the event loop turned
        QTRY_COMPARE(f.lines(), (QList<QByteArray>{"one", "two"}));
        f.print("grün");
        QCOMPARE(f.lines().last(), QByteArray("grün"));
    }

    void anEmptyLogSaysSo()
    {
        Fixture f;
        f.open();
        QTRY_COMPARE(f.lines(),
                     QList<QByteArray>{"helm has changed nothing since this console was opened"});
        f.print("one");
        f.open();
        QTRY_COMPARE(f.lines(), QList<QByteArray>{"one"});
    }

    void otherLogsAreNotItsOwn()
    {
        Fixture f;
        f.open(ProgramLog{TrackName(QStringLiteral("standalone"))});
        QVERIFY(!f.stream);
        f.open(PodLog{TrackName(QStringLiteral("partner")), QStringLiteral("web-1"), {}});
        QVERIFY(!f.stream);
    }

    void theOldestLinesGo()
    {
        Fixture f;
        const QByteArray line(1'000, 'x');
        for (int i = 0; i < 1'100; ++i)
            f.print(line.constData());
        f.print("last");
        QVERIFY(f.log.kept().size() <= HelmLog::mostBytes);
        QVERIFY(f.log.kept().size() > HelmLog::mostBytes - 2'000);
        QVERIFY(f.log.kept().startsWith("2"));
        QVERIFY(f.log.kept().endsWith(" last\n"));
    }

    void aLogMayEndBeforeItsStream()
    {
        auto f = std::make_unique<Fixture>();
        f->open();
        const std::unique_ptr<LogStream> stream = std::move(f->stream);
        f.reset();
        QCoreApplication::processEvents();
        QVERIFY(stream);
    }
};

QTEST_GUILESS_MAIN(HelmLogTest)
#include "helmlogtest.moc"
