#include "logs/logstore.h"
#include "support/accessiblenames.h"
#include "support/places.h"
#include "ui/logs/logcompare.h"
#include "ui/logs/logview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace pilothouse;

namespace {

QByteArray run(const char *hour, int lines, const QByteArray &at200)
{
    QByteArray text;
    for (int i = 0; i < lines; ++i) {
        text += QByteArray("2026-11-24T") + hour + ":30:00Z ";
        text += i == 200
                    ? at200
                    : "\x1b[32m\xe2\x9c\x93\x1b[0m tests/test_" + QByteArray(1, char('a' + i % 26))
                          + ".py::test PASSED in " + QByteArray(hour) + " ms";
        text += '\n';
    }
    return text;
}

} // namespace

class TestLogCompare : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void bothStandAtTheFirstDifference()
    {
        LogCompare compare;
        show(compare, run("12", 400, "tests/test_org.py::test FAILED"),
             run("09", 400, "tests/test_org.py::test PASSED"));
        QTRY_VERIFY(compare.difference());
        QCOMPARE(compare.leftView()->currentLine(), 200);
        QCOMPARE(compare.rightView()->currentLine(), 200);
        QVERIFY2(compare.sentence().contains(QLatin1String("line 201 here, line 201 there")),
                 qPrintable(compare.sentence()));
        QVERIFY(compare.grab().save(QStringLiteral(PILOTHOUSE_BINARY_DIR "/log-compare.png")));
    }

    void theyScrollTogetherKeepingTheirDistance()
    {
        LogCompare compare;
        show(compare, run("12", 400, "FAILED"), "one line more\n" + run("09", 400, "PASSED"));
        QTRY_VERIFY(compare.difference());
        QCOMPARE(compare.difference()->left, 0);
        compare.findNext();
        QTRY_COMPARE(compare.difference()->left, 200);
        QCOMPARE(compare.difference()->right, 201);
        compare.leftView()->verticalScrollBar()->setValue(50);
        QCOMPARE(compare.rightView()->firstVisibleLine(), 51);
        compare.rightView()->verticalScrollBar()->setValue(101);
        QCOMPARE(compare.leftView()->firstVisibleLine(), 100);
    }

    void theNextDifferenceIsFoundOrThatThereIsNone()
    {
        LogCompare compare;
        show(compare, "a\nx\nb\nc\nd\nq\n", "a\ny\nb\nc\nd\nw\n");
        auto *next = compare.findChild<QToolButton *>(QStringLiteral("nextDifferenceButton"));
        QTRY_VERIFY(next->isEnabled());
        QCOMPARE(compare.difference()->left, 1);
        QCOMPARE(nameless(compare), QString());
        next->click();
        QTRY_COMPARE(compare.difference()->left, 5);
        QTRY_VERIFY(next->isEnabled());
        next->click();
        QTRY_VERIFY2(compare.sentence().startsWith(QLatin1String("No further difference")),
                     qPrintable(compare.sentence()));
        QVERIFY(!next->isEnabled());
    }

    void whatSaysTheSameIsCalledSo()
    {
        LogCompare compare;
        show(compare, run("12", 30, "ok"), run("09", 30, "ok"));
        QTRY_VERIFY(compare.sentence().startsWith(QLatin1String("Both say the same")));
    }

    void itMayBeClosedWhileItSearches()
    {
        LogCompare compare;
        show(compare, run("12", 30'000, "ok"), run("09", 30'000, "ok"));
    }

private:
    void show(LogCompare &compare, const QByteArray &left, const QByteArray &right)
    {
        compare.resize(1200, 500);
        compare.show();
        compare.setLogs(store(left), QStringLiteral("run 6998"), store(right),
                        QStringLiteral("run 6990, last green"));
    }

    std::shared_ptr<const LogStore> store(const QByteArray &text)
    {
        auto made = LogStore::create(m_dir.path());
        if (!made || !(*made)->append(text) || !(*made)->finish())
            return {};
        return std::move(*made);
    }

    QTemporaryDir m_dir;
};

QTEST_MAIN(TestLogCompare)
#include "testlogcompare.moc"
