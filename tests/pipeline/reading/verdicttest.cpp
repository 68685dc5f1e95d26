#include "pipeline/fixtures.h"

#include "support/places.h"

#include <QDir>
#include <QTest>

#include <algorithm>

using namespace pilothouse;

namespace {

const QString comparison = QStringLiteral("../comparison/workflows/");

bool hasErrors(const QList<Problem> &problems)
{
    return std::any_of(problems.begin(), problems.end(), [](const Problem &problem) {
        return problem.severity == Problem::Severity::Error;
    });
}

} // namespace

/// The files of the comparison with GitHub's parser, without GitHub's parser: what it refuses
/// begins with "bad-", what only its language service refuses with "service-", and where both do
/// not agree with "differs-".
class VerdictTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsTakenOrRefused_data()
    {
        QTest::addColumn<QString>("name");
        const QDir files(
            QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/pipeline/comparison/workflows"));
        for (const QString &name : files.entryList({QStringLiteral("*.yml")}, QDir::Files)) {
            if (!name.startsWith(QLatin1String("differs-")))
                QTest::newRow(qPrintable(name)) << name;
        }
    }

    void aFileIsTakenOrRefused()
    {
        QFETCH(QString, name);
        const Graph graph = buildGraph(
            {fixture(comparison + name), fixture(comparison + QStringLiteral("callee.yml"))});
        QList<Problem> own;
        QStringList told;
        for (const Problem &problem : graph.problems) {
            // Other files that a file calls are not here.
            if (!problem.message.contains(QStringLiteral("which is not there"))) {
                own.append(problem);
                told.append(problem.toString());
            }
        }
        const bool isRefused
            = name.startsWith(QLatin1String("bad-")) || name.startsWith(QLatin1String("service-"));
        QVERIFY2(hasErrors(own) == isRefused, qPrintable(told.join(QLatin1Char('\n'))));
    }

    void whatCanBeDrawnIsDrawn_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("nodes");
        const auto row = [](const char *name, int nodes) {
            QTest::newRow(name) << QString::fromLatin1(name) << nodes;
        };
        row("bad-no-on", 1);
        row("bad-needs-cycle", 4);
        row("bad-needs-unknown", 2);
        row("bad-needs-all-unknown", 1);
        row("bad-job-null", 1);
        row("bad-job-id", 1);
        row("bad-job-twice", 1);
        row("bad-no-runs-on", 1);
        row("bad-step-both", 1);
        row("bad-matrix-word", 1);
        row("bad-expression-syntax", 1);
        row("bad-merge-key", 2);
        row("bad-permissions-word", 1);
        row("bad-yaml-bracket", 0);
    }

    void whatCanBeDrawnIsDrawn()
    {
        QFETCH(QString, name);
        const Graph graph = buildGraph({fixture(comparison + name + QStringLiteral(".yml"))});
        QVERIFY(hasErrors(graph.problems));
        for (const Problem &problem : graph.problems)
            QVERIFY2(problem.line > 0 && problem.column > 0, qPrintable(problem.toString()));
        QTEST(int(graph.nodes.size()), "nodes");
    }
};

QTEST_GUILESS_MAIN(VerdictTest)
#include "verdicttest.moc"
