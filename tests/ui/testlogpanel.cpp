#include "logs/logcontroller.h"
#include "support/fakeclock.h"
#include "support/fakelogsource.h"
#include "support/places.h"
#include "ui/logs/hitmap.h"
#include "ui/logs/logmenus.h"
#include "ui/logs/logpanel.h"
#include "ui/logs/logview.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScreen>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace pilothouse;

namespace {

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
        m_source = std::make_unique<FakeLogSource>();
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

    void theCountOfNewLinesIsToldWhileNotFollowing()
    {
        open(300);
        QTest::keyClick(m_panel->view(), Qt::Key_PageUp);
        Q_EMIT m_source->stream->bytesArrived(lines(300, 1240));
        QTRY_VERIFY2(said().contains(QLatin1String("1,240 new lines, End follows")),
                     qPrintable(said()));
    }

    void optionsChangeWhatIsFound()
    {
        open(100);
        Q_EMIT m_source->stream->bytesArrived("Foo\nfoobar\nf.o\n");
        auto *field = m_panel->findChild<QLineEdit *>(QStringLiteral("logSearchField"));
        const auto count = [&] {
            return m_controller->search().lines().size();
        };
        const auto press = [&](const char *name) {
            QTest::mouseClick(m_panel->findChild<QToolButton *>(QLatin1String(name)),
                              Qt::LeftButton);
        };
        field->setText(QStringLiteral("foo"));
        QCOMPARE(count(), size_t(2));
        press("wordButton");
        QCOMPARE(count(), size_t(1));
        press("wordButton");
        press("caseButton");
        QCOMPARE(count(), size_t(1));
        press("caseButton");
        field->setText(QStringLiteral("f.o"));
        QCOMPARE(count(), size_t(1));
        m_panel->find();
        QTest::keyClick(field, Qt::Key_R, Qt::AltModifier);
        QCOMPARE(count(), size_t(3));
    }

    void aWrongExpressionIsSaid()
    {
        open(10);
        m_panel->findChild<QToolButton *>(QStringLiteral("regexButton"))->click();
        m_panel->findChild<QLineEdit *>(QStringLiteral("logSearchField"))
            ->setText(QStringLiteral("a["));
        const auto *hits = m_panel->findChild<QLabel *>(QStringLiteral("hitCount"));
        QVERIFY2(hits->text().startsWith(QLatin1String("The regular expression is wrong")),
                 qPrintable(hits->text()));
    }

    void theFilterLeavesHitsWithTheirSurroundings()
    {
        open(300);
        m_panel->findChild<QLineEdit *>(QStringLiteral("logSearchField"))
            ->setText(QStringLiteral("org_hidden"));
        auto *filter = m_panel->findChild<QToolButton *>(QStringLiteral("filterButton"));
        filter->click();
        LogView *view = m_panel->view();
        QCOMPARE(view->rows().count(), 3);
        QCOMPARE(view->rows().lineOf(1), 142);
        auto *context = m_panel->findChild<QSpinBox *>(QStringLiteral("filterContext"));
        context->setValue(2);
        QCOMPARE(view->rows().count(), 15);
        Q_EMIT m_source->stream->bytesArrived(lines(300, 100));
        QTRY_COMPARE(view->rows().count(), 20);
        // A line that the filter hides is shown when it is asked for.
        view->showLine(7);
        QVERIFY(!filter->isChecked());
        QCOMPARE(view->rows().count(), 400);
        QCOMPARE(view->currentLine(), 7);
    }

