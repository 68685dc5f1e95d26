#include "ui/shell/releasepicker.h"

#include "release/releasecontroller.h"

#include <QAbstractItemView>

namespace pilothouse {

ReleasePicker::ReleasePicker(ReleaseController &controller, QWidget *parent)
    : QComboBox(parent), m_controller(controller)
{
    setObjectName(QStringLiteral("releasePicker"));
    setAccessibleName(tr("Release"));
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(34);
    connect(&m_controller, &ReleaseController::changed, this, &ReleasePicker::refresh);
    connect(&m_controller, &ReleaseController::shownChanged, this, &ReleasePicker::refresh);
    connect(this, &QComboBox::activated, this, [this](int index) {
        if (index >= 0 && index < m_items.size())
            m_controller.show(m_items[index].commit);
    });
    refresh();
}

void ReleasePicker::refresh()
{
    // An open list must not change under the pointer.
    if (view()->isVisible())
        return;
    const QList<ReleaseItem> &items = m_controller.releases();
    if (items != m_items) {
        m_items = items;
        clear();
        for (const ReleaseItem &item : m_items)
            addItem(item.words.isEmpty()
                        ? shortSha(item.commit)
                        : QStringLiteral("%1   %2").arg(shortSha(item.commit), item.words));
    }
    for (qsizetype i = 0; i < m_items.size(); ++i) {
        if (m_items[i].commit == m_controller.shown())
            setCurrentIndex(int(i));
    }
    setEnabled(!m_items.isEmpty());
}

} // namespace pilothouse
