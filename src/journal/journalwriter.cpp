#include "journal/journalwriter.h"

#include "base/words.h"
#include "journal/recordtable.h"

#include <QDir>
#include <QFileInfo>
#include <QSqlError>
#include <QUuid>

namespace pilothouse {

JournalWriter::JournalWriter(const QString &path)
    : m_path(path),
      m_connection(QStringLiteral("journal-") + QUuid::createUuid().toString(QUuid::WithoutBraces)),
      m_locks(path)
{}

JournalWriter::~JournalWriter()
{
    m_statements.reset();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_connection);
}

tl::unexpected<Error> JournalWriter::failed(const QString &detail) const
{
    return journalUnusable(m_path, detail);
}

Result<void> JournalWriter::execute(const QString &sql)
{
    QSqlQuery query(m_database);
    if (!query.exec(sql))
        return failed(query.lastError().text());
    return {};
}

Result<void> JournalWriter::execute(QSqlQuery &prepared)
{
    const bool done = prepared.exec();
    const QString detail = prepared.lastError().text();
    prepared.finish();
    if (!done)
        return failed(detail);
    return {};
}

JournalWriter::Statements::Statements(const QSqlDatabase &database)
    : begin(database), last(database), insert(database), commit(database)
{}

QString JournalWriter::Statements::prepare()
{
    last.setForwardOnly(true);
    const std::pair<QSqlQuery *, QString> all[]
        = {{&begin, QStringLiteral("BEGIN IMMEDIATE")},
           {&last, QStringLiteral("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1")},
           {&insert, QStringLiteral("INSERT INTO record(") + recordColumns
                         + QStringLiteral(") VALUES (?,?,?,?,?,?,?,?,?)")},
           {&commit, QStringLiteral("COMMIT")}};
    for (const auto &[query, sql] : all) {
        if (!query->prepare(sql))
            return query->lastError().text();
    }
    return {};
}

Result<void> JournalWriter::open()
{
    const QString folder = QFileInfo(m_path).absolutePath();
    if (!QDir().mkpath(folder))
        return failed(Words::tr("the folder %1 cannot be made").arg(folder));
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    m_database.setDatabaseName(m_path);
    m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=2000"));
    if (!m_database.open())
        return failed(m_database.lastError().text());
    for (const QString &sql :
         {QStringLiteral("PRAGMA journal_mode = WAL"), QStringLiteral("PRAGMA synchronous = FULL"),
          QStringLiteral("CREATE TABLE IF NOT EXISTS record("
                         "seq INTEGER PRIMARY KEY, at TEXT, "
                         "kind TEXT CHECK (kind IN ('intent','outcome','note')), "
                         "id TEXT, subject TEXT, actor TEXT, "
                         "body TEXT, previous BLOB, hash BLOB)"),
          QStringLiteral("CREATE INDEX IF NOT EXISTS record_id ON record(id)"),
          QStringLiteral("CREATE TRIGGER IF NOT EXISTS record_never_updated "
                         "BEFORE UPDATE ON record "
                         "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"),
          QStringLiteral("CREATE TRIGGER IF NOT EXISTS record_never_deleted "
                         "BEFORE DELETE ON record "
                         "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"),
          QString(QStringLiteral("SELECT ") + recordColumns
                  + QStringLiteral(" FROM record LIMIT 1"))}) {
        if (auto done = execute(sql); !done) {
            // "file is not a database" and a table of other columns: not ours to touch.
            if (done.error().detail.contains(QLatin1String("not a database"))
                || done.error().detail.contains(QLatin1String("no such column"))) {
                return fail(ErrorKind::Malformed,
                            Words::tr("%1 is not a Pilothouse journal. Move it away.").arg(m_path),
                            done.error().detail);
            }
            return done;
        }
    }
    m_statements.emplace(m_database);
    if (const QString wrong = m_statements->prepare(); !wrong.isEmpty())
        return failed(wrong);
    return {};
}

Result<void> JournalWriter::insert(const Record &record, RecordRow &row)
{
    QSqlQuery &last = m_statements->last;
    if (!last.exec())
        return failed(last.lastError().text());
    qint64 seq = 1;
    QByteArray previous = noHash();
    if (last.next()) {
        seq = last.value(0).toLongLong() + 1;
        previous = last.value(1).toByteArray();
    }
    last.finish();

    Record complete = record;
    complete.seq = seq;
    row = rowOf(complete);
    row.previous = previous;
    row.hash = hashOf(row);
    // An empty QString may be null, which SQLite would store as NULL.
    const auto text = [](const QString &value) {
        return value.isNull() ? QLatin1String("") : value;
    };
    QSqlQuery &query = m_statements->insert;
    int place = 0;
    query.bindValue(place++, row.seq);
    for (const QString &value : {row.at, row.kind, row.id, row.subject, row.actor, row.body})
        query.bindValue(place++, text(value));
    query.bindValue(place++, row.previous);
    query.bindValue(place++, row.hash);
    return execute(query);
}

Result<Record> JournalWriter::append(const Record &record)
{
    Record marked = record;
    if (record.kind == RecordKind::Intent) {
        if (!m_locks.holdOwn())
            return failed(Words::tr("the lock file beside it cannot be made"));
        marked.body[QLatin1String("process")] = m_locks.own().toJson();
    }
    if (const auto begun = execute(m_statements->begin); !begun)
        return fail(begun.error());
    RecordRow row;
    auto done = insert(marked, row);
    if (done)
        done = execute(m_statements->commit);
    if (!done) {
        // Its own failure says nothing new: without a COMMIT nothing was written.
        (void)execute(QStringLiteral("ROLLBACK"));
        return fail(done.error());
    }
    return recordOf(row);
}

Result<QList<Record>> JournalWriter::select(QSqlQuery &query)
{
    if (!query.exec())
        return failed(query.lastError().text());
    QList<Record> records;
    while (query.next()) {
        const auto record = recordOf(currentRow(query));
        if (!record)
            return fail(record.error());
        records.append(*record);
    }
    return records;
}

Result<QList<Record>> JournalWriter::newest(int limit)
{
    QSqlQuery query(m_database);
    query.prepare(QStringLiteral("SELECT ") + recordColumns
                  + QStringLiteral(" FROM record ORDER BY seq DESC LIMIT ?"));
    query.addBindValue(limit);
    return select(query);
}

Result<QList<Record>> JournalWriter::orphans()
{
    QSqlQuery query(m_database);
    query.prepare(
        QStringLiteral("SELECT ") + recordColumns
        + QStringLiteral(" FROM record AS intent WHERE kind = 'intent' AND NOT EXISTS "
                         "(SELECT 1 FROM record AS outcome WHERE outcome.kind = 'outcome' "
                         "AND outcome.id = intent.id) ORDER BY seq"));
    auto open = select(query);
    if (!open)
        return open;
    QList<Record> orphaned;
    for (const Record &intent : std::as_const(*open)) {
        if (m_locks.claim(ProcessMark::fromJson(intent.body[QLatin1String("process")].toObject())))
            orphaned.append(intent);
    }
    return orphaned;
}

} // namespace pilothouse
