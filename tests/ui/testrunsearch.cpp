#include "pipeline/act/actbench.h"

#include "logs/logcontroller.h"
#include "logs/runsearch/runsearch.h"
#include "release/fakebuilds.h"
#include "release/logs/lastgreen.h"
#include "support/accessiblenames.h"
#include "support/jobsource.h"
#include "ui/logs/logcompare.h"
#include "ui/logs/logpanel.h"
#include "ui/logs/logview.h"
#include "ui/logs/runsearch/runhitdelegate.h"
#include "ui/pipeline/pipelinepage.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace pilothouse;

namespace {

Job jobAt(const RunId &run, qint64 id, const char *name, RunStatus status)
{
    Job job = jobNamed(t(name), status, t("13:50:00"), t("13:51:00"));
    job.id = JobId(id);
    job.run = run;
    return job;
}

} // namespace

/// The page with its log panel, through clicks and keys.
class TestRunSearchUi final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_bench = std::make_unique<ActBench>();
        m_source = std::make_unique<JobSource>();
        const std::vector<LogSource *> sources{m_source.get(), &m_buildLogs};
        m_logs = std::make_unique<LogController>(sources, m_dir.path(), m_bench->clock);
        m_search = std::make_unique<RunSearch>(sources, m_logs->spool(), m_bench->clock);
        m_green = std::make_unique<LastGreen>(m_bench->host, sources, m_logs->spool());
        m_bench->setRun("ci.yml", run7011, RunStatus::Failed,
                        {jobAt(run7011, 1, "build", RunStatus::Succeeded),
                         jobAt(run7011, 2, "integration-tests", RunStatus::Failed),
                         jobAt(run7011, 3, "unit-tests", RunStatus::Running),
                         jobAt(run7011, 4, "security-scan", RunStatus::Succeeded),
                         jobAt(run7011, 5, "lint (ruff)", RunStatus::Skipped)});
        m_bench->show();
        m_page = std::make_unique<PipelinePage>(*m_bench->pipeline, *m_logs);
        m_page->setRunSearch(*m_search);
        m_page->setLastGreen(*m_green);
        m_page->resize(1280, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        m_page->activateWindow();
    }

    void cleanup()
    {
        m_page.reset();
        m_green.reset();
        m_search.reset();
        m_logs.reset();
        m_bench.reset();
    }

    void beforeAnythingIsTypedTheListSaysWhatItWillDo()
    {
        click("allJobsButton");
        QTRY_VERIFY(state()->isVisible());
        QCOMPARE(state()->headline(), t("Search the logs of all 2 jobs")); // of the newest run
        choose(2);
        QTRY_COMPARE(state()->headline(), t("Search the logs of all 5 jobs"));
        QVERIFY(state()->isVisible());
        QCOMPARE(m_source->asked, QList<qint64>{2}); // the chosen log alone
        picture("empty");
    }

    void withoutALogTheFieldIsOffAndTheWayToAllJobsIsNot()
    {
        QVERIFY(!field()->isEnabled());
        QVERIFY(button("allJobsButton")->isEnabled());
        click("allJobsButton");
        QVERIFY(field()->isEnabled());
        QCOMPARE(qApp->focusWidget(), field());
    }

    void aKeyShowsTheListAndWhatWasTypedIsSearchedInAllJobs()
    {
        choose(2);
        m_source->give(2, "one timeout\ntwo\n");
        QTest::keyClicks(field(), t("timeout"));
        m_page->logPanel()->view()->setFocus();
        QTest::keyClick(m_page->logPanel()->view(), Qt::Key_A, Qt::AltModifier);
        QVERIFY(button("allJobsButton")->isChecked());
        QTRY_VERIFY(tree()->isVisible());
        QVERIFY(!button("filterButton")->isEnabled());
        m_source->give(1, "\x1b[31mtimeout\x1b[0m\n");
        m_source->give(2, "one timeout\ntwo\ntimeout again\n");
        m_source->refuse(4, ErrorKind::NotAllowed, t("GitHub does not allow this log."));
        QTRY_COMPARE(said(), t("3 lines in 2 of 5 jobs, 1 still running, 1 not read, 1 skipped"));
        QStringList names;
        for (int i = 0; i < tree()->model()->rowCount(); ++i)
            names << accessible(job(i));
        names.sort();
        QCOMPARE(names, (QStringList{
                            t("build: 1 line"),
                            t("integration-tests: 2 lines"),
                            t("lint (ruff): skipped: it has no log"),
                            t("security-scan: not read: GitHub does not allow this log."),
                            t("unit-tests: no log before the job ends"),
                        }));
        QVERIFY(titles().contains(t("Logs of all jobs · run 7011")));
        QVERIFY(!button("lastGreenButton")->isEnabled()); // no single log is looked at
        QVERIFY(tree()->isExpanded(named("integration-tests")));
        QCOMPARE(accessible(child(named("integration-tests"), 1)), t("Line 3: timeout again"));
        QCOMPARE(nameless(*m_page), QString());
        picture("hits");
    }

    void enterOnAHitOpensItsLogAtTheLineAndTheGraphFollows()
    {
        searchAll("timeout");
        m_source->give(1, "nothing\n");
        m_source->give(2, "one\ntwo\ntimeout of the pool\n");
        QTRY_COMPARE(hits("integration-tests"), 1);
        QTest::keyClick(field(), Qt::Key_Return); // to the first hit
        QCOMPARE(tree()->currentIndex(), child(named("integration-tests"), 0));
        QCOMPARE(qApp->focusWidget(), tree());
        const auto asked = m_source->asked;
        QTest::keyClick(tree(), Qt::Key_Return);
        QVERIFY(!button("allJobsButton")->isChecked());
        LogView *view = m_page->logPanel()->view();
        QTRY_VERIFY(view->isVisible());
        QCOMPARE(view->currentLine(), 2);
        QCOMPARE(view->selectedText(), t("timeout of the pool"));
        QCOMPARE(m_logs->target(), std::optional<LogTarget>(JobLog{run7011, JobId(2)}));
        QCOMPARE(m_logs->title(), t("integration-tests · run 7011"));
        QCOMPARE(m_bench->pipeline->selectedJob()->id, JobId(2));
        QCOMPARE(m_logs->search().text(), t("timeout"));
        QCOMPARE(m_source->asked, asked); // what the search keeps is shown
        // Back in the list everything is as it was.
        QTest::keyClick(view, Qt::Key_A, Qt::AltModifier);
        QTRY_VERIFY(tree()->isVisible());
        QCOMPARE(m_source->asked, asked);
        QCOMPARE(tree()->currentIndex(), child(named("integration-tests"), 0));
    }

    void theArrowsGoFromHitToHitAcrossTheJobs()
    {
        searchAll("x");
        m_source->give(1, "x\nx\n");
        m_source->give(2, "a\nx\n");
        QTRY_COMPARE(hits("integration-tests"), 1);
        QTRY_COMPARE(hits("build"), 2);
        const auto reached = [this](const char *buttonName) {
            click(buttonName);
            return tree()->currentIndex();
        };
        QCOMPARE(reached("nextHitButton"), child(named("build"), 0));
        QCOMPARE(reached("nextHitButton"), child(named("build"), 1));
        QCOMPARE(reached("nextHitButton"), child(named("integration-tests"), 0));
        QCOMPARE(reached("nextHitButton"), child(named("build"), 0));
        QCOMPARE(reached("previousHitButton"), child(named("integration-tests"), 0));
        tree()->setCurrentIndex(named("integration-tests")); // a job itself
        QCOMPARE(reached("previousHitButton"), child(named("build"), 1));
        tree()->setCurrentIndex(named("integration-tests"));
        QCOMPARE(reached("nextHitButton"), child(named("integration-tests"), 0));
    }

    void aDoubleClickOnAJobOpensItsFirstHit()
    {
        searchAll("x");
        m_source->give(1, "a\nx\nx\n");
        QTRY_COMPARE(hits("build"), 2);
        const QPoint place = tree()->visualRect(named("build")).center();
        QTest::mouseClick(tree()->viewport(), Qt::LeftButton, {}, place);
        QTest::mouseDClick(tree()->viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(m_page->logPanel()->view()->currentLine(), 1);
        QCOMPARE(m_bench->pipeline->selectedJob()->id, JobId(1));
    }

    void enterOnAFailedJobReadsItAgain()
    {
        searchAll("x");
        m_source->give(2, "y\n");
        m_source->refuse(1, ErrorKind::Unavailable, t("The connection broke."));
        QTRY_VERIFY(accessible(named("build")).contains(t("not read")));
        tree()->setCurrentIndex(named("build"));
        tree()->setFocus();
        QTest::keyClick(tree(), Qt::Key_Return);
        QTRY_COMPARE(accessible(named("build")), t("build: reading…"));
        m_source->give(1, "x\n");
        QTRY_COMPARE(accessible(named("build")), t("build: 1 line"));
    }

    void theChoiceAndAFoldSurviveWhatComesLater()
    {
        searchAll("x");
        m_source->give(1, "x\nx\n");
        QTRY_COMPARE(hits("build"), 2);
        tree()->setFocus();
        tree()->setCurrentIndex(named("build"));
        QTest::keyClick(tree(), Qt::Key_Left);
        QVERIFY(!tree()->isExpanded(named("build")));
        m_source->give(2, "x\n");
        QTRY_COMPARE(hits("integration-tests"), 1);
        QCOMPARE(tree()->currentIndex(), named("build"));
        QVERIFY(!tree()->isExpanded(named("build")));
    }

    void hitsBehindTheFirstFewAreCountedAndCanBeReached()
    {
        searchAll("x");
        QByteArray text;
        for (int i = 0; i < 37; ++i)
            text += "x\n";
        m_source->give(1, text);
        QTRY_COMPARE(hits("build"), RunSearch::firstHits + 1);
        const QModelIndex more = child(named("build"), RunSearch::firstHits);
        QCOMPARE(more.data().toString(), t("27 more from line 11 on"));
        tree()->setCurrentIndex(more);
        tree()->setFocus();
        QTest::keyClick(tree(), Qt::Key_Return);
        QCOMPARE(m_page->logPanel()->view()->currentLine(), 10);
    }

    void ofALongLineThePartWithTheHitIsShown()
    {
        const auto matcher = LineMatcher::create({t("needle"), SearchQuery::Plain});
        QVERIFY(matcher);
        const QString line = QString(300, QLatin1Char('a')) + t("0123456789abcdef needle end");
        QCOMPARE(shownPart(line, *matcher, 400), line);
        QCOMPARE(shownPart(line, *matcher, 80), t("…123456789abcdef needle end"));
        QCOMPARE(shownPart(t("a needle"), *matcher, 4), t("a needle"));
        const QString none(300, QLatin1Char('a'));
        QCOMPARE(shownPart(none, *matcher, 80), none);
        searchAll("needle");
        m_source->give(1, (line + t("\n")).toUtf8());
        QTRY_COMPARE(hits("build"), 1);
        picture("long");
    }

    void aWrongExpressionIsTold()
    {
        searchAll("(");
        click("regexButton");
        QTRY_VERIFY(state()->isVisible());
        QVERIFY(!said().isEmpty());
        QVERIFY(!tree()->isVisible());
        picture("wrong");
    }

    void whatFocusReachesHasAName()
    {
        searchAll("x");
        for (const char *name : {"allJobsButton", "lastGreenButton", "runSearchTree"}) {
            auto *widget = m_page->findChild<QWidget *>(t(name));
            QVERIFY2(widget, name);
            const QAccessibleInterface *face = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(), name);
        }
        QVERIFY(button("allJobsButton")->toolTip().contains(t("Alt+A")));
    }

    void theRedLogStandsBesideTheLastGreenOne()
    {
        setGreen(t("integration-tests"));
        openRed();
        click("lastGreenButton");
        QCOMPARE(button("lastGreenButton")->text(), t("Stop Looking"));
        QTRY_COMPARE(m_source->asked.last(), 91);
        m_source->give(91, "2026-11-20T09:00:00Z start\n2026-11-20T09:00:01Z test ok\n");
        QPointer<QDialog> window = comparison();
        QVERIFY(window);
        QCOMPARE(window->windowTitle(),
                 t("integration-tests · run 7011 against run 6990, green, 5 days ago"));
        auto *compare = window->findChild<LogCompare *>();
        QTRY_VERIFY(compare->difference());
        QCOMPARE(compare->difference()->left, 1); // the stamps are no difference
        QCOMPARE(button("lastGreenButton")->text(), t("Against Last Green"));
        pictureOf(window, "compare");
        QTest::keyClick(window, Qt::Key_Escape);
        QTRY_VERIFY(!window);
    }

    void theLogOfABuildStandsBesideThatOfTheLastGreenOne()
    {
        m_logs->open(BuildLog{t("5c1e77aa-bad")}, t("cloud build 5c1e77aa"));
        QTRY_VERIFY(button("lastGreenButton")->isEnabled());
        click("lastGreenButton");
        QTRY_COMPARE(stateLine(), t("No build service is connected that could tell the last green "
                                    "build. Compare with a file instead."));
        BuildHost builds;
        builds.knows = t("5c1e77aa-bad");
        builds.green = buildRun(t("0d4f21bb-good"), RunStatus::Succeeded);
        m_green->addBuilds(builds);
        click("lastGreenButton");
        QCOMPARE(stateLine(), t("Looking for the last green build before 5c1e77aa…"));
        QTRY_VERIFY(comparison());
        QCOMPARE(comparison()->windowTitle(),
                 t("cloud build 5c1e77aa against build 0d4f21bb, green"));
        auto *compare = comparison()->findChild<LogCompare *>();
        QTRY_VERIFY(compare->difference());
        QCOMPARE(compare->difference()->left, 0);
        QCOMPARE(button("lastGreenButton")->text(), t("Against Last Green"));
    }

    void whyThereIsNothingToCompareWithIsSaid()
    {
        openRed();
        click("lastGreenButton");
        QTRY_COMPARE(stateLine(), t("No green run of ci.yml was found before run 7011."));
        QCOMPARE(button("lastGreenButton")->text(), t("Against Last Green"));
        QVERIFY(!comparison());
        setGreen(t("another job"));
        click("lastGreenButton");
        QTRY_COMPARE(stateLine(), t("The last green run, 6990, has no job “integration-tests”."));
    }

    void anotherJobDropsTheQuestion()
    {
        setGreen(t("integration-tests"));
        openRed();
        click("lastGreenButton");
        QTRY_COMPARE(m_source->asked.last(), 91);
        const QPointer<LogStream> green = m_source->streams[91];
        choose(1);
        QVERIFY(green.isNull());
        QVERIFY(!m_green->isLooking());
        QCOMPARE(button("lastGreenButton")->text(), t("Against Last Green"));
        QVERIFY(!button("lastGreenButton")->isEnabled()); // its log is being read
        m_source->give(1, "x\n");
        QVERIFY(button("lastGreenButton")->isEnabled());
        QVERIFY(!comparison());
    }

    void lookingCanBeStopped()
    {
        setGreen(t("integration-tests"));
        openRed();
        click("lastGreenButton");
        click("lastGreenButton");
        QVERIFY(!m_green->isLooking());
        QCOMPARE(stateLine(), t("No longer looking for the last green run."));
    }

