#pragma once

#include "app/console/start/startlines.h"

#include <QWidget>

#include <array>

namespace pilothouse {

class StartRow;

/// Where nothing is set up yet: what a workspace is, and a line for each thing that one could be
/// made of, with a button each.
class SetUpView final : public QWidget
{
    Q_OBJECT

public:
    enum Row { Clone, Kubeconfig, Gh, Gcloud, RowCount };

    explicit SetUpView(QWidget *parent = nullptr);

    void setLine(Row row, const StartLine &line);

Q_SIGNALS:
    /// Once, after it has painted itself for the first time.
    void painted();
    /// `target` is one of the line's targets; empty if it has none.
    void pressed(SetUpView::Row row, StartLine::Act act, const QString &target);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::array<StartRow *, RowCount> m_rows;
    bool m_hasPainted = false;
};

} // namespace pilothouse
