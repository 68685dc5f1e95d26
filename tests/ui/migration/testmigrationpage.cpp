#include "migration/migrationworld.h"
#include "support/accessiblenames.h"
#include "ui/action/confirmationdialog.h"
#include "ui/migration/changedetails.h"
#include "ui/migration/migrationpage.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

constexpr int rowsOfTable = 100'000;

/// The page over a controller whose database does what it is told.
struct Room : World
{
    explicit Room(const Facts &facts)
    {
        obey();
        database.now = facts;
        controller.start();
        page = std::make_unique<MigrationPage>(controller);
        page->resize(1280, 800);
        page->show();
    }

    template <typename T>
    [[nodiscard]] T *find(const char *name) const
    {
        return page->findChild<T *>(QLatin1String(name));
    }
    [[nodiscard]] QPushButton *button(const char *name) const { return find<QPushButton>(name); }
    void press(const char *name) const { QTest::mouseClick(button(name), Qt::LeftButton); }
    [[nodiscard]] ConfirmationDialog *dialog() const
    {
        return page->findChild<ConfirmationDialog *>();
    }
    template <typename T>
    [[nodiscard]] T *ofDialog(const char *name) const
    {
        return dialog()->findChild<T *>(QLatin1String(name));
    }
    void confirm() const
    {
        QTest::mouseClick(ofDialog<QPushButton>("confirmButton"), Qt::LeftButton);
    }
    /// Nobody presses anything for that long.
    void pass(std::chrono::seconds time)
    {
        clock.advance(time);
        database.receivedAt = clock.sinceBoot();
        QCoreApplication::processEvents();
    }
    void choose(StepId id) const
    {
        const QList<StepView> steps = controller.view(key())->steps;
        const auto at = std::find_if(steps.begin(), steps.end(),
                                     [id](const StepView &each) { return each.step.id == id; });
        find<QTableView>("checklist")->selectRow(int(at - steps.begin()));
    }
    /// The statements that were sent: "run E1".
    [[nodiscard]] QStringList ran() const
    {
        QStringList runs = database.said.filter(QRegularExpression(QStringLiteral("^run ")));
        runs.removeDuplicates();
        return runs;
    }

    std::unique_ptr<MigrationPage> page;
};

/// Every batch takes 200 ms and goes on where the last one stopped; after the last row it is over.
void fillIn(Room &room)
{
    room.database.onBatch = [&room](int size) {
        BackfillRow &row = *room.database.now.backfill;
        BatchAnswer answer;
        answer.took = 200ms;
        answer.scanned = answer.written = std::min<qint64>(size, rowsOfTable - row.rowsScanned);
        row.rowsTotal = rowsOfTable;
        row.rowsScanned += answer.scanned;
        if (row.rowsScanned >= rowsOfTable) {
            answer.end = BatchAnswer::End::Finished;
            room.database.now.nulls->rows = 0;
        }
        return answer;
    };
}

} // namespace

