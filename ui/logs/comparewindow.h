#pragma once

#include <QString>

#include <memory>

class QWidget;

namespace pilothouse {

class LogStore;

struct TitledLog
{
    QString title;
    std::shared_ptr<const LogStore> log;
};

/// Two logs side by side in a window of their own: the one looked at, and what it is held against.
/// It closes with Esc and deletes itself.
void showComparison(QWidget *parent, const TitledLog &looked, const TitledLog &against);

} // namespace pilothouse
