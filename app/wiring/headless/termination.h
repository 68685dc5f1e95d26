#pragma once

#include <QObject>

namespace pilothouse {

/// Tells of SIGINT and SIGTERM in the event loop, so that what was started is stopped and the
/// journal is closed: whoever listens ends the program. One for the whole program.
class Termination final : public QObject
{
    Q_OBJECT

public:
    explicit Termination(QObject *parent = nullptr);
    ~Termination() override;

Q_SIGNALS:
    void requested();
};

} // namespace pilothouse
