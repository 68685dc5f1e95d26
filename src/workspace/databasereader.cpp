#include "workspace/databasereader.h"

#include "base/words.h"
#include "document/nearestword.h"
#include "workspace/sharedfields.h"

#include <QProcess>

#include <algorithm>
#include <limits>

namespace pilothouse {

namespace {

using Need = Fields::Need;

void readPlace(Fields &fields, DatabasePlace &database)
{
    database.service = fields.text("service", Need::Optional).value_or(QString());
    database.host = fields.text("host", Need::Optional).value_or(QString());
    database.port = int(fields.integer("port", Need::Optional, 1, 65535).value_or(database.port));
    database.dbname = fields.text("dbname", Need::Optional).value_or(QString());
    database.user = fields.text("user", Need::Optional).value_or(QString());
    if (fields.has("password")) {
        fields.ignore("password");
        fields.report("password",
                      Words::tr("password: expected no password in this file; keep it in "
                                "a pgpass file or in the keychain"));
    }
    if (!fields.isMap())
        return;
    if (fields.has("service")) {
        for (const char *key : {"host", "port", "dbname", "user"}) {
            if (fields.has(key))
                fields.report(key,
                              Words::tr("%1: expected either \"service\" or \"host\", \"port\", "
                                        "\"dbname\" and \"user\", found both")
                                  .arg(QLatin1String(key)));
        }
    } else if (!fields.has("host") || !fields.has("dbname")) {
        fields.report("service",
                      Words::tr("expected \"service\" (a libpq service), or \"host\" and "
                                "\"dbname\", in a database"));
    }
}

QStringList readCommand(Fields &fields)
{
    const YamlNode node = fields.node("via");
    if (node.isMissing())
        return {};
    QStringList command = fields.textOrTexts("via", Need::Optional);
    if (node.isScalar())
        command = QProcess::splitCommand(node.text());
    if (node.isSequence() && node.items().isEmpty())
        fields.report("via", Words::tr("via: expected a command, such as kubectl port-forward …"));
    return command;
}

/// Under two names the code of one would not count when CONTRACT is asked for under the other.
void checkPlacesDiffer(Problems &problems, const YamlNode::Entry &entry,
                       const DatabaseSettings &database, const QList<DatabaseSettings> &before)
{
    const auto sameServer = [&](const DatabaseSettings &other) {
        const bool same = database.service.isEmpty()
                              ? database.host == other.host && database.port == other.port
                                    && database.dbname == other.dbname
                              : database.service == other.service;
        return same && database.via == other.via;
    };
    const auto same = std::find_if(before.begin(), before.end(), sameServer);
    if (same == before.end() || (database.service.isEmpty() && database.host.isEmpty()))
        return;
    problems.add(
        entry.keyAt,
        Words::tr("\"%1\" is the database that is called \"%2\" already; expected one name "
                  "for it, so that CONTRACT counts everything that uses it")
            .arg(entry.key, same->name));
}

} // namespace

QList<DatabaseSettings> readDatabases(Fields &workspace)
{
    Problems &problems = workspace.problems();
    QList<DatabaseSettings> databases;
    for (const YamlNode::Entry &entry : workspace.entries("databases", Need::Optional)) {
        checkName(problems, entry);
        DatabaseSettings database;
        database.name = entry.key;
        Fields fields(entry.value, Words::tr("the database \"%1\"").arg(entry.key), problems);
        readPlace(fields, database);
        database.changes = repositoryPath(
            problems, entry.value.value(u"changes").at(),
            fields.text("changes", Need::Optional).value_or(QStringLiteral("migrations/changes")));
        database.via = readCommand(fields);
        const std::optional<qint64> rows
            = fields.integer("rows_per_second", Need::Optional, 1, std::numeric_limits<int>::max());
        if (rows)
            database.rowsPerSecond = int(*rows);
        if (const YamlNode node = fields.node("rehearse_on"); !node.isMissing()) {
            database.rehearseOn.emplace();
            Fields server(node, Words::tr("\"rehearse_on\" of the database \"%1\"").arg(entry.key),
                          problems);
            readPlace(server, *database.rehearseOn);
        }
        checkPlacesDiffer(problems, entry, database, databases);
        databases.append(database);
    }
    return databases;
}

QString readDatabaseName(Fields &fields, Fields::Need need, const QStringList &databases)
{
    const std::optional<QString> name = fields.text("database", need);
    if (!name)
        return {};
    if (databases.contains(*name))
        return *name;
    const QString known = databases.isEmpty()
                              ? Words::tr("an entry under \"databases\"")
                              : Words::tr("one of %1").arg(databases.join(QStringLiteral(", ")));
    fields.report("database", Words::tr("database: expected %1, found \"%2\"").arg(known, *name),
                  nearestWord(*name, databases));
    return {};
}

} // namespace pilothouse
