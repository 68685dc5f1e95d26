#include "ui/things/thingmenu.h"

#include "ui/things/thingdesk.h"
#include "ui/widgets/icon.h"

#include <QMenu>

namespace pilothouse {
namespace {

constexpr qsizetype longestText = 60;
constexpr qsizetype shortShaLength = 7;

/// As people read it.
QString idText(const Thing &thing)
{
    return thing.kind == Thing::Kind::Commit ? thing.id.left(shortShaLength) : thing.id;
}

QAction *added(QMenu &menu, const char *objectName, const QString &icon, const QString &text)
{
    auto *action = menu.addAction(themedIcon(icon), text);
    action->setObjectName(QLatin1String(objectName));
    return action;
}

/// The console's own pages are at no vendor, and never will be.
bool isOurs(const Thing &thing)
{
    return thing.kind == Thing::Kind::OnCall || thing.kind == Thing::Kind::History
           || thing.kind == Thing::Kind::Workspace;
}

void addThing(QMenu &menu, const Thing &thing, const std::optional<Thing> &focused, ThingDesk &desk)
{
    const VendorPage page = desk.pageOf(thing);
    // The window has these keys: a menu only says them, or there would be two for one key.
    const auto withKey
        = [hasKeys = focused && isSame(thing, *focused)](const QString &text, const char *key) {
              return hasKeys ? text + QLatin1Char('\t') + QLatin1String(key) : text;
          };
    const auto add = [&](const char *objectName, const QString &icon, const QString &text,
                         void (ThingDesk::*act)(const Thing &)) {
        QAction *action = added(menu, objectName, icon, text);
        QObject::connect(action, &QAction::triggered, &desk,
                         [&desk, act, thing] { (desk.*act)(thing); });
        return action;
    };
    const QString copyIcon = QStringLiteral("copy");
    if (!thing.id.isEmpty())
        add("copyIdAction", copyIcon, ThingDesk::tr("Copy %1").arg(menuText(idText(thing))),
            &ThingDesk::copyId);
    add("copyLinkAction", copyIcon, withKey(ThingDesk::tr("Copy Link"), "Ctrl+L"),
        &ThingDesk::copyLink);
    add("copyForChatAction", copyIcon, withKey(ThingDesk::tr("Copy for Chat"), "Ctrl+Shift+C"),
        &ThingDesk::copyForChat);
    if (!page.command.isEmpty())
        add("copyCommandAction", copyIcon,
            ThingDesk::tr("Copy as %1 Command")
                .arg(menuText(page.command.section(QLatin1Char(' '), 0, 0))),
            &ThingDesk::copyCommand);
    if (isOurs(thing))
        return;
    menu.addSeparator();
    const bool hasPage = !page.address.isEmpty();
    QAction *open
        = add("openAtVendorAction", QStringLiteral("external-link"),
              hasPage ? withKey(ThingDesk::tr("Open at %1").arg(menuText(page.vendor)), "Ctrl+O")
                      : ThingDesk::tr("Open at Its Vendor  (off: %1)").arg(menuText(page.noPage)),
              &ThingDesk::open);
    open->setEnabled(hasPage);
}

} // namespace

void addThings(QMenu &menu, const QList<Thing> &things, const std::optional<Thing> &focused,
               ThingDesk &desk)
{
    if (things.isEmpty())
        return;
    addThing(menu, things.first(), focused, desk);
    if (things.size() > 1)
        menu.addSeparator();
    for (const Thing &thing : things.mid(1)) {
        QMenu *own = menu.addMenu(menuText(thing.words));
        own->setObjectName(QStringLiteral("thingMenu-%1").arg(thing.id));
        addThing(*own, thing, focused, desk);
    }
}

QString menuText(const QString &text)
{
    QString line = text.simplified();
    if (line.size() > longestText)
        line = line.left(longestText - 1) + QChar(0x2026);
    return line.replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace pilothouse
