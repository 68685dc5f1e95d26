#include "pipeline/reading/callcheck.h"
#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;

class CallCheckTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCallHandsOverWhatItsCalleeTakes_data()
    {
        QTest::addColumn<QByteArray>("call");
        QTest::addColumn<QStringList>("problems");
        const QString needsRegion = QStringLiteral(
            "w.yml:3:16: b.yml requires the input \"region\", which \"with\" does not have");
        const QString needsToken = QStringLiteral(
            "w.yml:3:16: b.yml requires the secret \"token\", which is not handed over");
        QTest::newRow("all it requires")
            << QByteArray("with: {region: eu}, secrets: {token: t}") << QStringList();
        QTest::newRow("in another case")
            << QByteArray("with: {Region: eu}, secrets: {TOKEN: t}") << QStringList();
        QTest::newRow("all secrets at once")
            << QByteArray("with: {region: eu, tries: 3}, secrets: inherit") << QStringList();
        QTest::newRow("nothing") << QByteArray("needs: []") << QStringList{needsRegion, needsToken};
        QTest::newRow("an input that it has not")
            << QByteArray("with: {region: eu, tris: 3}, secrets: inherit")
            << QStringList{QStringLiteral(
                   "w.yml:3:44: b.yml has no input \"tris\"; did you mean \"tries\"?")};
        QTest::newRow("a secret that it does not take")
            << QByteArray("with: {region: eu}, secrets: {token: t, password: p}")
            << QStringList{QStringLiteral("w.yml:3:65: b.yml takes no secret \"password\"")};
    }

    void aCallHandsOverWhatItsCalleeTakes()
    {
        QFETCH(QByteArray, call);
        const Workflow callee = workflowFrom(
            "on: {workflow_call: {inputs: {region: {type: string, required: true}, tries: {type: "
            "number}}, secrets: {token: {required: true}, other: }}}\njobs: {a: {runs-on: x}}",
            QStringLiteral("b.yml"));
        QCOMPARE(callee.problems, QList<Problem>());
        const Workflow caller
            = workflowFrom("on: push\njobs:\n  call: {uses: ./b.yml, " + call + "}\n");
        QStringList told;
        for (const Problem &problem : checkCall(caller.path, caller.jobs[0], callee))
            told.append(problem.toString());
        QTEST(told, "problems");
    }

    void whatCannotBeCalledIsToldElsewhere()
    {
        const Workflow callee = workflowFrom("on: push\njobs: {a: {runs-on: x}}");
        const Workflow caller
            = workflowFrom("on: push\njobs: {call: {uses: ./b.yml, with: {a: b}}}");
        QCOMPARE(checkCall(caller.path, caller.jobs[0], callee), QList<Problem>());
    }
};

QTEST_GUILESS_MAIN(CallCheckTest)
#include "callchecktest.moc"
