#include "connectors/postgres/schema/postgrescatalog.h"

#include "connectors/postgres/passage.h"
#include "connectors/postgres/schema/lintcatalogquery.h"
#include "connectors/postgres/session.h"

namespace pilothouse {

PostgresCatalog::PostgresCatalog(const PostgresSettings &settings, std::unique_ptr<Passage> passage)
    : m_place(settings.place()), m_passage(std::move(passage)),
      m_session(std::make_unique<Session>(settings, QStringLiteral("lint"), m_passage.get()))
{}

PostgresCatalog::~PostgresCatalog() = default;

QFuture<Result<LiveCatalog>> PostgresCatalog::catalog(const QList<SqlName> &tables)
{
    return m_session->submit<LiveCatalog>(
        [tables](Connection &connection) { return readLiveCatalog(connection, tables); });
}

} // namespace pilothouse
