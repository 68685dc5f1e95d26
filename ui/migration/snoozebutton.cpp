#include "ui/migration/snoozebutton.h"

#include "ui/action/confirmationflow.h"
#include "ui/widgets/icon.h"

#include <QMenu>

namespace pilothouse {
namespace {

struct Span
{
    int days;
    const char *words;
};

constexpr Span spans[] = {{3, QT_TRANSLATE_NOOP("pilothouse::SnoozeButton", "In 3 Days…")},
                          {7, QT_TRANSLATE_NOOP("pilothouse::SnoozeButton", "In 1 Week…")},
                          {14, QT_TRANSLATE_NOOP("pilothouse::SnoozeButton", "In 2 Weeks…")},
                          {30, QT_TRANSLATE_NOOP("pilothouse::SnoozeButton", "In 30 Days…")}};

} // namespace

SnoozeButton::SnoozeButton(QWidget *parent)
    : QPushButton(themedIcon(QStringLiteral("clock")), tr("Remind Later"), parent)
{
    setObjectName(QStringLiteral("snoozeButton"));
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("snoozeMenu"));
    for (const Span &span : spans)
        connect(menu->addAction(tr(span.words)), &QAction::triggered, this,
                [this, days = span.days] { putOff(days); });
    setMenu(menu);
    hide();
}

void SnoozeButton::setReminders(Reminders &reminders)
{
    m_reminders = &reminders;
    connect(&reminders, &Reminders::changed, this, &SnoozeButton::refresh);
    refresh();
}

void SnoozeButton::setChange(const ChangeKey &key)
{
    m_key = key;
    refresh();
}

std::optional<OpenContract> SnoozeButton::contract() const
{
    if (!m_reminders)
        return std::nullopt;
    for (const DatabaseStanding &standing : m_reminders->standings()) {
        for (const OpenContract &each : standing.contracts) {
            if (standing.database == m_key.database && each.change == m_key.change)
                return each;
        }
    }
    return std::nullopt;
}

void SnoozeButton::refresh()
{
    const auto open = contract();
    const bool late = open && open->daysLeft < 0;
    setVisible(late);
    if (!late)
        return;
    m_today = open->due.addDays(-open->daysLeft);
    setText(open->isSilent ? tr("Silent until %1").arg(dayWords(open->snoozed.until))
                           : tr("Remind Later"));
    setToolTip(open->snoozed.times > 0
                   ? tr("%1; last by %2: %3")
                         .arg(snoozedWords(open->snoozed), open->snoozed.by, open->snoozed.reason)
                   : tr("Puts the reminder off, with a reason; the change stays open"));
}

void SnoozeButton::putOff(int days)
{
    const ChangeKey key = m_key;
    const QDate until = m_today.addDays(days);
    ConfirmationFlow::open(
        window(),
        [this, key, until] { return m_reminders->snoozePreview(key.database, key.change, until); },
        [this, key, until](const Confirmation &confirmation) {
            return m_reminders->snooze(key.database, key.change, until, confirmation);
        });
}

} // namespace pilothouse
