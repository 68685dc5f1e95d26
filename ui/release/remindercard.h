#pragma once

#include "migration/overdue/databasestanding.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace pilothouse {

/// The card that a late CONTRACT puts on the first page: how many wait, how late the oldest is, and
/// the way to them. Hidden while nothing is late.
class ReminderCard final : public QFrame
{
    Q_OBJECT

public:
    explicit ReminderCard(QWidget *parent = nullptr);

    void setStandings(const QList<DatabaseStanding> &standings);

Q_SIGNALS:
    void showRequested(); ///< the page of the migrations is wanted

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void restyle();

    QLabel *m_icon;
    QLabel *m_words;
    QLabel *m_names;
    QPushButton *m_show;
};

} // namespace pilothouse
