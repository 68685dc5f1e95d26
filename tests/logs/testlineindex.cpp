#include "logs/lineindex.h"
#include "logs/lineset.h"
#include "logs/logfile.h"
#include "logs/newlinescan.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <set>
#include <vector>

using namespace pilothouse;

namespace {

/// Bytes with a newline on average every `mean`, the same for the same seed.
QByteArray sample(qsizetype size, int mean, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray bytes(size, 'x');
    for (char &c : bytes) {
        if (random.bounded(mean) == 0)
            c = '\n';
    }
    return bytes;
}

/// Places after each newline, by one pass or as many as a small room takes.
std::vector<quint32> placesBy(NewlineScan scan, const QByteArray &bytes, qsizetype room)
{
    std::vector<quint32> all;
    std::vector<quint32> out(size_t(room), 0);
    qsizetype at = 0;
    while (at < bytes.size()) {
        const ScannedPart part
            = scan(bytes.constData() + at, bytes.size() - at, quint32(at), out.data(), room);
        all.insert(all.end(), out.begin(), out.begin() + part.found);
        if (part.bytes == 0)
            break;
        at += part.bytes;
    }
    return all;
}

std::vector<qint64> startsOf(const QByteArray &text)
{
    std::vector<qint64> starts;
    for (qint64 at = 0; at < text.size(); at = text.indexOf('\n', at) + 1) {
        starts.push_back(at);
        if (text.indexOf('\n', at) < 0)
            break;
    }
    return starts;
}

} // namespace

