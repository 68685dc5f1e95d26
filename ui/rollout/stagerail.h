#pragma once

#include "rollout/rolloutviews.h"

#include <QWidget>

namespace pilothouse {

/// The plan as a line of stages: done, current with its bake clock, to come, finishing.
class StageRail final : public QWidget
{
    Q_OBJECT

public:
    explicit StageRail(QWidget *parent = nullptr);

    void setStages(const QList<StageView> &stages);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QList<StageView> m_stages;
};

} // namespace pilothouse
