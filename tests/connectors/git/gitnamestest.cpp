#include "connectors/git/answers.h"
#include "connectors/git/gitrepository.h"
#include "connectors/git/scriptedrepository.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class GitNamesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_local = m_scripted.commit({.message = "only here"});
        m_remote = m_scripted.commit({.parents = {m_local}, .message = "on the host"});
        m_other = m_scripted.commit({.message = "another"});
        m_scripted.setReference("refs/heads/main", m_local);
        m_scripted.setReference("refs/heads/topic/one", m_other);
        m_scripted.setReference("refs/remotes/origin/main", m_remote);
        m_scripted.setReference("refs/remotes/origin/release", m_other);
        m_scripted.setReference("refs/remotes/fork/main", m_other);
        m_scripted.setReference("refs/tags/v1", m_local);
        m_scripted.annotatedTag("v2", m_remote);
    }

    void aNameIsFound_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<CommitId>("commit");
        QTest::newRow("a branch is the one on the host") << QStringLiteral("main") << m_remote;
        QTest::newRow("a branch of the host by its full name")
            << QStringLiteral("origin/main") << m_remote;
        QTest::newRow("a branch that is only here") << QStringLiteral("topic/one") << m_other;
        QTest::newRow("a branch that is only there") << QStringLiteral("release") << m_other;
        QTest::newRow("a branch of another remote") << QStringLiteral("fork/main") << m_other;
        QTest::newRow("the local branch by its reference")
            << QStringLiteral("refs/heads/main") << m_local;
        QTest::newRow("a plain tag") << QStringLiteral("v1") << m_local;
        QTest::newRow("a tag with a message") << QStringLiteral("v2") << m_remote;
        QTest::newRow("HEAD is what is checked out") << QStringLiteral("HEAD") << m_local;
        QTest::newRow("a full SHA") << m_other.value << m_other;
        QTest::newRow("a full SHA in capitals") << m_other.value.toUpper() << m_other;
        QTest::newRow("the seven characters people type") << shortSha(m_other) << m_other;
        QTest::newRow("spaces around it do not count") << QStringLiteral(" v1 ") << m_local;
    }

    void aNameIsFound()
    {
        QFETCH(QString, name);
        QTEST(valueOf(m_git.resolve(name)), "commit");
    }

    void aNameIsMissed_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("that is nowhere") << QStringLiteral("no-such-branch");
        QTest::newRow("that is empty") << QString();
        QTest::newRow("that cannot be one") << QStringLiteral("a..b: c");
        QTest::newRow("that looks like a SHA") << QStringLiteral("7777777");
        QTest::newRow("that is a full SHA") << QString(40, QLatin1Char('7'));
    }

    void aNameIsMissed()
    {
        QFETCH(QString, name);
        const Result<CommitId> commit = answerOf(m_git.resolve(name));
        QVERIFY(!commit);
        QCOMPARE(commit.error().kind, ErrorKind::NotFound);
        QVERIFY2(commit.error().message.contains(name), qPrintable(commit.error().message));
    }

    void aShortIdOfTwoCommitsIsRefused()
    {
        QHash<QString, CommitId> seen;
        for (int i = 0; i < 4000; ++i) {
            const CommitId commit = m_scripted.commit({.message = QByteArray::number(i)});
            const QString prefix = commit.value.left(4);
            if (seen.contains(prefix)) {
                const Result<CommitId> answer = answerOf(m_git.resolve(prefix));
                QVERIFY(!answer);
                QCOMPARE(answer.error().kind, ErrorKind::BadInput);
                return;
            }
            seen.insert(prefix, commit);
        }
        QFAIL("no two commits began alike");
    }

    void theDefaultTip_data()
    {
        QTest::addColumn<QByteArrayList>("references");
        QTest::addColumn<QByteArray>("originHead");
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<int>("expected");
        const QByteArray none;
        const QByteArray main = "refs/heads/main";
        const QByteArray origin = "refs/remotes/origin/trunk";
        QTest::newRow("is the host's default branch")
            << QByteArrayList{main, origin} << origin << main << 1;
        QTest::newRow("is HEAD where the host's default is not known")
            << QByteArrayList{main, origin} << none << main << 0;
        QTest::newRow("is HEAD where the host's default is gone")
            << QByteArrayList{main} << origin << main << 0;
        QTest::newRow("is the host's even before the first local commit")
            << QByteArrayList{origin} << origin << main << 0;
        QTest::newRow("is missing before the first commit")
            << QByteArrayList{} << none << main << -1;
    }

    void theDefaultTip()
    {
        QFETCH(QByteArrayList, references);
        QFETCH(QByteArray, originHead);
        QFETCH(QByteArray, head);
        QFETCH(int, expected);
        const QTemporaryDir folder;
        ScriptedRepository scripted(folder.filePath(QStringLiteral("clone")));
        scripted.setSymbolic("HEAD", head);
        QList<CommitId> commits;
        for (const QByteArray &reference : references) {
            commits.append(scripted.commit({.message = reference}));
            scripted.setReference(reference, commits.last());
        }
        if (!originHead.isEmpty())
            scripted.setSymbolic("refs/remotes/origin/HEAD", originHead);

        GitRepository git({scripted.path(), folder.filePath(QStringLiteral("mirror"))}, nullptr);
        const Result<CommitId> tip = answerOf(git.defaultTip());
        if (expected < 0) {
            QVERIFY(!tip);
            QCOMPARE(tip.error().kind, ErrorKind::NotFound);
        } else {
            QVERIFY(tip);
            QCOMPARE(*tip, commits[expected]);
        }
    }

private:
    QTemporaryDir m_folder;
    ScriptedRepository m_scripted{m_folder.filePath(QStringLiteral("clone"))};
    GitRepository m_git{{m_scripted.path(), m_folder.filePath(QStringLiteral("mirror"))}, nullptr};
    CommitId m_local;
    CommitId m_remote;
    CommitId m_other;
};

QTEST_GUILESS_MAIN(GitNamesTest)
#include "gitnamestest.moc"
