#pragma once

#include "release/oncall/oncallviews.h"

#include <QWidget>

class QVBoxLayout;

namespace pilothouse {

/// What was live on the tracks that cannot be read, each with its rollback as a command to copy.
class LastKnownList final : public QWidget
{
    Q_OBJECT

public:
    explicit LastKnownList(QWidget *parent = nullptr);

    void setLines(const QList<LastKnownLine> &lines);

private:
    void addLine(const LastKnownLine &line);

    QList<LastKnownLine> m_lines;
    QVBoxLayout *m_rows;
};

} // namespace pilothouse
