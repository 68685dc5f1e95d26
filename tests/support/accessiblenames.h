#pragma once

#include <QAccessible>
#include <QStringList>
#include <QWidget>

namespace pilothouse {

/// Widgets of a window or a dialog as it is shown that Tab reaches and a screen reader could not
/// name, a line each with its class, its objectName and where it stands; empty = all have a name.
[[nodiscard]] inline QString nameless(const QWidget &root)
{
    QStringList all;
    for (QWidget *widget : root.findChildren<QWidget *>()) {
        // Tab passes over what hands its focus on, as a chart's viewport does.
        if (!(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy()
            || !widget->isVisibleTo(&root))
            continue;
        if (widget->window() != root.window()) // a dialog is looked at by itself
            continue;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
        if (!accessible || accessible->text(QAccessible::Name).isEmpty())
            all << QStringLiteral("%1 “%2” in %3")
                       .arg(QString::fromLatin1(widget->metaObject()->className()),
                            widget->objectName(),
                            widget->parentWidget() ? widget->parentWidget()->objectName()
                                                   : QString());
    }
    return all.join(QLatin1Char('\n'));
}

} // namespace pilothouse
