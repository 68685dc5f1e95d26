#include "pipeline/comparison/githubreading.h"
#include "pipeline/expression/evaluator.h"
#include "pipeline/expression/json.h"
#include "pipeline/graph.h"
#include "support/places.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>

using namespace pilothouse;

namespace {

enum class Verdict { Taken, Refused };

/// A file on which GitHub's parser and this project do not agree, and why that is meant.
struct Difference
{
    const char *file;
    Verdict ours;
    const char *reason;
};

constexpr const char *newer = "GitHub's parser knows only what it was built with; here a key, an "
                              "event, a permission or a function that is newer than this program "
                              "must not refuse a file";
constexpr const char *newerRule
    = "beside a key that is newer than this program a known rule of the same map may hold no "
      "longer: a step may work, a job may run and an event may be narrowed in a way of which only "
      "that key tells. What is missing is a warning; without such a key, or where it is near to a "
      "known one, it is an error as at GitHub";
constexpr const char *server
    = "GitHub's parser reads one file and leaves this to its server, which "
      "refuses the file or ends the run";

constexpr Difference differences[] = {
    {"differs-key-unknown", Verdict::Taken, newer},
    {"differs-event-unknown", Verdict::Taken, newer},
    {"differs-type-unknown", Verdict::Taken, newer},
    {"differs-permission-unknown", Verdict::Taken, newer},
    {"differs-function-unknown", Verdict::Taken, newer},
    {"differs-context-unknown", Verdict::Taken, newer},
    {"differs-step-unknown", Verdict::Taken, newerRule},
    {"differs-job-unknown", Verdict::Taken, newerRule},
    {"differs-filter-unknown", Verdict::Taken, newerRule},
    {"differs-steps-in-parallel", Verdict::Taken, newer},
    {"differs-services-expression", Verdict::Taken,
     "GitHub's schema allows an expression for all services; only the second pass of its parser, "
     "which looks at what the schema has let through, does not expect it"},
    {"differs-env-expression", Verdict::Taken,
     "the same; GitHub's server takes the environment of a job from an expression"},
    {"differs-default-without-type", Verdict::Taken,
     "GitHub's server takes any scalar for the text of an input that has no type"},
    {"differs-alias-unknown", Verdict::Refused,
     "an alias of nothing is an error of YAML; GitHub's parser leaves it out in silence"},
    {"differs-on-empty", Verdict::Refused, server},
    {"differs-branches-twice", Verdict::Refused, server},
    {"differs-matrix-empty", Verdict::Refused, server},
    {"differs-matrix-large", Verdict::Refused, server},
    {"differs-callee-missing", Verdict::Refused, server},
    {"differs-callee-not-callable", Verdict::Refused, server},
    {"differs-calls-itself", Verdict::Refused, server},
    {"differs-input-missing", Verdict::Refused, server},
    {"differs-input-unknown", Verdict::Refused, server},
    {"differs-uses-nothing", Verdict::Refused, server},
};

/// Files that the language service and this project do not agree on. What the service cannot see
/// either: the inputs of an action, which stand in the action's own repository, and runner labels,
/// which it only suggests.
constexpr const char *serviceToo = "the language service leaves this to GitHub's server as well";

constexpr Difference serviceDifferences[] = {
    {"differs-key-unknown", Verdict::Taken, newer},
    {"differs-event-unknown", Verdict::Taken, newer},
    {"differs-type-unknown", Verdict::Taken, newer},
    {"differs-permission-unknown", Verdict::Taken, newer},
    {"differs-function-unknown", Verdict::Taken, newer},
    {"differs-context-unknown", Verdict::Taken, newer},
    {"differs-step-unknown", Verdict::Taken, newerRule},
    {"differs-job-unknown", Verdict::Taken, newerRule},
    {"differs-filter-unknown", Verdict::Taken, newerRule},
    {"differs-steps-in-parallel", Verdict::Taken, newer},
    {"differs-services-expression", Verdict::Taken, "as the parser, whose second pass it uses"},
    {"differs-env-expression", Verdict::Taken, "as the parser, whose second pass it uses"},
    {"differs-default-without-type", Verdict::Taken, "as the parser, whose second pass it uses"},
    {"differs-alias-unknown", Verdict::Refused, "as the parser, whose YAML it reads"},
    {"differs-text-around-condition", Verdict::Taken,
     "GitHub runs such a file, and the condition always holds: here it is a warning"},
    {"differs-text-around-condition-of-a-step", Verdict::Taken, "the same"},
    {"differs-on-empty", Verdict::Refused, serviceToo},
    {"differs-branches-twice", Verdict::Refused, serviceToo},
    {"differs-matrix-empty", Verdict::Refused, serviceToo},
    {"differs-matrix-large", Verdict::Refused, serviceToo},
    {"differs-calls-itself", Verdict::Refused, serviceToo},
};

template <std::size_t count>
const Difference *differenceOf(const QString &name, const Difference (&table)[count])
{
    const auto found = std::find_if(std::begin(table), std::end(table), [&](const Difference &one) {
        return name == QLatin1String(one.file) + QLatin1String(".yml");
    });
    return found == std::end(table) ? nullptr : found;
}

const Difference *differenceOf(const QString &name)
{
    return differenceOf(name, differences);
}

/// Files in which the service finds what the parser does not look for.
bool isForTheService(const QString &name)
{
    return name.startsWith(QLatin1String("service-"));
}

const QString folder = QStringLiteral(".github/workflows/");

/// Files as people write them, that other tests read: each a repository of its own. Their names are
/// "clean/rust.yml".
struct WholeRepository
{
    const char *name;
    QStringList folders; ///< from the top
};

const QList<WholeRepository> &wholeRepositories()
{
    static const QList<WholeRepository> all{
        {"clean", {QStringLiteral("tests/pipeline/doctor/clean")}},
        {"adr", {QStringLiteral("tests/pipeline/doctor/adr")}},
        {"delivery", {QStringLiteral("tests/pipeline/fixtures")}},
        {"sandbox",
         {QStringLiteral("app/sandbox/parts/tree/01-service/.github/workflows"),
          QStringLiteral("app/sandbox/parts/tree/02-helm/.github/workflows"),
          QStringLiteral("app/sandbox/parts/tree/03-coditect/.github/workflows")}},
    };
    return all;
}

/// Those that are no files of the comparison's own.
bool isWhole(const QString &name)
{
    return name.contains(QLatin1Char('/'));
}

/// The ADR's deployments need jobs of another file.
bool isRefusedByBoth(const QString &name)
{
    return name.startsWith(QLatin1String("bad-")) || name.startsWith(QLatin1String("adr/deploy-"));
}

/// "clean/" of "clean/rust.yml"; empty for the comparison's own.
QString prefixOf(const QString &name)
{
    return name.left(name.lastIndexOf(QLatin1Char('/')) + 1);
}

/// Where the workflow of a name stands in `m_workflows`.
QString keyOf(const QString &name)
{
    const QString prefix = prefixOf(name);
    return prefix + folder + name.mid(prefix.size());
}

} // namespace

class WorkflowComparisonTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = GithubParser::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
        read({}, {QStringLiteral("tests/pipeline/comparison/workflows")});
        QVERIFY(m_names.size() >= 40);
        const qsizetype own = m_names.size();
        for (const WholeRepository &repository : wholeRepositories())
            read(QLatin1String(repository.name) + QLatin1Char('/'), repository.folders);
        QVERIFY(m_names.size() >= own + 24);
        QCOMPARE(m_github.size(), m_names.size());
    }

    void bothSayTheSame_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : std::as_const(m_names))
            QTest::newRow(qPrintable(name)) << name;
    }

    void bothSayTheSame()
    {
        QFETCH(QString, name);
        const GithubReading &theirs = m_github[name];
        const QStringList ours = errorsOf(name);
        const QString told
            = QStringLiteral("\nhere: %1\nGitHub: %2")
                  .arg(ours.join(QLatin1Char('\n')), theirs.errors.join(QLatin1Char('\n')));
        const Verdict here = ours.isEmpty() ? Verdict::Taken : Verdict::Refused;
        const Verdict there = theirs.isRefused() ? Verdict::Refused : Verdict::Taken;
        if (isForTheService(name)) {
            QVERIFY2(there == Verdict::Taken, "the parser sees it too: call the file bad-…");
            return;
        }
        if (const Difference *difference = differenceOf(name)) {
            QVERIFY2(here == difference->ours, qPrintable(told));
            QVERIFY2(there != here, "both agree now: take the file out of the table");
        } else {
            QVERIFY2(here == there, qPrintable(told));
        }
        QCOMPARE(isRefusedByBoth(name) || differenceOf(name) != nullptr,
                 here == Verdict::Refused || there == Verdict::Refused);
    }

    void theLanguageServiceSaysTheSame_data() { bothSayTheSame_data(); }

    void theLanguageServiceSaysTheSame()
    {
        QFETCH(QString, name);
        const GithubReading &theirs = m_github[name];
        const QStringList ours = errorsOf(name);
        const QString told
            = QStringLiteral("\nhere: %1\nGitHub: %2")
                  .arg(ours.join(QLatin1Char('\n')), theirs.serviceErrors.join(QLatin1Char('\n')));
        const Verdict here = ours.isEmpty() ? Verdict::Taken : Verdict::Refused;
        const Verdict there = theirs.serviceErrors.isEmpty() ? Verdict::Taken : Verdict::Refused;
        if (const Difference *difference = differenceOf(name, serviceDifferences)) {
            QVERIFY2(here == difference->ours, qPrintable(told));
            QVERIFY2(there != here, "both agree now: take the file out of the table");
        } else {
            QVERIFY2(here == there, qPrintable(told));
        }
        QVERIFY2(!isForTheService(name) || there == Verdict::Refused, qPrintable(told));
    }

    void whereTheLanguageServiceWarnsSoDoWe_data() { bothSayTheSame_data(); }

    void whereTheLanguageServiceWarnsSoDoWe()
    {
        QFETCH(QString, name);
        const QList<Problem> &problems = m_workflows[keyOf(name)].problems;
        for (const int line : m_github[name].serviceWarnings) {
            QVERIFY2(std::any_of(problems.begin(), problems.end(),
                                 [&](const Problem &problem) {
                                     return problem.severity == Problem::Severity::Warning
                                            && problem.line == line;
                                 }),
                     qPrintable(QString::number(line)));
        }
        if (!isWhole(name))
            QCOMPARE(m_github[name].serviceWarnings.isEmpty(),
                     !name.startsWith(QLatin1String("warns-")));
    }

    void bothSeeTheSameJobs_data() { bothSayTheSame_data(); }

    void bothSeeTheSameJobs()
    {
        QFETCH(QString, name);
        const Workflow &workflow = m_workflows[keyOf(name)];
        const GithubReading &theirs = m_github[name];
        // What is no YAML has no jobs here.
        const Difference *difference = differenceOf(name);
        if (difference && difference->ours == Verdict::Refused && workflow.jobs.isEmpty())
            return;
        for (const GithubJob &job : theirs.jobs) {
            const WorkflowJob *own = workflow.job(job.id);
            QVERIFY2(own, qPrintable(job.id));
            QStringList needs;
            for (const WorkflowReference &need : own->needs)
                needs.append(need.name);
            QCOMPARE(needs, job.needs);
            QCOMPARE(own->uses.text, job.uses);
            if (!theirs.isRefused())
                QCOMPARE(own->steps.size(), job.steps);
        }
        // Of a file that it refuses GitHub keeps less than is drawn here.
        if (!theirs.isRefused())
            QCOMPARE(workflow.jobs.size(), theirs.jobs.size());
    }

    void theWholeRepositoriesAreNoSmallOnes()
    {
        int jobs = 0;
        int steps = 0;
        for (const QString &name : std::as_const(m_names)) {
            for (const GithubJob &job : isWhole(name) ? m_github[name].jobs : QList<GithubJob>()) {
                ++jobs;
                steps += job.steps;
            }
        }
        QVERIFY2(jobs >= 50 && steps >= 150,
                 qPrintable(QStringLiteral("%1 jobs, %2 steps").arg(jobs).arg(steps)));
    }

    void bothComeToTheSameValue_data()
    {
        QTest::addColumn<QString>("expression");
        for (const QString &expression : expressions())
            QTest::newRow(qPrintable(expression)) << expression;
    }

    void bothComeToTheSameValue()
    {
        QFETCH(QString, expression);
        static const QJsonObject contexts
            = QJsonDocument::fromJson(R"({"github": {"ref": "refs/heads/main", "n": 3.10,
                "e": null, "t": true, "l": [{"a": 1}, {"a": "b"}, {"c": []}]},
                "matrix": {"os": "Linux", "v": [1, [2, 3]]}})")
                  .object();
        static const QHash<QString, QString> theirs = GithubParser::values(expressions(), contexts);
        ExpressionContext context;
        for (auto it = contexts.begin(); it != contexts.end(); ++it)
            context.set(it.key(),
                        fromJson(QString::fromUtf8(QJsonDocument(it.value().toObject()).toJson())));
        const auto node = parseExpression(expression);
        const QString own = node
                                ? toJson(evaluate(*node, context)).value_or(QStringLiteral("error"))
                                : QStringLiteral("error");
        QCOMPARE(own, theirs[expression]);
    }