    void groupsFoldByClickAndByKey()
    {
        open(3);
        Q_EMIT m_source->stream->bytesArrived("##[group]Run make\na\nb\n##[endgroup]\nend\n");
        LogView *view = m_panel->view();
        const int height = view->fontMetrics().height() + 3;
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, QPoint(5, 3 * height + 5));
        QCOMPARE(view->rows().count(), 5);
        QCOMPARE(view->rows().lineOf(4), 7);
        QTest::keyClick(view, Qt::Key_Return);
        QCOMPARE(view->rows().count(), 8);
        QTest::keyClick(view, Qt::Key_Left);
        QCOMPARE(view->rows().count(), 5);
        view->showLine(5);
        QCOMPARE(view->rows().count(), 8);
        QTest::keyClick(view, Qt::Key_Minus);
        QCOMPARE(view->currentLine(), 3);
        QTest::keyClick(view, Qt::Key_Plus);
        QTest::keyClick(view, Qt::Key_Home);
        QCOMPARE(view->rows().count(), 8);
    }

    void aFoldedGroupStaysFoldedWhileLinesCome()
    {
        open(3);
        Q_EMIT m_source->stream->bytesArrived("##[group]Run make\na\n");
        LogView *view = m_panel->view();
        view->toggleFold(3);
        QCOMPARE(view->rows().count(), 4);
        Q_EMIT m_source->stream->bytesArrived("b\nc\n");
        QTRY_COMPARE(view->rows().count(), 4);
        Q_EMIT m_source->stream->bytesArrived("##[endgroup]\nafter\n");
        QCOMPARE(view->rows().lineOf(view->rows().count() - 1), 8);
    }

    void copyingTakesTheFormThatIsAskedFor()
    {
        open(1);
        Q_EMIT m_source->stream->bytesArrived(
            "2026-11-24T12:57:36.118Z \x1b[31mred\x1b[0m\n##[error]boom\n");
        LogView *view = m_panel->view();
        view->showLine(1);
        QCOMPARE(view->selectedText(CopyForm{CopyForm::Text}), QStringLiteral("red"));
        QCOMPARE(view->selectedText(CopyForm{CopyForm::Times}),
                 QStringLiteral("2026-11-24T12:57:36.118Z red"));
        QCOMPARE(view->selectedText(CopyForm{CopyForm::Colours}),
                 QStringLiteral("\x1b[31mred\x1b[0m\x1b[0m"));
        m_panel->menus()->copyLink();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("LOG p · line 2"));
    }

    void aPlaceIsALineOrATime()
    {
        open(1);
        Q_EMIT m_source->stream->bytesArrived("2026-11-24T12:00:00Z a\nmore\n"
                                              "2026-11-24T12:00:05Z b\n");
        const QString later = QDateTime(QDate(2026, 11, 24), QTime(12, 0, 3), Qt::UTC)
                                  .toLocalTime()
                                  .toString(QStringLiteral("HH:mm:ss"));
        QCOMPARE(m_panel->menus()->goTo(later), QString());
        QCOMPARE(m_panel->view()->currentLine(), 3);
        QCOMPARE(m_panel->menus()->goTo(QStringLiteral("2")), QString());
        QCOMPARE(m_panel->view()->currentLine(), 1);
        QVERIFY(!m_panel->menus()->goTo(QStringLiteral("99")).isEmpty());
        QVERIFY(!m_panel->menus()->goTo(QStringLiteral("soon")).isEmpty());
    }

    void movedLinesLookLikePaintedOnes()
    {
        open(5);
        LogView *view = m_panel->view();
        const auto onScreen = [&] {
            QCoreApplication::processEvents();
            return m_panel->screen()->grabWindow(m_panel->winId()).toImage();
        };
        const auto isAsPainted = [&] {
            const QImage moved = onScreen();
            view->viewport()->update();
            return !moved.isNull() && moved == onScreen();
        };
        const QImage before = onScreen();
        for (int i = 5; i < 60; i += 3) {
            Q_EMIT m_source->stream->bytesArrived(lines(i, 3));
            QTRY_COMPARE(view->rows().count(), i + 3);
            QVERIFY2(isAsPainted(), qPrintable(QString::number(i)));
        }
        QVERIFY2(before != onScreen(), "the screen must show what came");
        QTest::keyClick(view, Qt::Key_Up);
        QVERIFY(isAsPainted());
        QTest::keyClick(view, Qt::Key_PageUp);
        QVERIFY(isAsPainted());
    }

    void silenceIsSaid()
    {
        open(3);
        auto *line = m_panel->findChild<QLabel *>(QStringLiteral("logStateLine"));
        QVERIFY(line->text().startsWith(QLatin1String("Streams")));
        m_clock.advance(std::chrono::seconds(130));
        QVERIFY2(line->text().startsWith(QLatin1String("No line for 2 min")),
                 qPrintable(line->text()));
        // What it says to do about it is there.
        auto *again
            = m_panel->menus()->copyMenu()->findChild<QAction *>(QStringLiteral("logAgain"));
        QVERIFY(line->text().contains(again->text()) && again->isEnabled());
        Q_EMIT m_source->stream->bytesArrived("x\n");
        QTRY_VERIFY(line->text().startsWith(QLatin1String("Streams")));
        again->trigger();
        QCOMPARE(m_source->opened, 2);
    }

    void exportWritesTheLogAndSaysSo()
    {
        open(20);
        const QString path = m_dir.filePath(QStringLiteral("out.log"));
        m_panel->menus()->exportTo(path);
        auto *line = m_panel->findChild<QLabel *>(QStringLiteral("logStateLine"));
        QTRY_VERIFY(line->text().contains(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), lines(0, 20));
        m_panel->menus()->exportTo(QStringLiteral("/nowhere/out.log"));
        QTRY_VERIFY(line->text().contains(QLatin1String("/nowhere/out.log")));
    }

    void theRoomThatLogsTakeIsToldAndFreed()
    {
        open(20);
        const QString left = m_dir.filePath(QStringLiteral("log-left.txt"));
        QFile file(left);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(4096, 'x'));
        file.close();
        QMenu *menu = m_panel->menus()->copyMenu();
        Q_EMIT menu->aboutToShow();
        const auto *room = menu->findChild<QAction *>(QStringLiteral("logRoom"));
        QVERIFY2(room->text().startsWith(QLatin1String("Kept logs: 4.1 KiB of at most 2.0 GiB")),
                 qPrintable(room->text()));
        m_panel->menus()->clearSpool();
        QVERIFY(!QFile::exists(left));
        QCOMPARE(m_controller->store()->line(0), QByteArray("line 0"));
        auto *line = m_panel->findChild<QLabel *>(QStringLiteral("logStateLine"));
        QVERIFY2(line->text().startsWith(QLatin1String("4.0 KiB freed")), qPrintable(line->text()));
    }

    void aLogThatTheLimitStoppedIsToldAndReadOnFromTheMenu()
    {
        open(20);
        m_source->stream->canPause = true;
        QVERIFY(m_controller->spool().setLimit(1 << 20));
        Q_EMIT m_source->stream->bytesArrived(QByteArray("a line\n").repeated(200'000));
        const auto *line = m_panel->findChild<QLabel *>(QStringLiteral("logStateLine"));
        QVERIFY(line->isVisible());
        QVERIFY2(line->text().startsWith(QLatin1String(
                     "Incomplete: The kept logs have come to their limit of 1.0 MiB")),
                 qPrintable(line->text()));
        auto *again
            = m_panel->menus()->copyMenu()->findChild<QAction *>(QStringLiteral("logAgain"));
        QCOMPARE(again->text(), QStringLiteral("Read On"));
        QVERIFY(line->text().contains(again->text()));
        QTRY_COMPARE(m_panel->view()->rows().count(), 200'020);
        m_panel->menus()->limitSpool(1 << 30);
        again->trigger();
        QCOMPARE(m_source->stream->wentOn, 1);
        QCOMPARE(again->text(), QStringLiteral("Read Again"));
        Q_EMIT m_source->stream->bytesArrived("more\n");
        QTRY_COMPARE(m_panel->view()->rows().count(), 200'021);
    }

    void theMapLeadsToAHit()
    {
        open(1000);
        m_panel->findChild<QLineEdit *>(QStringLiteral("logSearchField"))
            ->setText(QStringLiteral("org_hidden"));
        auto *map = m_panel->findChild<HitMap *>();
        QTest::mouseClick(map, Qt::LeftButton, {}, QPoint(4, map->height() * 542 / 1000));
        QCOMPARE(m_panel->view()->currentLine(), 542);
        QVERIFY(map->toolTip().contains(QLatin1String("10 lines with hits")));
    }

    void aFileOnDiskIsOpenedAndItsLinesHaveLinks()
    {
        const QString path = m_dir.filePath(QStringLiteral("old.log"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(lines(0, 400'000));
        file.close();
        m_controller->openFile(path);
        QTRY_COMPARE(m_panel->view()->rows().count(), 400'000);
        m_panel->view()->showLine(41);
        m_panel->menus()->copyLink();
        QCOMPARE(QApplication::clipboard()->text(), path + QStringLiteral("#L42"));
        m_controller->close();
    }

    void theButtonsOfTheHeadingStandBesideEachOther()
    {
        m_panel->lastGreenButton()->show(); // as where there are runs
        open(3);
        QCoreApplication::processEvents();
        const auto buttons
            = m_panel->findChildren<QToolButton *>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(buttons.size() >= 5);
        for (const QToolButton *one : buttons) {
            QVERIFY2(one->x() > m_panel->width() / 4, qPrintable(one->objectName()));
            for (const QToolButton *other : buttons)
                QVERIFY(one == other || !one->geometry().intersects(other->geometry()));
        }
    }

    void everyFocusableWidgetHasAName()
    {
        open(3);
        for (const QWidget *widget : m_panel->findChildren<QWidget *>()) {
            if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisibleTo(m_panel.get()))
                continue;
            const QAccessibleInterface *face
                = QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
            QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(),
                     qPrintable(widget->objectName()));
        }
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

    void aPictureOfEach_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::newRow("light") << Theme::Scheme::Light;
        QTest::newRow("dark") << Theme::Scheme::Dark;
    }
    /// For the eye: written into the build folder.
    void aPictureOfEach()
    {
        QFETCH(Theme::Scheme, scheme);
        Theme::instance().apply(*qApp);
        Theme::instance().setScheme(scheme);
        m_panel->resize(1200, 520);
        open(1);
        QByteArray text;
        for (int i = 0; i < 400; ++i)
            text += "2026-11-24T12:57:" + QByteArray::number(10 + i / 8).rightJustified(2, '0')
                    + ".1180021Z \x1b[32m\xe2\x9c\x93\x1b[0m test_" + QByteArray::number(i)
                    + " \x1b[2m(" + QByteArray::number(i * 7 % 90) + " ms)\x1b[0m"
                    + (i % 60 == 5 ? " timeout\n" : "\n");
        Q_EMIT m_source->stream->bytesArrived(
            text + "2026-11-24T12:58:00Z ##[group]Run poetry run pytest -q\ninside\n##[endgroup]\n"
            + "2026-11-24T12:58:01Z \x1b[1;31mFAILED\x1b[0m tests/test_org.py::test_hidden\n"
            + "2026-11-24T12:58:01Z \x1b[43m warning \x1b[0m deprecated call, timeout soon\n"
            + "2026-11-24T12:58:02Z 10 %\r50 %\r100 %\n"
            + "2026-11-24T12:58:02Z ##[group]Post checkout\nx\ny\n##[endgroup]\nbad \xff byte\n"
            + "2026-11-24T12:58:03Z ##[error]Process completed with exit code 1.\n");
        Q_EMIT m_source->stream->ended({});
        m_panel->view()->toggleFold(408);
        m_panel->findChild<QLineEdit *>(QStringLiteral("logSearchField"))
            ->setText(QStringLiteral("timeout"));
        m_panel->showFirstError();
        m_panel->view()->setFocus();
        const QString file = QStringLiteral(PILOTHOUSE_BINARY_DIR "/log-%1.png")
                                 .arg(QLatin1String(QTest::currentDataTag()));
        QCoreApplication::processEvents();
        QVERIFY(m_panel->grab().save(file));
    }

private:
    [[nodiscard]] QString said() const
    {
        QStringList all;
        for (const QLabel *label : m_panel->findChildren<QLabel *>())
            all << label->text();
        return all.join(QLatin1Char('|'));
    }

    void open(int count)
    {
        m_controller->open(PodLog{TrackName(QStringLiteral("t")), QStringLiteral("p"), {}},
                           QStringLiteral("p"));
        Q_EMIT m_source->stream->bytesArrived(lines(0, count));
        // More than a page is painted with the next frame.
        QTRY_COMPARE(m_panel->view()->rows().count(), count);
    }

    QTemporaryDir m_dir;
    FakeClock m_clock;
    std::unique_ptr<FakeLogSource> m_source;
    std::unique_ptr<LogController> m_controller;
    std::unique_ptr<LogPanel> m_panel;
};

QTEST_MAIN(TestLogPanel)
#include "testlogpanel.moc"
