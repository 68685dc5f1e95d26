#include "app/console/workspacewindow.h"

#include "app/console/consentdialogs.h"
#include "app/console/tokendialog.h"
#include "app/wiring/signin/accounts.h"

#include <QAction>
#include <QEvent>
#include <QLoggingCategory>
#include <QStatusBar>
#include <QTimer>

namespace pilothouse {

namespace {

/// Silent unless asked for: QT_LOGGING_RULES=pilothouse.start=true.
Q_LOGGING_CATEGORY(start, "pilothouse.start", QtWarningMsg)

/// Says once when the window has painted itself; the start bench waits for that line.
class FirstPaint final : public QObject
{
public:
    explicit FirstPaint(QWidget &window) : QObject(&window) { window.installEventFilter(this); }

private:
    bool eventFilter(QObject *window, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            window->removeEventFilter(this);
            QTimer::singleShot(0, this, [this] {
                qCInfo(start, "the window is painted");
                deleteLater();
            });
        }
        return false;
    }
};

} // namespace

WorkspaceWindow::WorkspaceWindow(const Workspace &workspace, const Console::Options &options)
    : m_console(std::make_unique<Console>(workspace, options)),
      m_window(std::make_unique<MainWindow>(m_console->parts()))
{
    for (const KeychainAccount &account : keychainAccounts(workspace)) {
        auto *action
            = new QAction(Console::tr("Put the Token for %1 into the Keychain…").arg(account.title),
                          m_window.get());
        m_window->addAction(action);
        QObject::connect(action, &QAction::triggered, m_window.get(), [this, account] {
            (new TokenDialog(m_console->keychain(), account, m_window.get()))->open();
        });
    }
    new ConsentDialogs(m_console->consent(), workspace.environment, *m_window);
    if (m_console->journalError())
        m_window->statusBar()->showMessage(
            Console::tr("The journal cannot be written: promotions and schema steps are off, "
                        "rolling back is not. %1")
                .arg(m_console->journalError()->message));
}

WorkspaceWindow::~WorkspaceWindow() = default;

void WorkspaceWindow::open()
{
    if (start().isInfoEnabled())
        new FirstPaint(*m_window);
    m_window->show();
    QTimer::singleShot(0, m_console.get(), &Console::start);
}

} // namespace pilothouse
