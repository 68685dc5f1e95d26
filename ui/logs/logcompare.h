#pragma once

#include "logs/logdiff.h"

#include <QWidget>

#include <memory>

class QLabel;
class QToolButton;

namespace pilothouse {

class LogStore;
class LogView;

/// Two logs side by side, at the first place where they do not say the same. Both scroll together;
/// the search for the next difference goes on in another thread.
class LogCompare final : public QWidget
{
    Q_OBJECT

public:
    explicit LogCompare(QWidget *parent = nullptr);
    ~LogCompare() override;

    /// The left is the one that is looked at, the right what it is held against ("last green").
    /// Both stay with this widget.
    void setLogs(std::shared_ptr<const LogStore> left, const QString &leftTitle,
                 std::shared_ptr<const LogStore> right, const QString &rightTitle);
    void findNext();

    [[nodiscard]] const std::optional<LogDifference> &difference() const { return m_difference; }
    [[nodiscard]] QString sentence() const;
    [[nodiscard]] LogView *leftView() const { return m_left; }
    [[nodiscard]] LogView *rightView() const { return m_right; }

Q_SIGNALS:
    void found(); ///< a difference, or that there is none any more

private:
    void find(const std::optional<LogDifference> &last);
    void take(const std::optional<LogDifference> &difference);
    void follow(const LogView *moved, LogView *other, qint64 shift);
    void giveUp();

    std::shared_ptr<const LogStore> m_leftLog;
    std::shared_ptr<const LogStore> m_rightLog;
    LogView *m_left;
    LogView *m_right;
    QLabel *m_leftTitle;
    QLabel *m_rightTitle;
    QLabel *m_said;
    QToolButton *m_next;
    std::optional<LogDifference> m_difference;
    std::shared_ptr<std::atomic<bool>> m_cancelled; ///< of the search that is under way
    bool m_followingOther = false;
};

} // namespace pilothouse
