#include "app/console/startwindow.h"
#include "app/console/workspacewindow.h"
#include "support/accessiblenames.h"
#include "ui/action/confirmationdialog.h"
#include "ui/widgets/theme.h"
#include "workspace/workspacefile.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestAccessibility : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(*qApp);
        QVERIFY(m_dir.isValid());
        QProcess git;
        git.setWorkingDirectory(m_dir.path());
        git.start(QStringLiteral("git"), {QStringLiteral("init"), QStringLiteral("--quiet"),
                                          QStringLiteral("repository")});
        QVERIFY2(git.waitForFinished() && git.exitCode() == 0, "git is needed for this test");
        QFile file(m_dir.filePath(QStringLiteral("pilothouse.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("pilothouse: 1\nname: test\nrepository: {path: repository}\n"
                   "tracks:\n  coditect:\n"
                   "    control: {kind: cloud-run, project: p, region: r, service: s,\n"
                   "              credential: none, api: 'http://127.0.0.1:9'}\n"
                   "    plan: [{weight: 10, bake: 5m}, {weight: 100}]\n");
        file.close();
        const auto workspace = loadWorkspace(file.fileName());
        QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().detail));
        m_window = std::make_unique<WorkspaceWindow>(*workspace, Console::Options{});
        m_window->open();
        QVERIFY(QTest::qWaitForWindowExposed(&m_window->window()));
    }
    void cleanupTestCase() { m_window.reset(); }

    void everyFocusableWidgetOfAPageHasAName_data()
    {
        QTest::addColumn<int>("page");
        const char *names[] = {"Release", "Pipeline", "Canary", "Migrations", "History"};
        for (int i = 0; i < 5; ++i)
            QTest::newRow(names[i]) << i;
    }
    void everyFocusableWidgetOfAPageHasAName()
    {
        QFETCH(int, page);
        m_window->window().showPage(Pages::Page(page));
        QTRY_COMPARE(int(m_window->window().page()), page);
        QCOMPARE(nameless(m_window->window()), QString());
    }

    void everyFocusableWidgetOfTheConfirmationHasAName()
    {
        Preview preview;
        preview.title = QStringLiteral("Promote");
        preview.verb = QStringLiteral("Promote");
        preview.typed = QStringLiteral("50");
        preview.typedPrompt = QStringLiteral("Type the new weight");
        preview.calls = {{PlannedCall::Language::Sql, {}, QStringLiteral("SELECT 1"), {}, {}}};
        ConfirmationDialog dialog(preview);
        dialog.show();
        QCOMPARE(nameless(dialog), QString());
    }

    void everyFocusableWidgetOfAComparisonHasAName()
    {
        m_window->window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_window->window()));
        QTest::keyClick(&m_window->window(), Qt::Key_D, Qt::ControlModifier);
        QTRY_VERIFY(qApp->activeModalWidget());
        QPointer<QWidget> dialog = qApp->activeModalWidget();
        QCOMPARE(dialog->objectName(), QStringLiteral("compareDialog"));
        QCOMPARE(nameless(*dialog), QString());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
    }

    void everyFocusableWidgetOfTheStartPageHasAName()
    {
        StartWindow start;
        start.showRecent({QStringLiteral("/a/pilothouse.yaml")});
        start.show();
        QCOMPARE(nameless(start), QString());
    }

private:
    QTemporaryDir m_dir;
    std::unique_ptr<WorkspaceWindow> m_window;
};

QTEST_MAIN(TestAccessibility)
#include "testaccessibility.moc"
