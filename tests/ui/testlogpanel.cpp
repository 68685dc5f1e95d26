#include "logs/logcontroller.h"
#include "support/fakeclock.h"
#include "ui/logs/logpanel.h"
#include "ui/logs/logview.h"
#include "ui/widgets/stateview.h"

#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace pilothouse;

namespace {

class FakeSource final : public LogSource
{
public:
    std::unique_ptr<LogStream> open(const LogTarget &) override
    {
        auto next = std::make_unique<LogStream>();
        stream = next.get();
        return next;
    }
    QPointer<LogStream> stream;
};

QByteArray lines(int from, int count)
{
    QByteArray text;
    for (int i = from; i < from + count; ++i)
        text += "line " + QByteArray::number(i) + (i % 100 == 42 ? " org_hidden\n" : "\n");
    return text;
}

} // namespace

class TestLogPanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<FakeSource>();
        m_controller = std::make_unique<LogController>(std::vector<LogSource *>{m_source.get()},
                                                       m_dir.path(), m_clock);
        m_panel = std::make_unique<LogPanel>(*m_controller);
        m_panel->resize(900, 400);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    }
    void cleanup()
    {
        m_panel.reset();
        m_controller.reset();
    }

    void nothingChosenSaysWhatToDo()
    {
        QVERIFY(
            m_panel->findChild<StateView *>()->headline().contains(QLatin1String("No log chosen")));
    }

    void aRunningJobSaysThatGitHubGivesNoLogYet()
    {
        m_controller->waitForEnd({RunId(1), JobId(2)}, QStringLiteral("unit"));
        QVERIFY(m_panel->findChild<StateView *>()->accessibleName().contains(
            QLatin1String("GitHub gives no log before the job ends")));
    }

    void followStopsWhenTheReaderScrollsUpAndEndFollowsAgain()
    {
        open(300);
        LogView *view = m_panel->view();
        QVERIFY(view->isFollowing());
        QVERIFY(view->firstVisibleLine() + view->visibleLines() >= 299);
        QTest::keyClick(view, Qt::Key_PageUp);
        QVERIFY(!view->isFollowing());
        const qint64 stood = view->firstVisibleLine();
        Q_EMIT m_source->stream->bytesArrived(lines(300, 50));
        QCOMPARE(view->firstVisibleLine(), stood);
        QCOMPARE(view->unseen(), 50);
        QTest::keyClick(view, Qt::Key_End);
        QVERIFY(view->isFollowing());
        QCOMPARE(view->unseen(), 0);
        QVERIFY(view->firstVisibleLine() > stood);
    }

    void searchMarksCountsAndWalks()
    {
        open(300);
        auto *field = m_panel->findChild<QLineEdit *>(QStringLiteral("logSearchField"));
        QTest::keyClicks(field, QStringLiteral("org_hidden"));
        QTRY_COMPARE(m_controller->search().lines().size(), size_t(3));
        QTRY_VERIFY(m_panel->findChild<QLabel *>(QStringLiteral("hitCount"))
                        ->text()
                        .startsWith(QLatin1Char('3')));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(m_panel->view()->currentLine(), 42);
        QTest::mouseClick(m_panel->findChild<QToolButton *>(QStringLiteral("nextHitButton")),
                          Qt::LeftButton);
        QCOMPARE(m_panel->view()->currentLine(), 142);
        QTest::mouseClick(m_panel->findChild<QToolButton *>(QStringLiteral("previousHitButton")),
                          Qt::LeftButton);
        QCOMPARE(m_panel->view()->currentLine(), 42);
        QVERIFY(!m_panel->view()->isFollowing());
    }

    void firstErrorIsFound()
    {
        open(200);
        Q_EMIT m_source->stream->bytesArrived("##[error]boom\n" + lines(200, 100));
        QTest::mouseClick(m_panel->findChild<QToolButton *>(QStringLiteral("firstErrorButton")),
                          Qt::LeftButton);
        QCOMPARE(m_panel->view()->currentLine(), 200);
        QCOMPARE(m_panel->view()->selectedText(), QStringLiteral("boom"));
    }

    void aCutTransferIsNotTakenForAWholeLog()
    {
        open(10);
        Q_EMIT m_source->stream->ended(
            fail(ErrorKind::Unavailable, QStringLiteral("The connection broke.")));
        auto *line = m_panel->findChild<QLabel *>(QStringLiteral("logStateLine"));
        QVERIFY(line->isVisible());
        QVERIFY(line->text().contains(QLatin1String("Incomplete")));
    }

    void aFailureOffersToReadAgain()
    {
        m_controller->open(PodLog{TrackName(QStringLiteral("t")), QStringLiteral("p"), {}},
                           QStringLiteral("p"));
        Q_EMIT m_source->stream->ended(
            fail(ErrorKind::NotAllowed, QStringLiteral("You lack get on pods/log.")));
        auto *state = m_panel->findChild<StateView *>();
        QVERIFY(state->isVisible());
        QCOMPARE(state->headline(), QStringLiteral("Not allowed"));
    }

private:
    void open(int count)
    {
        m_controller->open(PodLog{TrackName(QStringLiteral("t")), QStringLiteral("p"), {}},
                           QStringLiteral("p"));
        Q_EMIT m_source->stream->bytesArrived(lines(0, count));
    }

    QTemporaryDir m_dir;
    FakeClock m_clock;
    std::unique_ptr<FakeSource> m_source;
    std::unique_ptr<LogController> m_controller;
    std::unique_ptr<LogPanel> m_panel;
};

QTEST_MAIN(TestLogPanel)
#include "testlogpanel.moc"
