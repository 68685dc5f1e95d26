#include "pipeline/act/fakecontrol.h"
#include "release/moving/movingrunsdesk.h"
#include "release/seen/seensource.h"
#include "support/accessiblenames.h"
#include "ui/action/confirmationdialog.h"
#include "ui/journal/journalpage.h"
#include "ui/journal/recordmodel.h"
#include "ui/nightroom.h"
#include "ui/release/nextview.h"
#include "ui/release/releasepage.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QListWidget>
#include <QPromise>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace pilothouse;

namespace {

const QString deploy = QStringLiteral(".github/workflows/deploy.yml");

class SeenDeploys final : public SeenSource
{
public:
    [[nodiscard]] QString systemName() const override { return QStringLiteral("GitHub"); }
    [[nodiscard]] QString subject() const override { return QStringLiteral("GitHub deployments"); }
    [[nodiscard]] QFuture<Result<QList<SeenDeed>>> newest() override
    {
        QPromise<Result<QList<SeenDeed>>> promise;
        promise.start();
        if (error)
            promise.addResult(fail(*error));
        else
            promise.addResult(deeds);
        promise.finish();
        return promise.future();
    }

    QList<SeenDeed> deeds;
    std::optional<Error> error;
};

/// The window over a release that waits for a person, with deploys that others did.
struct Room : NightRoom
{
    explicit Room(const QSize &size) : NightRoom(size, Pages::Release)
    {
        night.release.addSeen(seen);
        desk.addTrack(*night.standalone.rollout, deploy);
        desk.addTrack(*night.coditect.rollout, {});
        night.release.addMovingRuns(desk);
        SeenDeed deed;
        deed.at = night.clock.now();
        deed.who = QStringLiteral("b-novak");
        deed.what = QStringLiteral("bbbbbbb deployed to production");
        seen.deeds = {deed};
        Run run;
        run.id = RunId(7012);
        run.workflowPath = deploy;
        run.commit = CommitId(good);
        run.status = RunStatus::Waiting;
        run.updatedAt = night.clock.now();
        control.goingOn = {run};
        PendingEnvironment production;
        production.name = QStringLiteral("production");
        production.mayReview = true;
        control.pending[run.id] = {production};
    }
    ~Room() { window.reset(); }

    void start()
    {
        desk.start();
        night.start();
    }
    [[nodiscard]] ReleasePage &page() const { return window->pages().release(); }
    [[nodiscard]] QStringList lately() const
    {
        QStringList rows;
        const auto *list = page().findChild<QListWidget *>(QStringLiteral("latelyList"));
        for (int i = 0; i < list->count(); ++i)
            rows << list->item(i)->text();
        return rows;
    }
    [[nodiscard]] QPushButton *nextButton(int row) const
    {
        return page().findChild<QPushButton *>(QStringLiteral("nextButton-%1").arg(row));
    }
    [[nodiscard]] QScrollBar &bar() const
    {
        QWidget *area = page().parentWidget()->parentWidget();
        return *qobject_cast<QScrollArea *>(area)->verticalScrollBar();
    }

    SeenDeploys seen;
    FakeControl control{night.clock};
    MovingRunsDesk desk{{}, control, night.actions, night.clock};
};

} // namespace

