#pragma once

#include "migration/overdue/reminders.h"

#include <QPushButton>

namespace pilothouse {

/// Puts off the reminder of a change that is late, for one of a few spans and with a reason; says
/// until when it is silent and who wanted that. Hidden while the change is not late. The reminders
/// outlive it.
class SnoozeButton final : public QPushButton
{
    Q_OBJECT

public:
    explicit SnoozeButton(QWidget *parent = nullptr);

    void setReminders(Reminders &reminders);
    void setChange(const ChangeKey &key);

private:
    void refresh();
    void putOff(int days);
    [[nodiscard]] std::optional<OpenContract> contract() const;

    Reminders *m_reminders = nullptr;
    ChangeKey m_key;
    QDate m_today; ///< by the server; invalid = it was not read
};

} // namespace pilothouse
