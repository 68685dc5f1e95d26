#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace pilothouse {

/// One way in which a call goes wrong.
struct Fault
{
    enum class Kind {
        Answer,  ///< `bytes` come instead of the answer, and the connection ends
        Half,    ///< the first half of the answer comes, and the connection ends
        Late,    ///< the answer comes late, but in time
        Silence, ///< nothing comes, and the connection stays open
        Endless, ///< `bytes` come, then more without end, as fast as they are taken
        Trickle, ///< `bytes` come, then one byte at a time without end
        Stopped, ///< the whole server stands still (SIGSTOP) until every client has given up,
                 ///< then does all that it was asked (SIGCONT)
    };
    /// Whether the server has carried out what was asked.
    enum class Server { NeverSawIt, DidIt };

    QString name;
    Kind kind = Kind::Answer;
    Server server = Server::NeverSawIt;
    QByteArray bytes = {};
};

/// Everything that is tried on a call.
[[nodiscard]] const QList<Fault> &faults();
/// What a server has done before its answer went wrong counts for writes alone; and a trickle,
/// which takes thirty times the patience, is tried on writes alone.
[[nodiscard]] bool suits(const Fault &fault, const QByteArray &method);

} // namespace pilothouse
