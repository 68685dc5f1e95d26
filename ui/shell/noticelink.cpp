#include "ui/shell/noticelink.h"

#include "release/notices/noticedesk.h"
#include "ui/migration/migrationpage.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/shell/mainwindow.h"

#include <QAction>
#include <QApplication>
#include <QStatusBar>
#include <QWindow>

namespace pilothouse {
namespace {

constexpr int lostShownMilliseconds = 30'000;

} // namespace

NoticeLink::NoticeLink(NoticeDesk &desk, MainWindow &window)
    : QObject(&window), m_window(window), m_toggle(new QAction(this))
{
    m_toggle->setObjectName(QStringLiteral("noticesToggle"));
    window.addAction(m_toggle);
    connect(m_toggle, &QAction::triggered, this, [&desk] { desk.setOn(!desk.isOn()); });
    connect(&desk, &NoticeDesk::onChanged, this, &NoticeLink::nameToggle);
    connect(&desk, &NoticeDesk::chosen, this, &NoticeLink::open);
    connect(&desk, &NoticeDesk::lost, &window, [this](const QString &sentence) {
        qInfo().noquote() << sentence;
        m_window.statusBar()->showMessage(sentence, lostShownMilliseconds);
    });
    // Any window of ours: a confirmation is looked at too.
    connect(qApp, &QGuiApplication::focusWindowChanged, &desk,
            [&desk](const QWindow *focused) { desk.setFocused(focused); });
    desk.setFocused(QGuiApplication::focusWindow());
    nameToggle(desk.isOn());
}

void NoticeLink::nameToggle(bool on)
{
    m_toggle->setText(on ? tr("Notifications: Turn Off") : tr("Notifications: Turn On"));
}

void NoticeLink::open(const Notice &notice, const QString &token)
{
    if (!notice.track.value.isEmpty()) {
        m_window.showPage(Pages::Rollout);
        m_window.pages().rollout().showTrack(notice.track);
    } else if (notice.run.value != 0) {
        m_window.showWaiting(notice.run);
    } else {
        m_window.showPage(Pages::Migration);
        m_window.pages().migration().showChange(notice.change);
    }
    // Wayland's windows come to the front by this alone; Qt takes it from there.
    if (!token.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8());
    QWidget *top = m_window.window();
    top->setWindowState(top->windowState() & ~Qt::WindowMinimized);
    top->show();
    top->raise();
    top->activateWindow();
}

} // namespace pilothouse
