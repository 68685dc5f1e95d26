#include "base/programs/loginpath.h"
#include "base/programs/programconsent.h"

#include "support/await.h"
#include "support/fakerunner.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class TestPrograms : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    /// A program in a folder of its own.
    QString program(const QString &folder, const QString &name, const QByteArray &script = "true")
    {
        const QString path = m_dir.filePath(folder) + QLatin1Char('/') + name;
        QFile file(path);
        if (!QDir().mkpath(m_dir.filePath(folder)) || !file.open(QIODevice::WriteOnly)
            || file.write("#!/bin/sh\n" + script + "\n") < 0
            || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
            qFatal("the test cannot write its program");
        return path;
    }
    QString folder(const char *name) const { return m_dir.filePath(QString::fromLatin1(name)); }
    static QByteArray printed(const QString &path)
    {
        return "Welcome!\n=pilothouse=search=path=\n" + path.toLocal8Bit()
               + "\n=pilothouse=search=path=\nbye\n";
    }

private Q_SLOTS:
    void theShellIsAskedOnceAndItsFoldersComeFirst()
    {
        FakeRunner runner;
        LoginPath path(runner, QStringLiteral("/bin/zsh"), QStringLiteral("/usr/bin:/venv/bin"));
        runner.answer(0, printed(QStringLiteral("/home/me/sdk/bin:/usr/bin")));
        const QString all = QStringLiteral("/home/me/sdk/bin:/usr/bin:/venv/bin");
        QCOMPARE(*await(path.searchPath()), all);
        QCOMPARE(*await(path.searchPath()), all);
        QCOMPARE(runner.commands.size(), 1);
        QCOMPARE(runner.commands[0].program, QStringLiteral("/bin/zsh"));
        QCOMPARE(runner.commands[0].arguments.mid(0, 2),
                 (QStringList{QStringLiteral("-l"), QStringLiteral("-c")}));
        QVERIFY(runner.commands[0].timeout == 10s);
    }

    void aShellThatDoesNotAnswerLeavesThePathOfTheProcess_data()
    {
        QTest::addColumn<int>("exitCode"); // -1 = no answer
        QTest::addColumn<QByteArray>("out");
        QTest::newRow("too slow, or not there") << -1 << QByteArray();
        QTest::newRow("it does not know -l") << 1 << printed(QStringLiteral("/wrong"));
        QTest::newRow("it prints something else") << 0 << QByteArray("Welcome!\n");
        QTest::newRow("it was cut off") << 0 << QByteArray("=pilothouse=search=path=\n/half");
    }
    void aShellThatDoesNotAnswerLeavesThePathOfTheProcess()
    {
        QFETCH(int, exitCode);
        QFETCH(QByteArray, out);
        FakeRunner runner;
        LoginPath path(runner, QStringLiteral("/bin/zsh"), QStringLiteral("/usr/bin"));
        if (exitCode < 0)
            runner.answer(Error{ErrorKind::TimedOut, {}, {}, {}});
        else
            runner.answer(exitCode, out);
        QCOMPARE(*await(path.searchPath()), QStringLiteral("/usr/bin"));
    }

    void aRealShellAnswers()
    {
        ProcessRunner runner;
        LoginPath path(runner, QStringLiteral("/bin/sh"), QStringLiteral("/only/here"));
        const QStringList folders = await(path.searchPath())->split(QLatin1Char(':'));
        QVERIFY2(folders.size() > 1, qPrintable(folders.join(QLatin1Char('\n'))));
        QCOMPARE(folders.constLast(), QStringLiteral("/only/here"));
    }

    void aNameIsFoundInTheFirstFolderThatHasIt()
    {
        const QString first = program(QStringLiteral("a"), QStringLiteral("plugin"));
        program(QStringLiteral("b"), QStringLiteral("plugin"));
        FakeRunner runner;
        LoginPath path(runner, {}, QStringLiteral(".:%1:%2").arg(folder("a"), folder("b")));
        const auto found = await(path.find(QStringLiteral("plugin")));
        QVERIFY(found);
        QCOMPARE(found->file, first);
        QVERIFY(found->searchPath.endsWith(folder("b")));
        QVERIFY(runner.commands.isEmpty());
    }

    void aFileIsFoundByItselfAndWhatIsNotThereIsNamed()
    {
        const QString file = program(QStringLiteral("c"), QStringLiteral("other"));
        FakeRunner runner;
        LoginPath path(runner, {}, folder("a"));
        QCOMPARE(await(path.find(file))->file, file);
        const auto missing = await(path.find(QStringLiteral("nothing-of-the-kind")));
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
        QVERIFY(missing.error().message.contains(QStringLiteral("“nothing-of-the-kind”")));
        QVERIFY(missing.error().detail.contains(folder("a")));
        QVERIFY(!await(path.find(folder("c") + QStringLiteral("/gone"))));
    }

    void aProgramThatOnlyTheShellKnowsIsRunFromThere()
    {
        const QString file = program(QStringLiteral("d"), QStringLiteral("gh"));
        FakeRunner runner;
        LoginPath path(runner, QStringLiteral("/bin/zsh"), QStringLiteral("/usr/bin"));
        FindingRunner finding(runner, path);
        runner.answer(Error{ErrorKind::NotFound, QStringLiteral("“gh” is not there"), {}, {}});
        runner.answer(0, printed(folder("d")));
        runner.answer(0, "token");
        Command command;
        command.program = QStringLiteral("gh");
        command.arguments = {QStringLiteral("auth")};
        const auto output = await(finding.run(command));
        QVERIFY(output);
        QCOMPARE(output->standardOutput, QByteArray("token"));
        QCOMPARE(output->program, file);
        QCOMPARE(runner.commands.size(), 3);
        QCOMPARE(runner.commands[2].program, file);
        QCOMPARE(runner.commands[2].arguments, command.arguments);
        QCOMPARE(runner.commands[2].environment.value(QStringLiteral("PATH")),
                 folder("d") + QStringLiteral(":/usr/bin"));
    }

    void theShellIsNotAskedForWhatIsThere()
    {
        FakeRunner runner;
        LoginPath path(runner, QStringLiteral("/bin/zsh"), QStringLiteral("/usr/bin"));
        FindingRunner finding(runner, path);
        runner.answer(1, {}, "no");
        Command command;
        command.program = QStringLiteral("gh");
        QCOMPARE(await(finding.run(command))->exitCode, 1);
        QCOMPARE(runner.commands.size(), 1);
    }

    void whatIsNowhereIsNotFoundWithItsOwnSentence()
    {
        FakeRunner runner;
        LoginPath path(runner, QStringLiteral("/bin/zsh"), QStringLiteral("/usr/bin"));
        FindingRunner finding(runner, path);
        runner.answer(Error{ErrorKind::NotFound, QStringLiteral("“gh” is not there"), {}, {}});
        runner.answer(0, printed(folder("empty")));
        Command command;
        command.program = QStringLiteral("nothing-of-the-kind");
        const auto output = await(finding.run(command));
        QVERIFY(!output);
        QCOMPARE(output.error().message, QStringLiteral("“gh” is not there"));
        QVERIFY(output.error().detail.contains(folder("empty")));
    }

    void aHashIsThatOfTheContent()
    {
        QFile file(m_dir.filePath(QStringLiteral("abc")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("abc") == 3);
        file.close();
        QCOMPARE(*await(sha256Of(file.fileName())),
                 QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        const auto missing = await(sha256Of(m_dir.filePath(QStringLiteral("gone"))));
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
    }

    void aFingerprintTellsOneUseFromAnother()
    {
        const ProgramUse one{QStringLiteral("/p"), {QStringLiteral("a b")}, "aa", {}, {}};
        ProgramUse other = one;
        other.askedBy = QStringLiteral("somebody else");
        QCOMPARE(other.fingerprint(), one.fingerprint());
        QCOMPARE(one.fingerprint().size(), 12);
        other.arguments = QStringList{QStringLiteral("a"), QStringLiteral("b")};
        QVERIFY(other.fingerprint() != one.fingerprint());
        other = one;
        other.sha256 = "ab";
        QVERIFY(other.fingerprint() != one.fingerprint());
        other = one;
        other.environment = {QStringLiteral("A")};
        QVERIFY(other.fingerprint() != one.fingerprint());
    }

    void aLineCanBePastedIntoAShell()
    {
        ProgramUse use;
        use.program = QStringLiteral("/opt/my tools/login");
        use.arguments = {QStringLiteral("--region=eu-1"), QStringLiteral("it's"), QString()};
        QCOMPARE(use.line(), QStringLiteral("'/opt/my tools/login' --region=eu-1 'it'\\''s' ''"));
    }
};

QTEST_GUILESS_MAIN(TestPrograms)
#include "testprograms.moc"
