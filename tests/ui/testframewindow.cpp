#include "support/places.h"
#include "ui/frame/framewindow.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QMainWindow>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

/// A content that may be asked to stay.
class Content final : public QMainWindow
{
public:
    bool mayClose = true;
    int asked = 0;

protected:
    void closeEvent(QCloseEvent *event) override
    {
        ++asked;
        event->setAccepted(mayClose);
    }
};

/// How many different colours there are along the middle of a picture, from top to bottom.
qsizetype coloursDown(const QImage &picture)
{
    QSet<QRgb> seen;
    for (int y = 0; y < picture.height(); ++y)
        seen.insert(picture.pixel(picture.width() / 3, y));
    return seen.size();
}

} // namespace

class TestFrameWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void theLayoutIsThereBeforeAnythingElse_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::newRow("light") << Theme::Scheme::Light;
        QTest::newRow("dark") << Theme::Scheme::Dark;
    }

    void theLayoutIsThereBeforeAnythingElse()
    {
        QFETCH(Theme::Scheme, scheme);
        Theme::instance().setScheme(scheme);
        FrameWindow frame;
        QCOMPARE(frame.size(), FrameWindow::startSize);
        const QImage picture = frame.grab().toImage();
        picture.save(QStringLiteral(PILOTHOUSE_BINARY_DIR "/frame-%1.png")
                         .arg(QString::fromLatin1(QTest::currentDataTag())));
        // Window, band and bars.
        QVERIFY(coloursDown(picture) >= 3);
        QCOMPARE(picture.pixelColor(2, picture.height() - 2),
                 Theme::instance().color(ColorRole::Window));
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

    void itTellsOnceThatTheBarsAreOnScreen()
    {
        FrameWindow frame;
        QSignalSpy painted(&frame, &FrameWindow::barsPainted);
        frame.show();
        QVERIFY(painted.wait());
        frame.repaint();
        QCoreApplication::processEvents();
        QCOMPARE(painted.size(), 1);
    }

    void whatFillsItTakesTheWholeWindowAndGivesTheTitle()
    {
        FrameWindow frame;
        Content content;
        content.setWindowTitle(QStringLiteral("first"));
        content.setCentralWidget(new QWidget);
        QSignalSpy painted(&frame, &FrameWindow::barsPainted);
        frame.fill(content);
        frame.show();
        QVERIFY(QTest::qWaitForWindowExposed(&frame));
        QCOMPARE(content.geometry(), frame.rect());
        QVERIFY(content.isVisible());
        QCOMPARE(frame.windowTitle(), QStringLiteral("first"));
        content.setWindowTitle(QStringLiteral("second"));
        QCOMPARE(frame.windowTitle(), QStringLiteral("second"));
        QCOMPARE(coloursDown(frame.grab().toImage()), 1);
        QVERIFY(painted.isEmpty());
    }

    void whatFillsItSaysWhetherItMayClose()
    {
        FrameWindow frame;
        Content content;
        content.mayClose = false;
        frame.fill(content);
        frame.show();
        QVERIFY(!frame.close());
        QVERIFY(frame.isVisible() && content.isVisible());
        content.mayClose = true;
        QVERIFY(frame.close());
        QVERIFY(!frame.isVisible());
        QCOMPARE(content.asked, 2);
    }

    void beforeItIsFilledItCloses()
    {
        FrameWindow frame;
        frame.show();
        QVERIFY(frame.close());
    }
};

QTEST_MAIN(TestFrameWindow)
#include "testframewindow.moc"
