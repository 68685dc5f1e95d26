#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString shown(const Matrix &matrix)
{
    QStringList legs;
    for (const MatrixLeg &leg : matrix.legs) {
        QStringList values;
        for (const MatrixValue &value : leg.values)
            values.append(value.key + QLatin1Char('=') + value.value);
        for (const MatrixValue &value : leg.added)
            values.append(QLatin1Char('+') + value.key + QLatin1Char('=') + value.value);
        legs.append(values.join(QLatin1Char(' ')));
    }
    return legs.join(QStringLiteral(" | "));
}

Workflow withMatrix(const QByteArray &matrix)
{
    QByteArray text = "on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:";
    if (!matrix.contains('\n') && !matrix.contains(": "))
        return workflowFrom(text + " " + matrix);
    text += "\n";
    for (const QByteArray &line : matrix.split('\n'))
        text += "        " + line + "\n";
    return workflowFrom(text);
}

} // namespace

class MatrixTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMatrixIsMultipliedOut_data()
    {
        QTest::addColumn<QByteArray>("matrix");
        QTest::addColumn<QString>("legs");
        const auto row = [](const char *name, const char *matrix, const char *legs) {
            QTest::newRow(name) << QByteArray(matrix) << QString::fromLatin1(legs);
        };
        row("one dimension", "tool: [ruff, black]", "tool=ruff | tool=black");
        row("two dimensions, the last one turning fastest", "os: [a, b]\nv: [1, 2]",
            "os=a v=1 | os=a v=2 | os=b v=1 | os=b v=2");
        row("numbers as the host writes them", "v: [3.10, '3.10', 1.0, 1e3, 08]",
            "v=3.1 | v=3.10 | v=1 | v=1000 | v=8");
        row("truth as the host writes it", "b: [True, false, 'True']", "b=true | b=false | b=True");
        row("values with keys of their own", "t: [{os: a, arch: x}, {os: b}]",
            "t.os=a t.arch=x | t.os=b");
        row("an exclude of one combination", "os: [a, b]\nv: [1, 2]\nexclude: [{os: a, v: 2}]",
            "os=a v=1 | os=b v=1 | os=b v=2");
        row("an exclude of all with a value", "os: [a, b]\nv: [1, 2]\nexclude: [{os: a}]",
            "os=b v=1 | os=b v=2");
        row("an include that extends every job", "os: [a, b]\ninclude: [{color: green}]",
            "os=a +color=green | os=b +color=green");
        row("an include that extends the jobs it fits", "os: [a, b]\ninclude: [{os: a, n: 1}]",
            "os=a +n=1 | os=b");
        row("an include that makes a job of its own", "os: [a]\ninclude: [{os: c, n: 1}]",
            "os=a | os=c +n=1");
        row("a later include that changes what an earlier one added",
            "os: [a]\ninclude: [{color: green}, {color: pink}]", "os=a +color=pink");
        row("an include that does not extend what includes made",
            "os: [a]\ninclude: [{os: c}, {os: c, n: 1}]", "os=a | os=c | os=c +n=1");
        row("nothing but includes", "include: [{site: one}, {site: two}]", "+site=one | +site=two");
    }

    void aMatrixIsMultipliedOut()
    {
        QFETCH(QByteArray, matrix);
        const Workflow workflow = withMatrix(matrix);
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(workflow.jobs[0].matrix.kind, Matrix::Kind::Known);
        QTEST(shown(workflow.jobs[0].matrix), "legs");
    }

    void aMatrixIsDecidedAtRunTime_data()
    {
        QTest::addColumn<QByteArray>("matrix");
        QTest::newRow("as a whole") << QByteArray("${{ fromJSON(needs.plan.outputs.matrix) }}");
        QTest::newRow("in one dimension") << QByteArray("os: [a]\nv: ${{ fromJSON(inputs.v) }}");
        QTest::newRow("in its includes") << QByteArray("os: [a]\ninclude: ${{ fromJSON('[]') }}");
        QTest::newRow("in one of its includes")
            << QByteArray("os: [a]\ninclude: [{os: b}, \"${{ fromJSON(inputs.more) }}\"]");
    }

    void aMatrixIsDecidedAtRunTime()
    {
        QFETCH(QByteArray, matrix);
        const Workflow workflow = withMatrix(matrix);
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(workflow.jobs[0].matrix.kind, Matrix::Kind::Dynamic);
        QVERIFY(workflow.jobs[0].matrix.legs.isEmpty());
    }

    void aJobWithoutAMatrixHasNone()
    {
        QCOMPARE(jobFrom("needs: []").matrix.kind, Matrix::Kind::None);
        QCOMPARE(jobFrom("strategy: {fail-fast: false}").matrix.kind, Matrix::Kind::None);
    }

    void aMistakeIsTold_data()
    {
        QTest::addColumn<QByteArray>("matrix");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("legs");
        QTest::newRow("a dimension that is a word")
            << QByteArray("os: a\nv: [1]") << QStringLiteral("list of values for \"os\"") << 1;
        QTest::newRow("an include that is a word")
            << QByteArray("v: [1]\ninclude: x") << QStringLiteral("list under \"include\"") << 1;
        QTest::newRow("an entry that is a word")
            << QByteArray("v: [1]\nexclude: [x]") << QStringLiteral("keys and values") << 1;
        QTest::newRow("an empty dimension")
            << QByteArray("os: []\nv: [1]") << QStringLiteral("makes no job") << 0;
        QTest::newRow("everything excluded")
            << QByteArray("v: [1]\nexclude: [{v: 1}]") << QStringLiteral("makes no job") << 0;
        QTest::newRow("a dimension twice, but for its case")
            << QByteArray("os: [a]\nOS: [b]") << QStringLiteral("case does not count") << 1;
        QTest::newRow("an expression that cannot be read")
            << QByteArray("os: ['${{ a b }}']") << QStringLiteral("column 3") << 1;
        QTest::newRow("a context of another place")
            << QByteArray("os: ['${{ env.os }}']") << QStringLiteral("\"env\"") << 1;
        QByteArray many = "a: [";
        for (int i = 0; i < 20; ++i)
            many += QByteArray::number(i) + ",";
        many += "]";
        QTest::newRow("more jobs than the host allows")
            << many + "\n" + QByteArray(many).replace("a:", "b:") << QStringLiteral("at most 256")
            << 256;
    }

    void aMistakeIsTold()
    {
        QFETCH(QByteArray, matrix);
        QFETCH(QString, words);
        const Workflow workflow = withMatrix(matrix);
        QCOMPARE(workflow.problems.size(), 1);
        QVERIFY2(workflow.problems[0].message.contains(words),
                 qPrintable(workflow.problems[0].toString()));
        QVERIFY(workflow.problems[0].line >= 6);
        QTEST(int(workflow.jobs[0].matrix.legs.size()), "legs");
    }

    void aValueKnowsWhatItIs()
    {
        const Matrix matrix = withMatrix("v: [1, '1', true, 'true', null, a]").jobs[0].matrix;
        using Kind = MatrixValue::Kind;
        QList<Kind> kinds;
        for (const MatrixLeg &leg : matrix.legs)
            kinds.append(leg.values[0].kind);
        QCOMPARE(kinds, (QList<Kind>{Kind::Number, Kind::Text, Kind::Flag, Kind::Text, Kind::Null,
                                     Kind::Text}));
    }

    void anEmptyMatrixIsAMistake()
    {
        const Workflow workflow
            = workflowFrom("on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n");
        QCOMPARE(workflow.problems.size(), 1);
        QCOMPARE(workflow.problems[0].line, 6);
    }

    void aHugeMatrixTakesNoTime()
    {
        QByteArray matrix;
        for (const char *name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
            matrix += QByteArray(name) + ": [";
            for (int i = 0; i < 100; ++i)
                matrix += QByteArray::number(i) + ",";
            matrix += "]\n";
        }
        QCOMPARE(withMatrix(matrix).jobs[0].matrix.legs.size(), 256);
    }
};

QTEST_GUILESS_MAIN(MatrixTest)
#include "matrixtest.moc"
