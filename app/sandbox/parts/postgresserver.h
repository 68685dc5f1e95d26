#pragma once

#include "base/result.h"

#include <QObject>
#include <QString>

#include <memory>

namespace pilothouse::sandbox {

/// How far the change conversations-organization-id is in `production` when the rehearsal begins.
enum class ChangeStage {
    Untouched,
    Expanded,   ///< column and sync trigger, no row filled
    Backfilled, ///< and every row filled, the index built
    Contracted, ///< and NOT NULL, helpers gone
};

/// A real PostgreSQL for one run. Databases `production` and `staging`, each with users (2,000
/// rows) and conversations (300,000 rows); staging has had EXPAND since yesterday. Trust on
/// 127.0.0.1, no other address. Roles: `migrator` (owns everything, may see and end other
/// sessions), `context_app`, `report`; `postgres` is the superuser.
///
/// Binaries: $PILOTHOUSE_PARTS/usr/lib/postgresql/*/bin, else /usr/lib/postgresql/*/bin, the
/// newest. The filled data directory is cached by version and contents and copied for each run. As
/// root the server runs as `nobody` with its data in the system's temporary folder. Nothing blocks
/// but the destructor (a fast shutdown, at most 3 s), which also removes the data.
class PostgresServer : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        QString dir; ///< the sandbox's folder; must exist
        quint16 port = 0;
        ChangeStage stage = ChangeStage::Untouched;
    };

    explicit PostgresServer(Settings settings, QObject *parent = nullptr);
    ~PostgresServer() override;

    /// Begins; `ready` or `failed` follows once.
    void start();
    [[nodiscard]] quint16 port() const;
    /// A libpq connection string, without a password.
    [[nodiscard]] QString connectionString(const QString &database, const QString &user) const;

    /// The folder of the newest usable binaries (initdb and postgres in it). NotFound says what to
    /// install.
    [[nodiscard]] static Result<QString> binaryFolder();

Q_SIGNALS:
    void ready();
    /// Not to be had, not startable, or ended by itself later; the message says what to do.
    void failed(const pilothouse::Error &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse::sandbox
