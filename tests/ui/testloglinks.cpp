// Steps, links and the room for logs, in the page where they stand.
#include "logs/logcontroller.h"
#include "pipeline/act/actbench.h"
#include "pipeline/act/buildstage.h"
#include "support/fakelogsource.h"
#include "ui/logs/logmenus.h"
#include "ui/logs/logpanel.h"
#include "ui/logs/logview.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"

#include <QApplication>
#include <QClipboard>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QWheelEvent>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const char *const page = "https://example.com/o/r/actions/runs/7011/job/42";

QDateTime at(int second)
{
    return {QDate(2026, 11, 24), QTime(12, 57, second), Qt::UTC};
}

/// Set up job, lint and test in one second, a step that was skipped.
const QByteArray jobText = "2026-11-24T12:57:01.1000000Z Current runner version: '2.329.0'\n"
                           "2026-11-24T12:57:04.1000000Z ##[group]Run make lint\n"
                           "2026-11-24T12:57:04.2000000Z ##[endgroup]\n"
                           "2026-11-24T12:57:05.1000000Z fine\n"
                           "2026-11-24T12:57:06.1000000Z ##[group]Run make test\n"
                           "2026-11-24T12:57:06.2000000Z ##[endgroup]\n"
                           "2026-11-24T12:57:08.1000000Z 318 passed\n"
                           "2026-11-24T12:57:09.1000000Z no heading tells where the next begins\n";

QList<Step> jobSteps()
{
    return {{1, t("Set up job"), RunStatus::Succeeded, at(1), at(2)},
            {2, t("Lint & style"), RunStatus::Succeeded, at(4), at(5)},
            {3, t("Tests"), RunStatus::Failed, at(6), at(9)},
            {4, t("Report"), RunStatus::Skipped, at(9), at(9)},
            {5, t("Tidy"), RunStatus::Succeeded, at(9), at(9)}};
}

} // namespace

