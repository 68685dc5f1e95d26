#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// A name as it is written; without a schema the search path decides.
struct SqlName
{
    QString schema;
    QString name;

    [[nodiscard]] bool isEmpty() const { return name.isEmpty(); }
    [[nodiscard]] QString text() const
    {
        return schema.isEmpty() ? name : schema + QLatin1Char('.') + name;
    }
    /// The same object, as far as the names tell: one without a schema may be any of that name.
    [[nodiscard]] bool mayBe(const SqlName &other) const
    {
        return name == other.name
               && (schema.isEmpty() || other.schema.isEmpty() || schema == other.schema);
    }
    bool operator==(const SqlName &) const = default;
};

/// "varchar(20)" is {varchar, {20}}. Names as pg_type has them: int4, bpchar, timestamptz; serial
/// and its like as they are written.
struct SqlType
{
    SqlName name;
    QList<int> modifiers;
    bool isArray = false;

    [[nodiscard]] QString text() const;
    bool operator==(const SqlType &) const = default;
};

/// How much a default differs from row to row: only what is Volatile makes ADD COLUMN write each.
enum class Volatility { Constant, Stable, Volatile, Unknown };

struct SqlConstraint
{
    enum class Kind { Check, NotNull, ForeignKey, Unique, Primary, Exclude };

    Kind kind = Kind::Check;
    QString name; ///< empty = the server gives it one
    QStringList columns;
    SqlName references;
    QStringList referenced; ///< columns; empty = the primary key
    QString usingIndex;
    bool notValid = false;
    bool notEnforced = false;
    bool cascades = false; ///< ON DELETE CASCADE
    /// The column of CHECK (column IS NOT NULL) and of NOT NULL column; empty = it proves none.
    QString provesNotNull;

    bool operator==(const SqlConstraint &) const = default;
};

struct SqlColumn
{
    enum class Generated { No, Stored, Virtual };

    QString name;
    SqlType type;
    std::optional<Volatility> byDefault; ///< nullopt = no default
    QString defaultFunction;             ///< that makes it what it is: "gen_random_uuid"
    Generated generated = Generated::No;
    bool isIdentity = false;
    bool isNotNull = false;
    QString collation;
    QList<SqlConstraint> constraints; ///< without NOT NULL

    [[nodiscard]] const SqlConstraint *constraint(SqlConstraint::Kind kind) const;
    [[nodiscard]] bool isSerial() const;
    bool operator==(const SqlColumn &) const = default;
};

/// One thing that a statement does to one object: `ALTER TABLE t ADD a int, DROP b` are two, and so
/// is `DROP TABLE a, b`.
struct SqlAct
{
    enum class Kind {
        // Indexes. `name` is the index, `columns` its columns; an expression is an empty name. A
        // statement that names no table has the index as `other` too.
        CreateIndex,
        DropIndex,
        Reindex, ///< `value`: "index", "table", "schema", "database"
        AttachIndex,
        RenameIndex,
        // Tables
        CreateTable, ///< `declared`, `constraints`
        CreateTableAs,
        CreatePartition, ///< of `other`
        DropTable,
        RenameTable, ///< to `value`
        MoveTable,   ///< to another schema: `value`
        Truncate,
        RewriteTable,    ///< tablespace, logged, access method: `value` is the clause
        ChangeTable,     ///< owner, RLS, policy, rule, replica identity, drop trigger: `value`
        TuneTable,       ///< statistics, options, clustering: nobody waits for it
        AttachPartition, ///< `other` is the partition
        DetachPartition,
        CreateTrigger,
        SwitchTrigger, ///< on or off
        // Columns. `name` is the column.
        AddColumn, ///< `declared` has it
        DropColumn,
        RenameColumn, ///< to `value`
        AlterType,    ///< `declared` has the type; `value` is "using" where there is such a clause
        SetDefault,
        DropDefault,
        SetNotNull,
        DropNotNull,
        SetExpression,
        AddIdentity,
        ChangeColumn, ///< what else: storage, compression, DROP EXPRESSION, DROP IDENTITY
        // Constraints. `name` is the constraint.
        AddConstraint, ///< `constraints` has it
        DropConstraint,
        ValidateConstraint,
        AlterConstraint,
        RenameConstraint,
        // Others
        CreateDomain, ///< `other` is the domain; `constraints`
        AlterDomain,  ///< the same; only ADD CONSTRAINT has one
        CreateEnum,
        AddEnumValue, ///< `isPlaced` with BEFORE or AFTER
        RenameEnumValue,
        CreateExtension,
        DropSchema,
        RenameSchema,
        DropDatabase,
        Refresh,
        VacuumFull,
        Cluster,
        Maintain,   ///< VACUUM, ANALYZE
        CreateView, ///< `other` is the view
        Lock,       ///< `value` is its mode: "8"
        // Rows
        Update, ///< `columns` are those that are set
        Delete,
        Insert,
        Select,
        // Session
        Begin,
        Commit,
        Rollback,
        Set,    ///< `name` to `value`; an empty one resets it
        Opaque, ///< DO, CALL, and what cannot be read: `value` says why
        Other,
    };

    Kind kind = Kind::Other;
    SqlName table;
    SqlName other;
    QString name;
    QString value;
    QStringList columns;
    QList<SqlColumn> declared;
    QList<SqlConstraint> constraints;
    bool isConcurrent = false;
    bool isGuarded = false; ///< IF EXISTS, IF NOT EXISTS, OR REPLACE
    bool isUnique = false;
    bool isOnly = false;   ///< ON ONLY: not the partitions
    bool cascades = false; ///< CASCADE
    bool isLocal = false;  ///< SET LOCAL
    bool isPlaced = false;
    bool isTemporary = false;
    bool isPartitioned = false; ///< CREATE TABLE … PARTITION BY
    bool isWhole = false;       ///< UPDATE, DELETE: nothing bounds the rows
    bool pagesByOffset = false;
    qsizetype at = 0; ///< byte in the statement at which it says so

    [[nodiscard]] bool namesIndex() const
    {
        return kind == Kind::DropIndex || kind == Kind::Reindex;
    }
    [[nodiscard]] const SqlColumn *column() const
    {
        return declared.size() == 1 ? &declared.first() : nullptr;
    }
    [[nodiscard]] const SqlConstraint *constraint() const
    {
        return constraints.size() == 1 ? &constraints.first() : nullptr;
    }
};

} // namespace pilothouse
