#include "logs/logcontroller.h"
#include "support/fakeclock.h"
#include "ui/logs/logmenus.h"
#include "ui/logs/logpanel.h"
#include "ui/logs/logview.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QByteArray numbered(int from, int count)
{
    QByteArray text;
    for (int i = from; i < from + count; ++i)
        text += "2026-11-24T13:30:00Z \x1b[31mline\x1b[0m " + QByteArray::number(i) + '\n';
    return text;
}

} // namespace

/// A log on disk in the panel, while another program writes it.
class TestLogFollowUi final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_controller
            = std::make_unique<LogController>(std::vector<LogSource *>(), m_dir.path(), m_clock);
        m_panel = std::make_unique<LogPanel>(*m_controller);
        m_panel->resize(1000, 400);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
        m_path = m_dir.filePath(QStringLiteral("server.log"));
        put(numbered(0, 100), QIODevice::WriteOnly);
        m_controller->openFile(m_path);
    }
    void cleanup()
    {
        m_panel.reset();
        m_controller.reset();
    }

    void whatIsWrittenIsShownAtTheEndAndSaid()
    {
        QVERIFY2(said().startsWith(QStringLiteral("Complete: the file was last written 2")),
                 qPrintable(said()));
        picture("whole");
        put(numbered(100, 5), QIODevice::Append);
        m_clock.advance(1s);
        QTRY_COMPARE(m_panel->view()->rows().count(), 105);
        QVERIFY(m_panel->view()->isFollowing());
        QCOMPARE(m_panel->view()->firstVisibleLine() + m_panel->view()->visibleLines(), 105);
        QVERIFY2(said().startsWith(QStringLiteral("Follows the file as it grows; last written ")),
                 qPrintable(said()));
        picture("grows");
    }

    void whoReadsAboveIsNotMovedAndTheNewLinesAreCounted()
    {
        LogView *view = m_panel->view();
        view->setFollowing(false);
        view->showLine(10);
        const qint64 top = view->firstVisibleLine();
        put(numbered(100, 7), QIODevice::Append);
        m_clock.advance(1s);
        QTRY_COMPARE(view->rows().count(), 107);
        QCOMPARE(view->firstVisibleLine(), top);
        QCOMPARE(view->unseen(), 7);
    }

    void aRotatedFileIsToldBesideItsLines()
    {
        QVERIFY(QFile::rename(m_path, m_path + QStringLiteral(".1")));
        m_clock.advance(1s);
        QVERIFY2(said().startsWith(QStringLiteral("No file has this name any more")),
                 qPrintable(said()));
        put("new\n", QIODevice::WriteOnly);
        m_clock.advance(1s);
        QVERIFY2(said().startsWith(QStringLiteral("Another file has this name now")),
                 qPrintable(said()));
        QCOMPARE(m_panel->view()->rows().count(), 100);
        picture("rotated");
        auto *again = m_panel->findChild<QAction *>(QStringLiteral("logAgain"));
        QVERIFY(again && again->isEnabled());
        again->trigger();
        QTRY_COMPARE(m_panel->view()->rows().count(), 1);
    }

    void aFileThatIsCutOffersToReadItAgain()
    {
        put("anew\n", QIODevice::WriteOnly);
        m_clock.advance(1s);
        QVERIFY(!m_panel->view()->isVisible());
        auto *state = m_panel->findChild<StateView *>();
        QVERIFY(state && state->isVisible());
        picture("cut");
        QPushButton *again = nullptr;
        for (QPushButton *button : state->findChildren<QPushButton *>())
            again = button->text() == QStringLiteral("Read Again") ? button : again;
        QVERIFY(again && again->isVisible());
        QTest::mouseClick(again, Qt::LeftButton);
        QTRY_COMPARE(m_panel->view()->rows().count(), 1);
        QVERIFY(m_panel->view()->isVisible());
    }

private:
    void put(const QByteArray &text, QIODevice::OpenMode how)
    {
        QFile file(m_path);
        QVERIFY(file.open(how));
        file.write(text);
    }
    [[nodiscard]] QString said() const
    {
        return m_panel->findChild<QLabel *>(QStringLiteral("logStateLine"))->text();
    }
    /// Kept for whoever wants to look, where PILOTHOUSE_PICTURES names a folder.
    void picture(const char *name)
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (folder.isEmpty())
            return;
        for (const auto &[scheme, word] :
             {std::pair(Theme::Scheme::Light, "light"), std::pair(Theme::Scheme::Dark, "dark")}) {
            Theme::instance().setScheme(scheme);
            QCoreApplication::processEvents();
            m_panel->grab().save(QStringLiteral("%1/logfollow-%2-%3.png")
                                     .arg(folder, QLatin1String(name), QLatin1String(word)));
        }
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

    QTemporaryDir m_dir;
    QString m_path;
    FakeClock m_clock;
    std::unique_ptr<LogController> m_controller;
    std::unique_ptr<LogPanel> m_panel;
};

QTEST_MAIN(TestLogFollowUi)
#include "testlogfollow.moc"
