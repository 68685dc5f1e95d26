#include "connectors/postgres/schema/lintcatalogquery.h"

#include "base/words.h"
#include "connectors/postgres/jsonread.h"
#include "migration/recipe/sqltext.h"

#include <QJsonDocument>
#include <QVariant>

namespace pilothouse {
namespace {

/// {names} is a list of texts. Of what belongs to PostgreSQL itself nothing is told.
constexpr char catalogQuery[] = R"(
WITH r AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind
    FROM unnest(ARRAY[{names}]::text[]) AS asked(name)
    LEFT JOIN pg_index x ON x.indexrelid = to_regclass(asked.name)
    JOIN pg_class c ON c.oid = coalesce(x.indrelid, to_regclass(asked.name))
     AND c.relkind IN ('r', 'p')
    JOIN pg_namespace n ON n.oid = c.relnamespace
   GROUP BY 1, 2, 3, 4)
SELECT jsonb_build_object(
 'server', current_setting('server_version_num')::int,
 'tables', (SELECT jsonb_agg(jsonb_build_object(
   'name', r.nspname || '.' || r.relname,
   'partitioned', r.relkind = 'p',
   'fills', EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = r.oid
                     AND g.tgname LIKE 'pilothouse\_%' AND g.tgenabled IN ('O', 'A')),
   'columns', (SELECT jsonb_agg(jsonb_build_object(
       'name', a.attname,
       'schema', CASE WHEN pg_type_is_visible(t.oid) THEN '' ELSE tn.nspname END,
       'type', t.typname, 'array', at.oid IS NOT NULL,
       'formatted', format_type(a.atttypid, a.atttypmod),
       'notNull', a.attnotnull AND NOT EXISTS (
           SELECT 1 FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype = 'n'
              AND k.conkey = ARRAY[a.attnum] AND NOT k.convalidated),
       'inCheck', EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = r.oid
           AND k.contype = 'c' AND a.attnum = ANY (k.conkey)),
       'inView', EXISTS (SELECT 1 FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass
           AND d.refobjid = r.oid AND d.refobjsubid = a.attnum
           AND (d.classid = 'pg_rewrite'::regclass
                OR (d.classid = 'pg_attrdef'::regclass AND EXISTS (
                    SELECT 1 FROM pg_attrdef f WHERE f.oid = d.objid
                       AND f.adnum <> a.attnum)))),
       'generated', a.attgenerated::text) ORDER BY a.attnum)
     FROM pg_attribute a
     JOIN pg_type own ON own.oid = a.atttypid
     LEFT JOIN pg_type at ON at.oid = own.typelem AND own.typcategory = 'A'
     JOIN pg_type t ON t.oid = coalesce(at.oid, own.oid)
     JOIN pg_namespace tn ON tn.oid = t.typnamespace
    WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),
   'constraints', (SELECT jsonb_agg(jsonb_build_object(
       'name', k.conname, 'kind', k.contype::text, 'validated', k.convalidated,
       'notEnforced', NOT coalesce((to_jsonb(k) ->> 'conenforced')::bool, true),
       'cascades', k.confdeltype = 'c',
       'columns', (SELECT jsonb_agg(jsonb_build_object('name', a.attname) ORDER BY o.i)
          FROM unnest(k.conkey) WITH ORDINALITY AS o(num, i)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.num),
       'schema', (SELECT n.nspname FROM pg_class p JOIN pg_namespace n ON n.oid = p.relnamespace
                   WHERE p.oid = k.confrelid),
       'table', (SELECT p.relname FROM pg_class p WHERE p.oid = k.confrelid),
       'referenced', (SELECT jsonb_agg(jsonb_build_object('name', a.attname) ORDER BY o.i)
          FROM unnest(k.confkey) WITH ORDINALITY AS o(num, i)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = o.num),
       'proves', (SELECT a.attname FROM pg_attribute a
          WHERE a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
            AND (k.contype = 'n' OR k.contype = 'c' AND pg_get_expr(k.conbin, k.conrelid)
                                      = format('(%I IS NOT NULL)', a.attname)))))
     FROM pg_constraint k WHERE k.conrelid = r.oid),
   'indexes', (SELECT jsonb_agg(jsonb_build_object(
       'name', c.relname, 'unique', i.indisunique,
       'valid', i.indisvalid AND i.indisready AND i.indislive,
       'columns', (SELECT jsonb_agg(jsonb_build_object('name', coalesce(a.attname, ''))
                                    ORDER BY o.i)
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS o(num, i)
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = o.num
         WHERE o.i <= i.indnkeyatts)))
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = r.oid),
   'referencedBy', (SELECT jsonb_agg(DISTINCT jsonb_build_object('schema', n.nspname,
                                                                 'name', o.relname))
     FROM pg_constraint k JOIN pg_class o ON o.oid = k.conrelid
     JOIN pg_namespace n ON n.oid = o.relnamespace
    WHERE k.confrelid = r.oid AND k.contype = 'f' AND k.conrelid <> r.oid),
   'publications', (SELECT jsonb_agg(jsonb_build_object('name', p.pubname))
     FROM pg_publication_tables p
    WHERE p.schemaname = r.nspname AND p.tablename = r.relname))) FROM r),
 'domains', (SELECT jsonb_agg(jsonb_build_object('name', t.typname)) FROM pg_type t
    WHERE t.typtype = 'd' AND (t.typnotnull OR EXISTS (
          SELECT 1 FROM pg_constraint k WHERE k.contypid = t.oid))
      AND t.typnamespace <> 'information_schema'::regnamespace),
 'functions', (SELECT jsonb_agg(jsonb_build_object('name', p.proname, 'volatility', p.kind))
    FROM (SELECT proname, max(provolatile::text) AS kind FROM pg_proc
           WHERE pronamespace NOT IN ('pg_catalog'::regnamespace,
                                      'information_schema'::regnamespace)
           GROUP BY 1) p))
)";