class TestLogLinks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<ActBench>();
        Job build = jobNamed(t("build"), RunStatus::Failed);
        build.page = QUrl(t(page));
        build.steps = jobSteps();
        m_bench->setRun("ci.yml", run7011, RunStatus::Failed,
                        {build, jobNamed(t("integration-tests"), RunStatus::Running)});
        m_logs = std::make_unique<LogController>(std::vector<LogSource *>{&m_source}, m_dir.path(),
                                                 m_bench->clock);
        m_bench->show();
        m_page = std::make_unique<PipelinePage>(*m_bench->pipeline, *m_logs, m_bench->acts.get());
        m_page->resize(1280, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }

    void cleanup()
    {
        m_page.reset();
        m_logs.reset();
        m_bench.reset();
    }

    void theMenuListsTheStepsAndGoesThere()
    {
        chooseWithLog();
        QCOMPARE(jumpMenu(), (QStringList{t("1  Set up job"), t("2  Lint && style"), t("3  Tests"),
                                          t("4  Report (no line) off"), t("5  Tidy (about)")}));
        choose("jumpButton", "jumpStep3");
        QCOMPARE(view()->currentLine(), 4);
        QVERIFY(!view()->isFollowing());
        choose("jumpButton", "jumpStep5");
        QCOMPARE(view()->currentLine(), 7);
        QCOMPARE(stateLine(), t("Step 5 begins about here: another ended in the same second."));
    }

    void aStepInTheListLeadsToItsLine_data()
    {
        QTest::addColumn<bool>("byKey");
        QTest::newRow("by a double click") << false;
        QTest::newRow("by Enter") << true;
    }
    void aStepInTheListLeadsToItsLine()
    {
        QFETCH(bool, byKey);
        chooseWithLog();
        auto *steps = m_page->findChild<QListView *>(t("stepList"));
        activate(steps, 1, byKey);
        QCOMPARE(view()->currentLine(), 1);
        QVERIFY(view()->hasFocus());
        activate(steps, 3, byKey);
        QCOMPARE(view()->currentLine(), 1);
        QCOMPARE(stateLine(), t("Step 4 has no lines: it did not run so far."));
    }

    void aStepIsWaitedForWhileItsLogComes()
    {
        chooseNode("ci.yml#build");
        auto *steps = m_page->findChild<QListView *>(t("stepList"));
        activate(steps, 2, true);
        Q_EMIT m_source.stream->bytesArrived(jobText.left(300));
        QCoreApplication::processEvents();
        QCOMPARE(view()->currentLine(), -1);
        Q_EMIT m_source.stream->bytesArrived(jobText.mid(300));
        Q_EMIT m_source.stream->ended({});
        QCOMPARE(view()->currentLine(), 4);
    }

    void theStepsOfARunningJobHaveNoLogYet()
    {
        Job running = jobNamed(t("integration-tests"), RunStatus::Running);
        running.steps = {{1, t("Set up job"), RunStatus::Running, at(1), {}}};
        m_bench->setRun("ci.yml", run7011, RunStatus::Running,
                        {jobNamed(t("build"), RunStatus::Succeeded), running});
        m_bench->pipeline->refresh();
        QTRY_VERIFY(m_bench->pipeline->overlay().of(nodeId(t("ci.yml#integration-tests"))));
        chooseNode("ci.yml#integration-tests");
        auto *steps = m_page->findChild<QListView *>(t("stepList"));
        QTRY_COMPARE(steps->model()->rowCount(), 1);
        activate(steps, 0, true);
        QCOMPARE(stateLine(), t("GitHub gives no log before the job ends; steps are live."));
        QCOMPARE(m_logs->state(), LogController::State::WaitingEnd);
    }

    void theJobsLogComesBackForItsSteps()
    {
        chooseWithLog();
        const QString file = m_dir.filePath(t("other.log"));
        QFile other(file);
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.write("another log\n");
        other.close();
        m_logs->openFile(file);
        QCOMPARE(jumpMenu(), QStringList()); // a file has no steps
        activate(m_page->findChild<QListView *>(t("stepList")), 1, true);
        Q_EMIT m_source.stream->bytesArrived(jobText);
        Q_EMIT m_source.stream->ended({});
        QCOMPARE(view()->currentLine(), 1);
    }

    void aLinkIsTheJobsPageWithThePlaceOfTheLine()
    {
        chooseWithLog();
        view()->showLine(6);
        choose("copyButton", "copyLinkAction");
        QCOMPARE(QApplication::clipboard()->text(), t(page) + t("#step:3:3"));
        QCOMPARE(stateLine(), t("Copied: ") + t(page) + t("#step:3:3"));
        view()->showLine(7);
        choose("copyButton", "copyLinkAction");
        QCOMPARE(QApplication::clipboard()->text(), t(page));
        QCOMPARE(stateLine(),
                 t("Copied the job's page: which step line 8 belongs to is not known."));
    }

    void aPastedLinkLeadsToItsLine()
    {
        chooseWithLog();
        goTo(t(page) + t("#step:2:3"));
        QCOMPARE(view()->currentLine(), 3);
        goTo(t("https://example.com/o/r/actions/runs/7011/job/43#step:2:1"));
        QCOMPARE(view()->currentLine(), 3);
        QVERIFY2(stateLine().startsWith(t("The link is of another log; this one's page is ")),
                 qPrintable(stateLine()));
        goTo(t("2"));
        QCOMPARE(view()->currentLine(), 1);
    }

    void aBuildHasItsPageAndItsSteps()
    {
        FakeRuns builds{m_bench->clock};
        FakeControl control{m_bench->clock};
        Run build = runOf(t("cloudbuild.yaml"), 55, RunStatus::Succeeded);
        build.hostId = t("3f2a9c1d-77aa");
        build.page = QUrl(t("https://console.example.com/builds/3f2a9c1d"));
        Job steps = jobNamed(t("cloud build 3f2a9c1d"), RunStatus::Succeeded);
        steps.steps = {{1, t("test"), RunStatus::Succeeded, at(1), at(2)},
                       {2, t("deploy"), RunStatus::Succeeded, at(2), at(3)}};
        builds.setRun(shown, build, {steps});
        BuildStage::Settings settings;
        settings.job = t("deploy-staging");
        BuildStage stage(settings, *m_bench->pipeline, builds, m_bench->clock);
        RunActions actions({}, stage, control, m_bench->runner, m_bench->clock);
        QTRY_COMPARE(stage.steps().size(), 2);
        m_page->addBuilds(stage, actions);
        chooseNode("deploy-standalone.yml#deploy-staging");
        auto *list = m_page->findChild<QListView *>(t("buildStepList"));
        QTRY_VERIFY(list->isVisible());
        activate(list, 1, true);
        QCOMPARE(m_logs->target(), std::optional<LogTarget>(BuildLog{t("3f2a9c1d-77aa")}));
        Q_EMIT m_source.stream->bytesArrived("BUILD\nStarting Step #0 - \"test\"\nfine\n");
        QCOMPARE(view()->currentLine(), -1);
        // A build goes on: the step is shown when it begins, not at the end of all.
        Q_EMIT m_source.stream->bytesArrived("Starting Step #1 - \"deploy\"\nalso fine\n");
        QTRY_COMPARE(view()->currentLine(), 3);
        QCOMPARE(stateLine(), t("Follows the build until it ends."));
        m_bench->clock.advance(130s);
        QCOMPARE(stateLine(), t("No line for 2 min: the build may have nothing to say. Read Again "
                                "in the menu Copy begins anew."));
        m_page->logPanel()->menus()->copyLink();
        QCOMPARE(QApplication::clipboard()->text(), build.page.toString());
        QCOMPARE(stateLine(), t("Copied the build's page: it has no address for line 4."));
        m_page.reset(); // before the stage
    }

    void takingUpTheStreamOfAPodIsSaid()
    {
        m_logs->open(PodLog{TrackName(t("standalone")), t("web-1"), {}}, t("web-1"));
        Q_EMIT m_source.stream->bytesArrived("a line\n");
        const auto clock = [this] {
            return m_bench->clock.now().toLocalTime().toString(t("HH:mm:ss"));
        };
        const QString first = clock();
        Q_EMIT m_source.stream->reconnected();
        QCOMPARE(stateLine(), t("Streams while the pod runs; reconnected %1.").arg(first));
        m_bench->clock.advance(130s);
        QCOMPARE(stateLine(),
                 t("No line for 2 min; reconnected %1. Read Again in the menu Copy begins anew.")
                     .arg(first));
        const QString second = clock();
        Q_EMIT m_source.stream->reconnected();
        QCOMPARE(stateLine(), t("No line for 2 min; reconnected 2 times, last %1. Read Again in "
                                "the menu Copy begins anew.")
                                  .arg(second));
    }

    void whereAPodsLogBeginsIsSaid()
    {
        m_source.linesBack = 2000;
        m_logs->open(PodLog{TrackName(t("standalone")), t("web-1"), {}}, t("web-1"));
        Q_EMIT m_source.stream->bytesArrived("a line\n");
        QCOMPARE(stateLine(), t("Streams while the pod runs. It begins at most 2,000 lines back."));
    }

    void whatIsWrongWithTheBytesIsCounted()
    {
        chooseNode("ci.yml#build");
        Q_EMIT m_source.stream->bytesArrived(QByteArray("a\0b\0\nc\xff\n", 8));
        Q_EMIT m_source.stream->ended({});
        QStringList all;
        for (const QLabel *label : m_page->logPanel()->findChildren<QLabel *>())
            all << label->text();
        const QString said = all.join(t(" | "));
        QVERIFY2(said.contains(t("2 lines · 8 bytes · 1 not UTF-8 · 2 NUL bytes")),
                 qPrintable(said));
    }

    void aTurnOfTheWheelStopsFollowingAndEndGoesOn()
    {
        chooseNode("ci.yml#build");
        QByteArray text;
        for (int i = 0; i < 300; ++i)
            text += "line " + QByteArray::number(i) + '\n';
        Q_EMIT m_source.stream->bytesArrived(text);
        QTRY_COMPARE(view()->rows().count(), 300);
        QVERIFY(view()->isFollowing());
        const QPointF place = QRectF(view()->viewport()->rect()).center();
        QWheelEvent turn(place, view()->viewport()->mapToGlobal(place), {}, {0, 240}, Qt::NoButton,
                         Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view()->viewport(), &turn);
        QVERIFY(!view()->isFollowing());
        Q_EMIT m_source.stream->bytesArrived("more\nand more\n");
        QCOMPARE(view()->unseen(), 2);
        QTest::keyClick(view(), Qt::Key_End);
        QVERIFY(view()->isFollowing());
        QCOMPARE(view()->unseen(), 0);
    }

    void linesAreCopiedFromTheMenuInEachForm_data()
    {
        QTest::addColumn<QByteArray>("action");
        QTest::addColumn<QString>("copied");
        QTest::newRow("with times")
            << QByteArray("copyAction") << t("2026-11-24T12:57:01.1000000Z red line");
        QTest::newRow("without") << QByteArray("copyTextAction") << t("red line");
        QTest::newRow("with colours")
            << QByteArray("copyColoursAction")
            << t("2026-11-24T12:57:01.1000000Z \x1b[31mred\x1b[0m line\x1b[0m");
        QTest::newRow("with colours, without times")
            << QByteArray("copyColouredTextAction") << t("\x1b[31mred\x1b[0m line\x1b[0m");
    }
    void linesAreCopiedFromTheMenuInEachForm()
    {
        QFETCH(QByteArray, action);
        QFETCH(QString, copied);
        chooseNode("ci.yml#build");
        Q_EMIT m_source.stream->bytesArrived(
            "2026-11-24T12:57:01.1000000Z \x1b[31mred\x1b[0m line\n");
        Q_EMIT m_source.stream->ended({});
        view()->showLine(0);
        choose("copyButton", action.constData());
        QCOMPARE(QApplication::clipboard()->text(), copied);
    }

    void theRoomForLogsIsChosenInTheMenu()
    {
        QSettings settings(m_dir.filePath(t("settings.ini")), QSettings::IniFormat);
        m_logs->spool().keepLimitIn(settings);
        chooseWithLog();
        auto *limits = m_page->findChild<QMenu *>(t("logLimitMenu"));
        const auto sizes = [&] {
            QStringList all;
            Q_EMIT limits->aboutToShow();
            for (const QAction *action : limits->actions())
                all << (action->isChecked() ? action->text() + t("*") : action->text());
            return all.join(t(", "));
        };
        QCOMPARE(sizes(), t("256 MiB, 1 GiB, 2 GiB*, 4 GiB, 16 GiB"));
        choose("copyButton", "logLimit1024");
        QCOMPARE(m_logs->spool().limit(), qint64(1) << 30);
        QCOMPARE(stateLine(), t("Kept logs may take 1 GiB from now on."));
        QCOMPARE(sizes(), t("256 MiB, 1 GiB*, 4 GiB, 16 GiB"));
        const QSettings again(settings.fileName(), QSettings::IniFormat);
        QCOMPARE(again.value(t("logs/spoolLimit")).toLongLong(), qint64(1) << 30);
    }

    void theContextMenuTellsTheRoomWhenItOpens()
    {
        auto *panel = m_page->findChild<LogPanel *>();
        QString told;
        // The menu has an event loop of its own.
        QTimer::singleShot(0, panel, [&told] {
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            QVERIFY(menu);
            for (const QAction *action : menu->actions())
                told += action->objectName() == t("logRoom") ? action->text() : QString();
            menu->close();
        });
        Q_EMIT panel->view()->customContextMenuRequested({8, 8});
        QVERIFY2(told.startsWith(t("Kept logs: ")), qPrintable(told));
    }

    void aRoomThatCannotBeKeptIsRefused()
    {
        const QString file = m_dir.filePath(t("no-folder"));
        QFile taken(file);
        QVERIFY(taken.open(QIODevice::WriteOnly));
        QSettings settings(file + t("/settings.ini"), QSettings::IniFormat);
        m_logs->spool().keepLimitIn(settings);
        chooseWithLog();
        choose("copyButton", "logLimit256");
        QVERIFY2(stateLine().startsWith(t("The limit stays as it is: the settings “")),
                 qPrintable(stateLine()));
        QCOMPARE(m_logs->spool().limit(), LogSpool::defaultLimit);
    }

