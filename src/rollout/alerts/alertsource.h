#pragma once

#include "base/reading.h"
#include "base/result.h"

#include <QDateTime>
#include <QFuture>
#include <QHash>
#include <QList>

namespace pilothouse {

/// An alert as whoever knows it tells it.
struct Alert
{
    QString name;
    /// "pending", "firing"; of Alertmanager also "silenced" and "inhibited", which ring nobody.
    QString state;
    QDateTime activeAt;
    QHash<QString, QString> labels;
    QHash<QString, QString> annotations;
    QString fingerprint = {};   ///< Alertmanager's own; empty = it does not know it
    QStringList receivers = {}; ///< whom Alertmanager tells
    QString generator = {};     ///< address of what made it; empty = not told

    [[nodiscard]] bool isFiring() const { return state == QLatin1String("firing"); }
};

/// Whoever knows alerts: a metrics server, or Alertmanager.
class AlertSource
{
public:
    /// Whose alerts it knows. Of a shared one, those that name no track are somebody else's.
    enum class Scope { Workspace, Shared };

    virtual ~AlertSource() = default;

    [[nodiscard]] virtual Scope scope() const { return Scope::Workspace; }
    [[nodiscard]] virtual QFuture<Result<Reading<QList<Alert>>>> alerts() = 0;
};

} // namespace pilothouse
