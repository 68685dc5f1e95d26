#pragma once

#include "release/releaseviews.h"

#include <QComboBox>

namespace pilothouse {

class ReleaseController;

/// Chooses the release that every page shows: candidates first, then on their way, live, earlier.
class ReleasePicker final : public QComboBox
{
    Q_OBJECT

public:
    explicit ReleasePicker(ReleaseController &controller, QWidget *parent = nullptr);

private:
    void refresh();

    ReleaseController &m_controller;
    QList<ReleaseItem> m_items;
};

} // namespace pilothouse
