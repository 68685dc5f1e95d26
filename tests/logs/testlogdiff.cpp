#include "logs/logdiff.h"
#include "logs/logstore.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestLogDiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatChangesWithEveryRunIsAlike_data()
    {
        QTest::addColumn<QByteArray>("one");
        QTest::addColumn<QByteArray>("other");
        const auto row = [](const char *name, const char *one, const char *other) {
            QTest::newRow(name) << QByteArray(one) << QByteArray(other);
        };
        row("stamps", "2026-11-24T12:57:36.1180021Z ok", "2026-11-25T01:02:03Z ok");
        row("durations", "212 passed in 10.5s", "212 passed in 9s");
        row("hashes", "HEAD is at 4be81c0 fix", "HEAD is at 9f3c2a1 fix");
        row("digests", "sha256:0011aabbccdd", "sha256:99ffeeddcc00");
        row("pointers", "at 0x7ffdead", "at 0x10");
        row("colours", "\x1b[32mok\x1b[0m", "ok");
        row("progress", "1 %\r50 %\r100 %", "100 %");
        row("a spinner", "⠙\x1b[1G\x1b[0K⠹\x1b[1G\x1b[0Kdone", "done");
        row("a bar that was erased", "2026-11-24T12:57:36Z 1 %\r9 %\r\x1b[K", "9 %");
        row("line ends", "ok\r", "ok");
        row("filled up to a width", "test_a PASSED  [  9%]", "test_a PASSED  [ 10%]");
        row("a full width", "test_a PASSED  [ 99%]", "test_a PASSED  [100%]");
        row("a number at the begin", "  7 passed", "112 passed");
    }
    void whatChangesWithEveryRunIsAlike()
    {
        QFETCH(QByteArray, one);
        QFETCH(QByteArray, other);
        QCOMPARE(comparableLine(one), comparableLine(other));
    }

    void whatIsSaidIsNotAlike_data()
    {
        QTest::addColumn<QByteArray>("one");
        QTest::addColumn<QByteArray>("other");
        const auto row = [](const char *name, const char *one, const char *other) {
            QTest::newRow(name) << QByteArray(one) << QByteArray(other);
        };
        row("another word", "test_a PASSED", "test_a FAILED");
        row("a word of hexadecimal letters", "decade", "facade");
        row("a minus sign", "exit -1", "exit 1");
        row("more words", "ok", "ok then");
        row("another indentation", "  return", "    return");
    }
    void whatIsSaidIsNotAlike()
    {
        QFETCH(QByteArray, one);
        QFETCH(QByteArray, other);
        QVERIFY(comparableLine(one) != comparableLine(other));
    }

    void theFirstDifferenceIsFound_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<bool>("differs");
        QTest::addColumn<int>("leftLine");
        QTest::addColumn<int>("rightLine");
        const QByteArray common = "a\nb\nc\nd\n";
        QTest::newRow("the same") << common << common << false << 0 << 0;
        QTest::newRow("both empty") << QByteArray() << QByteArray() << false << 0 << 0;
        QTest::newRow("another line") << QByteArray("a\nb\nx\nd\n") << common << true << 2 << 2;
        QTest::newRow("the first line") << QByteArray("x\n") << common << true << 0 << 0;
        QTest::newRow("one ends early") << QByteArray("a\nb\n") << common << true << 2 << 2;
        QTest::newRow("one is empty") << QByteArray() << common << true << 0 << 0;
        QTest::newRow("a line more")
            << QByteArray("a\nretry\nb\nc\nd\n") << common << true << 1 << 1;
    }
    void theFirstDifferenceIsFound()
    {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QFETCH(bool, differs);
        QFETCH(int, leftLine);
        QFETCH(int, rightLine);
        const auto difference = firstDifference(text(left), text(right));
        QCOMPARE(difference.has_value(), differs);
        if (differs) {
            QCOMPARE(difference->left, leftLine);
            QCOMPARE(difference->right, rightLine);
        }
        // It does not matter which of them is called left.
        const auto mirrored = firstDifference(text(right), text(left));
        QCOMPARE(mirrored.has_value(), differs);
        if (differs) {
            QCOMPARE(mirrored->left, rightLine);
            QCOMPARE(mirrored->right, leftLine);
        }
    }

    void behindADifferenceBothMeetAgain_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<int>("reach");
        QTest::addColumn<int>("leftLine"); // -1 = they do not
        QTest::addColumn<int>("rightLine");
        QTest::newRow("another line")
            << QByteArray("x\na\nb\nc\n") << QByteArray("y\na\nb\nc\n") << 5 << 1 << 1;
        QTest::newRow("a retry more")
            << QByteArray("retry\na\nb\nc\n") << QByteArray("a\nb\nc\n") << 5 << 1 << 0;
        QTest::newRow("another order")
            << QByteArray("x\ny\na\nb\nc\n") << QByteArray("y\nx\na\nb\nc\n") << 5 << 2 << 2;
        QTest::newRow("one equal line is an accident")
            << QByteArray("x\na\nq\n") << QByteArray("a\nr\ns\n") << 5 << -1 << -1;
        QTest::newRow("beyond the reach")
            << QByteArray("1\nq\nw\ne\na\nb\nc\n") << QByteArray("a\nb\nc\n") << 3 << -1 << -1;
        QTest::newRow("the common end")
            << QByteArray("x\na\n") << QByteArray("y\na\n") << 5 << 1 << 1;
    }
    void behindADifferenceBothMeetAgain()
    {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QFETCH(int, reach);
        QFETCH(int, leftLine);
        QFETCH(int, rightLine);
        const auto meeting = nextMeeting(text(left), text(right), {}, reach);
        QCOMPARE(meeting.has_value(), leftLine >= 0);
        if (meeting)
            QCOMPARE(*meeting, (LogDifference{leftLine, rightLine, 0}));
    }

    /// A test more, in a log whose lines between the names are the same ones in any order.
    void equalLinesOfALogThatRepeatsItselfAreNoMeeting()
    {
        const QByteArray before = "test_a PASSED\nbegin\nselect\nupdate\n";
        const QByteArray more = "test_b FAILED\nbegin\nupdate\nselect\nselect\n";
        const QByteArray after = "test_c PASSED\nbegin\nselect\nupdate\nupdate\nselect\n";
        const LogText left = text(before + more + after);
        const LogText right = text(before + after);
        const auto first = firstDifference(left, right);
        QCOMPARE(first, (LogDifference{4, 4, 4}));
        const auto meeting = nextMeeting(left, right, *first, 400);
        QCOMPARE(meeting, (LogDifference{9, 4, 0}));
        QVERIFY(!firstDifference(left, right, *meeting));
    }

    void aMeetingBeginsWithTheFirstLineThatIsAlike()
    {
        const LogText left = text("x\nq\nq\nq\nend\n");
        const LogText right = text("y\nz\nq\nq\nq\nend\n");
        QCOMPARE(nextMeeting(left, right, {}, 10), (LogDifference{1, 2, 0}));
    }

    void theSearchGoesOnBehindADifference()
    {
        const LogText left = text("a\nx\nb\nc\nd\nz\n");
        const LogText right = text("a\ny\nb\nc\nd\nw\n");
        const auto first = firstDifference(left, right);
        QCOMPARE(first, (LogDifference{1, 1, 1}));
        const auto meeting = nextMeeting(left, right, *first, 5);
        QCOMPARE(meeting, (LogDifference{2, 2, 0}));
        QCOMPARE(firstDifference(left, right, *meeting), (LogDifference{5, 5, 3}));
    }

    void itCanBeGivenUp()
    {
        const std::atomic<bool> cancelled = true;
        QVERIFY(!firstDifference(text("a\n"), text("b\n"), {}, &cancelled));
    }

private:
    LogText text(const QByteArray &bytes)
    {
        auto store = LogStore::create(m_dir.path());
        if (!store || !(*store)->append(bytes) || !(*store)->finish())
            return {};
        return (*store)->text();
    }

    QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(TestLogDiff)
#include "testlogdiff.moc"