class TestLineIndex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFastScanFindsWhatThePortableOneFinds_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("mean");
        for (const int size : {0, 1, 31, 63, 64, 65, 127, 4096, 100'003}) {
            for (const int mean : {1, 2, 17, 97, 5000})
                QTest::addRow("%d bytes, a newline every %d", size, mean) << size << mean;
        }
    }
    void theFastScanFindsWhatThePortableOneFinds()
    {
        QFETCH(int, size);
        QFETCH(int, mean);
        const QByteArray bytes = sample(size, mean, quint32(size * 31 + mean));
        std::vector<quint32> expected;
        for (qsizetype at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1))
            expected.push_back(quint32(at) + 1);
        for (const qsizetype room :
             {newlineSlack + 1, newlineSlack + 100, newlineSlack + 200'000}) {
            QCOMPARE(placesBy(scanNewlinesPortably, bytes, room), expected);
            QCOMPARE(placesBy(fastestNewlineScan(), bytes, room), expected);
        }
    }

    void controlsAreFoundWhereverTheyStand_data()
    {
        theFastScanFindsWhatThePortableOneFinds_data();
    }
    void controlsAreFoundWhereverTheyStand()
    {
        QFETCH(int, size);
        QFETCH(int, mean);
        QByteArray bytes = sample(size, mean, quint32(size + mean));
        for (qsizetype at = 0; at < bytes.size(); ++at) {
            if (bytes[at] == '\n')
                bytes[at] = at % 3 == 0 ? '\x1b' : at % 3 == 1 ? '\r' : '\n';
        }
        std::vector<quint32> fast(size_t(size) + 1);
        std::vector<quint32> plain(size_t(size) + 1);
        fast.resize(size_t(findControls(bytes.constData(), size, fast.data())));
        plain.resize(size_t(findControlsPortably(bytes.constData(), size, plain.data())));
        QCOMPARE(fast, plain);
        QCOMPARE(qsizetype(plain.size()), bytes.count('\x1b') + bytes.count('\r'));

        fast.resize(size_t(size) + 1);
        plain.resize(size_t(size) + 1);
        fast.resize(size_t(findEscapes(bytes.constData(), size, fast.data())));
        plain.resize(size_t(findEscapesPortably(bytes.constData(), size, plain.data())));
        QCOMPARE(fast, plain);
        QCOMPARE(qsizetype(plain.size()), bytes.count('\x1b'));
    }

    void theIndexKnowsEveryLineHoweverTheBytesAreCut_data()
    {
        QTest::addColumn<int>("mean");
        QTest::addColumn<int>("piece");
        QTest::newRow("a line a byte, at once") << 1 << 400'000;
        QTest::newRow("short lines in sevens") << 5 << 7;
        QTest::newRow("more lines than a block has") << 2 << 4096;
        QTest::newRow("long lines") << 9000 << 1000;
    }
    void theIndexKnowsEveryLineHoweverTheBytesAreCut()
    {
        QFETCH(int, mean);
        QFETCH(int, piece);
        const QByteArray text = sample(300'000, mean, 7) + "the end";
        const std::vector<qint64> starts = startsOf(text);
        LineIndex index;
        for (qsizetype at = 0; at < text.size(); at += piece)
            index.take(text.constData() + at, std::min<qsizetype>(piece, text.size() - at));
        QCOMPARE(index.lineCount(), qint64(starts.size()));
        for (size_t line = 0; line < starts.size(); line += 1 + line / 50) {
            QCOMPARE(index.start(qint64(line)), starts[line]);
            QCOMPARE(index.lineAt(starts[line]), qint64(line));
            if (line > 0)
                QCOMPARE(index.lineAt(starts[line] - 1), qint64(line) - 1);
            const qint64 end = index.start(qint64(line) + 1);
            for (const size_t from : {size_t(0), line / 2, line, line + 1, line + 1000}) {
                QCOMPARE(index.lineAt(starts[line], qint64(from)), qint64(line));
                QCOMPARE(index.lineAt(end - 1, qint64(from)), qint64(line));
            }
        }
        QCOMPARE(index.lineAt(text.size(), 0), index.lineCount() - 1);
        QCOMPARE(index.lineAt(text.size() + 10, index.lineCount() - 1), index.lineCount() - 1);
        QCOMPARE(index.start(index.lineCount()), text.size());
    }

    void anEmptyTextHasNoLine()
    {
        LineIndex index;
        QCOMPARE(index.lineCount(), 0);
        QCOMPARE(index.start(0), 0);
        QCOMPARE(index.lineAt(0), 0);
    }

    void aNewlineAtTheEndBeginsNoLine()
    {
        LineIndex index;
        index.take("a\nb\n", 4);
        QCOMPARE(index.lineCount(), 2);
        index.take("c", 1);
        QCOMPARE(index.lineCount(), 3);
        QCOMPARE(index.endedLines(), 2);
    }

    void aSnapshotDoesNotSeeWhatComesLater()
    {
        LineIndex index;
        index.take("a\nb\n", 4);
        const LineIndex snapshot = index;
        index.take("c\nd\n", 4);
        QCOMPARE(snapshot.lineCount(), 2);
        QCOMPARE(snapshot.size(), 4);
        QCOMPARE(index.lineCount(), 4);
        QCOMPARE(index.start(3), 6);
    }

    void halvesAreJoinedInsideALine()
    {
        const QByteArray text = sample(1'000'000, 3, 11);
        LineIndex whole;
        whole.take(text.constData(), text.size());
        const qint64 cut = 333'333;
        LineIndex first;
        first.take(text.constData(), cut);
        LineIndex second(cut);
        second.take(text.constData() + cut, text.size() - cut);
        first.join(std::move(second));
        QCOMPARE(first.lineCount(), whole.lineCount());
        for (qint64 line = 0; line < whole.lineCount(); line += 997) {
            QCOMPARE(first.start(line), whole.start(line));
            QCOMPARE(first.lineAt(whole.start(line)), line);
        }
        first.take("more\n", 5);
        whole.take("more\n", 5);
        QCOMPARE(first.lineCount(), whole.lineCount());
        QCOMPARE(first.start(whole.lineCount() - 1), whole.start(whole.lineCount() - 1));
    }

    void aLineLongerThanThirtyTwoBitsIsNoLimit()
    {
        // The bytes are never looked at twice: a mebibyte stands for each of 4,100.
        const QByteArray mebibyte(1 << 20, 'y');
        LineIndex index;
        index.take("first\n", 6);
        for (int i = 0; i < 4100; ++i)
            index.take(mebibyte.constData(), mebibyte.size());
        index.take("\nlast\n", 6);
        const qint64 longLine = 4100LL << 20;
        QCOMPARE(index.lineCount(), 3);
        QCOMPARE(index.start(1), 6);
        QCOMPARE(index.start(2), 6 + longLine + 1);
        QCOMPARE(index.lineAt(longLine), 1);
        QCOMPARE(index.lineAt(6 + longLine + 2), 2);
    }

    void aLargeFileIsIndexedByTwoThreadsAsByOne()
    {
        QTemporaryDir dir;
        auto file = LogFile::create(dir.path());
        QVERIFY(file);
        const QByteArray text = sample(12 << 20, 60, 5);
        QVERIFY((*file)->append(text));
        ReadProgress progress;
        const LineIndex index = indexFile(**file, (*file)->size(), progress);
        LineIndex plain;
        plain.take(text.constData(), text.size());
        QCOMPARE(progress.bytes.load(), text.size());
        QCOMPARE(index.lineCount(), plain.lineCount());
        for (qint64 line = 0; line < plain.lineCount(); line += 101)
            QCOMPARE(index.start(line), plain.start(line));
    }

    void theLastLinesNeedNoIndex_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<QByteArray>>("last");
        QTest::newRow("nothing") << QByteArray() << QList<QByteArray>();
        QTest::newRow("fewer than asked") << QByteArray("a\nb\n") << QList<QByteArray>{"a", "b"};
        QTest::newRow("an open end")
            << QByteArray("a\nb\nc\nd") << QList<QByteArray>{"b", "c", "d"};
        QTest::newRow("empty lines count")
            << QByteArray("a\n\n\n") << QList<QByteArray>{"a", "", ""};
        QTest::newRow("far from the end")
            << QByteArray("one\ntwo\n" + QByteArray(200'000, 'z') + "\r\nend\n")
            << QList<QByteArray>{"two", QByteArray(64 << 10, 'z'), "end"};
    }
    void theLastLinesNeedNoIndex()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<QByteArray>, last);
        QTemporaryDir dir;
        auto file = LogFile::create(dir.path());
        QVERIFY(file);
        QVERIFY((*file)->append(text));
        QCOMPARE(lastLines(**file, 3), last);
    }

    void aSetOfLinesAnswersLikeAnOrdinarySet()
    {
        QRandomGenerator random(3);
        LineSet set;
        std::vector<qint64> plain;
        qint64 line = 0;
        for (int i = 0; i < 3000; ++i) {
            line += 1 + random.bounded(i % 500 == 0 ? 20'000 : 40);
            set.add(line);
            plain.push_back(line);
        }
        QCOMPARE(set.size(), plain.size());
        QCOMPARE(std::vector<qint64>(set.begin(), set.end()), plain);
        for (size_t i = 0; i < plain.size(); i += 13) {
            QCOMPARE(set.at(qint64(i)), plain[i]);
            QCOMPARE(set.before(plain[i]), qint64(i));
            QVERIFY(set.contains(plain[i]));
            QCOMPARE(set.next(plain[i] - 1), plain[i]);
            QCOMPARE(set.previous(plain[i] + 1), plain[i]);
            QCOMPARE(set.previous(plain[i]), i == 0 ? -1 : plain[i - 1]);
        }
        QCOMPARE(set.at(3000), -1);
        QCOMPARE(set.next(line), -1);
        QVERIFY(!set.contains(line + 1));

        const qint64 from = plain[1000];
        set.removeFrom(from);
        plain.resize(1000);
        QCOMPARE(std::vector<qint64>(set.begin(), set.end()), plain);
        set.addRange(from, from + 200);
        QCOMPARE(set.size(), size_t(1201));
        QCOMPARE(set.at(1200), from + 200);
    }
};

QTEST_GUILESS_MAIN(TestLineIndex)
#include "testlineindex.moc"