private:
    /// One repository, here and at GitHub's.
    void read(const QString &prefix, const QStringList &folders)
    {
        QStringList paths;
        for (const QString &each : folders) {
            const QDir files(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/") + each);
            for (const QString &name : files.entryList({QStringLiteral("*.yml")}, QDir::Files)) {
                paths.append(files.filePath(name));
                QFile file(paths.last());
                QVERIFY(file.open(QIODevice::ReadOnly));
                m_workflows.insert(keyOf(prefix + name),
                                   parseWorkflow({folder + name, file.readAll()}));
                m_names.append(prefix + name);
            }
        }
        const QHash<QString, GithubReading> readings = GithubParser::workflows(paths);
        for (auto it = readings.begin(); it != readings.end(); ++it)
            m_github.insert(prefix + it.key(), it.value());
    }

    static QStringList expressions()
    {
        QStringList all;
        const QStringList values{
            QStringLiteral("null"),     QStringLiteral("true"),     QStringLiteral("false"),
            QStringLiteral("0"),        QStringLiteral("1"),        QStringLiteral("-2.5"),
            QStringLiteral("''"),       QStringLiteral("'0'"),      QStringLiteral("'1'"),
            QStringLiteral("'a'"),      QStringLiteral("'A'"),      QStringLiteral("'true'"),
            QStringLiteral("NaN"),      QStringLiteral("' 1 '"),    QStringLiteral("'0x1'"),
            QStringLiteral("'1e0'"),    QStringLiteral("Infinity"), QStringLiteral("'Infinity'"),
            QStringLiteral("github.e"), QStringLiteral("github.n")};
        for (const QString &left : values) {
            all.append(QLatin1Char('!') + left);
            for (const char *sign : {" == ", " < ", " >= ", " && ", " || "}) {
                for (const QString &right : values)
                    all.append(left + QLatin1String(sign) + right);
            }
        }
        for (const char *text : {"github.ref",
                                 "GITHUB.Ref",
                                 "github['ref']",
                                 "github.l[0].a",
                                 "github.l[1.5].a",
                                 "github.l['1'].a",
                                 "github.l[-1].a",
                                 "github.l[9]",
                                 "github.l.*.a",
                                 "github.l.*.c",
                                 "github.l.*.a[0]",
                                 "matrix.v.*",
                                 "matrix.v[1][0]",
                                 "matrix.v.*.*",
                                 "github.n.x",
                                 "github.ref.*",
                                 "github.l == 'Array'",
                                 "github.l != 1",
                                 "github.l < 1",
                                 "1 < 2 == true",
                                 "1 == 1 == 1",
                                 "true || false && false",
                                 "!(true && false)",
                                 "contains(github.ref, 'MAIN')",
                                 "contains(github.l.*.a, '1')",
                                 "contains(github.l.*.a, 'B')",
                                 "contains(github.l, 'a')",
                                 "contains(github, 'ref')",
                                 "contains(1, github.l)",
                                 "contains('123', 2)",
                                 "contains('', '')",
                                 "startsWith('Abc', 'aB')",
                                 "startsWith(github.l, 'a')",
                                 "startsWith(12, 1)",
                                 "endsWith('Abc', 'BC')",
                                 "endsWith('a', '')",
                                 "format('{0}-{1}', 'a', true)",
                                 "format('{{{0}}}', 1)",
                                 "format('{0}')",
                                 "format('{2}', 1, 2)",
                                 "format('{a}', 1)",
                                 "format('}', 1)",
                                 "format('{0', 1)",
                                 "format('{0}{0}', 'x')",
                                 "format('{0}', github.l)",
                                 "format('{0}', matrix)",
                                 "format('{0} {1}', null, 1.50)",
                                 "join(matrix.v)",
                                 "join(github.l.*.a, ' ')",
                                 "join('a', 'b')",
                                 "join(matrix)",
                                 "join(matrix.v, matrix)",
                                 "toJSON('a\"b')",
                                 "toJSON(1.50)",
                                 "toJSON(null)",
                                 "toJSON(matrix.v)",
                                 "toJSON(fromJSON('[]'))",
                                 "toJSON(fromJSON('{}'))",
                                 "toJSON(fromJSON('[{\"a\": [1]}]'))",
                                 "fromJSON('1.0')",
                                 "fromJSON('\"x\"')",
                                 "fromJSON('{\"a\": 1}').a",
                                 "fromJSON('[1, 2')",
                                 "fromJSON('1, 2')",
                                 "fromJSON('')",
                                 "case(true, 1, 2)",
                                 "case(false, 1, 2)",
                                 "case('a', 1, 2)",
                                 "case(false, 1, true, 2, 3)",
                                 "1.",
                                 ".5",
                                 "+1",
                                 "-0",
                                 "0xFF",
                                 "0o17",
                                 "0b1",
                                 "1e2",
                                 "1.2.3",
                                 "1 2",
                                 "'a",
                                 "a.b",
                                 "github.",
                                 "github[",
                                 "github.l[*].a",
                                 "(github).ref",
                                 "(github.l)[0]",
                                 "true.a",
                                 "'a''b'",
                                 "''''",
                                 "github . ref",
                                 "github.true",
                                 "github == github.l",
                                 "github.ref && 'x' || 'y'",
                                 "1 - 1",
                                 "1 == \"1\"",
                                 "!!'a'",
                                 "! github.e"})
            all.append(QString::fromLatin1(text));
        return all;
    }

    /// As the file's own page would show them, with the files that it calls.
    QStringList errorsOf(const QString &name) const
    {
        const Workflow own = m_workflows[keyOf(name)];
        QList<Workflow> workflows{own};
        for (qsizetype i = 0; i < workflows.size(); ++i) {
            const QList<WorkflowJob> jobs = workflows[i].jobs;
            for (const WorkflowJob &job : jobs) {
                const auto callee = m_workflows.constFind(prefixOf(name) + job.localCallee());
                if (callee != m_workflows.constEnd() && !workflows.contains(*callee))
                    workflows.append(*callee);
            }
        }
        QStringList errors;
        const Graph graph = buildGraph(workflows);
        for (const Problem &problem : graph.problems) {
            if (problem.severity == Problem::Severity::Error && problem.file == own.path)
                errors.append(problem.toString());
        }
        return errors;
    }

    QStringList m_names;
    QHash<QString, Workflow> m_workflows; ///< by keyOf()
    QHash<QString, GithubReading> m_github;
};

QTEST_GUILESS_MAIN(WorkflowComparisonTest)
#include "comparisontest.moc"
