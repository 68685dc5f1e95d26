#pragma once

#include "connectors/postgres/postgressettings.h"
#include "migration/lint/livecatalog.h"

#include <memory>

namespace pilothouse {

class Passage;
class Session;

/// The catalog of a PostgreSQL database (15 to 18), over a connection of its own that reads and
/// never writes. It connects at the first question. GUI thread.
class PostgresCatalog final : public CatalogSource
{
public:
    /// `passage` is the way to it; nullptr = it needs none.
    PostgresCatalog(const PostgresSettings &settings, std::unique_ptr<Passage> passage);
    ~PostgresCatalog() override;
    Q_DISABLE_COPY_MOVE(PostgresCatalog)

    [[nodiscard]] QString place() const override { return m_place; }
    [[nodiscard]] QFuture<Result<LiveCatalog>>
    catalog(const QList<SqlName> &tables, const QList<GuardedColumn> &guarded) override;

private:
    QString m_place;
    std::unique_ptr<Passage> m_passage; ///< outlives the session
    std::unique_ptr<Session> m_session;
};

} // namespace pilothouse
