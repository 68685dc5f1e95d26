#include "app/console/startwindow.h"

#include "app/console/start/machine.h"
#include "app/console/start/setupview.h"
#include "app/console/start/shortenedlabel.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"

#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int startWidth = 760;
constexpr int startHeight = 520;

} // namespace

StartWindow::StartWindow(QWidget *parent)
    : QWidget(parent), m_notice(new QLabel), m_state(new StateView), m_list(new QListWidget),
      m_setUp(new SetUpView),
      m_look(new QPushButton(themedIcon(QStringLiteral("refresh-cw")), tr("Look Again"))),
      m_rehearse(new QPushButton(themedIcon(QStringLiteral("play")), tr("Start the Rehearsal")))
{
    setObjectName(QStringLiteral("startWindow"));
    setWindowTitle(tr("Pilothouse"));
    resize(startWidth, startHeight);
    auto *panel = new Panel(tr("Workspaces"));
    m_look->setObjectName(QStringLiteral("lookButton"));
    panel->addAction(m_look);
    m_list->setObjectName(QStringLiteral("recentList"));
    m_list->setAccessibleName(tr("Recent workspaces"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setWordWrap(true);
    m_notice->setObjectName(QStringLiteral("startNotice"));
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setWordWrap(true);
    m_notice->hide();
    panel->body()->addWidget(m_notice);
    panel->body()->addWidget(m_state, 1);
    panel->body()->addWidget(m_list, 1);
    panel->body()->addWidget(m_setUp, 1);
    setSetUpVisible(false);
    auto *open
        = new QPushButton(themedIcon(QStringLiteral("scroll-text")), tr("Open a Workspace File…"));
    open->setObjectName(QStringLiteral("openButton"));
    auto *make
        = new QPushButton(themedIcon(QStringLiteral("git-branch")), tr("Make One from a Clone…"));
    make->setObjectName(QStringLiteral("makeButton"));
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(spacing::Small);
    buttons->addWidget(open);
    buttons->addWidget(make);
    buttons->addStretch(1);
    m_rehearse->setObjectName(QStringLiteral("rehearseButton"));
    buttons->addWidget(m_rehearse);
    auto *hint = new ShortenedLabel(2);
    hint->setText(tr("The rehearsal is a whole world on this computer, with its own servers, "
                     "to try everything on. It ends with its window."));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::Medium, spacing::Medium, spacing::Medium, spacing::Medium);
    column->setSpacing(spacing::Small);
    column->addWidget(panel, 1);
    column->addLayout(buttons);
    column->addWidget(hint);
    connect(open, &QPushButton::clicked, this, &StartWindow::chooseFile);
    connect(make, &QPushButton::clicked, this, &StartWindow::chooseClone);
    connect(m_look, &QPushButton::clicked, this, &StartWindow::lookRequested);
    connect(new QShortcut(QKeySequence::Refresh, this), &QShortcut::activated, m_look,
            &QPushButton::click);
    connect(m_rehearse, &QPushButton::clicked, this, &StartWindow::rehearsalRequested);
    connect(m_list, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        const QString file = item->data(Qt::UserRole).toString();
        if (!file.isEmpty())
            Q_EMIT openRequested(file);
    });
    connect(m_state, &StateView::retryRequested, this, [this] { Q_EMIT openRequested(m_file); });
}

void StartWindow::showRecent(const QStringList &files)
{
    m_list->clear();
    for (const QString &file : files) {
        auto *item
            = new QListWidgetItem(themedIcon(QStringLiteral("history"), ColorRole::Muted), file);
        item->setData(Qt::UserRole, file);
        m_list->addItem(item);
    }
    m_state->hide();
    m_list->setVisible(!files.isEmpty());
    setSetUpVisible(files.isEmpty());
}

void StartWindow::setSetUpVisible(bool visible)
{
    m_setUp->setVisible(visible);
    m_look->setVisible(visible);
}

void StartWindow::say(const QString &sentence)
{
    m_notice->setText(sentence);
    m_notice->show();
}

void StartWindow::setRehearsing(bool rehearsing)
{
    m_rehearse->setEnabled(!rehearsing);
    if (rehearsing)
        say(tr("The rehearsal begins: its servers are being started."));
}

void StartWindow::showMistakes(const QString &file, const Error &error)
{
    m_file = file;
    m_list->clear();
    const QStringList lines = error.detail.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const QString &line : lines)
        m_list->addItem(
            new QListWidgetItem(themedIcon(QStringLiteral("circle-x"), Tone::Danger), line));
    m_list->setVisible(!lines.isEmpty());
    m_state->setVisible(true);
    setSetUpVisible(false);
    m_state->showError(error, tr("Mend the file, then read it again."), tr("Read Again"));
}

Result<QString> StartWindow::makeFromClone(const QString &folder)
{
    const QDir clone(folder);
    if (!clone.exists(QStringLiteral(".git")))
        return fail(ErrorKind::BadInput,
                    tr("“%1” is not a Git clone: it has no .git. Choose the folder of a clone.")
                        .arg(folder));
    const QString path = clone.absoluteFilePath(QStringLiteral("pilothouse.yaml"));
    if (QFileInfo::exists(path))
        return path;
    QString yaml = QStringLiteral("pilothouse: 1\nname: %1\nrepository:\n  path: .\n")
                       .arg(yamlScalar(clone.dirName()));
    const QStringList workflows = workflowFiles(folder);
    if (!workflows.isEmpty()) {
        yaml += QStringLiteral("pipelines:\n");
        for (const QString &workflow : workflows)
            yaml += QStringLiteral("  - %1\n").arg(yamlScalar(workflow));
    }
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly) || file.write(yaml.toUtf8()) < 0)
        return fail(ErrorKind::NotAllowed,
                    tr("“%1” cannot be written. Check the rights of the folder.").arg(path),
                    file.errorString());
    return path;
}

void StartWindow::chooseFile()
{
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Open a Workspace File"), QDir::homePath(), tr("Workspace files (*.yaml *.yml)"));
    if (!file.isEmpty())
        Q_EMIT openRequested(file);
}

void StartWindow::chooseClone()
{
    const QString folder
        = QFileDialog::getExistingDirectory(this, tr("Folder of a Clone"), QDir::homePath());
    if (!folder.isEmpty())
        openClone(folder);
}

void StartWindow::openClone(const QString &folder)
{
    const Result<QString> made = makeFromClone(folder);
    if (made)
        Q_EMIT openRequested(*made);
    else
        QMessageBox::warning(this, tr("No workspace made"), made.error().message);
}

} // namespace pilothouse
