#include "ui/shell/palette.h"

#include "ui/widgets/spacing.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int paletteWidth = 520;
constexpr int paletteHeight = 360;

/// The letters of `needle` occur in this order.
bool matches(const QString &text, const QString &needle)
{
    qsizetype at = 0;
    for (const QChar letter : needle) {
        at = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (at < 0)
            return false;
        ++at;
    }
    return true;
}

QString plain(const QAction *action)
{
    return action->text().remove(QLatin1Char('&'));
}

} // namespace

CommandPalette::CommandPalette(const QList<QAction *> &actions, QWidget *parent)
    : QDialog(parent), m_actions(actions), m_field(new QLineEdit), m_list(new QListWidget)
{
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("Actions"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(paletteWidth, paletteHeight);
    m_field->setObjectName(QStringLiteral("paletteField"));
    m_field->setAccessibleName(tr("Action"));
    m_field->setPlaceholderText(tr("Type a few letters of what you want to do"));
    m_field->installEventFilter(this);
    m_list->setAccessibleName(tr("Actions"));
    auto *column = new QVBoxLayout(this);
    column->setSpacing(spacing::Small);
    column->addWidget(m_field);
    column->addWidget(m_list);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_field, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_list, &QListWidget::itemActivated, this, &CommandPalette::run);
    filter({});
}

void CommandPalette::filter(const QString &text)
{
    m_list->clear();
    for (qsizetype i = 0; i < m_actions.size(); ++i) {
        const QAction *action = m_actions[i];
        if (!action->isEnabled() || !matches(plain(action), text))
            continue;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto *item = new QListWidgetItem(
            action->icon(),
            keys.isEmpty() ? plain(action) : QStringLiteral("%1   (%2)").arg(plain(action), keys));
        item->setData(Qt::UserRole, int(i));
        m_list->addItem(item);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::run()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    QAction *action = m_actions[item->data(Qt::UserRole).toInt()];
    accept();
    action->trigger();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            const int step = key == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(qBound(0, m_list->currentRow() + step, m_list->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace pilothouse
