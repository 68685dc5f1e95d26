#pragma once

#include "connectors/postgres/postgresworld.h"

#include <QTest>

#include <map>

namespace pilothouse {

/// Debian's PostgreSQL and 18, for tests that ask both: the global rows "server" of a test.
class BothServers
{
public:
    /// From initTestCase_data().
    void addRows()
    {
        QTest::addColumn<QString>("server");
        add("Debian's", PostgresServer::newest());
        if (!PostgresServer::eighteen().isEmpty())
            add("18", PostgresServer::eighteen());
    }
    /// From initTestCase(), once a row. Empty, or why not all of them are there.
    [[nodiscard]] QString start()
    {
        if (PostgresServer::eighteen().isEmpty() && PostgresWorld::mustHaveServer())
            return QStringLiteral(
                "there is no PostgreSQL 18: packaging/setup --for-tests brings it");
        for (auto &[binaries, world] : m_worlds) {
            if (!world.start())
                return world.why();
        }
        return {};
    }
    /// The one of this row.
    [[nodiscard]] PostgresWorld &world()
    {
        QFETCH_GLOBAL(QString, server);
        return m_worlds.at(server);
    }

private:
    void add(const char *name, const QString &binaries)
    {
        QTest::newRow(name) << binaries;
        m_worlds.try_emplace(binaries, binaries);
    }

    std::map<QString, PostgresWorld> m_worlds; ///< by their folder of programs
};

} // namespace pilothouse
