#pragma once

#include "release/oncall/oncallviews.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace pilothouse {

/// What changed: while it hurts, before that moment by the distance to it, and since; else in the
/// last hours. What cannot be told is named, so that nothing is said to be quiet that is unheard.
class NightChanges final : public QWidget
{
    Q_OBJECT

public:
    explicit NightChanges(QWidget *parent = nullptr);

    void setView(const OnCallView &view);
    /// Of the panel around it.
    [[nodiscard]] static QString title(const OnCallView &view);
    /// What does not stand in it for want of room; empty = all does.
    [[nodiscard]] static QString remark(const OnCallView &view);

private:
    void addCauses(const OnCallView &view);
    void addRecent(const OnCallView &view);
    /// Over the whole width.
    void addRemark(QLabel *remark);
    void addRow(QLabel *first, const QDateTime &at, const QString &who, const QString &what);

    QGridLayout *m_rows;
    OnCallView m_shown;
    int m_row = 0;
};

} // namespace pilothouse
