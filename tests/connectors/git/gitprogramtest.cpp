#include "connectors/git/answers.h"
#include "connectors/git/gitrepository.h"
#include "connectors/git/onetoken.h"
#include "connectors/git/smarthost.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// Repositories as the git program itself makes them.
class GitProgramTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("git")).isEmpty())
            QSKIP("git is not installed");
        git({}, QStringLiteral("init -q -b main host"));
        for (const char *word : {"one", "two", "three"}) {
            QFile file(path("host/file"));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(word);
            file.close();
            git(QStringLiteral("host"), QStringLiteral("add file"));
            git(QStringLiteral("host"), QStringLiteral("commit -q -m ") + QLatin1String(word));
            m_commits.append(
                CommitId(git(QStringLiteral("host"), QStringLiteral("rev-parse HEAD"))));
        }
    }

    void aCloneIsRead_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<int>("depth");
        const QString url = QStringLiteral("file://") + path("host");
        QTest::newRow("a whole clone") << QStringLiteral("clone -q %1 PLACE").arg(url) << 3;
        QTest::newRow("a bare clone") << QStringLiteral("clone -q --bare %1 PLACE").arg(url) << 3;
        QTest::newRow("a clone that borrows objects")
            << QStringLiteral("clone -q --shared %1 PLACE").arg(path("host")) << 3;
        QTest::newRow("a shallow clone")
            << QStringLiteral("clone -q --depth 2 %1 PLACE").arg(url) << 2;
    }

    void aCloneIsRead()
    {
        QFETCH(QString, command);
        QFETCH(int, depth);
        const QString clone = path(QTest::currentDataTag());
        git({}, command, clone);
        GitRepository repository({clone, clone + QStringLiteral(".mirror")}, nullptr);
        QCOMPARE(valueOf(repository.defaultTip()), m_commits.last());
        QCOMPARE(valueOf(repository.history(m_commits.last(), 10)).size(), depth);
        QCOMPARE(valueOf(repository.file(m_commits[1], QStringLiteral("file"))).content,
                 QByteArray("two"));
        QVERIFY(answerOf(repository.refresh()));
    }

    void aLinkedWorktreeIsRead()
    {
        const QString tree = path("linked");
        git(QStringLiteral("host"), QStringLiteral("worktree add -q --detach PLACE HEAD~1"), tree);
        GitRepository repository({tree, path("linked.mirror")}, nullptr);
        QCOMPARE(valueOf(repository.resolve(QStringLiteral("HEAD"))), m_commits[1]);
        QCOMPARE(valueOf(repository.resolve(QStringLiteral("main"))), m_commits[2]);
    }

    void aHostIsFetchedFromWithTheToken()
    {
        SmartHost host(m_folder.path(), "t0ken");
        git({}, QStringLiteral("clone -q --no-local %1 PLACE").arg(path("host")), path("behind"));
        git(QStringLiteral("behind"),
            QStringLiteral("remote set-url origin ") + host.url(QStringLiteral("ahead")));
        git({}, QStringLiteral("clone -q --no-local %1 PLACE").arg(path("host")), path("ahead"));
        git(QStringLiteral("ahead"), QStringLiteral("commit -q --allow-empty -m pushed"));
        git(QStringLiteral("ahead"), QStringLiteral("tag -a -m tagged v9"));
        const CommitId pushed(git(QStringLiteral("ahead"), QStringLiteral("rev-parse HEAD")));

        OneToken credential;
        GitRepository repository({path("behind"), path("behind.mirror")}, &credential);
        QCOMPARE(valueOf(repository.defaultTip()), m_commits.last());
        const Result<void> outcome = answerOf(repository.refresh());
        QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().detail));
        QCOMPARE(valueOf(repository.defaultTip()), pushed);
        QCOMPARE(valueOf(repository.resolve(QStringLiteral("v9"))), pushed);
        QCOMPARE(valueOf(repository.relation(m_commits.first(), pushed)), Relation::Older);
        QVERIFY(host.allowed() >= 2);
        QVERIFY2(host.refused() >= 1, "the token is only sent where it is asked for");
    }

    void aShallowCloneIsFetchedInto()
    {
        SmartHost host(m_folder.path(), "t0ken");
        git({}, QStringLiteral("clone -q --depth 1 file://%1 PLACE").arg(path("host")),
            path("flat"));
        git({}, QStringLiteral("clone -q --no-local %1 PLACE").arg(path("host")), path("onward"));
        git(QStringLiteral("onward"), QStringLiteral("commit -q --allow-empty -m onward"));
        git(QStringLiteral("flat"),
            QStringLiteral("remote set-url origin ") + host.url(QStringLiteral("onward")));
        const CommitId onward(git(QStringLiteral("onward"), QStringLiteral("rev-parse HEAD")));

        OneToken credential;
        GitRepository repository({path("flat"), path("flat.mirror")}, &credential);
        const Result<void> outcome = answerOf(repository.refresh());
        QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().detail));
        QCOMPARE(valueOf(repository.file(onward, QStringLiteral("file"))).content,
                 QByteArray("three"));
        QCOMPARE(valueOf(repository.relation(m_commits.first(), onward)), Relation::Older);
        QVERIFY(answerOf(repository.refresh()));
    }

    void aRepackUnderTheEyesOfTheConsole()
    {
        const QString clone = path("packed");
        git({}, QStringLiteral("clone -q --no-local %1 PLACE").arg(path("host")), clone);
        GitRepository repository({clone, path("packed.mirror")}, nullptr);
        QCOMPARE(valueOf(repository.history(m_commits.last(), 10)).size(), 3);
        git(QStringLiteral("packed"), QStringLiteral("commit -q --allow-empty -m four"));
        git(QStringLiteral("packed"), QStringLiteral("gc -q --prune=now"));
        const CommitId four(git(QStringLiteral("packed"), QStringLiteral("rev-parse HEAD")));
        QCOMPARE(valueOf(repository.commit(four)).subject, QStringLiteral("four"));
        QCOMPARE(valueOf(repository.history(four, 10)).size(), 4);
    }

private:
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder.filePath(
            QString::fromLatin1(name).replace(QLatin1Char(' '), QLatin1Char('-')));
    }

    /// Runs git, the word PLACE of `command` replaced by `place`; its output, trimmed.
    QString git(const QString &in, const QString &command, const QString &place = {})
    {
        QStringList arguments = command.split(QLatin1Char(' '));
        arguments.replaceInStrings(QStringLiteral("PLACE"), place);
        QProcess process;
        process.setWorkingDirectory(m_folder.filePath(in));
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *who : {"GIT_AUTHOR", "GIT_COMMITTER"}) {
            environment.insert(QLatin1String(who) + QStringLiteral("_NAME"),
                               QStringLiteral("A. Muster"));
            environment.insert(QLatin1String(who) + QStringLiteral("_EMAIL"),
                               QStringLiteral("muster@example.org"));
        }
        environment.insert(QStringLiteral("GIT_CONFIG_GLOBAL"), QStringLiteral("/dev/null"));
        environment.insert(QStringLiteral("GIT_CONFIG_NOSYSTEM"), QStringLiteral("1"));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral("git"), arguments);
        if (!process.waitForFinished() || process.exitCode() != 0)
            qFatal("git %s: %s", qPrintable(command), process.readAllStandardError().constData());
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    }

    QTemporaryDir m_folder;
    QList<CommitId> m_commits;
};

QTEST_GUILESS_MAIN(GitProgramTest)
#include "gitprogramtest.moc"
