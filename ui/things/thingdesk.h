#pragma once

#include "release/things/vendorpages.h"

#include <QHash>
#include <QList>
#include <QObject>

#include <functional>
#include <optional>

class QAbstractItemView;
class QMenu;
class QModelIndex;
class QWidget;

namespace pilothouse {

/// Copies and opens what the pages show: one for a window. Pages tell it what their widgets are
/// about; it gives these a menu (right button, Menu key, Shift+F10) and answers what the keyboard
/// stands at.
class ThingDesk final : public QObject
{
    Q_OBJECT

public:
    /// Shows an address outside this program; whether that could be begun.
    using OpenAddress = std::function<bool(const QUrl &)>;
    /// The first is what keys act upon; more stand below it in the menu. Empty = nothing.
    using Things = std::function<QList<Thing>()>;
    using ThingsOfRow = std::function<QList<Thing>(const QModelIndex &)>;

    ThingDesk(QString workspace, VendorPages pages, OpenAddress open, QObject *parent = nullptr);

    /// A widget that is about something as a whole, and with it those within it that are about
    /// nothing else.
    void serve(QWidget &widget, const Things &things);
    /// A list or table: each row, or cell, is about something. Its own actions stand first in the
    /// menu.
    void serveRows(QAbstractItemView &view, const ThingsOfRow &things);

    /// What the focus within `page` stands at: the row, else what is around it, else the page's
    /// own.
    [[nodiscard]] std::optional<Thing> at(const QWidget &page) const;
    [[nodiscard]] VendorPage pageOf(const Thing &thing) const;

    void copyId(const Thing &thing);
    void copyLink(const Thing &thing); ///< the pilothouse:// address
    void copyForChat(const Thing &thing);
    void copyCommand(const Thing &thing); ///< that shows it in a terminal; there must be one
    /// Says why where there is no page.
    void open(const Thing &thing);

Q_SIGNALS:
    /// One calm sentence about what was copied or opened, or why not.
    void said(const QString &sentence);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Served
    {
        Things things;                     ///< what the keyboard stands at
        ThingsOfRow ofRow;                 ///< of a view alone
        QAbstractItemView *view = nullptr; ///< the widget itself
    };

    void copy(const QString &text, const QString &sentence);
    /// Whether a menu was shown.
    bool showMenu(QWidget &widget, const QList<Thing> &things, const QPoint &globalAt);
    /// The outermost served widget around it.
    [[nodiscard]] const QWidget &pageAround(const QWidget &widget) const;
    bool showMenuByKey(QWidget &widget);
    bool showMenuAt(QWidget &widget, const QPoint &at, const QPoint &globalAt);

    QString m_workspace;
    VendorPages m_pages;
    OpenAddress m_open;
    QHash<const QObject *, Served> m_served; ///< by widget; a view's also by its viewport
};

} // namespace pilothouse
