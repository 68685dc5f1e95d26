#pragma once

#include <QPushButton>

class QMenu;

namespace pilothouse {

class RolloutController;

/// What a track's traffic control offers besides, as a button with a menu: “More…”. Absent where
/// it offers nothing. What is off stands in the menu with its reason. The controller outlives it.
class OwnMenu final : public QPushButton
{
    Q_OBJECT

public:
    explicit OwnMenu(RolloutController &track, QWidget *parent = nullptr);

    /// Shows or hides the button; the menu itself is made when it opens.
    void refresh();
    /// Opens the confirmation of one action; nothing if it is off.
    void confirm(const QString &id);

private:
    void fill();

    RolloutController &m_track;
    QMenu *m_menu;
    QString m_version; ///< of the object that was asked about last
};

} // namespace pilothouse
