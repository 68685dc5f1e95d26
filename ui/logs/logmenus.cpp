#include "ui/logs/logmenus.h"

#include "base/whendone.h"
#include "logs/logcontroller.h"
#include "logs/reading/logcopy.h"
#include "ui/logs/logcompare.h"
#include "ui/logs/logview.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFileDialog>
#include <QInputDialog>
#include <QLocale>
#include <QMenu>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr size_t mostGroups = 60;
constexpr int menuTextLength = 80;

} // namespace

LogMenus::LogMenus(LogController &controller, LogView &view, QWidget *parent)
    : QObject(parent), m_controller(controller), m_view(view), m_parent(parent),
      m_copy(new QMenu(tr("Copy"), parent)), m_jump(new QMenu(tr("Jump"), parent))
{
    m_copy->setObjectName(QStringLiteral("logCopyMenu"));
    m_jump->setObjectName(QStringLiteral("logJumpMenu"));
    m_copy->addAction(tr("Copy"), this, [this] { copy(CopyForm::Text | CopyForm::Times); });
    m_copy->addAction(tr("Copy Without Time Stamps"), this, [this] { copy(CopyForm::Text); });
    m_copy->addAction(tr("Copy With Colours"), this,
                      [this] { copy(CopyForm::Times | CopyForm::Colours); });
    m_copy->addAction(tr("Copy Link to Line"), this, &LogMenus::copyLink);
    m_copy->addSeparator();
    m_copy->addAction(tr("Export…"), this, &LogMenus::askForExport);
    m_copy->addAction(tr("Compare With a File…"), this, &LogMenus::askForComparison);
    m_copy->addSeparator();
    m_room = m_copy->addAction(QString());
    m_room->setObjectName(QStringLiteral("logRoom"));
    m_room->setEnabled(false);
    m_copy->addAction(tr("Delete Kept Logs"), this, &LogMenus::clearSpool);
    connect(m_copy, &QMenu::aboutToShow, this, &LogMenus::tellRoom);
    connect(m_jump, &QMenu::aboutToShow, this, &LogMenus::fillJumpMenu);
}

void LogMenus::copy(int parts)
{
    if (m_view.currentLine() < 0) {
        Q_EMIT said(tr("Mark lines first: click one, then Shift and click another."));
        return;
    }
    QApplication::clipboard()->setText(m_view.selectedText(CopyForm{parts}));
}

void LogMenus::copyLink()
{
    const qint64 line
        = m_view.currentLine() >= 0 ? m_view.currentLine() : m_view.firstVisibleLine();
    const QString link = linkToLine(m_controller.place(), m_controller.title(), line);
    QApplication::clipboard()->setText(link);
    Q_EMIT said(tr("Copied: %1").arg(link));
}

void LogMenus::askForFile()
{
    auto *dialog = new QFileDialog(m_parent, tr("Open Log"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, &m_controller, &LogController::openFile);
    dialog->open();
}

void LogMenus::askForComparison()
{
    auto *dialog = new QFileDialog(m_parent, tr("Compare With"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &LogMenus::compareWith);
    dialog->open();
}

void LogMenus::compareWith(const QString &path)
{
    const std::shared_ptr<const LogStore> shown = m_controller.sharedStore();
    auto other = LogStore::openFile(path);
    if (!other || !shown) {
        Q_EMIT said(other ? tr("There is no log to compare.") : other.error().message);
        return;
    }
    auto *window = new QDialog(m_parent);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->setWindowTitle(tr("Two logs"));
    auto *compare = new LogCompare;
    auto *whole = new QVBoxLayout(window);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(compare);
    window->resize(1400, 700);
    compare->setLogs(shown, m_controller.title(), std::move(*other), path);
    window->show();
}

void LogMenus::tellRoom()
{
    const QLocale locale(QLocale::English);
    const LogSpool &spool = m_controller.spool();
    m_room->setText(tr("Kept logs: %1 of at most %2")
                        .arg(locale.formattedDataSize(spool.bytes(), 1),
                             locale.formattedDataSize(spool.limit(), 1)));
}

void LogMenus::clearSpool()
{
    const qint64 before = m_controller.spool().bytes();
    const Result<void> cleared = m_controller.spool().clear();
    const qint64 freed = before - m_controller.spool().bytes();
    Q_EMIT said(cleared ? tr("%1 freed; logs that are shown stay.")
                              .arg(QLocale(QLocale::English).formattedDataSize(freed, 1))
                        : cleared.error().message);
}

void LogMenus::askForExport()
{
    auto *dialog = new QFileDialog(m_parent, tr("Export Log"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("log"));
    connect(dialog, &QFileDialog::fileSelected, this, &LogMenus::exportTo);
    dialog->open();
}

void LogMenus::exportTo(const QString &path)
{
    if (!m_controller.store())
        return;
    Q_EMIT said(tr("Exporting…"));
    whenDone(
        exportLog(m_controller.store()->text(), path), this,
        [this, path](const Result<void> &done) {
            Q_EMIT said(done ? tr("Exported to %1").arg(path) : done.error().message);
        },
        [this] { Q_EMIT said(tr("The export was given up.")); });
}

QString LogMenus::goTo(const QString &words)
{
    if (!m_controller.store())
        return {};
    const Result<qint64> line = lineMeantBy(m_controller.store()->text(), words);
    if (!line)
        return line.error().message;
    if (*line < 0)
        return tr("The log has no such line.");
    m_view.showLine(*line);
    return {};
}

void LogMenus::askForPlace()
{
    auto *dialog = new QInputDialog(m_parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Go to Line or Time"));
    dialog->setLabelText(tr("Line (12408) or time (14:33:51, 2026-11-24 14:33):"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &words) {
        if (const QString wrong = goTo(words); !wrong.isEmpty())
            Q_EMIT said(wrong);
    });
    dialog->open();
}

void LogMenus::fillJumpMenu()
{
    m_jump->clear();
    m_jump->addAction(tr("Line or Time…"), this, &LogMenus::askForPlace);
    m_jump->addAction(tr("End"), this, [this] { m_view.setFollowing(true); });
    const LogStore *store = m_controller.store();
    if (!store || store->marks().folds().empty())
        return;
    m_jump->addSeparator();
    m_jump->addAction(tr("Fold All Groups"), &m_view, &LogView::foldAll);
    m_jump->addAction(tr("Unfold All Groups"), &m_view, &LogView::unfoldAll);
    m_jump->addSection(tr("Groups"));
    const std::vector<Fold> &folds = store->marks().folds();
    for (size_t i = 0; i < folds.size() && i < mostGroups; ++i) {
        QString name = readLine(store->line(folds[i].first)).text.left(menuTextLength);
        name.replace(QLatin1Char('&'), QLatin1String("&&"));
        m_jump->addAction(name, &m_view, [this, line = folds[i].first] { m_view.showLine(line); });
    }
    if (folds.size() > mostGroups) {
        QAction *more = m_jump->addAction(tr("%1 more: Alt+Down goes from group to group")
                                              .arg(qint64(folds.size() - mostGroups)));
        more->setEnabled(false);
    }
}

} // namespace pilothouse
