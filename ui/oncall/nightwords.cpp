#include "ui/oncall/nightwords.h"

#include "ui/widgets/ink.h"

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
    return utc.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
}

void clearLayout(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace pilothouse
