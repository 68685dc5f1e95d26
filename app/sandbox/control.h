#pragma once

#include "app/sandbox/http/faults.h"

#include <QJsonObject>
#include <QObject>

namespace pilothouse::sandbox {

class World;

/// The endpoint of the tour and of tests, below /control: GET state, POST fault {"spec": …}.
/// Nothing here skips any waiting.
class Control final : public QObject
{
    Q_OBJECT

public:
    Control(World &world, FaultPlan &faults, QObject *parent = nullptr);

    /// `path` is the request's without "/control".
    void answer(const ExchangePtr &exchange, const QString &path);
    [[nodiscard]] QJsonObject state() const;
    /// What of the servers beside is up; shown in the state.
    void setServerState(const QString &server, const QString &state);

private:
    World &m_world;
    FaultPlan &m_faults;
    QJsonObject m_servers;
};

} // namespace pilothouse::sandbox
