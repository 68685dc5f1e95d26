#pragma once

#include "journal/canonical.h"
#include "journal/processlock.h"

#include <QObject>
#include <QSqlDatabase>
#include <QSqlQuery>

#include <optional>

namespace pilothouse {

/// The journal's file, as SqliteJournal's thread sees it. Made, used and destroyed in that thread:
/// SQLite connections belong to one.
class JournalWriter final : public QObject
{
public:
    explicit JournalWriter(const QString &path);
    ~JournalWriter() override;

    [[nodiscard]] Result<void> open();
    /// `record.at` is taken as it is; seq and hashes are filled in.
    [[nodiscard]] Result<Record> append(const Record &record);
    [[nodiscard]] Result<QList<Record>> newest(int limit);
    [[nodiscard]] Result<QList<Record>> orphans();

private:
    /// What every append does, prepared once: a rollback waits for it.
    struct Statements
    {
        explicit Statements(const QSqlDatabase &database);
        /// What is wrong; empty = nothing.
        [[nodiscard]] QString prepare();

        QSqlQuery begin;
        QSqlQuery last;
        QSqlQuery insert;
        QSqlQuery commit;
    };

    [[nodiscard]] Result<void> execute(const QString &sql);
    [[nodiscard]] Result<void> execute(QSqlQuery &prepared);
    [[nodiscard]] Result<void> insert(const Record &record, RecordRow &row);
    [[nodiscard]] Result<QList<Record>> select(QSqlQuery &query);
    [[nodiscard]] tl::unexpected<Error> failed(const QString &detail) const;

    QString m_path;
    QString m_connection;
    QSqlDatabase m_database;
    std::optional<Statements> m_statements; ///< of m_database
    ProcessLocks m_locks;
};

} // namespace pilothouse
