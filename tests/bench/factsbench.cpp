#include "base/clock.h"
#include "bench/measure.h"
#include "connectors/postgres/connection.h"
#include "connectors/postgres/factsquery.h"
#include "connectors/postgres/postgresworld.h"
#include "migration/recipe/sqltext.h"
#include "migration/recipe/stepsql.h"

#include <QCoreApplication>
#include <QVariant>

using namespace pilothouse;

// `facts [TABLES [QUESTIONS]]`: the facts of one change on a database of many tables, on a server
// of its own, record and backfill row included; one round trip each. The anchor is the same number
// of `SELECT 1` over the same connection: what a round trip costs that says nothing.

namespace {

QStringList world(const Change &change, int tables)
{
    const QString stem = sqlText(change.name.value);
    QStringList statements = stepsql::recordSchema();
    statements
        << QStringLiteral("ALTER TABLE conversations ADD COLUMN organization_id uuid")
        << QStringLiteral("INSERT INTO pilothouse.step (change_id, step, actor, intent) VALUES (")
               + stem + QStringLiteral(", 'E1', 'A. Muster', 'i')")
        << QStringLiteral("INSERT INTO pilothouse.backfill (change_id, upper_bound, rows_total, "
                          "runner_pid, heartbeat) VALUES (")
               + stem + QStringLiteral(", '100', 100, 1, now())")
        << QStringLiteral("DO $$BEGIN FOR n IN 1..%1 LOOP EXECUTE format('CREATE TABLE t%s (id "
                          "bigint PRIMARY KEY, parent bigint, at timestamptz NOT NULL)', n); "
                          "EXECUTE format('CREATE INDEX ON t%s (parent)', n); END LOOP; END$$")
               .arg(tables)
        << QStringLiteral("ANALYZE conversations");
    return statements;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList given = app.arguments();
    const int tables = given.size() > 1 ? given.at(1).toInt() : 1'000;
    const int questions = given.size() > 2 ? given.at(2).toInt() : 200;
    const Change change = PostgresWorld::change();
    PostgresWorld postgres;
    if (!postgres.start())
        qFatal("%s", qPrintable(postgres.why()));
    const QString name = postgres.makeDatabase(100);
    for (const QString &statement : world(change, tables)) {
        if (const QString said = postgres.server().sql(name, statement); !said.isEmpty())
            qFatal("%s", qPrintable(said));
    }
    Connection connection(postgres.settings(name), QStringLiteral("watcher"));
    if (const auto open = connection.open(); !open)
        qFatal("%s", qPrintable(open.error().message));
    std::vector<double> each;
    const auto ask = [&] {
        for (int i = 0; i < questions; ++i) {
            each.push_back(bench::secondsOf([&] {
                const Result<Facts> facts = readFacts(connection, change);
                if (!facts || !facts->recordKept || !facts->backfill || facts->steps.size() != 1)
                    qFatal("the facts are not whole");
            }));
        }
    };
    const auto pair = bench::measure(5, ask, [&] {
        for (int i = 0; i < questions; ++i) {
            auto one = connection.query(QStringLiteral("SELECT 1"));
            if (!one || !one->next() || one->value(0).toInt() != 1)
                qFatal("SELECT 1 had no answer");
        }
    });
    std::sort(each.begin(), each.end());
    bench::print("facts", "facts of one change, each in one round trip",
                 "as many SELECT 1 over the same connection",
                 {{QStringLiteral("tables"), tables},
                  {QStringLiteral("questions"), questions},
                  {QStringLiteral("facts_median_ms"), 1e3 * each[each.size() / 2]},
                  {QStringLiteral("facts_p99_ms"), 1e3 * each[each.size() * 99 / 100]}},
                 pair);
    return 0;
}
