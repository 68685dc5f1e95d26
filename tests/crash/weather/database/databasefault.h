#pragma once

#include <QList>
#include <QString>

namespace pilothouse {

/// One way in which a statement, or the beginning of a session, goes wrong at a database.
struct DatabaseFault
{
    enum class Kind {
        Close,      ///< the connection ends instead of an answer
        Refuse,     ///< the same, and nobody listens for a time
        Silence,    ///< nothing comes, and the connection stays open
        Half,       ///< the first half of the answer comes, and the connection ends
        Garbage,    ///< something that is not PostgreSQL's comes
        Late,       ///< the answer comes late, but in time
        Terminated, ///< pg_terminate_backend
        Standstill, ///< the server gets no time (SIGSTOP) until every client has given up (SIGCONT)
        TimeLimit,  ///< the server's own statement_timeout ends the statement
        Password,   ///< sessions end, and new ones are asked for a password that is not theirs
        Gone,       ///< sessions end, and there is no such database for a time
        ReadOnly,   ///< sessions end, and new ones are read-only for a time
    };
    /// Whether the server has carried out what was asked.
    enum class Server { NeverSawIt, DidIt };

    QString name;
    Kind kind = Kind::Close;
    Server server = Server::NeverSawIt;
};

/// Everything that is tried.
[[nodiscard]] const QList<DatabaseFault> &databaseFaults();
/// Whether it can be tried at this call, as DatabaseRelay names it: the beginning of a session is
/// no statement. Qt's driver sends a few statements before anybody has its connection; what says
/// nothing to those cannot be given up.
[[nodiscard]] bool suits(const DatabaseFault &fault, const QString &call);

} // namespace pilothouse