private:
    void chooseNode(const char *node)
    {
        QTest::mouseClick(m_page->graphView()->viewport(), Qt::LeftButton, Qt::NoModifier,
                          m_page->graphView()->nodeRect(nodeId(t(node))).center());
        QCOMPARE(m_bench->pipeline->selectedNode(), nodeId(t(node)));
    }
    void chooseWithLog()
    {
        chooseNode("ci.yml#build");
        Q_EMIT m_source.stream->bytesArrived(jobText);
        Q_EMIT m_source.stream->ended({});
        QCOMPARE(m_logs->state(), LogController::State::Complete);
    }
    static void activate(QListView *list, int row, bool byKey)
    {
        const QModelIndex index = list->model()->index(row, 0);
        list->setCurrentIndex(index);
        if (byKey) {
            list->setFocus();
            QTest::keyClick(list, Qt::Key_Return);
            return;
        }
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(index).center());
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(index).center());
    }
    /// What the section of steps offers.
    [[nodiscard]] QStringList jumpMenu() const
    {
        QMenu *menu = m_page->logPanel()->menus()->jumpMenu();
        Q_EMIT menu->aboutToShow();
        QStringList all;
        for (const QAction *action : menu->actions()) {
            if (action->objectName().startsWith(t("jumpStep")))
                all << (action->isEnabled() ? action->text() : action->text() + t(" off"));
        }
        return all;
    }
    /// Presses a button of the heading and chooses in its menu, with the keys.
    void choose(const char *buttonName, const char *actionName)
    {
        auto *opener = m_page->findChild<QToolButton *>(t(buttonName));
        QMenu *menu = opener->menu();
        bool chosen = false;
        QTimer::singleShot(0, menu, [&] {
            Q_EMIT menu->aboutToShow();
            auto *action = menu->findChild<QAction *>(t(actionName), Qt::FindDirectChildrenOnly);
            for (QMenu *inner : menu->findChildren<QMenu *>()) {
                if (action)
                    break;
                menu->setActiveAction(inner->menuAction());
                QTest::keyClick(menu, Qt::Key_Right);
                action = inner->findChild<QAction *>(t(actionName));
            }
            auto *holder = action ? qobject_cast<QMenu *>(action->parent()) : nullptr;
            if (!holder)
                return menu->close(), void();
            holder->setActiveAction(action);
            chosen = true;
            QTest::keyClick(holder, Qt::Key_Return);
        });
        QTest::mouseClick(opener, Qt::LeftButton); // comes back when the menu is closed
        QVERIFY2(chosen, actionName);
    }
    void goTo(const QString &words)
    {
        m_page->logPanel()->menus()->askForPlace();
        auto *dialog = m_page->findChild<QInputDialog *>();
        QVERIFY(dialog);
        QTest::keyClicks(dialog->findChild<QLineEdit *>(), words);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY(!m_page->findChild<QInputDialog *>());
    }
    [[nodiscard]] LogView *view() const { return m_page->logPanel()->view(); }
    [[nodiscard]] QString stateLine() const
    {
        return m_page->findChild<QLabel *>(t("logStateLine"))->text();
    }

    QTemporaryDir m_dir;
    FakeLogSource m_source;
    std::unique_ptr<ActBench> m_bench;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<PipelinePage> m_page;
};

QTEST_MAIN(TestLogLinks)
#include "testloglinks.moc"
