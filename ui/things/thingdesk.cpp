#include "ui/things/thingdesk.h"

#include "release/things/chatline.h"
#include "release/things/thinglink.h"
#include "ui/things/thingmenu.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>

namespace pilothouse {
namespace {

bool asksForMenu(const QKeyEvent &key)
{
    return key.key() == Qt::Key_Menu
           || (key.key() == Qt::Key_F10 && key.modifiers() == Qt::ShiftModifier);
}

/// The keyboard is in a field, or in something within `around` that has a menu of its own.
bool hasOwnMenu(const QWidget &around)
{
    const QWidget *focus = around.focusWidget();
    if (focus == &around)
        return false;
    if (focus && focus->testAttribute(Qt::WA_InputMethodEnabled))
        return true;
    for (; focus && focus != &around; focus = focus->parentWidget()) {
        if (focus->contextMenuPolicy() != Qt::DefaultContextMenu)
            return true;
    }
    return false;
}

/// Where a menu that a key asks for stands: at the row, else in the middle.
QPoint placeByKey(const QWidget &widget, const QAbstractItemView *view)
{
    const QRect row = view ? view->visualRect(view->currentIndex()) : QRect();
    if (row.isValid() && view->viewport()->rect().intersects(row))
        return view->viewport()->mapToGlobal(QPoint(row.left() + row.height(), row.bottom()));
    return widget.mapToGlobal(widget.rect().center());
}

} // namespace

ThingDesk::ThingDesk(QString workspace, VendorPages pages, OpenAddress open, QObject *parent)
    : QObject(parent), m_workspace(std::move(workspace)), m_pages(std::move(pages)),
      m_open(std::move(open))
{}

void ThingDesk::serve(QWidget &widget, const Things &things)
{
    if (!m_served.contains(&widget))
        connect(&widget, &QObject::destroyed, this,
                [this](QObject *gone) { m_served.remove(gone); });
    m_served.insert(&widget, {things, {}, nullptr});
    widget.removeEventFilter(this);
    widget.installEventFilter(this);
}

void ThingDesk::serveRows(QAbstractItemView &view, const ThingsOfRow &things)
{
    serve(view, [&view, things] {
        const QModelIndex index = view.currentIndex();
        return index.isValid() ? things(index) : QList<Thing>();
    });
    m_served[&view].ofRow = things;
    m_served[&view].view = &view;
    // The mouse's events go to the viewport.
    connect(view.viewport(), &QObject::destroyed, this,
            [this](QObject *gone) { m_served.remove(gone); });
    m_served.insert(view.viewport(), m_served.value(&view));
    view.viewport()->removeEventFilter(this);
    view.viewport()->installEventFilter(this);
}

std::optional<Thing> ThingDesk::at(const QWidget &page) const
{
    const QWidget *widget = page.focusWidget();
    if (!widget || (widget != &page && !page.isAncestorOf(widget)))
        widget = &page;
    for (; widget; widget = widget->parentWidget()) {
        const auto served = m_served.constFind(widget);
        if (served != m_served.constEnd()) {
            const QList<Thing> things = served->things();
            if (!things.isEmpty())
                return things.first();
        }
        if (widget == &page)
            break;
    }
    return {};
}

VendorPage ThingDesk::pageOf(const Thing &thing) const
{
    return pilothouse::pageOf(thing, m_pages);
}

void ThingDesk::copy(const QString &text, const QString &sentence)
{
    QApplication::clipboard()->setText(text);
    Q_EMIT said(sentence);
}

void ThingDesk::copyId(const Thing &thing)
{
    copy(thing.id, tr("Copied: %1").arg(thing.id));
}

void ThingDesk::copyLink(const Thing &thing)
{
    const QString link = linkTo(m_workspace, thing);
    copy(link, tr("Copied: %1").arg(link));
}

void ThingDesk::copyForChat(const Thing &thing)
{
    copy(chatLine(thing, pageOf(thing), linkTo(m_workspace, thing)),
         tr("Copied for a chat: %1").arg(quotable(thing.words)));
}

void ThingDesk::copyCommand(const Thing &thing)
{
    const QString command = pageOf(thing).command;
    copy(command, tr("Copied: %1").arg(command));
}

void ThingDesk::open(const Thing &thing)
{
    const VendorPage page = pageOf(thing);
    const QString words = quotable(thing.words);
    if (page.address.isEmpty()) {
        Q_EMIT said(tr("%1 is not opened: %2.").arg(words, page.noPage));
        return;
    }
    if (m_open(page.address))
        Q_EMIT said(tr("%1 is opened at %2.").arg(words, page.vendor));
    else
        Q_EMIT said(tr("No browser could be started. The address of %1 is %2")
                        .arg(words, page.address.toString(QUrl::FullyEncoded)));
}

bool ThingDesk::eventFilter(QObject *watched, QEvent *event)
{
    auto *widget = qobject_cast<QWidget *>(watched);
    if (widget && event->type() == QEvent::KeyPress) {
        if (asksForMenu(*static_cast<QKeyEvent *>(event)))
            return showMenuByKey(*widget);
    } else if (widget && event->type() == QEvent::ContextMenu) {
        const auto *asked = static_cast<QContextMenuEvent *>(event);
        return asked->reason() == QContextMenuEvent::Keyboard
                   ? showMenuByKey(*widget)
                   : showMenuAt(*widget, asked->pos(), asked->globalPos());
    }
    return QObject::eventFilter(watched, event);
}

const QWidget &ThingDesk::pageAround(const QWidget &widget) const
{
    const QWidget *page = &widget;
    for (const QWidget *around = &widget; around; around = around->parentWidget()) {
        if (m_served.contains(around))
            page = around;
    }
    return *page;
}

bool ThingDesk::showMenuByKey(QWidget &widget)
{
    const Served served = m_served.value(&widget);
    return served.things && !hasOwnMenu(widget)
           && showMenu(widget, served.things(), placeByKey(widget, served.view));
}

bool ThingDesk::showMenuAt(QWidget &widget, const QPoint &at, const QPoint &globalAt)
{
    const Served served = m_served.value(&widget);
    if (!served.view)
        return served.things && showMenu(widget, served.things(), globalAt);
    if (&widget == served.view)
        return false; // its frame or header: rows lie in the viewport
    const QModelIndex index = served.view->indexAt(at);
    return index.isValid() && showMenu(widget, served.ofRow(index), globalAt);
}

bool ThingDesk::showMenu(QWidget &widget, const QList<Thing> &things, const QPoint &globalAt)
{
    if (things.isEmpty())
        return false;
    // Some platforms tell the Menu key twice: as a key, and as the wish for a menu.
    if (QApplication::activePopupWidget())
        return true;
    auto *menu = new QMenu(&widget);
    menu->setObjectName(QStringLiteral("thingMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QAbstractItemView *view = m_served.value(&widget).view;
    menu->addActions(view ? view->actions() : widget.actions());
    menu->addSeparator(); // one that nothing stands before is not shown
    // In front of a modal dialog the window's keys do nothing.
    const bool hasKeys = !widget.window()->isModal();
    addThings(*menu, things, hasKeys ? at(pageAround(widget)) : std::nullopt, *this);
    menu->popup(globalAt);
    return true;
}

} // namespace pilothouse
