#include "bench/measure.h"
#include "migration/lint/lint.h"
#include "migration/lint/sql/sqlparser.h"

#include <QCoreApplication>

using namespace pilothouse;

// `lint [STATEMENTS]`: a file of many statements, as a migration writes them, by all rules. The
// anchor reads the same statements by PostgreSQL's own grammar and does nothing with them.

namespace {

QByteArray fileOf(int statements)
{
    const char *const forms[]{
        "ALTER TABLE public.t%1 ADD COLUMN c%1 uuid;\n",
        "CREATE INDEX CONCURRENTLY i%1 ON public.t%1 (c%1);\n",
        "ALTER TABLE public.t%1 ADD CONSTRAINT k%1 CHECK (c%1 IS NOT NULL) NOT VALID;\n",
        "ALTER TABLE public.t%1 VALIDATE CONSTRAINT k%1;\n",
        "ALTER TABLE public.t%1 ALTER COLUMN c%1 SET NOT NULL;\n",
        "ALTER TABLE public.t%1 ADD CONSTRAINT f%1 FOREIGN KEY (c%1) REFERENCES public.users "
        "(id);\n",
        "UPDATE public.t%1 SET c%1 = u.id FROM public.users u WHERE u.key = t%1.key;\n",
        "CREATE TABLE public.n%1 (id bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());\n",
        "DROP INDEX CONCURRENTLY IF EXISTS public.i%1;\n",
        "COMMENT ON TABLE public.t%1 IS 'number %1';\n",
    };
    QString text;
    for (int i = 0; i < statements; ++i)
        text += QString::fromLatin1(forms[i % std::size(forms)]).arg(i / int(std::size(forms)));
    return text.toUtf8();
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const int statements = app.arguments().size() > 1 ? app.arguments().at(1).toInt() : 10'000;
    const QByteArray sql = fileOf(statements);
    QList<QByteArray> each;
    for (const SqlPart &part : sqlParts(sql))
        each.append(sql.mid(part.from, part.to - part.from));
    LintSettings settings;
    settings.phase = ChangePhase::Contract;
    qsizetype findings = 0;
    const auto pair = bench::measure(
        5, [&] { findings = lintSql(sql, settings).size(); },
        [&] {
            for (const QByteArray &statement : std::as_const(each)) {
                if (!parseSql(statement))
                    qFatal("a statement cannot be read");
            }
        });
    bench::print("lint", "lint by all rules", "the same statements read by libpg_query alone",
                 {{QStringLiteral("statements"), qint64(each.size())},
                  {QStringLiteral("bytes"), qint64(sql.size())},
                  {QStringLiteral("findings"), qint64(findings)}},
                 pair);
    return findings > statements / 10 ? 0 : 1;
}
