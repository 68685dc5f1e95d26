#include "connectors/postgres/schema/lockforms.h"

namespace pilothouse {
namespace {

using Runs = LockForm::Runs;

constexpr int eighteen = 180000;
constexpr LockMode ael = LockMode::AccessExclusive;
constexpr LockMode ex = LockMode::Exclusive;
constexpr LockMode sre = LockMode::ShareRowExclusive;
constexpr LockMode sh = LockMode::Share;
constexpr LockMode sue = LockMode::ShareUpdateExclusive;
constexpr LockMode re = LockMode::RowExclusive;
constexpr LockMode rs = LockMode::RowShare;

using Locks = QMap<QString, LockMode>;

QString sql(const char *text)
{
    return QLatin1String(text);
}
/// On the one table.
LockForm form(const char *name, const char *statement, LockMode mode)
{
    return {name, sql(statement), {{QStringLiteral("w.t"), mode}}};
}
LockForm form(const char *name, const char *statement, const Locks &locks)
{
    return {name, sql(statement), locks};
}
LockForm scanning(LockForm made)
{
    made.scans = true;
    return made;
}
LockForm rewriting(LockForm made, const char *table = "w.t")
{
    made.scans = std::nullopt;
    made.rewrites = sql(table);
    return made;
}
LockForm alone(LockForm made)
{
    made.runs = Runs::Alone;
    return made;
}
LockForm newer(LockForm made)
{
    made.since = eighteen;
    return made;
}
Locks on(const char *table, LockMode mode, const char *other = nullptr,
         LockMode onOther = LockMode::None)
{
    Locks locks{{sql(table), mode}};
    if (other)
        locks.insert(sql(other), onOther);
    return locks;
}

QList<LockForm> columns()
{
    return {
        form("ADD COLUMN", "ALTER TABLE w.t ADD COLUMN x int", ael),
        form("ADD COLUMN DEFAULT constant", "ALTER TABLE w.t ADD COLUMN x int DEFAULT 5", ael),
        form("ADD COLUMN DEFAULT now()", "ALTER TABLE w.t ADD COLUMN x timestamptz DEFAULT now()",
             ael),
        rewriting(form("ADD COLUMN DEFAULT volatile",
                       "ALTER TABLE w.t ADD COLUMN x timestamptz DEFAULT clock_timestamp()", ael)),
        rewriting(form("ADD COLUMN serial", "ALTER TABLE w.t ADD COLUMN x serial", ael)),
        rewriting(form("ADD COLUMN identity",
                       "ALTER TABLE w.t ADD COLUMN x int GENERATED ALWAYS AS IDENTITY", ael)),
        rewriting(form("ADD COLUMN stored",
                       "ALTER TABLE w.t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) STORED", ael)),
        rewriting(form("ADD COLUMN of a constrained domain",
                       "ALTER TABLE w.t ADD COLUMN x w.positive", ael)),
        scanning(form("ADD COLUMN UNIQUE", "ALTER TABLE w.t ADD COLUMN x int UNIQUE", ael)),
        scanning(form("ADD COLUMN CHECK", "ALTER TABLE w.t ADD COLUMN x int CHECK (x > 0)", ael)),
        form("ADD COLUMN REFERENCES", "ALTER TABLE w.t ADD COLUMN x bigint REFERENCES w.p",
             on("w.t", ael, "w.p", sre)),
        form("DROP COLUMN", "ALTER TABLE w.t DROP COLUMN v", ael),
        form("DROP COLUMN with a foreign key", "ALTER TABLE w.c DROP COLUMN p_id",
             on("w.c", ael, "w.p", ael)),
        form("SET DEFAULT", "ALTER TABLE w.t ALTER COLUMN a SET DEFAULT 7", ael),
        form("DROP DEFAULT", "ALTER TABLE w.t ALTER COLUMN e DROP DEFAULT", ael),
        form("DROP NOT NULL", "ALTER TABLE w.t ALTER COLUMN e DROP NOT NULL", ael),
        form("SET STORAGE", "ALTER TABLE w.t ALTER COLUMN b SET STORAGE EXTERNAL", ael),
        form("SET COMPRESSION", "ALTER TABLE w.t ALTER COLUMN b SET COMPRESSION pglz", ael),
        scanning(form("SET NOT NULL", "ALTER TABLE w.t ALTER COLUMN a SET NOT NULL", ael)),
        scanning(form("SET NOT NULL beside a check that is not validated",
                      "ALTER TABLE w.t ALTER COLUMN u SET NOT NULL", ael)),
        scanning(form("SET NOT NULL beside a check that proves nothing",
                      "ALTER TABLE w.t ALTER COLUMN d SET NOT NULL", ael)),
        form("SET NOT NULL that a check proves", "ALTER TABLE w.t ALTER COLUMN b SET NOT NULL",
             ael),
        rewriting(form("TYPE bigint", "ALTER TABLE w.t ALTER COLUMN e TYPE bigint", ael)),
        form("TYPE varchar, longer", "ALTER TABLE w.t ALTER COLUMN v TYPE varchar(40)", ael),
        form("TYPE varchar to text", "ALTER TABLE w.t ALTER COLUMN v TYPE text", ael),
        form("RENAME COLUMN", "ALTER TABLE w.t RENAME COLUMN a TO a2", ael),
        form("SET STATISTICS", "ALTER TABLE w.t ALTER COLUMN a SET STATISTICS 500", sue),
        form("SET (n_distinct)", "ALTER TABLE w.t ALTER COLUMN a SET (n_distinct = -0.5)", sue),
        newer(form("ADD COLUMN VIRTUAL",
                   "ALTER TABLE w.t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) VIRTUAL", ael)),
        newer(form("ADD COLUMN GENERATED without a word",
                   "ALTER TABLE w.t ADD COLUMN x int GENERATED ALWAYS AS (a + 1)", ael)),
    };
}

QList<LockForm> constraints()
{
    return {
        scanning(form("ADD CHECK", "ALTER TABLE w.t ADD CONSTRAINT fresh CHECK (a > -1)", ael)),
        form("ADD CHECK NOT VALID", "ALTER TABLE w.t ADD CONSTRAINT fresh CHECK (a > -1) NOT VALID",
             ael),
        scanning(form("VALIDATE CHECK", "ALTER TABLE w.t VALIDATE CONSTRAINT t_u_waits", sue)),
        scanning(form("ADD FOREIGN KEY",
                      "ALTER TABLE w.c ADD CONSTRAINT fresh FOREIGN KEY (q_id) REFERENCES w.p",
                      on("w.c", sre, "w.p", sre))),
        form("ADD FOREIGN KEY NOT VALID",
             "ALTER TABLE w.c ADD CONSTRAINT fresh FOREIGN KEY (q_id) REFERENCES w.p NOT VALID",
             on("w.c", sre, "w.p", sre)),
        scanning(form("VALIDATE FOREIGN KEY", "ALTER TABLE w.c VALIDATE CONSTRAINT c_r_waits",
                      on("w.c", sue, "w.p", rs))),
        form("DROP CONSTRAINT check", "ALTER TABLE w.t DROP CONSTRAINT t_a_positive", ael),
        form("DROP CONSTRAINT foreign key", "ALTER TABLE w.c DROP CONSTRAINT c_p",
             on("w.c", ael, "w.p", ael)),
        scanning(form("ADD UNIQUE", "ALTER TABLE w.t ADD CONSTRAINT fresh UNIQUE (b)", ael)),
        scanning(form("ADD PRIMARY KEY", "ALTER TABLE w.k ADD PRIMARY KEY (id)", on("w.k", ael))),
        scanning(
            form("ADD EXCLUDE", "ALTER TABLE w.t ADD CONSTRAINT fresh EXCLUDE (b WITH =)", ael)),
        form("ADD UNIQUE USING INDEX",
             "ALTER TABLE w.t ADD CONSTRAINT fresh UNIQUE USING INDEX t_u", ael),
        scanning(form("ADD PRIMARY KEY USING INDEX of a column that may be NULL",
                      "ALTER TABLE w.k ADD CONSTRAINT fresh PRIMARY KEY USING INDEX k_id",
                      on("w.k", ael))),
        form("RENAME CONSTRAINT", "ALTER TABLE w.t RENAME CONSTRAINT t_a_positive TO fresh", ael),
        newer(form("ADD NOT NULL NOT VALID",
                   "ALTER TABLE w.t ADD CONSTRAINT fresh NOT NULL a NOT VALID", ael)),
        newer(form("ADD CHECK NOT ENFORCED",
                   "ALTER TABLE w.t ADD CONSTRAINT fresh CHECK (a > -1) NOT ENFORCED", ael)),
        newer(form("ADD FOREIGN KEY NOT ENFORCED",
                   "ALTER TABLE w.c ADD CONSTRAINT fresh FOREIGN KEY (q_id) REFERENCES w.p "
                   "NOT ENFORCED",
                   on("w.c", sre, "w.p", sre))),
        newer(form("ALTER FOREIGN KEY NOT ENFORCED",
                   "ALTER TABLE w.c ALTER CONSTRAINT c_p NOT ENFORCED",
                   on("w.c", ael, "w.p", ael))),
    };
}

QList<LockForm> indexes()
{
    return {
        scanning(form("CREATE INDEX", "CREATE INDEX fresh ON w.t (b)", sh)),
        scanning(alone(
            form("CREATE INDEX CONCURRENTLY", "CREATE INDEX CONCURRENTLY made ON w.t (b)", sue))),
        form("DROP INDEX", "DROP INDEX w.t_a", ael),
        alone(form("DROP INDEX CONCURRENTLY", "DROP INDEX CONCURRENTLY w.t_gone", sue)),
        scanning(form("REINDEX INDEX", "REINDEX INDEX w.t_a", sh)),
        scanning(form("REINDEX TABLE", "REINDEX TABLE w.t", sh)),
        scanning(alone(form("REINDEX CONCURRENTLY", "REINDEX INDEX CONCURRENTLY w.t_a", sue))),
        form("ALTER INDEX RENAME", "ALTER INDEX w.t_a RENAME TO t_a2", Locks{}),
    };
}

QList<LockForm> tables()
{
    return {
        scanning(
            form("ATTACH PARTITION",
                 "ALTER TABLE w.parted ATTACH PARTITION w.spare FOR VALUES FROM (100) TO (200)",
                 on("w.parted", sue, "w.spare", ael))),
        form("ATTACH PARTITION that a check implies",
             "ALTER TABLE w.parted ATTACH PARTITION w.implied FOR VALUES FROM (200) TO (300)",
             on("w.parted", sue, "w.implied", ael)),
        form("DETACH PARTITION", "ALTER TABLE w.parted DETACH PARTITION w.part",
             on("w.parted", ael, "w.part", ael)),
        form("CREATE TABLE PARTITION OF",
             "CREATE TABLE w.fresh PARTITION OF w.parted FOR VALUES FROM (300) TO (400)",
             on("w.parted", ael)),
        form("CREATE TRIGGER",
             "CREATE TRIGGER fresh BEFORE UPDATE ON w.t FOR EACH ROW EXECUTE FUNCTION w.touch()",
             sre),
        form("DISABLE TRIGGER", "ALTER TABLE w.t DISABLE TRIGGER t_touch", sre),
        form("ENABLE TRIGGER", "ALTER TABLE w.t ENABLE TRIGGER t_touch", sre),
        form("DROP TRIGGER", "DROP TRIGGER t_touch ON w.t", ael),
        form("ENABLE ROW LEVEL SECURITY", "ALTER TABLE w.t ENABLE ROW LEVEL SECURITY", ael),
        form("CREATE POLICY", "CREATE POLICY fresh ON w.t USING (true)", ael),
        form("CREATE RULE", "CREATE RULE fresh AS ON DELETE TO w.t DO ALSO NOTHING", ael),
        form("OWNER TO", "ALTER TABLE w.t OWNER TO lock_owner", ael),
        form("REPLICA IDENTITY", "ALTER TABLE w.t REPLICA IDENTITY FULL", ael),
        form("RENAME TO", "ALTER TABLE w.t RENAME TO t2", ael),
        form("SET SCHEMA", "ALTER TABLE w.t SET SCHEMA public", ael),
        rewriting(form("SET UNLOGGED", "ALTER TABLE w.t SET UNLOGGED", ael)),
        form("SET (fillfactor)", "ALTER TABLE w.t SET (fillfactor = 80)", sue),
        form("SET (autovacuum_enabled)", "ALTER TABLE w.t SET (autovacuum_enabled = false)", sue),
        form("SET (user_catalog_table)", "ALTER TABLE w.t SET (user_catalog_table = true)", ael),
        form("CLUSTER ON", "ALTER TABLE w.t CLUSTER ON t_a", sue),
        form("COMMENT", "COMMENT ON TABLE w.t IS 'said'", sue),
        form("ANALYZE", "ANALYZE w.t", sue),
        form("CREATE STATISTICS", "CREATE STATISTICS w.fresh ON a, b FROM w.t", sue),
        form("CREATE PUBLICATION", "CREATE PUBLICATION fresh FOR TABLE w.t", sue),
        form("ALTER PUBLICATION", "ALTER PUBLICATION told ADD TABLE w.t", sue),
        form("DROP TABLE with a foreign key", "DROP TABLE w.c", on("w.c", ael, "w.p", ael)),
        rewriting(form("TRUNCATE CASCADE", "TRUNCATE w.p CASCADE", on("w.p", ael, "w.c", ael)),
                  "w.p"),
        rewriting(
            form("REFRESH MATERIALIZED VIEW", "REFRESH MATERIALIZED VIEW w.m", on("w.m", ael)),
            "w.m"),
        scanning(form("REFRESH MATERIALIZED VIEW CONCURRENTLY",
                      "REFRESH MATERIALIZED VIEW CONCURRENTLY w.m", on("w.m", ex))),
    };
}

QList<LockForm> rowsAndOthers()
{
    return {
        form("UPDATE", "UPDATE w.t SET a = a WHERE id = 1", re),
        form("INSERT", "INSERT INTO w.t (id, a, b, u) VALUES (99, 1, 'x', 99)", re),
        form("DELETE", "DELETE FROM w.t WHERE id = 1", re),
        form("SELECT FOR UPDATE", "SELECT 1 FROM w.t WHERE id = 1 FOR UPDATE", rs),
        form("CREATE OR REPLACE FUNCTION",
             "CREATE OR REPLACE FUNCTION w.touch() RETURNS trigger LANGUAGE plpgsql AS "
             "'BEGIN RETURN NEW; END'",
             Locks{}),
        form("GRANT", "GRANT SELECT ON w.t TO lock_owner", Locks{}),
        form("ALTER TYPE ADD VALUE", "ALTER TYPE w.colour ADD VALUE 'green' AFTER 'red'", Locks{}),
        form("ALTER TYPE RENAME VALUE", "ALTER TYPE w.colour RENAME VALUE 'red' TO 'rot'", Locks{}),
    };
}

} // namespace

QStringList lockWorld()
{
    return {
        sql("CREATE SCHEMA w"),
        sql("DO $$ BEGIN CREATE ROLE lock_owner; EXCEPTION WHEN duplicate_object THEN NULL; END "
            "$$"),
        sql("CREATE DOMAIN w.positive AS int CHECK (VALUE > 0)"),
        sql("CREATE TYPE w.colour AS ENUM ('red', 'blue')"),
        sql("CREATE FUNCTION w.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; "
            "END'"),
        sql("CREATE TABLE w.p (id bigint PRIMARY KEY, n int)"),
        sql("INSERT INTO w.p SELECT g, g FROM generate_series(1, 5) g"),
        sql("CREATE TABLE w.t (id bigint PRIMARY KEY, a int, b text, v varchar(20), d date, u int, "
            "e int NOT NULL DEFAULT 1)"),
        sql("INSERT INTO w.t SELECT g, g, 'b' || g, 'v', '2026-01-01', g FROM "
            "generate_series(1, 5) g"),
        sql("CREATE INDEX t_a ON w.t (a)"),
        sql("CREATE INDEX t_gone ON w.t (d)"),
        sql("CREATE UNIQUE INDEX t_u ON w.t (u)"),
        sql("ALTER TABLE w.t ADD CONSTRAINT t_a_positive CHECK (a > 0)"),
        sql("ALTER TABLE w.t ADD CONSTRAINT t_b_there CHECK (b IS NOT NULL)"),
        sql("ALTER TABLE w.t ADD CONSTRAINT t_u_waits CHECK (u IS NOT NULL) NOT VALID"),
        sql("ALTER TABLE w.t ADD CONSTRAINT t_d_or CHECK (d > '2000-01-01' OR d IS NOT NULL)"),
        sql("CREATE TRIGGER t_touch BEFORE INSERT ON w.t FOR EACH ROW EXECUTE FUNCTION w.touch()"),
        sql("CREATE TABLE w.c (id bigint PRIMARY KEY, p_id bigint CONSTRAINT c_p REFERENCES w.p, "
            "q_id bigint, r_id bigint)"),
        sql("INSERT INTO w.c SELECT g, g, g, g FROM generate_series(1, 5) g"),
        sql("ALTER TABLE w.c ADD CONSTRAINT c_r_waits FOREIGN KEY (r_id) REFERENCES w.p NOT VALID"),
        sql("CREATE TABLE w.k (id bigint)"),
        sql("INSERT INTO w.k VALUES (1)"),
        sql("CREATE UNIQUE INDEX k_id ON w.k (id)"),
        sql("CREATE TABLE w.parted (id int NOT NULL) PARTITION BY RANGE (id)"),
        sql("CREATE TABLE w.part PARTITION OF w.parted FOR VALUES FROM (0) TO (100)"),
        sql("CREATE TABLE w.spare (LIKE w.parted)"),
        sql("CREATE TABLE w.implied (LIKE w.parted, CHECK (id >= 200 AND id < 300))"),
        sql("INSERT INTO w.part VALUES (1)"),
        sql("INSERT INTO w.spare VALUES (101)"),
        sql("INSERT INTO w.implied VALUES (201)"),
        sql("CREATE MATERIALIZED VIEW w.m AS SELECT id, a FROM w.t"),
        sql("CREATE UNIQUE INDEX m_id ON w.m (id)"),
        sql("CREATE PUBLICATION told"),
    };
}

QList<LockForm> lockForms()
{
    return columns() + constraints() + indexes() + tables() + rowsAndOthers();
}

} // namespace pilothouse
