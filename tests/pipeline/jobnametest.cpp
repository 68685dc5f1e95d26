#include "pipeline/jobname.h"
#include "pipeline/fixtures.h"
#include "pipeline/jobmatcher.h"

#include <QTest>

using namespace pilothouse;

class JobNameTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// What a job is called on the host for what stands in the file.
    void aJobIsFoundByItsName_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("found");
        const auto row
            = [](const char *title, const char *body, const char *name, bool found = true) {
                  QTest::newRow(title) << QByteArray(body) << QString::fromUtf8(name) << found;
              };
        row("the key where there is no name", "needs: []", "job");
        row("the name", "name: Unit tests", "Unit tests");
        row("not the key where there is a name", "name: Unit tests", "job", false);
        row("another name", "needs: []", "jobs", false);
        row("a leg of a matrix", "strategy: {matrix: {t: [ruff, black]}}", "job (black)");
        row("a leg that the matrix does not have", "strategy: {matrix: {t: [ruff]}}", "job (mypy)",
            false);
        row("a leg of two dimensions", "strategy: {matrix: {v: [3.11], os: [ubuntu]}}",
            "job (3.11, ubuntu)");
        row("a leg with a number as the host writes it", "strategy: {matrix: {v: [3.10]}}",
            "job (3.1)");
        row("a leg with a name", "name: Lint\nstrategy: {matrix: {t: [ruff]}}", "Lint (ruff)");
        row("a leg without its empty values", "strategy: {matrix: {a: ['', x], b: [y]}}",
            "job (y)");
        row("a leg with what include added",
            "strategy: {matrix: {os: [a], include: [{os: a, n: 1}]}}", "job (a, 1)");
        row("a leg without what include added",
            "strategy: {matrix: {os: [a], include: [{os: a, n: 1}]}}", "job (a)");
        row("a leg that include made", "strategy: {matrix: {include: [{site: one, url: u}]}}",
            "job (one, u)");
        row("a leg in the name's own place",
            "name: Test on ${{ matrix.os }}\nstrategy: {matrix: {os: [a, b]}}", "Test on b");
        row("a leg in the name's own place, not in another",
            "name: Test on ${{ matrix.os }}\nstrategy: {matrix: {os: [a, b]}}", "Test on c", false);
        row("a leg spelled with brackets",
            "name: \"Test ${{ matrix['os'] }}\"\nstrategy: {matrix: {os: [a]}}", "Test a");
        row("a member of a value", "name: ${{ matrix.t.os }}\nstrategy: {matrix: {t: [{os: a}]}}",
            "a");
        row("an expression that only the host knows", "name: Deploy ${{ inputs.where }} now",
            "Deploy eu-west-1 now");
        row("fixed words that differ", "name: Deploy ${{ inputs.where }} now", "Deploy eu later",
            false);
        row("an expression about the matrix",
            "name: T ${{ matrix.os == 'a' && 'first' || 'other' }}\nstrategy: {matrix: {os: [a]}}",
            "T first");
        row("an expression about the matrix with another outcome",
            "name: T ${{ matrix.os == 'a' && 'first' || 'other' }}\nstrategy: {matrix: {os: [a]}}",
            "T other", false);
        row("a flag of the matrix",
            "name: T${{ matrix.slow && ' (slow)' || '' }}\nstrategy: {matrix: {slow: [false]}}",
            "T");
        row("a function of the matrix",
            "name: \"${{ format('{0} on {1}', matrix.v, matrix.os) }}\"\n"
            "strategy: {matrix: {os: [a], v: [3.10]}}",
            "3.1 on a");
        row("a value that only another leg has",
            "name: T${{ matrix.n }}!\n"
            "strategy: {matrix: {os: [a, b], include: [{os: b, n: 1}]}}",
            "T!");
        row("an expression that cannot be read",
            "name: T ${{ matrix. }}\nstrategy: {matrix: {os: [a]}}", "T anything");
        row("a matrix decided at run time", "strategy: {matrix: '${{ fromJSON(x) }}'}",
            "job (anything, at all)");
        row("a matrix decided at run time, skipped", "strategy: {matrix: '${{ fromJSON(x) }}'}",
            "job");
        row("a matrix that was skipped", "strategy: {matrix: {t: [ruff, black]}}", "job");
        row("a name that was skipped before its expressions were looked at",
            "name: Test on ${{ matrix.os }}\nstrategy: {matrix: {os: [a]}}",
            "Test on ${{ matrix.os }}");
        row("a value that is an expression", "strategy: {matrix: {v: ['${{ vars.V }}', '1']}}",
            "job (17)");
        row("letters beyond ASCII", "name: Prüfung 🚀", "Prüfung 🚀");
        row("a name with a slash in it", "name: build / test", "build / test");
    }

    void aJobIsFoundByItsName()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, name);
        const QList<NamePattern> names = namesOf(jobFrom(body));
        QTEST(std::any_of(names.begin(), names.end(),
                          [&](const NamePattern &pattern) { return pattern.matches(name); }),
              "found");
    }

    void aJobOfTheReleaseIsFound_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("node");
        const auto row = [](const char *title, const char *name, const char *node) {
            QTest::newRow(title) << QString::fromLatin1(name) << QString::fromLatin1(node);
        };
        row("a job of the file itself", "prepare", "prepare");
        row("a called job", "Checks / slow", "checks/slow");
        row("a called job of a leg", "region (us) / verify", "region/verify");
        row("a called job whose name the call decides", "region (eu) / Deploy to eu",
            "region/deploy");
        row("a job of another repository's workflow", "announce / mail", "announce");
        row("a job of another repository's nested workflows", "announce / a / b", "announce");
        row("a skipped call of another repository's workflow", "announce", "announce");
        row("a skipped call", "Checks", "call checks");
        row("a skipped call of a matrix", "region", "call region");
        row("a called job that the file does not have", "Checks / other", "");
        row("a called job under its key instead of the caller's name", "checks / slow", "");
        row("a called job without its caller", "slow", "");
        row("nothing", "", "");
    }

    void aJobOfTheReleaseIsFound()
    {
        QFETCH(QString, name);
        const Graph graph = buildGraph({fixture(QStringLiteral("release.yml")),
                                        fixture(QStringLiteral("checks.yml")),
                                        fixture(QStringLiteral("region.yml"))});
        const QString file = QStringLiteral(".github/workflows/release.yml");
        const JobMatcher::Match match = JobMatcher(graph).find(file, name);
        QVERIFY(match.nodes.size() <= 1);
        QString found
            = match.nodes.isEmpty() ? QString() : match.nodes[0].value.section(QLatin1Char('#'), 1);
        if (!match.call.value.isEmpty())
            found = QStringLiteral("call ") + match.call.value.section(QLatin1Char('#'), 1);
        QTEST(found, "node");
    }

    void theCloserNameWins_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("key");
        QTest::newRow("a whole name before one with a gap")
            << QStringLiteral("Deploy production") << QStringLiteral("exact");
        QTest::newRow("more words before fewer")
            << QStringLiteral("Deploy to eu") << QStringLiteral("longer");
        QTest::newRow("a gap where nothing else fits")
            << QStringLiteral("Deploy now") << QStringLiteral("any");
    }

    void theCloserNameWins()
    {
        QFETCH(QString, name);
        const Graph graph = buildGraph(
            {workflowFrom("on: push\njobs:\n"
                          "  any: {runs-on: x, name: 'Deploy ${{ inputs.what }}'}\n"
                          "  longer: {runs-on: x, name: 'Deploy to ${{ inputs.what }}'}\n"
                          "  exact: {runs-on: x, name: 'Deploy production'}\n")});
        const JobMatcher::Match match = JobMatcher(graph).find(QStringLiteral("w.yml"), name);
        QCOMPARE(match.nodes.size(), 1);
        QTEST(match.nodes[0].value.section(QLatin1Char('#'), 1), "key");
    }

    void aNameThatTheHostCutIsFound()
    {
        const QString value(120, QLatin1Char('v'));
        const Graph graph = buildGraph({workflowFrom("on: push\njobs:\n  a:\n    runs-on: x\n"
                                                     "    strategy: {matrix: {t: [short, "
                                                     + value.toLatin1() + "]}}\n")});
        const QString cut = (QStringLiteral("a (") + value).left(97) + QStringLiteral("...");
        QCOMPARE(JobMatcher(graph).find(QStringLiteral("w.yml"), cut).nodes.size(), 1);
        QCOMPARE(JobMatcher(graph)
                     .find(QStringLiteral("w.yml"), QStringLiteral("a (vvv..."))
                     .nodes.size(),
                 0);
    }

    void anotherFilesJobsAreNotMixedIn()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        const JobMatcher matcher(graph);
        const QString ci = QStringLiteral(".github/workflows/ci.yml");
        QCOMPARE(matcher.find(ci, QStringLiteral("smoke")).nodes.size(), 0);
        QCOMPARE(matcher.find(ci, QStringLiteral("build")).nodes.size(), 1);
        QCOMPARE(matcher.find(QStringLiteral("other.yml"), QStringLiteral("build")).nodes.size(),
                 0);
    }

    void largeMatricesOfCallersStayBounded()
    {
        QByteArray values;
        for (int i = 0; i < 200; ++i)
            values += QByteArray::number(i) + ",";
        const QByteArray matrix = "strategy: {matrix: {n: [" + values + "]}}";
        const Graph graph = buildGraph(
            {workflowFrom("on: push\njobs:\n  call: {uses: ./b.yml, " + matrix + "}\n",
                          QStringLiteral("a.yml")),
             workflowFrom("on: workflow_call\njobs:\n  b: {runs-on: x, " + matrix + "}\n",
                          QStringLiteral("b.yml"))});
        QVERIFY(namesOf(graph.nodes[0], graph).size() <= 1024);
        QCOMPARE(JobMatcher(graph)
                     .find(QStringLiteral("a.yml"), QStringLiteral("call (7) / b (199)"))
                     .nodes.size(),
                 1);
        QCOMPARE(JobMatcher(graph)
                     .find(QStringLiteral("a.yml"), QStringLiteral("call (7) / b (200)"))
                     .nodes.size(),
                 0);
    }
};

QTEST_GUILESS_MAIN(JobNameTest)
#include "jobnametest.moc"
