#include "logs/logcontroller.h"
#include "support/fakeclock.h"
#include "support/fakelogsource.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const JobLog aJob{RunId(6998), JobId(3)};

/// So many kibibytes of lines.
QByteArray kibibytesOfLines(int count)
{
    return (QByteArray(1023, 'a') + '\n').repeated(count);
}

} // namespace

/// A log on disk that another program writes while it is shown.
class TestLogFollow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<FakeLogSource>();
        m_controller = std::make_unique<LogController>(std::vector<LogSource *>{m_source.get()},
                                                       m_dir.path(), m_clock);
    }

    void aFileIsFollowedAsItGrows()
    {
        using OnDisk = LogController::OnDisk;
        const QString path = m_dir.filePath(QStringLiteral("grows.log"));
        write(path, "one\ntw");
        m_controller->openFile(path);
        QCOMPARE(m_controller->onDisk(), OnDisk::Whole);
        QSignalSpy told(m_controller.get(), &LogController::onDiskChanged);
        m_clock.advance(5s);
        QCOMPARE(told.size(), 0);
        append(path, "o\n##[group]three\n");
        m_clock.advance(1s);
        QCOMPARE(m_controller->onDisk(), OnDisk::Grows);
        QCOMPARE(m_controller->state(), LogController::State::Complete);
        QCOMPARE(m_controller->store()->lineCount(), 3);
        QCOMPARE(m_controller->store()->line(1), QByteArray("two"));
        QCOMPARE(m_controller->store()->marks().folds().size(), size_t(1));
        QVERIFY(told.size() > 0);
        // As it is: nothing is masked that its owner wrote.
        append(path, "token ghp_0123456789abcdefghijABCDEFGHIJ012345\n");
        m_clock.advance(1s);
        QCOMPARE(m_controller->store()->line(3),
                 QByteArray("token ghp_0123456789abcdefghijABCDEFGHIJ012345"));
    }

    void whatTheSystemTellsIsSeenBeforeTheNextSecond()
    {
        const QString path = m_dir.filePath(QStringLiteral("told.log"));
        write(path, "one\n");
        m_controller->openFile(path);
        append(path, "two\n");
        QTRY_VERIFY((m_clock.advance(17ms), m_controller->store()->lineCount() == 2));
    }

    void aLotThatWasWrittenComesInPieces()
    {
        const QString path = m_dir.filePath(QStringLiteral("lot.log"));
        write(path, "one\n");
        m_controller->openFile(path);
        append(path, kibibytesOfLines(5000));
        m_clock.advance(1s);
        QVERIFY(m_controller->store()->lineCount() < 5001);
        m_clock.advance(100ms);
        QCOMPARE(m_controller->store()->lineCount(), 5001);
    }

    void aLargeFileIsFollowedOnceItIsRead()
    {
        const QString path = m_dir.filePath(QStringLiteral("large.log"));
        write(path, kibibytesOfLines(9000));
        m_controller->openFile(path);
        append(path, "the last\n");
        m_clock.advance(1s);
        QSignalSpy marked(m_controller->store(), &LogStore::marked);
        QTRY_COMPARE(marked.size(), 1);
        QCOMPARE(m_controller->store()->lineCount(), 9000);
        m_clock.advance(1s);
        QCOMPARE(m_controller->store()->lineCount(), 9001);
        QCOMPARE(m_controller->store()->line(9000), QByteArray("the last"));
    }

    void aFileThatIsCutIsNoLongerShown_data()
    {
        QTest::addColumn<QByteArray>("then");
        QTest::newRow("to nothing") << QByteArray();
        QTest::newRow("shorter") << QByteArray("new one\n");
        QTest::newRow("written anew, as long") << QByteArray("ONE first line\nTWO\n");
        QTest::newRow("written anew, longer") << QByteArray("another run\nof more lines\nthree\n");
    }
    void aFileThatIsCutIsNoLongerShown()
    {
        QFETCH(const QByteArray, then);
        const QString path = m_dir.filePath(QStringLiteral("cut.log"));
        write(path, "one first line\ntwo\n");
        m_controller->openFile(path);
        QTest::qWait(20); // a file's time is no finer than the kernel's tick
        write(path, then);
        m_clock.advance(1s);
        QCOMPARE(m_controller->store(), nullptr);
        QCOMPARE(m_controller->state(), LogController::State::Failed);
        QCOMPARE(m_controller->error()->message,
                 QStringLiteral("“cut.log” was cut or written anew since it was opened: its lines "
                                "are no longer what was shown. Choose Read Again."));
        m_clock.advance(5s);
        m_controller->reopen();
        QCOMPARE(m_controller->state(), LogController::State::Complete);
        QCOMPARE(m_controller->store()->lineCount(), then.count('\n'));
        append(path, "and on\n");
        m_clock.advance(1s);
        QCOMPARE(m_controller->store()->lineCount(), then.count('\n') + 1);
    }

    void aFileThatIsRotatedIsToldAndKeepsItsLines()
    {
        using OnDisk = LogController::OnDisk;
        const QString path = m_dir.filePath(QStringLiteral("rotated.log"));
        const QString old = path + QStringLiteral(".1");
        write(path, "one\n");
        m_controller->openFile(path);
        QVERIFY(QFile::rename(path, old));
        m_clock.advance(1s);
        QCOMPARE(m_controller->onDisk(), OnDisk::Gone);
        append(old, "its last\n"); // the program has not noticed yet
        m_clock.advance(1s);
        QCOMPARE(m_controller->store()->lineCount(), 2);
        write(path, "new\n");
        m_clock.advance(1s);
        QCOMPARE(m_controller->onDisk(), OnDisk::Replaced);
        QCOMPARE(m_controller->store()->line(0), QByteArray("one"));
        m_controller->reopen();
        QCOMPARE(m_controller->onDisk(), OnDisk::Whole);
        QCOMPARE(m_controller->store()->line(0), QByteArray("new"));
    }

    void anotherLogIsNotFollowedAsAFile()
    {
        const QString path = m_dir.filePath(QStringLiteral("before.log"));
        write(path, "one\n");
        m_controller->openFile(path);
        m_controller->open(aJob, QStringLiteral("unit"));
        Q_EMIT m_source->stream->bytesArrived("a line\n");
        write(path, "");
        m_clock.advance(3s);
        QCOMPARE(m_controller->onDisk(), LogController::OnDisk::None);
        QCOMPARE(m_controller->store()->lineCount(), 1);
        m_controller->close();
        m_clock.advance(3s);
        QCOMPARE(m_controller->state(), LogController::State::Empty);
    }

private:
    static void put(const QString &path, const QByteArray &text, QIODevice::OpenMode how)
    {
        QFile file(path);
        QVERIFY(file.open(how));
        file.write(text);
    }
    static void write(const QString &path, const QByteArray &text)
    {
        put(path, text, QIODevice::WriteOnly); // cut first, in place
    }
    static void append(const QString &path, const QByteArray &text)
    {
        put(path, text, QIODevice::Append);
    }

    QTemporaryDir m_dir;
    FakeClock m_clock;
    std::unique_ptr<FakeLogSource> m_source;
    std::unique_ptr<LogController> m_controller;
};

QTEST_GUILESS_MAIN(TestLogFollow)
#include "testlogfollow.moc"