/// Every button of the Migrations page, pressed.
class TestMigrationPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void theFactsSayTheirAge()
    {
        Room room(expandedFacts());
        const auto tells = [&room](const char *words) {
            const auto labels = room.page->findChildren<QLabel *>();
            return std::any_of(labels.cbegin(), labels.cend(), [words](const QLabel *label) {
                return label->text().contains(QLatin1String(words));
            });
        };
        QTRY_VERIFY(tells("read just now"));
        room.clock.advance(41s); // whatever is answered meanwhile was read then
        room.page->details()->refreshAges();
        QVERIFY(tells("read 41 s ago"));
    }

    void aStepRunsOnceItIsConfirmed()
    {
        Room room(untouchedFacts());
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        QCOMPARE(room.button("runStepButton")->text(), QStringLiteral("Run E1…"));
        QCOMPARE(nameless(*room.page), QString());
        room.press("runStepButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(nameless(*dialog), QString());
        QTest::keyClick(dialog, Qt::Key_Return); // nothing is typed: Cancel is the default
        QTRY_VERIFY(!dialog);
        QCOMPARE(room.ran(), QStringList());
        QVERIFY(room.journal.records().isEmpty());

        room.press("runStepButton");
        dialog = room.dialog();
        room.confirm();
        QTRY_VERIFY(!dialog);
        QCOMPARE(room.ran(), QStringList{QStringLiteral("run E1")});
        QVERIFY(room.database.now.column);
        QTRY_COMPARE(room.journal.records().size(), 2);
        QCOMPARE(room.journal.records()[1].kind, RecordKind::Outcome);
        // The page goes on to the next step by itself.
        QTRY_COMPARE(room.button("runStepButton")->text(), QStringLiteral("Run E2…"));
        QVERIFY(
            room.find<QLabel>("progressWords")->text().startsWith(QStringLiteral("E1 done at ")));
    }

    void contractRunsWhenItsWordsAreTyped()
    {
        Room room(migratedFacts());
        room.ready();
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        QTRY_COMPARE(room.button("runStepButton")->text(), QStringLiteral("Run C1 to C4…"));
        room.press("runStepButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        auto *typed = room.ofDialog<QLineEdit>("typedField");
        QTRY_VERIFY(typed->hasFocus());
        QTest::keyClicks(typed, QStringLiteral("organization_id"));
        QTest::keyClick(typed, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        QVERIFY(!room.ofDialog<QPushButton>("confirmButton")->isEnabled());
        QCOMPARE(room.ran(), QStringList());
        QTest::keyClicks(typed, QStringLiteral(" not null"));
        QTest::keyClick(typed, Qt::Key_Return);
        QTRY_VERIFY(!dialog);
        QCOMPARE(room.ran(), QStringList({QStringLiteral("run C1"), QStringLiteral("run C2"),
                                          QStringLiteral("run C3"), QStringLiteral("run C4")}));
        QVERIFY(room.database.now.column->notNull);
        QTRY_COMPARE(room.button("runStepButton")->text(), QStringLiteral("Run C5…"));
    }

    void whatIsRefusedCannotBePressed()
    {
        Room room(migratedFacts()); // nobody told which code runs
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        room.choose(StepId::C1);
        QVERIFY(!room.button("runStepButton")->isEnabled());
        QCOMPARE(room.button("runStepButton")->toolTip(),
                 QStringLiteral("not known which code runs"));
        room.press("runStepButton");
        QVERIFY(!room.dialog());
    }

    void aBackfillIsBegunPausedAndResumed()
    {
        Room room(expandedFacts());
        fillIn(room);
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        room.choose(StepId::M2);
        room.press("runStepButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        room.confirm();
        QTRY_VERIFY(!dialog); // it makes room for the progress
        room.pass(3s);
        QPushButton *pause = room.button("pauseButton");
        QVERIFY(pause->isVisible());
        QVERIFY(!room.button("stopButton")->isVisible());
        QCOMPARE(pause->text(), QStringLiteral("Pause"));
        QVERIFY(!room.button("runStepButton")->isEnabled());
        QVERIFY(room.find<QProgressBar>("backfillProgress")->value() > 0);
        QCOMPARE(nameless(*room.page), QString());

        room.press("pauseButton");
        room.pass(1s);
        QTRY_COMPARE(pause->text(), QStringLiteral("Resume"));
        const qint64 paused = room.database.now.backfill->rowsScanned;
        QVERIFY(paused > 0 && paused < rowsOfTable);
        QCOMPARE(room.database.now.backfill->state, BackfillRow::State::Paused);
        room.pass(5s);
        QCOMPARE(room.database.now.backfill->rowsScanned, paused); // it stands

        room.press("pauseButton");
        room.pass(1s);
        QTRY_COMPARE(pause->text(), QStringLiteral("Pause"));
        QVERIFY(room.database.now.backfill->rowsScanned > paused);
        const auto isOver = [&room] {
            return room.database.now.backfill->state == BackfillRow::State::Verified;
        };
        for (int i = 0; i < 60 && !isOver(); ++i)
            room.pass(1s);
        QCOMPARE(room.database.now.backfill->rowsScanned, qint64(rowsOfTable));
        QVERIFY(isOver());
        QTRY_VERIFY(!pause->isVisible());
    }

    void aBackfillOfAnotherConsoleIsPausedFromHere()
    {
        Facts facts = expandedFacts();
        BackfillRow &row = facts.backfill.emplace();
        row.runnerAlive = true;
        row.runnerPid = 4711;
        row.rowsScanned = 1000;
        row.rowsTotal = 2000;
        Room room(facts);
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        QPushButton *pause = room.button("pauseButton");
        QTRY_VERIFY(pause->isVisible());
        QCOMPARE(pause->text(), QStringLiteral("Pause…"));
        room.press("pauseButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(room.database.now.backfill->state, BackfillRow::State::Running);
        room.confirm();
        QTRY_VERIFY(!dialog);
        QCOMPARE(room.database.now.backfill->state, BackfillRow::State::Paused);
        QCOMPARE(room.database.now.backfill->pausedReason,
                 QStringLiteral("paused by A. Muster from the Migrations page"));
        QTRY_COMPARE(pause->text(), QStringLiteral("Resume"));
    }

    void aStatementThatWaitsIsStopped()
    {
        Room room(untouchedFacts());
        room.database.now.recordKept = true;
        int tries = 0;
        room.database.onRun = [&tries](const StatementGroup &, const RunTag &) {
            ++tries;
            return TryAnswer::End::LockTimedOut;
        };
        room.controller.start();
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        QVERIFY(!room.button("stopButton")->isVisible());
        room.press("runStepButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        room.confirm();
        QTRY_VERIFY(!dialog);
        QVERIFY(room.button("stopButton")->isVisible());
        QVERIFY(!room.button("pauseButton")->isVisible());
        QCOMPARE(room.find<QLabel>("progressWords")->text(),
                 QStringLiteral("waits for the next try · try 1 of 20"));
        room.press("stopButton");
        QTRY_VERIFY(!room.button("stopButton")->isVisible());
        QVERIFY2(room.find<QLabel>("progressWords")
                     ->text()
                     .contains(QStringLiteral("nothing was changed")),
                 qPrintable(room.find<QLabel>("progressWords")->text()));
        room.pass(60s);
        QCOMPARE(tries, 1);
        QVERIFY(!room.database.now.column);
    }

    void whoIsInTheWayIsCancelledThroughTheConfirmation()
    {
        Room room(untouchedFacts());
        room.database.now.recordKept = true;
        room.database.waits = true;
        Blocker report;
        report.pid = 4711;
        report.user = QStringLiteral("report");
        report.app = QStringLiteral("report-nightly");
        report.state = QStringLiteral("active");
        room.controller.start();
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        room.press("runStepButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        room.confirm();
        QTRY_VERIFY(!dialog);
        QVERIFY(!room.button("cancelBlockerButton")->isVisible());
        room.database.holders = {report};
        room.pass(1s);
        QVERIFY(room.button("cancelBlockerButton")->isVisible());
        QVERIFY2(room.find<QLabel>("waitWords")
                     ->text()
                     .startsWith(QStringLiteral("In the way: report-nightly (pid 4711), active")),
                 qPrintable(room.find<QLabel>("waitWords")->text()));
        QCOMPARE(nameless(*room.page), QString());

        room.press("cancelBlockerButton");
        dialog = room.dialog();
        QVERIFY(dialog);
        const QString cancelled = QStringLiteral("cancel 4711");
        QTest::keyClicks(room.ofDialog<QLineEdit>("reasonField"), QStringLiteral("it can wait"));
        QVERIFY(!room.database.said.contains(cancelled));
        room.confirm();
        QTRY_VERIFY(!dialog);
        QCOMPARE(room.database.said.count(cancelled), 1);
        QVERIFY(!room.database.now.column);
        room.database.letGo();
        QTRY_VERIFY(room.database.now.column);
        room.pass(1s);
        QTRY_VERIFY(!room.button("cancelBlockerButton")->isVisible());
    }

    void aStepIsTakenBackWhenItsColumnIsTyped()
    {
        Facts facts = expandedFacts();
        facts.trigger = false;
        facts.nulls.reset();
        Room room(facts);
        room.database.onRun = [&room](const StatementGroup &, const RunTag &) {
            room.database.now.column.reset();
            return TryAnswer::End::Done;
        };
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        QVERIFY(!room.button("undoStepButton")->isVisible()); // E2, the next one, is not done
        room.choose(StepId::E1);
        QVERIFY(room.button("undoStepButton")->isEnabled());
        QVERIFY(!room.button("runStepButton")->isVisible());
        room.press("undoStepButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
        QVERIFY(room.database.now.column);

        room.press("undoStepButton");
        dialog = room.dialog();
        QCOMPARE(room.ofDialog<QPushButton>("confirmButton")->text(), QStringLiteral("Undo E1"));
        QTest::keyClicks(room.ofDialog<QLineEdit>("reasonField"), QStringLiteral("wrong type"));
        QVERIFY(!room.ofDialog<QPushButton>("confirmButton")->isEnabled());
        QTest::keyClicks(room.ofDialog<QLineEdit>("typedField"),
                         QStringLiteral("public.conversations.organization_id"));
        room.confirm();
        QTRY_VERIFY(!dialog);
        QVERIFY(!room.database.now.column);
        QTRY_COMPARE(room.journal.records().size(), 2);
        QCOMPARE(room.journal.records()[0].body.value(QStringLiteral("undo")).toBool(), true);
        QCOMPARE(room.journal.records()[0].body.value(QStringLiteral("reason")).toString(),
                 QStringLiteral("wrong type"));
        QTRY_COMPARE(room.button("runStepButton")->text(), QStringLiteral("Run E1…"));
    }

    void whatALaterStepNeedsIsNotTakenBack()
    {
        Room room(expandedFacts());
        QVERIFY(QTest::qWaitForWindowExposed(room.page.get()));
        room.choose(StepId::E1);
        QVERIFY(!room.button("undoStepButton")->isEnabled());
        QCOMPARE(room.button("undoStepButton")->toolTip(),
                 QStringLiteral("E2 has to be taken back first"));
    }
};

QTEST_MAIN(TestMigrationPage)
#include "testmigrationpage.moc"