QStringList names(const JsonRead &object, const char *key)
{
    QStringList found;
    for (const JsonRead &each : object.objects(key))
        found << each.text("name");
    return found;
}

LintCatalog::Column columnIn(const JsonRead &row)
{
    LintCatalog::Column column;
    column.type = {{row.text("schema"), row.text("type")},
                   modifiersIn(row.text("formatted")),
                   row.flag("array")};
    column.isNotNull = row.flag("notNull");
    column.isUsedByCheck = row.flag("inCheck");
    column.isUsedByView = row.flag("inView");
    const QString generated = row.text("generated");
    if (generated == QLatin1String("s"))
        column.generated = SqlColumn::Generated::Stored;
    else if (generated == QLatin1String("v"))
        column.generated = SqlColumn::Generated::Virtual;
    return column;
}

/// nullopt = a kind that no rule knows: that of a constraint trigger.
std::optional<LintCatalog::Constraint> constraintIn(const JsonRead &row)
{
    using Kind = SqlConstraint::Kind;
    static const QMap<QString, Kind> kinds{
        {QStringLiteral("c"), Kind::Check},      {QStringLiteral("n"), Kind::NotNull},
        {QStringLiteral("f"), Kind::ForeignKey}, {QStringLiteral("u"), Kind::Unique},
        {QStringLiteral("p"), Kind::Primary},    {QStringLiteral("x"), Kind::Exclude}};
    const auto kind = kinds.constFind(row.text("kind"));
    if (kind == kinds.constEnd())
        return std::nullopt;
    LintCatalog::Constraint constraint;
    constraint.said.kind = *kind;
    constraint.said.name = row.text("name");
    constraint.said.columns = names(row, "columns");
    constraint.said.references = {row.text("schema"), row.text("table")};
    constraint.said.referenced = names(row, "referenced");
    constraint.said.notEnforced = row.flag("notEnforced");
    constraint.said.cascades = row.flag("cascades");
    constraint.said.provesNotNull = row.text("proves");
    constraint.isValidated = row.flag("validated");
    constraint.said.notValid = !constraint.isValidated && !constraint.said.notEnforced;
    return constraint;
}

LintCatalog::Table tableIn(const JsonRead &row)
{
    LintCatalog::Table table;
    table.isPartitioned = row.flag("partitioned");
    table.hasFillTrigger = row.flag("fills");
    for (const JsonRead &column : row.objects("columns"))
        table.columns.insert(column.text("name"), columnIn(column));
    for (const JsonRead &constraint : row.objects("constraints")) {
        if (const auto known = constraintIn(constraint))
            table.constraints.insert(known->said.name, *known);
    }
    for (const JsonRead &index : row.objects("indexes"))
        table.indexes.insert(index.text("name"),
                             {names(index, "columns"), index.flag("valid"), index.flag("unique")});
    for (const JsonRead &child : row.objects("referencedBy"))
        table.referencedBy.append({child.text("schema"), child.text("name")});
    table.publications = names(row, "publications");
    return table;
}

LintCatalog catalogIn(const JsonRead &root)
{
    LintCatalog catalog;
    for (const JsonRead &table : root.objects("tables"))
        catalog.tables.insert(table.text("name"), tableIn(table));
    for (const QString &domain : names(root, "domains"))
        catalog.constrainedDomains.insert(domain);
    for (const JsonRead &function : root.objects("functions")) {
        const QString kind = function.text("volatility");
        catalog.functions.insert(function.text("name"),
                                 kind == QLatin1String("i")   ? Volatility::Constant
                                 : kind == QLatin1String("s") ? Volatility::Stable
                                                              : Volatility::Volatile);
    }
    return catalog;
}

} // namespace

QList<int> modifiersIn(const QString &formatted)
{
    const qsizetype open = formatted.indexOf(QLatin1Char('('));
    const qsizetype close = formatted.indexOf(QLatin1Char(')'), open);
    QList<int> modifiers;
    if (open < 0 || close < 0)
        return modifiers;
    const QStringList parts = formatted.mid(open + 1, close - open - 1).split(QLatin1Char(','));
    for (const QString &part : parts) {
        bool isNumber = false;
        const int modifier = part.trimmed().toInt(&isNumber);
        if (isNumber)
            modifiers << modifier;
    }
    return modifiers;
}

Result<LiveCatalog> readLiveCatalog(Connection &connection, const QList<SqlName> &tables)
{
    QStringList quoted;
    for (const SqlName &table : tables) {
        const QString name = sqlName(table.name);
        quoted << sqlText(table.schema.isEmpty() ? name
                                                 : sqlName(table.schema) + QLatin1Char('.') + name);
    }
    QString sql = QLatin1String(catalogQuery);
    sql.replace(QLatin1String("{names}"), quoted.join(QStringLiteral(", ")));
    Result<QSqlQuery> query = connection.query(sql);
    if (!query)
        return fail(query.error());
    if (!query->next())
        return fail(ErrorKind::Malformed, Words::tr("%1 answered no row.").arg(connection.place()));
    QString problem;
    const QJsonObject root = QJsonDocument::fromJson(query->value(0).toString().toUtf8()).object();
    const JsonRead read(root, QStringLiteral("catalog"), problem);
    const LiveCatalog live{catalogIn(read), int(read.integer("server"))};
    if (!problem.isEmpty())
        return fail(ErrorKind::Malformed,
                    Words::tr("The database's answer cannot be read: %1.").arg(problem), problem);
    return live;
}

} // namespace pilothouse