private:
    void choose(qint64 id)
    {
        m_bench->pipeline->selectJob(JobId(id));
        QCOMPARE(m_bench->pipeline->selectedJob().value_or(Job()).id, JobId(id));
    }
    void searchAll(const char *text)
    {
        m_bench->pipeline->selectNode(nodeId(t("ci.yml#unit-tests"))); // no log of its own yet
        click("allJobsButton");
        QTest::keyClicks(field(), t(text));
    }
    void openRed()
    {
        choose(2);
        m_source->give(2, "2026-11-24T12:00:00Z start\n2026-11-24T12:00:09Z test FAILED\n");
        QTRY_VERIFY(button("lastGreenButton")->isEnabled());
    }
    /// A run that ended well five days ago, by the host's clock.
    void setGreen(const QString &job)
    {
        Job green = jobAt(RunId(6990), 91, "", RunStatus::Succeeded);
        green.name = job;
        green.completedAt = m_bench->clock.now().addDays(-5);
        m_bench->host.setRun(CommitId(t("a")), runOf(t("ci.yml"), 6990, RunStatus::Succeeded),
                             {green});
    }
    [[nodiscard]] QDialog *comparison() const
    {
        return m_page->findChild<QDialog *>(t("compareWindow"));
    }
    [[nodiscard]] QToolButton *button(const char *name) const
    {
        return m_page->findChild<QToolButton *>(t(name));
    }
    void click(const char *name) { QTest::mouseClick(button(name), Qt::LeftButton); }
    [[nodiscard]] QLineEdit *field() const
    {
        return m_page->findChild<QLineEdit *>(t("logSearchField"));
    }
    [[nodiscard]] QTreeView *tree() const
    {
        return m_page->findChild<QTreeView *>(t("runSearchTree"));
    }
    [[nodiscard]] StateView *state() const
    {
        return m_page->findChild<StateView *>(t("runSearchState"));
    }
    [[nodiscard]] QString said() const
    {
        return m_page->findChild<QLabel *>(t("hitCount"))->text();
    }
    [[nodiscard]] QStringList titles() const
    {
        QStringList all;
        for (const QLabel *label : m_page->findChildren<QLabel *>())
            all << label->text();
        return all;
    }
    [[nodiscard]] QString stateLine() const
    {
        return m_page->findChild<QLabel *>(t("logStateLine"))->text();
    }
    [[nodiscard]] QModelIndex job(int row) const { return tree()->model()->index(row, 0); }
    [[nodiscard]] QModelIndex named(const char *name) const
    {
        for (int i = 0; i < tree()->model()->rowCount(); ++i) {
            if (job(i).data().toString() == t(name))
                return job(i);
        }
        return {};
    }
    /// Rows below a job; -1 while it is not in the list.
    [[nodiscard]] int hits(const char *name) const
    {
        return named(name).isValid() ? tree()->model()->rowCount(named(name)) : -1;
    }
    [[nodiscard]] QModelIndex child(const QModelIndex &parent, int row) const
    {
        return tree()->model()->index(row, 0, parent);
    }
    [[nodiscard]] static QString accessible(const QModelIndex &index)
    {
        return index.data(Qt::AccessibleTextRole).toString();
    }
    void picture(const char *name) { pictureOf(m_page.get(), name); }
    /// Kept for whoever wants to look, where PILOTHOUSE_PICTURES names a folder.
    static void pictureOf(QWidget *widget, const char *name)
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (folder.isEmpty())
            return;
        for (const auto &[scheme, word] :
             {std::pair(Theme::Scheme::Light, "light"), std::pair(Theme::Scheme::Dark, "dark")}) {
            Theme::instance().setScheme(scheme);
            QCoreApplication::processEvents(); // layouts
            widget->grab().save(t("%1/run-%2-%3.png").arg(folder, t(name), t(word)));
        }
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

    QTemporaryDir m_dir;
    std::unique_ptr<ActBench> m_bench;
    std::unique_ptr<JobSource> m_source;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<RunSearch> m_search;
    BuildLogs m_buildLogs;
    std::unique_ptr<LastGreen> m_green;
    std::unique_ptr<PipelinePage> m_page;
};

QTEST_MAIN(TestRunSearchUi)
#include "testrunsearch.moc"
