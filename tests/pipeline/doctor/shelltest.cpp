#include "pipeline/doctor/shellcommand.h"

#include <QTest>

using namespace pilothouse;

namespace {

QStringList textsOf(const QList<ShellWord> &words)
{
    QStringList texts;
    for (const ShellWord &word : words)
        texts.append(word.text);
    return texts;
}

/// Each command's words joined by " ".
QStringList commandsOf(const QString &script)
{
    QStringList all;
    for (const ShellCommand &command : readShell(script))
        all.append(textsOf(command.words).join(QLatin1Char(' ')));
    return all;
}

} // namespace

class ShellTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aScriptIsItsCommands_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QStringList>("commands");
        const auto row = [](const char *name, const char *script, const QStringList &commands) {
            QTest::newRow(name) << QString::fromUtf8(script) << commands;
        };
        row("nothing", " \n\n", {});
        row("lines", "a b\n  c\n", {QStringLiteral("a b"), QStringLiteral("c")});
        row("a line that goes on", "helm upgrade \\\n  --wait",
            {QStringLiteral("helm upgrade --wait")});
        row("a word that goes on", "ab\\\ncd", {QStringLiteral("abcd")});
        row("operators", "a && b || c; d & e | f",
            {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d"),
             QStringLiteral("e"), QStringLiteral("f")});
        row("a comment", "a # b\n# c\nd#e", {QStringLiteral("a"), QStringLiteral("d#e")});
        row("quotes", "echo \"a b\" 'c \"d' e\"f\"g", {QStringLiteral("echo a b c \"d efg")});
        row("an expression is one word", "echo ${{ github.sha }}x \"${{ a || b }}\"",
            {QStringLiteral("echo ${{ github.sha }}x ${{ a || b }}")});
        row("an expression with quotes in it", "echo ${{ inputs.a == 'x' }}; b",
            {QStringLiteral("echo ${{ inputs.a == 'x' }}"), QStringLiteral("b")});
        row("a substitution comes first", "curl \"$(address -x)\"",
            {QStringLiteral("address -x"), QStringLiteral("curl $(address -x)")});
        row("arithmetic is no command", "sleep $((2 * 3))", {QStringLiteral("sleep $((2 * 3))")});
        row("words of the language", "if a; then b; else c; fi",
            {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        row("a here-document", "cat <<EOF > x\nkubectl delete all\nEOF\nb",
            {QStringLiteral("cat"), QStringLiteral("b")});
        row("a here-document without an end", "cat <<EOF\nx", {QStringLiteral("cat")});
        row("an open quote", "echo \"a b", {QStringLiteral("echo a b")});
        row("an open expression", "echo ${{ a", {QStringLiteral("echo ${{ a")});
        row("an open substitution", "echo $(a", {QStringLiteral("a"), QStringLiteral("echo $(a")});
        row("a backslash at the end", "a \\", {QStringLiteral("a ")});
    }

    void aScriptIsItsCommands()
    {
        QFETCH(QString, script);
        QTEST(commandsOf(script), "commands");
    }

    void everyWordHasItsPlace()
    {
        const QList<ShellCommand> commands
            = readShell(QStringLiteral("a  b\n\n  💡é c \\\n    d\nx=$(e\n  f)"));
        QCOMPARE(commands[0].words[1].at, (Position{1, 4}));
        QCOMPARE(commands[1].words[1].at, (Position{3, 6}));
        QCOMPARE(commands[1].words[2].at, (Position{4, 5}));
        QCOMPARE(commands[2].words[0].at, (Position{5, 5}));
        QCOMPARE(commands[3].words[0].at, (Position{6, 3}));
        QCOMPARE(commands[4].assignments[0].at, (Position{5, 1}));
    }

    void whatFollowsACommandIsKept()
    {
        using Then = ShellCommand::Then;
        QList<Then> thens;
        for (const ShellCommand &command :
             readShell(QStringLiteral("a && b || c | d |& e; f\ng\n")))
            thens.append(command.then);
        QCOMPARE(thens, (QList<Then>{Then::And, Then::Or, Then::Pipe, Then::Pipe, Then::Next,
                                     Then::Next, Then::Nothing}));
    }

    void redirectionsAreNoWords()
    {
        const ShellCommand command
            = readShell(QStringLiteral("cat a >> \"b c\" 2>err <in &>all")).value(0);
        QCOMPARE(textsOf(command.words), (QStringList{QStringLiteral("cat"), QStringLiteral("a")}));
        QStringList to;
        for (const ShellRedirection &redirection : command.redirections)
            to.append(redirection.sign + redirection.target.text);
        QCOMPARE(to, (QStringList{QStringLiteral(">>b c"), QStringLiteral("2>err"),
                                  QStringLiteral("<in"), QStringLiteral("&>all")}));
    }

    void assignmentsStandBeforeTheProgram()
    {
        const QList<ShellCommand> commands
            = readShell(QStringLiteral("A=1 B=\"2 3\" run C=4\nD=5"));
        QCOMPARE(textsOf(commands[0].assignments),
                 (QStringList{QStringLiteral("A=1"), QStringLiteral("B=2 3")}));
        QCOMPARE(textsOf(commands[0].words),
                 (QStringList{QStringLiteral("run"), QStringLiteral("C=4")}));
        QCOMPARE(commands[1].program, QString());
        QCOMPARE(commands[1].at(), (Position{2, 1}));
    }

    void loopsAreCounted()
    {
        QList<int> loops;
        for (const ShellCommand &command : readShell(
                 QStringLiteral("a\nwhile b; do\n  for i in 1 2; do c; done\n  d $(e)\ndone\nf")))
            loops.append(command.loops);
        QCOMPARE(loops, (QList<int>{0, 1, 2, 2, 1, 1, 0}));
    }

    void theProgramStandsBehindItsWrappers_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("program");
        const auto row = [](const char *script, const char *program) {
            QTest::newRow(script) << QString::fromLatin1(script) << QString::fromLatin1(program);
        };
        row("pytest -q", "pytest");
        row("poetry run pytest", "pytest");
        row("python3 -m pytest", "pytest");
        row("uv run python -m pytest", "pytest");
        row("sudo -E env A=1 helm upgrade", "helm");
        row("/usr/local/bin/helm upgrade", "helm");
        row("poetry install", "poetry");
        row("python manage.py migrate", "python");
        row("env", "env");
    }

    void theProgramStandsBehindItsWrappers()
    {
        QFETCH(QString, script);
        QTEST(readShell(script).value(0).program, "program");
    }

    void verbsMayStandBetweenOptions()
    {
        const ShellCommand command
            = readShell(QStringLiteral("kubectl --context prod -n x set image a=b")).value(0);
        QVERIFY(command.runs(QStringLiteral("kubectl"),
                             {QStringLiteral("set"), QStringLiteral("image")}));
        QVERIFY(!command.runs(QStringLiteral("kubectl"),
                              {QStringLiteral("image"), QStringLiteral("set")}));
        QVERIFY(!command.runs(QStringLiteral("helm"), {QStringLiteral("set")}));
    }

    void valuesOfAnOptionStandBehindItOrAfterIt()
    {
        const ShellCommand command
            = readShell(QStringLiteral("helm --set a=1 --set=b=2 --settle c --set")).value(0);
        const QList<ShellWord> values = command.values(QStringLiteral("--set"));
        QCOMPARE(textsOf(values), (QStringList{QStringLiteral("a=1"), QStringLiteral("b=2")}));
        QCOMPARE(values[0].at, (Position{1, 12}));
        QCOMPARE(values[1].at, (Position{1, 22}));
        QCOMPARE(command.option(QStringLiteral("--settle"))->at, (Position{1, 26}));
        QVERIFY(!command.option(QStringLiteral("--se")));
    }

    void deepNestingEnds()
    {
        const QString script = QStringLiteral("$(").repeated(5000) + QStringLiteral("a")
                               + QStringLiteral(")").repeated(5000);
        QVERIFY(!readShell(script).isEmpty());
    }
};

QTEST_GUILESS_MAIN(ShellTest)
#include "shelltest.moc"
