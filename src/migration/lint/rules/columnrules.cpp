#include "migration/lint/rules/rulewords.h"

#include <QHash>

#include <algorithm>

namespace pilothouse {

using namespace rules;

namespace {

constexpr int widestPadding = 8; // bytes a row

/// Columns that get a type: of a new table, the one that is added, and the one that is changed.
template <typename Is>
bool anyDeclared(const LintView &view, const Is &is)
{
    if (!view.is(Kind::CreateTable) && !view.is(Kind::AddColumn) && !view.is(Kind::AlterType))
        return false;
    return std::any_of(view.act().declared.cbegin(), view.act().declared.cend(), is);
}

bool isOfType(const SqlColumn &column, std::initializer_list<const char *> names)
{
    return std::any_of(names.begin(), names.end(), [&column](const char *name) {
        return column.type.name.name == QLatin1String(name);
    });
}

bool hasKey(const SqlColumn &column)
{
    return column.constraint(Constraint::Primary) || column.constraint(Constraint::ForeignKey);
}

/// Of a table's own PRIMARY KEY (a, b).
bool isInKey(const SqlAct &act, const QString &column)
{
    return std::any_of(
        act.constraints.cbegin(), act.constraints.cend(), [&column](const SqlConstraint &each) {
            return (each.kind == Constraint::Primary || each.kind == Constraint::ForeignKey)
                   && each.columns.contains(column);
        });
}

Match shortKey(const LintView &view)
{
    return unsafeIf(anyDeclared(view, [&view](const SqlColumn &column) {
        const bool isShort = isOfType(column, {"int4", "int2", "int", "integer", "smallint",
                                               "serial", "serial4", "smallserial", "serial2"});
        const bool isKey = hasKey(column) || column.isSerial() || isInKey(view.act(), column.name)
                           || column.name == QLatin1String("id")
                           || column.name.endsWith(QLatin1String("_id"));
        return isShort && isKey;
    }));
}

Volatility defaultOf(const LintView &view, const SqlColumn &column)
{
    const Volatility said = column.byDefault.value_or(Volatility::Constant);
    if (said != Volatility::Unknown || !view.settings.catalog)
        return said;
    return view.settings.catalog->functions.value(column.defaultFunction, said);
}

Match typeChange(const LintView &view, bool rewriting)
{
    if (!view.is(Kind::AlterType) || !view.isOnOldTable() || !view.act().column())
        return Match::No;
    const auto *known = view.knownColumn(view.act().name);
    const bool usesOther = view.act().value == QLatin1String("using");
    bool rewrites = true;
    if (known)
        rewrites = usesOther
                   || rewritesForType(known->type, view.act().column()->type, false).value_or(true);
    return unsafeIf(rewrites == rewriting);
}

bool hasOtherCollation(const LintView &view)
{
    return view.is(Kind::AlterType) && view.isOnOldTable() && view.act().column()
           && !view.act().column()->collation.isEmpty();
}

/// Bytes to which a type is aligned, and which it takes; 0 = it varies.
std::pair<int, int> sizeOf(const SqlType &type)
{
    if (type.isArray)
        return {4, 0};
    static const QHash<QString, std::pair<int, int>> known{
        {QStringLiteral("bool"), {1, 1}},        {QStringLiteral("char"), {1, 1}},
        {QStringLiteral("uuid"), {1, 16}},       {QStringLiteral("int2"), {2, 2}},
        {QStringLiteral("smallserial"), {2, 2}}, {QStringLiteral("int4"), {4, 4}},
        {QStringLiteral("serial"), {4, 4}},      {QStringLiteral("float4"), {4, 4}},
        {QStringLiteral("date"), {4, 4}},        {QStringLiteral("int8"), {8, 8}},
        {QStringLiteral("bigserial"), {8, 8}},   {QStringLiteral("float8"), {8, 8}},
        {QStringLiteral("timestamp"), {8, 8}},   {QStringLiteral("timestamptz"), {8, 8}},
        {QStringLiteral("time"), {8, 8}},        {QStringLiteral("interval"), {8, 16}},
    };
    return known.value(type.name.name, {4, 0});
}

/// Bytes that alignment wastes before columns of a fixed size.
int padding(const QList<std::pair<int, int>> &sizes)
{
    int at = 0;
    int wasted = 0;
    for (const auto &[alignment, size] : sizes) {
        if (size == 0) {
            at = 0; // where it ends differs from row to row
            continue;
        }
        const int gap = (alignment - at % alignment) % alignment;
        wasted += gap;
        at += gap + size;
    }
    return wasted;
}

Match wastefulOrder(const LintView &view)
{
    if (!view.is(Kind::CreateTable))
        return Match::No;
    QList<std::pair<int, int>> sizes;
    for (const SqlColumn &column : view.act().declared)
        sizes.append(sizeOf(column.type));
    QList<std::pair<int, int>> best = sizes;
    std::stable_sort(best.begin(), best.end(), [](const auto &a, const auto &b) {
        return (a.second > 0 ? a.first : 0) > (b.second > 0 ? b.first : 0);
    });
    return unsafeIf(padding(sizes) - padding(best) >= widestPadding);
}

} // namespace

const QList<LintRule> &columnRules()
{
    static const QList<LintRule> rules{
        {"CO01", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN … NOT NULL without a default"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "It fails where there are rows, and old code that does not name {column} "
             "cannot insert any more."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "nullable in EXPAND, NOT NULL in CONTRACT; or a constant default for as long "
             "as old code runs"),
         [](const LintView &v) {
             const SqlColumn *c = addedColumn(v);
             return unsafeIf(c && c->isNotNull && !c->byDefault && !c->isIdentity && !c->isSerial()
                             && c->generated == SqlColumn::Generated::No);
         }},
        {"CO02", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN with a volatile default"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "{function} gives each row another value: {table} and all of its indexes are "
             "written anew while reads and writes wait."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "add it without a default, then SET DEFAULT, then fill it in batches"),
         [](const LintView &v) {
             const SqlColumn *c = addedColumn(v);
             if (!c || !c->byDefault)
                 return Match::No;
             const Volatility said = defaultOf(v, *c);
             return unsafeIf(said == Volatility::Volatile || said == Volatility::Unknown);
         }},
        {"CO03", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN of a serial type"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "{table} and all of its indexes are written anew while reads and writes "
                           "wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "a plain column, a sequence, SET DEFAULT nextval(…), then fill it in batches"),
         [](const LintView &v) {
             const SqlColumn *c = addedColumn(v);
             return unsafeIf(c && c->isSerial());
         }},
        {"CO04", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN … AS IDENTITY"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "{table} and all of its indexes are written anew while reads and writes "
                           "wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "a plain column, a sequence, SET DEFAULT nextval(…), then fill it in batches"),
         [](const LintView &v) {
             const SqlColumn *c = addedColumn(v);
             return unsafeIf(c && c->isIdentity);
         }},
        {"CO05", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN … GENERATED … STORED"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "{table} and all of its indexes are written anew while reads and writes "
                           "wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "a trigger and a backfill; from version 18 on VIRTUAL, which writes nothing"),
         [](const LintView &v) {
             const SqlColumn *c = addedColumn(v);
             return unsafeIf(c && c->generated == SqlColumn::Generated::Stored);
         }},
        {"CO06", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN … UNIQUE, … PRIMARY KEY"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "An index over every row is built while reads and writes wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "the column, then CREATE UNIQUE INDEX CONCURRENTLY, then UNIQUE USING INDEX"),
         [](const LintView &v) {
             const SqlColumn *c = addedColumn(v);
             return unsafeIf(
                 c && (c->constraint(Constraint::Unique) || c->constraint(Constraint::Primary)));
         }},
        {"CO07", S::Warn, expand, QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN … REFERENCES"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Two tables are locked for an instant; where either is busy, both queue."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "the column, then FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT"),
         [](const LintView &v) {
             const SqlColumn *c = addedColumn(v);
             return unsafeWithoutTimeoutIf(v, c && c->constraint(Constraint::ForeignKey));
         }},
        {"CO08", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN … CHECK"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Every row is read while reads and writes wait, though every value is NULL."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "the column, then CHECK (…) NOT VALID, then VALIDATE CONSTRAINT"),
         [](const LintView &v) {
             const SqlColumn *c = addedColumn(v);
             const SqlConstraint *check = c ? c->constraint(Constraint::Check) : nullptr;
             return unsafeIf(check && !check->notEnforced);
         }},
        {"CO09", S::Warn, none, QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN of type json"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "json has no equality: SELECT DISTINCT and UNION of old code fail."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "jsonb"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::AddColumn) && v.act().column()
                             && isOfType(*v.act().column(), {"json"}));
         }},
        {"CO10", S::Block, contract, QT_TRANSLATE_NOOP("pilothouse::Words", "DROP COLUMN"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Code that still names {name} fails at that instant, and the data is gone."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "the code leaves it alone first; keep (key, {name}) in a table of its own; "
             "drop its constraints and indexes by name before"),
         [](const LintView &v) {
             return outOfPhaseIf(v.is(Kind::DropColumn) && v.isOnOldTable());
         }},
        {"CO11", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "RENAME COLUMN"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Code that still says {name} fails at that instant."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "a new column, a trigger both ways, a backfill, and the old one goes in "
                           "CONTRACT"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::RenameColumn) && v.isOnOldTable());
         }},
        {"CO12", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ALTER COLUMN TYPE that writes the table anew"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "{table} and its indexes are written anew while reads and writes wait, with "
             "twice the disk; without a database at hand this must be assumed."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "a column of type {type}, a trigger both ways, a backfill, and a swap in "
             "CONTRACT"),
         [](const LintView &v) {
             return typeChange(v, true);
         }},
        {"CO13", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ALTER COLUMN TYPE that writes nothing"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "It is instant once it has its lock; what waits for it queues."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a short lock_timeout"),
         [](const LintView &v) {
             return typeChange(v, false);
         }},
        {"CO14", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ALTER COLUMN TYPE … COLLATE"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "The indexes on it are built anew while reads and writes wait."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "a new index CONCURRENTLY with that collation, or a new column"),
         [](const LintView &v) {
             return unsafeIf(hasOtherCollation(v));
         }},
        {"CO15", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "ALTER COLUMN TYPE under a CHECK, a view, a generated column"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "The check is made again over every row; under a view or a generated column "
             "it fails."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "drop the check, change the type, add it NOT VALID, VALIDATE"),
         [](const LintView &v) {
             const auto *known = v.is(Kind::AlterType) ? v.knownColumn(v.act().name) : nullptr;
             return unsafeIf(known && (known->isUsedByCheck || known->isUsedByView));
         }},
        {"CO16", S::Warn, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "SET DEFAULT, DROP DEFAULT"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Code that inserts without naming {name} gets another value, or fails."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "SET DEFAULT in EXPAND, DROP DEFAULT in CONTRACT"),
         [](const LintView &v) {
             if (!v.isOnOldTable())
                 return Match::No;
             if (v.is(Kind::DropDefault))
                 return unsafeIf(v.settings.phase != ChangePhase::Contract);
             return outOfPhaseIf(v.is(Kind::SetDefault));
         }},
        {"CO17", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN under prepared SELECT *"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "A prepared SELECT * fails once: its result has another shape."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "name the columns, or a driver that prepares again"),
         [](const LintView &v) {
             return unsafeIf(addedColumn(v) != nullptr);
         }},
        {"CO18", S::Warn, none, QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN IF NOT EXISTS"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "A column of that name is taken as it is, of whatever type and default."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "compare format_type(atttypid, atttypmod) and the default first"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::AddColumn) && v.act().isGuarded);
         }},
        {"CO19", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "SET EXPRESSION of a stored column"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "{table} is written anew while reads and writes wait."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a new column; VIRTUAL writes nothing"),
         [](const LintView &v) {
             if (!v.is(Kind::SetExpression) || !v.isOnOldTable())
                 return Match::No;
             const auto *known = v.knownColumn(v.act().name);
             return unsafeIf(!known || known->generated != SqlColumn::Generated::Virtual);
         }},
        {"CO20", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a key of 32 bits or fewer"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "It overflows one day, and to widen it is a project."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "bigint"), &shortKey},
        {"CO21", S::Inform, expand, QT_TRANSLATE_NOOP("pilothouse::Words", "a serial column"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Its sequence has rights and an owner of its own."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "GENERATED … AS IDENTITY"),
         [](const LintView &v) {
             return unsafeIf(anyDeclared(v, [](const SqlColumn &c) { return c.isSerial(); }));
         }},
        {"CO22", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a column of type char(n)"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "It is filled with blanks."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "text"),
         [](const LintView &v) {
             return unsafeIf(
                 anyDeclared(v, [](const SqlColumn &c) { return isOfType(c, {"bpchar"}); }));
         }},
        {"CO23", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a column of type varchar(n)"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Another length is a change of type."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "text, with a CHECK of its length"),
         [](const LintView &v) {
             return unsafeIf(anyDeclared(v, [](const SqlColumn &c) {
                 return isOfType(c, {"varchar"}) && !c.type.modifiers.isEmpty();
             }));
         }},
        {"CO24", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a timestamp without time zone"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "What it was offset by is lost."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "timestamptz"),
         [](const LintView &v) {
             return unsafeIf(
                 anyDeclared(v, [](const SqlColumn &c) { return isOfType(c, {"timestamp"}); }));
         }},
        {"CO25", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a name of more than 63 bytes"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "The server cuts it without an error; a later IF EXISTS does not find it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a shorter one"),
         [](const LintView &v) {
             const auto &statement = v.file.statements()[v.placed().statement];
             const bool isFirst
                 = v.at == 0 || v.file.acts()[v.at - 1].statement != v.placed().statement;
             return unsafeIf(isFirst && !statement.longNames.isEmpty());
         }},
        {"CO26", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "an order of columns that wastes room"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Alignment leaves eight bytes and more of each row empty."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "the wide fixed columns first, those of varying length last"),
         &wastefulOrder},
    };
    return rules;
}

} // namespace pilothouse
