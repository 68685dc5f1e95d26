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
        row("line ends", "ok\r", "ok");
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
        QTest::addColumn<int>("reach");
        QTest::addColumn<bool>("differs");
        QTest::addColumn<int>("leftLine");
        QTest::addColumn<int>("rightLine");
        const QByteArray common = "a\nb\nc\nd\n";
        QTest::newRow("the same") << common << common << 0 << false << 0 << 0;
        QTest::newRow("both empty") << QByteArray() << QByteArray() << 0 << false << 0 << 0;
        QTest::newRow("another line")
            << QByteArray("a\nb\nx\nd\n") << common << 0 << true << 2 << 2;
        QTest::newRow("the first line") << QByteArray("x\n") << common << 0 << true << 0 << 0;
        QTest::newRow("one ends early") << QByteArray("a\nb\n") << common << 0 << true << 2 << 2;
        QTest::newRow("a retry more, passed over")
            << QByteArray("a\nretry\nb\nc\nd\nFAILED\n") << QByteArray("a\nb\nc\nd\nok\n") << 4
            << true << 5 << 4;
        QTest::newRow("a retry more, not passed over")
            << QByteArray("a\nretry\nb\nc\nd\n") << common << 0 << true << 1 << 1;
        QTest::newRow("another order, passed over, then the same")
            << QByteArray("x\ny\na\nb\nc\nd\n") << QByteArray("y\nx\na\nb\nc\nd\n") << 4 << false
            << 0 << 0;
        QTest::newRow("beyond the reach") << QByteArray("1\nq\nw\ne\nr\nt\na\nb\nc\n")
                                          << QByteArray("a\nb\nc\n") << 3 << true << 0 << 0;
    }
    void theFirstDifferenceIsFound()
    {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QFETCH(int, reach);
        QFETCH(bool, differs);
        QFETCH(int, leftLine);
        QFETCH(int, rightLine);
        const auto difference = firstDifference(text(left), text(right), {}, reach);
        QCOMPARE(difference.has_value(), differs);
        if (differs) {
            QCOMPARE(difference->left, leftLine);
            QCOMPARE(difference->right, rightLine);
        }
        // It does not matter which of them is called left.
        const auto mirrored = firstDifference(text(right), text(left), {}, reach);
        QCOMPARE(mirrored.has_value(), differs);
        if (differs) {
            QCOMPARE(mirrored->left, rightLine);
            QCOMPARE(mirrored->right, leftLine);
        }
    }

    void theSearchGoesOnBehindADifference()
    {
        const LogText left = text("a\nx\nb\nc\nd\nz\n");
        const LogText right = text("a\ny\nb\nc\nd\nw\n");
        const auto first = firstDifference(left, right);
        QCOMPARE(first, (LogDifference{1, 1, 1}));
        const auto next = firstDifference(left, right, {first->left + 1, first->right + 1, 0});
        QCOMPARE(next, (LogDifference{5, 5, 3}));
    }

    void itCanBeGivenUp()
    {
        const std::atomic<bool> cancelled = true;
        QVERIFY(!firstDifference(text("a\n"), text("b\n"), {}, 0, &cancelled));
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
