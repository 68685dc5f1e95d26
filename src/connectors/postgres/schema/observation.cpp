#include "connectors/postgres/schema/observation.h"

#include "base/words.h"

#include <QElapsedTimer>
#include <QHash>
#include <QScopeGuard>
#include <QVariant>

#include <atomic>
#include <optional>
#include <thread>

namespace pilothouse {
namespace {

using namespace std::chrono_literals;

constexpr auto lookEvery = 20ms;
constexpr auto patience = 20s; ///< for the statement to come to wait
constexpr QLatin1String refusesTransaction("25001");

/// A table or an index as it was before the statement.
struct Relation
{
    QString name; ///< "schema.name"
    QString kind; ///< as pg_class has it
    qint64 file = 0;
};
using Relations = QHash<qint64, Relation>; ///< by oid

/// What is PostgreSQL's own does not count.
Result<Relations> relations(Connection &connection)
{
    auto query = connection.query(QStringLiteral(
        "SELECT c.oid, n.nspname || '.' || c.relname, c.relkind, "
        "coalesce(pg_relation_filenode(c.oid), 0) FROM pg_class c JOIN pg_namespace n ON n.oid = "
        "c.relnamespace WHERE c.relkind IN ('r', 'p', 'i', 'I', 'm', 'v', 'f') AND n.nspname <> "
        "'information_schema' AND n.nspname NOT LIKE 'pg\\_%'"));
    if (!query)
        return fail(query.error());
    Relations found;
    while (query->next())
        found.insert(
            query->value(0).toLongLong(),
            {query->value(1).toString(), query->value(2).toString(), query->value(3).toLongLong()});
    return found;
}

LockMode lockModeNamed(const QString &name)
{
    for (int mode = int(LockMode::AccessShare); mode <= int(LockMode::AccessExclusive); ++mode) {
        if (lockModeName(LockMode(mode)) == name)
            return LockMode(mode);
    }
    return LockMode::None;
}

/// What the session `pid` holds of what was there before.
Result<QMap<QString, LockMode>> locks(Connection &connection, int pid, const Relations &before)
{
    auto query = connection.query(
        QStringLiteral("SELECT relation, mode FROM pg_locks WHERE pid = %1 AND locktype = "
                       "'relation' AND granted AND relation IS NOT NULL")
            .arg(pid));
    if (!query)
        return fail(query.error());
    QMap<QString, LockMode> held;
    while (query->next()) {
        const auto relation = before.constFind(query->value(0).toLongLong());
        const LockMode mode = lockModeNamed(query->value(1).toString());
        if (relation == before.constEnd() || mode <= LockMode::AccessShare
            || relation->kind == QLatin1String("i") || relation->kind == QLatin1String("I"))
            continue;
        LockMode &strongest = held[relation->name];
        strongest = std::max(strongest, mode);
    }
    return held;
}

void compareFiles(Rehearsed &rehearsed, const Relations &before, const Relations &now)
{
    for (auto relation = before.cbegin(); relation != before.cend(); ++relation) {
        const auto same = now.constFind(relation.key());
        if (same == now.cend() || same->file == relation->file)
            continue;
        const bool isIndex = relation->kind == QLatin1String("i");
        (isIndex ? rehearsed.rebuilt : rehearsed.rewritten).insert(relation->name);
    }
}

/// What tells that every row was read: the words of PostgreSQL's own sources, in English.
bool tellsOfScan(const QStringList &notices)
{
    static const QStringList words{
        QStringLiteral("verifying table \""), QStringLiteral("rewriting table \""),
        QStringLiteral("validating foreign key constraint"), QStringLiteral("building index \"")};
    for (const QString &notice : notices) {
        for (const QString &word : words) {
            if (notice.contains(word))
                return true;
        }
    }
    return false;
}

Result<void> run(Connection &connection, const QStringList &statements)
{
    for (const QString &statement : statements) {
        if (auto done = connection.query(statement); !done)
            return fail(done.error());
    }
    return {};
}

/// Whether the session `pid` waits for a lock.
Result<bool> isWaiting(Connection &connection, int pid)
{
    auto query = connection.query(
        QStringLiteral("SELECT 1 FROM pg_locks WHERE pid = %1 AND NOT granted").arg(pid));
    if (!query)
        return fail(query.error());
    return query->next();
}

/// What the server says to its client is in English and tells all that it does.
QStringList talkative(const QString &set)
{
    return {set + QStringLiteral(" lc_messages = 'C'"),
            set + QStringLiteral(" client_min_messages = debug1")};
}

Rehearsed refused(const StatementError &failure)
{
    Rehearsed rehearsed;
    rehearsed.end = failure.sqlState == refusesTransaction ? Rehearsed::End::NeedsToBeAlone
                                                           : Rehearsed::End::Refused;
    rehearsed.error = failure.text.section(QLatin1Char('\n'), 0, 0);
    return rehearsed;
}

/// In a transaction that the caller ends.
Result<Rehearsed> observeInside(Connection &connection, const QString &statement,
                                const Relations &before)
{
    if (const auto set = run(connection, talkative(QStringLiteral("SET LOCAL"))); !set)
        return fail(set.error());
    QStringList notices;
    connection.tellNotices(&notices);
    const auto quiet = qScopeGuard([&connection] { connection.tellNotices(nullptr); });
    if (const auto done = connection.exec(statement); !done) {
        if (!connection.isOpen())
            return fail(done.error().error);
        return refused(done.error());
    }
    Rehearsed rehearsed;
    rehearsed.scans = tellsOfScan(notices);
    const auto held = locks(connection, connection.pid(), before);
    if (!held)
        return fail(held.error());
    rehearsed.locks = *held;
    const auto now = relations(connection);
    if (!now)
        return fail(now.error());
    compareFiles(rehearsed, before, *now);
    return rehearsed;
}

/// A statement that runs in a thread and over a connection of its own.
class AloneStatement
{
public:
    AloneStatement(PostgresSettings settings, QString statement)
        : m_settings(std::move(settings)), m_statement(std::move(statement)), m_thread([this] {
              m_problem = run();
              m_hasEnded = true;
          })
    {}
    ~AloneStatement() { end(); }
    Q_DISABLE_COPY_MOVE(AloneStatement)

