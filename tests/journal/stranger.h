#pragma once

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

namespace pilothouse {

/// Another program's connection to the same file.
class Stranger
{
public:
    explicit Stranger(const QString &path)
        : m_database(QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name()))
    {
        m_database.setDatabaseName(path);
        if (!m_database.open())
            qFatal("the second connection cannot be opened");
    }
    ~Stranger()
    {
        m_database = QSqlDatabase();
        QSqlDatabase::removeDatabase(name());
    }
    /// The error, empty if it worked.
    QString execute(const QString &sql)
    {
        QSqlQuery query(m_database);
        return query.exec(sql) ? QString() : query.lastError().text();
    }
    QVariant value(const QString &sql)
    {
        QSqlQuery query(m_database);
        return query.exec(sql) && query.next() ? query.value(0) : QVariant();
    }

private:
    static QString name() { return QStringLiteral("stranger"); }
    QSqlDatabase m_database;
};

} // namespace pilothouse
