#include "connectors/postgres/schema/schemacopy.h"

#include "base/words.h"
#include "connectors/postgres/schema/lintcatalogquery.h"
#include "connectors/postgres/schema/observation.h"
#include "migration/lint/lintfile.h"
#include "migration/recipe/sqltext.h"
#include "migration/rehearsal/claims.h"

#include <QDateTime>
#include <QScopeGuard>
#include <QUuid>
#include <QVariant>

namespace pilothouse {
namespace {

using namespace std::chrono_literals;

const QString namePrefix = QStringLiteral("pilothouse_rehearsal_");
constexpr qint64 leftBehindAfter = 3600; // s

/// "pilothouse_rehearsal_1764500000_6f3a…": when it was made stands in it, for the catalog has no
/// such time.
QString freshName()
{
    return QStringLiteral("%1%2_%3")
        .arg(namePrefix)
        .arg(QDateTime::currentSecsSinceEpoch())
        .arg(QUuid::createUuid().toString(QUuid::Id128).left(12));
}

Result<void> dropDatabase(Connection &scratch, const QString &name)
{
    const auto done = scratch.query(
        QStringLiteral("DROP DATABASE IF EXISTS %1 WITH (FORCE)").arg(sqlName(name)));
    return done ? Result<void>() : fail(done.error());
}

/// What a console left that was killed meanwhile. What cannot be dropped is somebody else's.
void dropLeftBehind(Connection &scratch)
{
    auto names = scratch.query(QStringLiteral("SELECT datname FROM pg_database WHERE datname LIKE "
                                              "'pilothouse\\_rehearsal\\_%'"));
    QStringList old;
    while (names && names->next()) {
        const QString name = names->value(0).toString();
        const qint64 made
            = name.mid(namePrefix.size()).section(QLatin1Char('_'), 0, 0).toLongLong();
        if (made > 0 && QDateTime::currentSecsSinceEpoch() - made > leftBehindAfter)
            old << name;
    }
    for (const QString &name : std::as_const(old))
        static_cast<void>(dropDatabase(scratch, name));
}

Result<void> fill(const PostgresSettings &settings, const QByteArray &dump)
{
    Connection connection(settings, QStringLiteral("rehearsal"));
    if (auto open = connection.open(); !open)
        return open;
    for (const char *setting : {"SET statement_timeout = 0", "SET lock_timeout = 0"}) {
        if (const auto set = connection.query(QLatin1String(setting)); !set)
            return fail(set.error());
    }
    if (const auto made = connection.script(forServer(dump)); !made)
        return fail(
            made.error().kind,
            Words::tr("The copy of the schema could not be made: %1").arg(made.error().message),
            made.error().detail);
    return {};
}

/// One that refuses a transaction, on the table that it or its index is about.
Result<Rehearsed> rehearseAlone(Connection &copy, const PostgresSettings &settings,
                                const QString &text, const SqlStatement &statement)
{
    const auto live = readLiveCatalog(copy, tablesOf({statement}));
    if (!live)
        return fail(live.error());
    const LintFile file({statement}, LintFile::Wrapped::No, &live->catalog);
    const SqlName table = file.acts().first().act.table;
    if (!live->catalog.table(table)) {
        Rehearsed unseen;
        unseen.end = Rehearsed::End::NeedsToBeAlone;
        unseen.error = Words::tr("it refuses a transaction, and it names no table to watch");
        return unseen;
    }
    const QString name = table.schema.isEmpty()
                             ? sqlName(table.name)
                             : sqlName(table.schema) + QLatin1Char('.') + sqlName(table.name);
    return observeAlone(copy, settings, text, name);
}

Result<Rehearsed> rehearseOne(Connection &copy, const PostgresSettings &settings,
                              const QString &text, const SqlStatement &statement)
{
    if (belongsToSession(statement)) {
        Rehearsed none;
        none.end = Rehearsed::End::NotRun;
        return none;
    }
    auto seen = observe(copy, text);
    if (!seen)
        return seen;
    if (seen->end == Rehearsed::End::NeedsToBeAlone)
        return rehearseAlone(copy, settings, text, statement);
    // What comes behind it finds what it made.
    if (seen->end == Rehearsed::End::Ran) {
        if (const auto done = copy.exec(text); !done && !copy.isOpen())
            return fail(done.error().error);
    }
    return seen;
}

Result<Rehearsal> rehearseIn(const PostgresSettings &settings, const QByteArray &file,
                             const QList<SqlStatement> &statements)
{
    Connection copy(settings, QStringLiteral("rehearsal"));
    if (const auto open = copy.open(); !open)
        return fail(open.error());
    auto version = copy.query(QStringLiteral("SHOW server_version"));
    if (!version || !version->next())
        return fail(version ? Error{ErrorKind::Malformed,
                                    Words::tr("%1 answered no row.").arg(copy.place()),
                                    {},
                                    {}}
                            : version.error());
    Rehearsal rehearsal;
    rehearsal.server = version->value(0).toString().section(QLatin1Char(' '), 0, 0);
    version->clear();
    for (const SqlStatement &statement : statements) {
        const QString text
            = QString::fromUtf8(file.mid(statement.from, statement.to - statement.from));
        const auto seen = rehearseOne(copy, settings, text, statement);
        if (!seen)
            return fail(seen.error());
        rehearsal.statements.append(*seen);
    }
    return rehearsal;
}

} // namespace

Command schemaDump(const QString &program, const PostgresSettings &source)
{
    QStringList place;
    const auto add = [&place](const char *key, const QString &value) {
        if (value.isEmpty())
            return;
        QString quoted = value;
        quoted.replace(QLatin1Char('\\'), QLatin1String("\\\\"))
            .replace(QLatin1Char('\''), QLatin1String("\\'"));
        place << QStringLiteral("%1='%2'").arg(QLatin1String(key), quoted);
    };
    add("service", source.service);
    add("host", source.host);
    add("hostaddr", source.address);
    add("port", source.port == 0 ? QString() : QString::number(source.port));
    add("dbname", source.dbname);
    add("user", source.user);
    add("application_name", QStringLiteral("pilothouse/rehearsal"));
    Command command;
    command.program = program;
    command.arguments = {QStringLiteral("--schema-only"),
                         QStringLiteral("--no-owner"),
                         QStringLiteral("--no-privileges"),
                         QStringLiteral("--no-publications"),
                         QStringLiteral("--no-subscriptions"),
                         QStringLiteral("--no-tablespaces"),
                         QStringLiteral("--lock-wait-timeout=1s"),
                         QStringLiteral("--no-password"),
                         QStringLiteral("--dbname=") + place.join(QLatin1Char(' '))};
    command.timeout = 120s;
    command.endsWithUs = true;
    return command;
}

QByteArray forServer(const QByteArray &dump)
{
    QByteArray sql;
    for (const QByteArray &line : dump.split('\n')) {
        if (!line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
            sql += line + '\n';
    }
    return sql;
}

Result<Rehearsal> rehearseOnCopy(Connection &scratch, const PostgresSettings &settings,
                                 const QByteArray &dump, const QByteArray &file,
                                 const QList<SqlStatement> &statements)
{
    dropLeftBehind(scratch);
    const QString name = freshName();
    if (const auto made
        = scratch.query(QStringLiteral("CREATE DATABASE %1 TEMPLATE template0").arg(sqlName(name)));
        !made)
        return fail(made.error());
    const auto dropped = qScopeGuard([&] { static_cast<void>(dropDatabase(scratch, name)); });
    PostgresSettings copy = settings;
    copy.dbname = name;
    if (const auto filled = fill(copy, dump); !filled)
        return fail(filled.error());
    return rehearseIn(copy, file, statements);
}

} // namespace pilothouse
