#include "journal/journalreader.h"

#include "journal/recordtable.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QUuid>

namespace pilothouse {
namespace {

Result<ChainState> chainIn(const QSqlDatabase &database, const QString &path)
{
    QSqlQuery query(database);
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT ") + recordColumns
                    + QStringLiteral(" FROM record ORDER BY seq")))
        return journalUnusable(path, query.lastError().text());
    ChainState chain;
    QByteArray previous = noHash();
    while (query.next()) {
        const RecordRow row = currentRow(query);
        ++chain.count;
        if (chain.intact
            && (row.seq != chain.count || row.previous != previous || row.hash != hashOf(row))) {
            chain.intact = false;
            // Where records were taken out, the first number that is missing.
            chain.firstBrokenSeq = std::min(row.seq, chain.count);
        }
        previous = row.hash;
    }
    // A row that cannot be read must not look like the end of the chain.
    if (query.lastError().isValid())
        return journalUnusable(path, query.lastError().text());
    return chain;
}

} // namespace

Result<ChainState> JournalReader::verify() const
{
    const QString connection
        = QStringLiteral("journal-read-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
    Result<ChainState> chain;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        database.setDatabaseName(m_path);
        database.setConnectOptions(
            QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=2000"));
        if (database.open())
            chain = chainIn(database, m_path);
        else
            chain = journalUnusable(m_path, database.lastError().text());
    }
    QSqlDatabase::removeDatabase(connection);
    return chain;
}

} // namespace pilothouse
