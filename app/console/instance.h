#pragma once

#include <QObject>
#include <QStringList>

class QLocalServer;

namespace pilothouse {

/// One console per workspace file: a second start hands over its arguments and ends; the first
/// raises its window.
class Instance final : public QObject
{
    Q_OBJECT

public:
    enum class HandOver {
        Taken,  ///< another console has it: this one ends
        Alone,  ///< there is no other
        Silent, ///< another one is there and did not answer within 1 s: run by itself and say so
    };

    explicit Instance(QString name, QObject *parent = nullptr);

    /// Blocks for at most 1 s, before any window is there.
    [[nodiscard]] HandOver handOver(const QStringList &arguments);
    /// From now on others hand over to this one.
    void listen();

Q_SIGNALS:
    void handedOver(const QStringList &arguments);

private:
    QString m_name;
    QLocalServer *m_server;
};

} // namespace pilothouse
