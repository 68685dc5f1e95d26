#include "document/duration.h"
#include "document/nearestword.h"
#include "document/problem.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class ProblemsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areToldOnceInTheOrderOfTheFile();
    void areKeptToALimit();
    void becomeOneError();
    void findTheNearestWord_data();
    void findTheNearestWord();
    void durationsAreRead_data();
    void durationsAreRead();
    void durationsAreWrittenAsTheyAreRead_data();
    void durationsAreWrittenAsTheyAreRead();
};

void ProblemsTest::areToldOnceInTheOrderOfTheFile()
{
    Problems problems(QStringLiteral("w.yaml"));
    problems.add({3, 1}, QStringLiteral("third"));
    problems.add({1, 9}, QStringLiteral("second"), QStringLiteral("name"));
    problems.add({}, QStringLiteral("first"));
    problems.add({3, 1}, QStringLiteral("fourth"));
    problems.add({3, 1}, QStringLiteral("third"));

    QStringList texts;
    for (const Problem &problem : problems.list())
        texts.append(problem.toString());
    QCOMPARE(texts, (QStringList{QStringLiteral("w.yaml: first"),
                                 QStringLiteral("w.yaml:1:9: second; did you mean \"name\"?"),
                                 QStringLiteral("w.yaml:3:1: third"),
                                 QStringLiteral("w.yaml:3:1: fourth")}));
}

void ProblemsTest::areKeptToALimit()
{
    Problems problems(QStringLiteral("w.yaml"));
    for (int line = 1; line <= 1000; ++line)
        problems.add({line, 1}, QStringLiteral("warning"), {}, Problem::Severity::Warning);
    QCOMPARE(int(problems.list().size()), Problems::most);
    problems.add({2000, 1}, QStringLiteral("error"));
    QVERIFY(problems.hasErrors());
    QCOMPARE(problems.list().last().message, QStringLiteral("error"));
}

void ProblemsTest::becomeOneError()
{
    Problems problems(QStringLiteral("w.yaml"));
    QVERIFY(!problems.hasErrors());
    problems.add({1, 1}, QStringLiteral("only a warning"), {}, Problem::Severity::Warning);
    QVERIFY(!problems.hasErrors());
    problems.add({2, 1}, QStringLiteral("one"));
    QCOMPARE(problems.toError().message, QStringLiteral("w.yaml:2:1: one"));

    problems.add({4, 1}, QStringLiteral("two"));
    problems.add({5, 1}, QStringLiteral("three"));
    const Error error = problems.toError();
    QCOMPARE(error.kind, ErrorKind::BadInput);
    QCOMPARE(error.message, QStringLiteral("w.yaml:2:1: one (and 2 more)"));
    QCOMPARE(error.detail, QStringLiteral("w.yaml:2:1: one\nw.yaml:4:1: two\nw.yaml:5:1: three"));
}

void ProblemsTest::findTheNearestWord_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("nearest");

    const auto row = [](const char *name, const char *word, const char *nearest) {
        QTest::newRow(name) << QString::fromLatin1(word) << QString::fromLatin1(nearest);
    };
    row("a letter is missing", "weigt", "weight");
    row("a letter is too many", "weigtht", "weight");
    row("two letters are swapped", "wieght", "weight");
    row("a swap in a short word", "bkae", "bake");
    row("capitals do not matter", "Critical", "critical");
    row("a dash for an underscore", "min-samples", "min_samples");
    row("a plural", "weights", "weight");
    row("the nearer one of two", "stage", "stages");
    row("nothing is near", "kubernetes", "");
    row("a short word is not near to everything", "x", "");
    row("an empty word is near to nothing", "", "");
}

void ProblemsTest::findTheNearestWord()
{
    QFETCH(QString, word);
    QFETCH(QString, nearest);
    const QStringList keys{QStringLiteral("weight"),      QStringLiteral("bake"),
                           QStringLiteral("critical"),    QStringLiteral("min_samples"),
                           QStringLiteral("stable_for_"), QStringLiteral("stages")};
    QCOMPARE(nearestWord(word, keys), nearest);
}

void ProblemsTest::durationsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds"); // -1: refused

    const auto row = [](const char *name, const char *text, std::chrono::milliseconds duration) {
        QTest::newRow(name) << QString::fromUtf8(text) << qint64(duration.count());
    };
    row("milliseconds", "250ms", 250ms);
    row("seconds", "30s", 30s);
    row("minutes", "5m", 5min);
    row("hours", "2h", 2h);
    row("days", "3d", 72h);
    row("no time at all", "0s", 0s);
    row("a number without a unit", "30", -1ms);
    row("a unit without a number", "s", -1ms);
    row("a unit that is none", "5min", -1ms);
    row("a capital unit", "5M", -1ms);
    row("a blank between", "5 m", -1ms);
    row("a fraction", "1.5h", -1ms);
    row("a negative one", "-5m", -1ms);
    row("two units", "1h30m", -1ms);
    row("digits of another script", "٣s", -1ms);
    row("longer than a 64-bit number", "99999999999999999999999d", -1ms);
    row("longer than a thousand years", "365001d", -1ms);
    row("exactly a thousand years", "365000d", 365000 * 24h);
    row("nothing", "", -1ms);
}

void ProblemsTest::durationsAreRead()
{
    QFETCH(QString, text);
    QFETCH(qint64, milliseconds);
    QCOMPARE(qint64(parseDuration(text).value_or(-1ms).count()), milliseconds);
}

void ProblemsTest::durationsAreWrittenAsTheyAreRead_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"0s", "1ms", "1500ms", "90s", "5m", "90m", "2h", "3d", "36h"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void ProblemsTest::durationsAreWrittenAsTheyAreRead()
{
    QFETCH(QString, text);
    const auto duration = parseDuration(text);
    QVERIFY(duration.has_value());
    QCOMPARE(formatDuration(*duration), text);
}

QTEST_GUILESS_MAIN(ProblemsTest)
#include "problemstest.moc"
