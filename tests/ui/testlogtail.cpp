#include "logs/logcontroller.h"
#include "support/fakeclock.h"
#include "support/fakelogsource.h"
#include "ui/logs/linepainter.h"
#include "ui/logs/logmenus.h"
#include "ui/logs/logpanel.h"
#include "ui/logs/logview.h"
#include "ui/widgets/theme.h"

#include <QLabel>
#include <QScreen>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

QByteArray lines(int from, int count)
{
    QByteArray text;
    for (int i = from; i < from + count; ++i)
        text += "line " + QByteArray::number(i) + '\n';
    return text;
}

/// Whether something stands in a row of the picture.
bool hasInk(const QImage &picture, int top, int height)
{
    const QRgb paper = picture.pixel(picture.width() - 1, top);
    for (int y = top; y < top + height; ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            if (picture.pixel(x, y) != paper)
                return true;
        }
    }
    return false;
}

} // namespace

/// The last lines of a log: before the others are counted, and while they are not whole.
class TestLogTail : public QObject
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

    void theFirstPageIsTheOneThatStaysWhenTheLinesAreCounted()
    {
        constexpr int count = 400'000;
        const QString path = m_dir.filePath(QStringLiteral("large.log"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(lines(0, count));
        file.close();
        LogView *view = m_panel->view();
        constexpr int textWidth = 300; // of lines so short no more is written on
        const int height = LinePainter(view->font(), 6, 0).lineHeight();
        // The text of the last rows. The gutter is as wide as the numbers, which are not known at
        // first, and the page is a little higher when it is no longer said that lines are counted.
        const auto lastRows = [&](int rows, int digits) {
            return view->viewport()->grab().toImage().copy(
                LinePainter(view->font(), digits, 0).gutterWidth(),
                (view->visibleLines() - rows) * height, textWidth, rows * height);
        };
        m_controller->openFile(path);
        (void)view->viewport()->grab(); // lays it out
        const int rows = view->visibleLines();
        const QImage first = lastRows(rows, 3);
        QVERIFY2(!m_controller->store()->isIndexed(), "the page is painted before");
        QTRY_COMPARE(view->rows().count(), count);
        QVERIFY(rows > 5);
        for (int row = 0; row < rows; ++row)
            QVERIFY2(hasInk(first, row * height, height), qPrintable(QString::number(row)));
        QCOMPARE(first, lastRows(rows, 6));
        // And it is the last one.
        QCOMPARE(view->firstVisibleLine() + view->visibleLines(), count);
        m_controller->close();
    }

    void aLineIsShownBeforeItsEndComes()
    {
        open();
        Q_EMIT m_source->stream->bytesArrived("10 %\r20");
        LogView *view = m_panel->view();
        QTRY_COMPARE(view->rows().count(), 1);
        QVERIFY2(view->isVisible(), "the first line is shown though it has no end");
        QVERIFY(hasInk(onScreen(), view->viewport()->mapTo(m_panel.get(), QPoint()).y(),
                       view->fontMetrics().height()));
        view->showLine(0);
        QCOMPARE(view->selectedText(), QStringLiteral("20"));
        const QImage before = onScreen();
        Q_EMIT m_source->stream->bytesArrived(" %");
        QTRY_VERIFY(before != onScreen());
        QCOMPARE(view->selectedText(), QStringLiteral("20 %"));
        QCOMPARE(view->selectedText(CopyForm{CopyForm::Text}), QStringLiteral("20 %"));
        Q_EMIT m_source->stream->bytesArrived("\n");
        QCOMPARE(view->selectedText(), QStringLiteral("20 %"));
        QCOMPARE(view->rows().count(), 1);
    }

    void aLineThatGrowsAtTheEndLooksAsIfPaintedAnew()
    {
        open();
        Q_EMIT m_source->stream->bytesArrived(lines(0, 60) + "begun");
        LogView *view = m_panel->view();
        QTRY_COMPARE(view->rows().count(), 61);
        for (const QByteArray &piece :
             {QByteArray(" more"), QByteArray("\nnext"), QByteArray(" of it\r"), QByteArray("anew"),
              QByteArray("\n") + lines(62, 2), QByteArray("last")}) {
            Q_EMIT m_source->stream->bytesArrived(piece);
            QTRY_COMPARE(view->rows().count(), m_controller->store()->lineCount());
            const QImage moved = onScreen();
            view->viewport()->update();
            QVERIFY2(moved == onScreen(), piece.constData());
            QVERIFY(view->isFollowing());
            QCOMPARE(view->firstVisibleLine() + view->visibleLines(), view->rows().count());
        }
    }

    void aLineThatComesInPiecesIsOneNewLine()
    {
        open();
        Q_EMIT m_source->stream->bytesArrived(lines(0, 300) + "half");
        LogView *view = m_panel->view();
        QTRY_COMPARE(view->rows().count(), 301);
        QTest::keyClick(view, Qt::Key_PageUp);
        QVERIFY(!view->isFollowing());
        const qint64 stood = view->firstVisibleLine();
        for (const char *piece : {" a line\n", "an", "other", " one\n", "a third"})
            Q_EMIT m_source->stream->bytesArrived(piece);
        QCOMPARE(view->unseen(), 2);
        QCOMPARE(view->firstVisibleLine(), stood);
        QTRY_COMPARE(view->rows().count(), 303);
        QTest::keyClick(view, Qt::Key_End);
        QCOMPARE(view->unseen(), 0);
        QCOMPARE(view->firstVisibleLine() + view->visibleLines(), 303);
    }

    void aSearchMarksALineWhenItIsWhole()
    {
        open();
        Q_EMIT m_source->stream->bytesArrived("one\ntwo");
        LogView *view = m_panel->view();
        QTRY_COMPARE(view->rows().count(), 2);
        LogSearch &search = m_controller->search();
        search.start(m_controller->store(), QStringLiteral("two"));
        QVERIFY(search.isComplete());
        QCOMPARE(search.next(-1), -1);
        view->setFilter(0);
        QCOMPARE(view->rows().count(), 0);
        Q_EMIT m_source->stream->bytesArrived(" and a half");
        QVERIFY(search.isComplete());
        QCOMPARE(view->rows().count(), 0);
        Q_EMIT m_source->stream->bytesArrived("\nthree");
        QCOMPARE(search.next(-1), 1);
        QTRY_COMPARE(view->rows().count(), 1);
    }

    void anExportHasTheLineAsFarAsItHasComeAndSaysThatItHasNotEnded()
    {
        open();
        Q_EMIT m_source->stream->bytesArrived("one\nhalf a li");
        QCOMPARE(exported(QStringLiteral("open.log")), QByteArray("one\nhalf a li"));
        QVERIFY2(stateLine().endsWith(QLatin1String(
                     "open.log. The last line has not ended: export again for its rest.")),
                 qPrintable(stateLine()));
        Q_EMIT m_source->stream->bytesArrived("ne\n");
        QCOMPARE(exported(QStringLiteral("whole.log")), QByteArray("one\nhalf a line\n"));
        QVERIFY2(stateLine().endsWith(QLatin1String("whole.log")), qPrintable(stateLine()));
        // Behind a piece of a long line the rest is not written before its end.
        const QByteArray piece(2 << 20, 'x');
        Q_EMIT m_source->stream->bytesArrived(piece);
        Q_EMIT m_source->stream->bytesArrived("more");
        QVERIFY(exported(QStringLiteral("long.log")).endsWith("line\n" + piece));
        QVERIFY2(stateLine().contains(QLatin1String("has not ended")), qPrintable(stateLine()));
    }

private:
    [[nodiscard]] QString stateLine() const
    {
        return m_panel->findChild<QLabel *>(QStringLiteral("logStateLine"))->text();
    }

    [[nodiscard]] QByteArray exported(const QString &name) const
    {
        const QString path = m_dir.filePath(name);
        m_panel->menus()->exportTo(path);
        QFile file(path);
        return QTest::qWaitFor([&] { return stateLine().contains(name); })
                       && file.open(QIODevice::ReadOnly)
                   ? file.readAll()
                   : "not exported";
    }

    [[nodiscard]] QImage onScreen() const
    {
        QCoreApplication::processEvents();
        return m_panel->screen()->grabWindow(m_panel->winId()).toImage();
    }

    void open() { m_controller->open(BuildLog{QStringLiteral("b-1")}, QStringLiteral("b")); }

    QTemporaryDir m_dir;
    FakeClock m_clock;
    std::unique_ptr<FakeLogSource> m_source;
    std::unique_ptr<LogController> m_controller;
    std::unique_ptr<LogPanel> m_panel;
};

QTEST_MAIN(TestLogTail)
#include "testlogtail.moc"
