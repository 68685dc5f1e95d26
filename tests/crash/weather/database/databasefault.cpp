#include "crash/weather/database/databasefault.h"

namespace pilothouse {
namespace {

using Kind = DatabaseFault::Kind;
using Server = DatabaseFault::Server;

bool isOfTheDriver(const QString &call)
{
    for (const char *words : {"SELECT '\\\\'", "SET CLIENT_ENCODING", "SET DATESTYLE"}) {
        if (call.contains(QLatin1String(words)))
            return true;
    }
    return false;
}

} // namespace

const QList<DatabaseFault> &databaseFaults()
{
    static const QList<DatabaseFault> all{
        {QStringLiteral("closed"), Kind::Close},
        {QStringLiteral("refused"), Kind::Refuse},
        {QStringLiteral("closed though done"), Kind::Close, Server::DidIt},
        {QStringLiteral("silence"), Kind::Silence},
        {QStringLiteral("silence though done"), Kind::Silence, Server::DidIt},
        {QStringLiteral("cut in the middle"), Kind::Half, Server::DidIt},
        {QStringLiteral("garbage"), Kind::Garbage},
        {QStringLiteral("garbage though done"), Kind::Garbage, Server::DidIt},
        {QStringLiteral("late"), Kind::Late, Server::DidIt},
        {QStringLiteral("terminated"), Kind::Terminated},
        {QStringLiteral("standstill"), Kind::Standstill},
        {QStringLiteral("time limit"), Kind::TimeLimit},
        {QStringLiteral("wrong password"), Kind::Password},
        {QStringLiteral("database gone"), Kind::Gone},
        {QStringLiteral("read-only"), Kind::ReadOnly},
    };
    return all;
}

bool suits(const DatabaseFault &fault, const QString &call)
{
    const bool silent = fault.kind == Kind::Silence || fault.kind == Kind::Standstill;
    if (silent && isOfTheDriver(call))
        return false;
    const bool begins = call.contains(QLatin1String(" connects"));
    return !begins || (fault.kind != Kind::TimeLimit && fault.kind != Kind::Terminated);
}

} // namespace pilothouse
