#include "connectors/postgres/schema/postgrescatalog.h"

#include "connectors/postgres/passage.h"
#include "connectors/postgres/schema/lintcatalogquery.h"
#include "connectors/postgres/schema/lintrowsquery.h"
#include "connectors/postgres/session.h"

namespace pilothouse {

PostgresCatalog::PostgresCatalog(const PostgresSettings &settings, std::unique_ptr<Passage> passage)
    : m_place(settings.place()), m_passage(std::move(passage)),
      m_session(std::make_unique<Session>(settings, QStringLiteral("lint"), m_passage.get()))
{}

PostgresCatalog::~PostgresCatalog() = default;

QFuture<Result<LiveCatalog>> PostgresCatalog::catalog(const QList<SqlName> &tables,
                                                      const QList<GuardedColumn> &guarded)
{
    return m_session->submit<LiveCatalog>(
        [tables, guarded](Connection &connection) -> Result<LiveCatalog> {
            auto live = readLiveCatalog(connection, tables);
            if (!live)
                return live;
            if (auto looked = lookAtRows(connection, live->catalog, guarded); !looked)
                return fail(looked.error());
            return live;
        });
}

} // namespace pilothouse