    /// Of the server's backend, 0 before there is one. Any thread.
    [[nodiscard]] int pid() const { return m_pid; }
    [[nodiscard]] bool hasEnded() const { return m_hasEnded; }

    /// Waits for it. Nothing of what follows may be asked before.
    void end()
    {
        if (m_thread.joinable())
            m_thread.join();
    }
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }
    [[nodiscard]] const Rehearsed &rehearsed() const { return m_rehearsed; }

private:
    std::optional<Error> run()
    {
        Connection connection(m_settings, QStringLiteral("rehearsal"));
        if (const auto open = connection.open(); !open)
            return open.error();
        if (const auto set
            = pilothouse::run(connection, talkative(QStringLiteral("SET"))
                                              << QStringLiteral("SET lock_timeout = 0")
                                              << QStringLiteral("SET statement_timeout = '60s'"));
            !set)
            return set.error();
        QStringList notices;
        connection.tellNotices(&notices);
        const auto quiet = qScopeGuard([&connection] { connection.tellNotices(nullptr); });
        m_pid = connection.pid();
        if (const auto done = connection.exec(m_statement); !done) {
            m_rehearsed = refused(done.error());
            return std::nullopt;
        }
        m_rehearsed.end = Rehearsed::End::RanAlone;
        m_rehearsed.scans = tellsOfScan(notices);
        return std::nullopt;
    }

    PostgresSettings m_settings;
    QString m_statement;
    Rehearsed m_rehearsed;
    std::optional<Error> m_problem;
    std::atomic<int> m_pid = 0;
    std::atomic<bool> m_hasEnded = false;
    std::thread m_thread; ///< the last, so that all is there when it begins
};

/// What the statement holds when it first waits; nothing where it never does.
Result<QMap<QString, LockMode>> locksOfWaiting(Connection &holder, const AloneStatement &statement,
                                               const Relations &before)
{
    QElapsedTimer waited;
    waited.start();
    while (!statement.hasEnded() && std::chrono::milliseconds(waited.elapsed()) < patience) {
        if (statement.pid() != 0) {
            const auto waits = isWaiting(holder, statement.pid());
            if (!waits)
                return fail(waits.error());
            if (*waits)
                return locks(holder, statement.pid(), before);
        }
        std::this_thread::sleep_for(lookEvery);
    }
    return QMap<QString, LockMode>();
}

} // namespace

Result<Rehearsed> observe(Connection &connection, const QString &statement)
{
    const auto before = relations(connection);
    if (!before)
        return fail(before.error());
    if (const auto begun = run(connection, {QStringLiteral("BEGIN")}); !begun)
        return fail(begun.error());
    auto seen = observeInside(connection, statement, *before);
    if (const auto undone = run(connection, {QStringLiteral("ROLLBACK")}); seen && !undone)
        return fail(undone.error());
    return seen;
}

Result<Rehearsed> observeAlone(Connection &holder, const PostgresSettings &settings,
                               const QString &statement, const QString &table)
{
    const auto before = relations(holder);
    if (!before)
        return fail(before.error());
    const QString lock = QStringLiteral("LOCK TABLE %1 IN ROW EXCLUSIVE MODE").arg(table);
    if (const auto begun = run(holder, {QStringLiteral("BEGIN"), lock}); !begun) {
        static_cast<void>(run(holder, {QStringLiteral("ROLLBACK")}));
        return fail(begun.error());
    }
    AloneStatement running(settings, statement);
    const auto held = locksOfWaiting(holder, running, *before);
    const auto freed = run(holder, {QStringLiteral("ROLLBACK")});
    running.end();
    if (running.problem() || !held || !freed)
        return fail(running.problem() ? *running.problem() : !held ? held.error() : freed.error());
    Rehearsed rehearsed = running.rehearsed();
    if (rehearsed.end != Rehearsed::End::RanAlone)
        return rehearsed;
    const auto now = relations(holder);
    if (!now)
        return fail(now.error());
    rehearsed.locks = *held;
    rehearsed.knowsLocks = !held->isEmpty();
    compareFiles(rehearsed, *before, *now);
    return rehearsed;
}

} // namespace pilothouse
