#pragma once

#include "ui/shell/parts.h"

#include <QWidget>

class QLabel;

namespace pilothouse {

/// The line under the environment's band: which release the pages show, whether this console may
/// act, and the ways to all actions and to the other colours.
class Header final : public QWidget
{
    Q_OBJECT

public:
    explicit Header(const Parts &parts, QWidget *parent = nullptr);

Q_SIGNALS:
    void actionsRequested(); ///< the palette is wanted

private:
    void refresh();

    Parts m_parts;
    QLabel *m_subject;
};

} // namespace pilothouse
