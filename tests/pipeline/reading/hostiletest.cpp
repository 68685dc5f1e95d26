#include "pipeline/expression/textparts.h"
#include "pipeline/fixtures.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTest>

using namespace pilothouse;

namespace {

const QString comparison = QStringLiteral("../comparison/workflows/");

/// Every problem lies in the file, and the graph stands on existing nodes.
QString mistakeIn(const QByteArray &content)
{
    const Workflow workflow = workflowFrom(content);
    const int lines = int(content.count('\n')) + 1;
    for (const Problem &problem : workflow.problems) {
        if (problem.line > lines || problem.line < 0 || problem.message.isEmpty())
            return problem.toString();
    }
    const Graph graph = buildGraph({workflow});
    for (const GraphEdge &edge : graph.edges) {
        if (!graph.node(edge.from) || !graph.node(edge.to))
            return edge.from.value + QStringLiteral(" -> ") + edge.to.value;
    }
    return {};
}

} // namespace

/// Files that nobody wrote: cut, shuffled, made up.
class HostileTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDamagedFileIsRead_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"all-triggers", "anchors", "callee", "calls", "every-key-of-a-job", "long-conditions",
              "matrix-of-all-kinds", "texts-of-all-kinds", "umlauts"})
            QTest::newRow(name) << comparison + QString::fromLatin1(name) + QStringLiteral(".yml");
    }

    void aDamagedFileIsRead()
    {
        QFETCH(QString, name);
        const QByteArray whole = fixtureFile(name).content;
        for (qsizetype cut = 0; cut < whole.size(); cut += 13)
            QCOMPARE(mistakeIn(whole.left(cut)), QString());
        const QList<QByteArray> lines = whole.split('\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            QList<QByteArray> without = lines;
            without.removeAt(i);
            QCOMPARE(mistakeIn(without.join('\n')), QString());
            QList<QByteArray> twice = lines;
            twice.insert(i, lines[i]);
            QCOMPARE(mistakeIn(twice.join('\n')), QString());
            QList<QByteArray> shifted = lines;
            shifted[i].prepend("  ");
            QCOMPARE(mistakeIn(shifted.join('\n')), QString());
        }
    }

    void aValueOfAnotherShapeIsRead_data()
    {
        QTest::addColumn<QByteArray>("value");
        for (const char *value : {"", "null", "[]", "{}", "[[]]", "[{}]", "{a: {b: c}}", "true",
                                  "5", "'x'", "[a, [b]]", "${{ github.ref }}", "${{", "*nothing"})
            QTest::newRow(*value ? value : "nothing") << QByteArray(value);
    }

    void aValueOfAnotherShapeIsRead()
    {
        QFETCH(QByteArray, value);
        for (const char *key :
             {"name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"}) {
            QCOMPARE(mistakeIn(QByteArray(key) + ": " + value), QString());
        }
        for (const char *key :
             {"name", "needs", "if", "runs-on", "environment", "concurrency", "permissions",
              "timeout-minutes", "continue-on-error", "strategy", "container", "services", "env",
              "defaults", "outputs", "steps", "uses", "with", "secrets"}) {
            QCOMPARE(mistakeIn("on: push\njobs:\n  a:\n    " + QByteArray(key) + ": " + value),
                     QString());
        }
        for (const char *key : {"id", "name", "uses", "run", "if", "with", "env", "shell",
                                "timeout-minutes", "working-directory", "continue-on-error"}) {
            QCOMPARE(mistakeIn("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - "
                               + QByteArray(key) + ": " + value),
                     QString());
        }
        for (const char *key : {"push", "schedule", "workflow_dispatch", "workflow_call"})
            QCOMPARE(mistakeIn("on:\n  " + QByteArray(key) + ": " + value), QString());
        for (const char *key : {"include", "exclude", "os"})
            QCOMPARE(mistakeIn("on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      "
                               "matrix:\n        b: [1]\n        "
                               + QByteArray(key) + ": " + value),
                     QString());
    }

    void anExpressionOfAnythingIsRead()
    {
        const QStringList pieces{
            QStringLiteral("a"),    QStringLiteral("github"), QStringLiteral("."),
            QStringLiteral("["),    QStringLiteral("]"),      QStringLiteral("("),
            QStringLiteral(")"),    QStringLiteral("*"),      QStringLiteral("!"),
            QStringLiteral("&&"),   QStringLiteral("||"),     QStringLiteral("=="),
            QStringLiteral("<"),    QStringLiteral("1"),      QStringLiteral("'x'"),
            QStringLiteral("'"),    QStringLiteral(","),      QStringLiteral(" "),
            QStringLiteral("null"), QStringLiteral("format"), QStringLiteral("fromJSON"),
            QStringLiteral("${{"),  QStringLiteral("}}"),     QStringLiteral("-")};
        QRandomGenerator random(20'261'128);
        int readable = 0;
        for (int i = 0; i < 20'000; ++i) {
            QString text;
            for (quint32 length = random.bounded(1u, 12u); length > 0; --length)
                text += pieces[qsizetype(random.bounded(quint32(pieces.size())))];
            const auto node = parseExpression(text);
            if (node) {
                ++readable;
                static_cast<void>(evaluate(*node, {}));
            } else {
                QVERIFY2(node.error().column >= 1 && node.error().column <= text.size() + 1,
                         qPrintable(text));
                QVERIFY(!node.error().message.isEmpty());
            }
            static_cast<void>(filledText(text, {}));
            static_cast<void>(conditionHolds(text, {}));
        }
        QVERIFY2(readable > 500, qPrintable(QString::number(readable)));
    }
};

QTEST_GUILESS_MAIN(HostileTest)
#include "hostiletest.moc"
