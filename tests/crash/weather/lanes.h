#pragma once

#include "crash/weather/disturbedclient.h"

#include <functional>

namespace pilothouse {

/// One pass, in whatever thread calls it.
using RunPass = std::function<PassResult(FaultyServer::Speaks, const Disturbance &)>;

/// What a whole storm came to.
struct StormResult
{
    QStringList failures; ///< "503 at PATCH …: why"
    int calls = 0;        ///< that every undisturbed pass makes
    int tried = 0;        ///< passes that were disturbed
    int missed = 0;       ///< passes whose call did not come
    int pressedAgain = 0; ///< passes in which something was not done at the first press
    int madeAgain = 0;    ///< passes that the machine did not leave enough time for; at most one
};

/// Which reads meet which faults; a write meets every one.
enum class Reads {
    Each,   ///< each read meets every fault
    ByKind, ///< reads that differ in a number alone share the faults out among them
    Ends,   ///< of reads that differ in a number alone the first and the last meet every fault
};

/// Does `job` for every number below `jobs`, in the threads of so many lanes. Returns when all are
/// done; the event loop of the caller goes on.
void runSideBySide(size_t jobs, int lanes, const std::function<void(size_t)> &job);

/// "3 × approve: failed, 1 × …"
[[nodiscard]] QString countedWords(const QList<PassResult> &results);

/// One pass of a storm whose faults are not those of a server.
struct NamedPass
{
    QString name; ///< "hangs at promote"
    std::function<PassResult()> run;
};

/// Runs each once, so many side by side. What it counts it prints.
[[nodiscard]] StormResult stormOf(const QString &name, const QList<NamedPass> &passes, int lanes);

/// A failure that the machine may have made, which stood still: it names a silence, and the event
/// loop of the pass was late. Whatever else fails is the product's.
[[nodiscard]] bool isOfTheMachine(const PassResult &result);

/// Runs an undisturbed pass three times to learn its calls, then one for each call and fault, and
/// with TLS one for each connection, several side by side. What it counts it prints. One pass whose
/// failure may be the machine's is made again, alone, and told.
[[nodiscard]] StormResult storm(const QString &name, const RunPass &pass, Reads reads);

} // namespace pilothouse
