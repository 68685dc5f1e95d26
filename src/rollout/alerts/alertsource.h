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
    /// Whoever told it knows by its matchers that it is of this workspace: of all its tracks,
    /// unless it names one.
    bool isOurs = false;

    [[nodiscard]] bool isFiring() const { return state == QLatin1String("firing"); }
};

/// Whoever knows alerts: a metrics server, or Alertmanager.
class AlertSource
{
public:
    virtual ~AlertSource() = default;

    /// Whether its matchers say that this alert is of the workspace. Without matchers it is shared
    /// with others, and says so of none.
    [[nodiscard]] virtual bool isOurs(const Alert &alert) const = 0;
    [[nodiscard]] virtual QFuture<Result<Reading<QList<Alert>>>> alerts() = 0;
};

} // namespace pilothouse
