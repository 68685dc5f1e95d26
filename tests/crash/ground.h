#pragma once

#include "base/clock.h"
#include "rollout/trafficcontrol.h"

#include <QSslConfiguration>
#include <QUrl>

#include <memory>

namespace pilothouse {

/// A traffic system with a rollout that several consoles may fight over, or one may leave in the
/// middle.
class Ground
{
public:
    /// What a console of its own comes to the traffic by: a clock, a connection, a control.
    class Seat
    {
    public:
        virtual ~Seat() = default;
        [[nodiscard]] virtual Clock &clock() = 0;
        [[nodiscard]] virtual TrafficControl &control() = 0;
    };
    /// What the system itself tells, past every console.
    struct Traffic
    {
        int weight = -1; ///< of the candidate, as asked
        QString version;
        QByteArray changes; ///< as noted on the object; empty = none
        QByteArray hold;    ///< likewise
    };

    virtual ~Ground() = default;

    /// As sentences about it call it.
    [[nodiscard]] virtual QString systemName() const = 0;
    /// Its programs are not on this machine.
    [[nodiscard]] virtual bool isMissing() const { return false; }
    /// Empty, or why there is none.
    [[nodiscard]] virtual QString open() = 0;
    [[nodiscard]] virtual QUrl url() const = 0;
    [[nodiscard]] virtual QSslConfiguration tls() const { return {}; }

    /// The traffic as if nobody had touched it, accepted at this weight.
    virtual void begin(int weight) = 0;
    [[nodiscard]] virtual Traffic traffic() = 0;

    /// Of the user "console", at this address of the server.
    [[nodiscard]] virtual std::unique_ptr<Seat> seat(const QUrl &address) const = 0;
    /// The same for a program: `control:` of a track in a workspace, and in its folder whatever
    /// that names. Empty = it could not be written.
    [[nodiscard]] virtual QByteArray control(const QString &folder, const QUrl &address) const = 0;
};

} // namespace pilothouse