/// The first page: what waits for a person, and what others did.
class TestReleaseRoom final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void whatOthersDidSaysWhereItWasSeen()
    {
        Room room(QSize(1280, 880));
        room.start();
        const auto told = [&room] {
            return room.lately().join(QLatin1Char('\n'));
        };
        QTRY_VERIFY2(told().contains(QStringLiteral(
                         "b-novak   bbbbbbb deployed to production   (seen in GitHub)")),
                     qPrintable(told()));
        QVERIFY(!told().contains(QLatin1String("not heard")));
    }

    void whoDoesNotAnswerHasARowAboveThem()
    {
        Room room(QSize(1280, 880));
        room.start();
        QTRY_VERIFY(room.lately().value(0).contains(QLatin1String("b-novak")));
        room.seen.error = Error{ErrorKind::Unavailable,
                                QStringLiteral("GitHub does not answer. Look at the VPN."),
                                {},
                                {}};
        room.night.release.refresh();
        QTRY_COMPARE(room.lately().value(0),
                     QStringLiteral("not heard, so that lines may be missing: GitHub deployments. "
                                    "GitHub does not answer"));
        // What it told before stands.
        QVERIFY(room.lately().value(1).contains(QLatin1String("b-novak")));
    }

    void theGateThatWaitsLeadsToThePipeline()
    {
        Room room(QSize(1280, 880));
        room.start();
        const auto shown = [&room] {
            QStringList texts;
            for (const QLabel *label : room.page().nextView()->findChildren<QLabel *>())
                texts << label->text();
            return texts.join(QLatin1Char('\n'));
        };
        QTRY_VERIFY2(shown().contains(QStringLiteral(
                         "production waits for your approval: run 7012 (deploy) · since ")),
                     qPrintable(shown()));
        QTRY_COMPARE(room.nextButton(1)->text(), QStringLiteral("Open"));
        room.nextButton(1)->click();
        QCOMPARE(room.window->page(), Pages::Pipeline);
        QCOMPARE(nameless(*room.window), QString());
    }

    void f5LooksForTheRunsThatWaitToo()
    {
        Room room(QSize(1280, 880));
        QVERIFY(QTest::qWaitForWindowActive(room.window.get()));
        room.start();
        const auto waits = [&room] {
            const QList<NextRow> &rows = room.night.release.next();
            return std::any_of(rows.begin(), rows.end(), [](const NextRow &row) {
                return row.kind == NextRow::Kind::Approval;
            });
        };
        QTRY_VERIFY(waits());
        room.control.goingOn.clear(); // somebody approved it elsewhere; no second goes by
        QTest::keyClick(room.window.get(), Qt::Key_F5);
        QTRY_VERIFY(!waits());
    }

    void historyTellsWhatOthersDidAndWhoIsNotHeard()
    {
        Room room(QSize(1280, 880));
        room.start();
        room.window->showPage(Pages::Journal);
        const JournalPage &history = room.window->pages().journal();
        const auto *table = history.findChild<QTableView *>(QStringLiteral("journalTable"));
        auto *others = history.findChild<QCheckBox *>(QStringLiteral("othersDeeds"));
        const auto *unheard = history.findChild<QLabel *>(QStringLiteral("unheardWords"));
        const auto rows = [table] {
            return table->model()->rowCount();
        };
        QTRY_COMPARE(rows(), 1);
        QCOMPARE(table->model()->index(0, RecordModel::WhoColumn).data().toString(),
                 QStringLiteral("b-novak"));
        QCOMPARE(unheard->text(), QString());
        others->click();
        QCOMPARE(rows(), 0);
        others->click();
        QCOMPARE(rows(), 1);
        room.seen.error = Error{ErrorKind::Unavailable, QStringLiteral("GitHub is down."), {}, {}};
        room.night.release.refresh();
        QTRY_COMPARE(unheard->text(),
                     QStringLiteral("not heard, so that lines may be missing: GitHub deployments"));
        QCOMPARE(rows(), 1); // what it told before stands
        QCOMPARE(nameless(*room.window), QString());
    }

    void theMenuOfATrackHoldsItAndSaysWhatIsOff()
    {
        Room room(QSize(1280, 880));
        room.start();
        auto *table = room.page().findChild<QTableView *>(QStringLiteral("liveTable"));
        QTRY_VERIFY(table->model()->rowCount() > 1);
        const auto action = [table](const char *name) {
            return table->findChild<QAction *>(QLatin1String(name));
        };
        QVERIFY(!action("holdRowAction")->isVisible()); // no row is chosen
        table->selectRow(0);
        QTRY_VERIFY(action("holdRowAction")->isEnabled());
        QCOMPARE(action("holdRowAction")->text(), QStringLiteral("Hold…"));
        QVERIFY(action("retireRowAction")->isVisible());
        QVERIFY(!action("retireRowAction")->isEnabled());
        QVERIFY2(action("retireRowAction")
                     ->text()
                     .startsWith(QStringLiteral("Retire Way Back…  (off: ")),
                 qPrintable(action("retireRowAction")->text()));
        QVERIFY(table->actions().contains(action("holdRowAction")));
        action("holdRowAction")->trigger();
        QTRY_VERIFY(room.window->findChild<ConfirmationDialog *>());
        const auto *dialog = room.window->findChild<ConfirmationDialog *>();
        QVERIFY2(dialog->windowTitle().contains(QStringLiteral("standalone")),
                 qPrintable(dialog->windowTitle()));
    }

    void thePageNeedsNoScrollBarOfItsOwn_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("large") << QSize(1360, 880);
        QTest::newRow("usual") << QSize(1280, 800);
    }
    void thePageNeedsNoScrollBarOfItsOwn()
    {
        QFETCH(QSize, size);
        Room room(size);
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        room.start();
        QTRY_VERIFY(room.nextButton(1));
        QTRY_VERIFY(!room.lately().isEmpty());
        QTRY_COMPARE(room.bar().maximum(), 0);
        const auto *list = room.page().findChild<QListWidget *>(QStringLiteral("latelyList"));
        QVERIFY2(list->height() >= 60, qPrintable(QString::number(list->height())));
        QCOMPARE(nameless(*room.window), QString());
    }
};

QTEST_MAIN(TestReleaseRoom)
#include "testreleaseroom.moc"
