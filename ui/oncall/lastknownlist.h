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
    /// In one line they are shortened; they are copied as a whole.
    enum class Commands { InOneLine, Whole };

    explicit LastKnownList(QWidget *parent = nullptr);

    void setLines(const QList<LastKnownLine> &lines, Commands commands);

private:
    void addLine(const LastKnownLine &line);

    QList<LastKnownLine> m_lines;
    Commands m_commands = Commands::Whole;
    QVBoxLayout *m_rows;
};

} // namespace pilothouse
