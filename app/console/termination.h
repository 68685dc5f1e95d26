#pragma once

#include <QObject>

namespace pilothouse {

/// Turns SIGINT and SIGTERM into an ordinary end of the event loop, so that what was started is
/// stopped and the journal is closed. One for the whole program.
class Termination final : public QObject
{
    Q_OBJECT

public:
    explicit Termination(QObject *parent = nullptr);
    ~Termination() override;
};

} // namespace pilothouse
