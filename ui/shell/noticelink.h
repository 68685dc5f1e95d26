#pragma once

#include <QObject>

class QAction;

namespace pilothouse {

class MainWindow;
class NoticeDesk;
struct Notice;

/// Between the desktop's notices and the window: the action that turns them on and off, the page
/// that a chosen one opens, and whether the window is looked at. Belongs to the window.
class NoticeLink final : public QObject
{
    Q_OBJECT

public:
    NoticeLink(NoticeDesk &desk, MainWindow &window);

private:
    void open(const Notice &notice, const QString &token);
    void nameToggle(bool on);

    MainWindow &m_window;
    QAction *m_toggle;
};

} // namespace pilothouse
