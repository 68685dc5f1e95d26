#include "ui/oncall/nightwords.h"

#include "ui/widgets/ink.h"

#include <QDateTime>
#include <QLabel>
#include <QLayout>
#include <QWidget>

namespace pilothouse {

QLabel *plainLabel(const QString &text, ColorRole ink)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    setInk(label, ink);
    return label;
}

QString nightTime(const QDateTime &utc)
{
    const QDateTime local = utc.toLocalTime();
    return local.toString(local.date() == QDate::currentDate() ? QStringLiteral("HH:mm:ss")
                                                               : QStringLiteral("d MMM HH:mm:ss"));
}

void clearLayout(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace pilothouse
