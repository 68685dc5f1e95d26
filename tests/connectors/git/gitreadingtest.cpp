#include "connectors/git/answers.h"
#include "connectors/git/gitrepository.h"
#include "connectors/git/scriptedrepository.h"

#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace pilothouse;

class GitReadingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_scripted = std::make_unique<ScriptedRepository>(path("clone"));
        m_first = m_scripted->commit(
            {.files = {{".github/workflows/ci.yml", "name: old\n"}, {"README.md", "first\n"}},
             .message = "first"});
        m_second = m_scripted->commit({.files = {{".github/workflows/ci.yml", "name: new\n"},
                                                 {".github/workflows/a.yml", "name: a\n"},
                                                 {".github/workflows/deep/b.yml", "name: b\n"},
                                                 {"data.bin", QByteArray("\0\xff\n", 3)},
                                                 {"README.md", "second\n"}},
                                       .parents = {m_first},
                                       .message = "second\n\nwith a body\nof two lines\n\n"});
        m_scripted->setReference("refs/heads/main", m_second);
        m_git = std::make_unique<GitRepository>(GitLocation{path("clone"), path("cache/mirror")},
                                                nullptr);
    }

    void cleanup()
    {
        m_git.reset();
        m_scripted.reset();
        m_folder.reset();
    }

    void aCommitIsReadWhole()
    {
        const Commit commit = valueOf(m_git->commit(m_second));
        QCOMPARE(commit.id, m_second);
        QCOMPARE(commit.subject, QStringLiteral("second"));
        QCOMPARE(commit.body, QStringLiteral("with a body\nof two lines"));
        QCOMPARE(commit.author, QStringLiteral("A. Muster"));
        QCOMPARE(commit.at, QDateTime::fromSecsSinceEpoch(1'795'528'800, Qt::UTC));
        QCOMPARE(commit.at.timeSpec(), Qt::UTC);
        QCOMPARE(commit.parents, QList<CommitId>{m_first});
    }

    void anOldEncodingIsUnderstood()
    {
        const CommitId old = m_scripted->commitLatin1("Gr\xfc\xdf"
                                                      "e",
                                                      "B. Nov\xe1k");
        const Commit commit = valueOf(m_git->commit(old));
        QCOMPARE(commit.subject, QStringLiteral("Grüße"));
        QCOMPARE(commit.author, QStringLiteral("B. Novák"));
    }

    void filesAreThoseOfTheCommitNotOfTheWorkTree()
    {
        QFile onDisk(path("clone/README.md"));
        QVERIFY(onDisk.open(QIODevice::WriteOnly));
        onDisk.write("being edited\n");
        onDisk.close();
        QCOMPARE(valueOf(m_git->file(m_first, QStringLiteral("README.md"))).content,
                 QByteArray("first\n"));
        QCOMPARE(valueOf(m_git->file(m_second, QStringLiteral("README.md"))).content,
                 QByteArray("second\n"));
    }

    void aFileIsFound_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("content");
        const QByteArray workflow = "name: new\n";
        const QString plain = QStringLiteral(".github/workflows/ci.yml");
        QTest::newRow("by its path") << plain << plain << workflow;
        QTest::newRow("by its path from here") << QStringLiteral("./") + plain << plain << workflow;
        QTest::newRow("by its path from the root")
            << QStringLiteral("/") + plain << plain << workflow;
        QTest::newRow("byte for byte") << QStringLiteral("data.bin") << QStringLiteral("data.bin")
                                       << QByteArray("\0\xff\n", 3);
    }

    void aFileIsFound()
    {
        QFETCH(QString, asked);
        const SourceFile file = valueOf(m_git->file(m_second, asked));
        QTEST(file.path, "path");
        QTEST(file.content, "content");
    }

    void aFileIsMissed_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::newRow("that is not there") << QStringLiteral("no.yml");
        QTest::newRow("that is a folder") << QStringLiteral(".github/workflows");
        QTest::newRow("in a folder that is not there") << QStringLiteral("no/no.yml");
        QTest::newRow("with an empty name") << QString();
    }

    void aFileIsMissed()
    {
        QFETCH(QString, asked);
        const Result<SourceFile> file = answerOf(m_git->file(m_second, asked));
        QVERIFY(!file);
        QCOMPARE(file.error().kind, ErrorKind::NotFound);
        QVERIFY2(file.error().message.contains(shortSha(m_second)),
                 qPrintable(file.error().message));
    }

    void aFolderIsListed_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QStringList>("paths");
        const QStringList workflows{QStringLiteral(".github/workflows/a.yml"),
                                    QStringLiteral(".github/workflows/ci.yml")};
        QTest::newRow("sorted and without what lies below")
            << QStringLiteral(".github/workflows") << workflows;
        QTest::newRow("also with a slash at its end")
            << QStringLiteral(".github/workflows/") << workflows;
        QTest::newRow("that is the root")
            << QString() << QStringList{QStringLiteral("README.md"), QStringLiteral("data.bin")};
        QTest::newRow("that is not there") << QStringLiteral("changes") << QStringList();
        QTest::newRow("that is a file") << QStringLiteral("README.md") << QStringList();
        QTest::newRow("that holds only folders") << QStringLiteral(".github") << QStringList();
    }

    void aFolderIsListed()
    {
        QFETCH(QString, folder);
        QStringList found;
        for (const SourceFile &file : valueOf(m_git->files(m_second, folder)))
            found.append(file.path);
        QTEST(found, "paths");
    }

    void historyFollowsFirstParents()
    {
        const CommitId side = m_scripted->commit({.parents = {m_first}, .message = "side"});
        const CommitId merge
            = m_scripted->commit({.parents = {m_second, side}, .message = "merge"});
        QStringList subjects;
        for (const Commit &commit : valueOf(m_git->history(merge, 10)))
            subjects.append(commit.subject);
        QCOMPARE(subjects, (QStringList{QStringLiteral("merge"), QStringLiteral("second"),
                                        QStringLiteral("first")}));
        QCOMPARE(valueOf(m_git->history(merge, 2)).size(), 2);
        QCOMPARE(valueOf(m_git->history(merge, 0)).size(), 0);
    }

    void aShallowCloneIsReadUpToItsBorder()
    {
        const CommitId border = m_scripted->commitAtShallowBorder({{"a.yml", "a"}});
        const CommitId above = m_scripted->commit({.files = {{"a.yml", "b"}}, .parents = {border}});
        QCOMPARE(valueOf(m_git->file(border, QStringLiteral("a.yml"))).content, QByteArray("a"));
        const QList<Commit> history = valueOf(m_git->history(above, 10));
        QCOMPARE(history.size(), 2);
        QVERIFY2(!history.last().parents.isEmpty(), "the border can be told from a first commit");

        const Result<Commit> beyond = answerOf(m_git->commit(history.last().parents.first()));
        QVERIFY(!beyond);
        QCOMPARE(beyond.error().kind, ErrorKind::NotFound);
        QVERIFY2(beyond.error().message.contains(QStringLiteral("--unshallow")),
                 qPrintable(beyond.error().message));
    }

    void anAbsentFileOfAPartialCloneSaysSo()
    {
        const CommitId commit = m_scripted->commitWithAbsentFile("a.yml");
        const Result<SourceFile> file = answerOf(m_git->file(commit, QStringLiteral("a.yml")));
        QVERIFY(!file);
        QCOMPARE(file.error().kind, ErrorKind::NotFound);
        QVERIFY2(file.error().message.contains(QStringLiteral("partial")),
                 qPrintable(file.error().message));
    }

    void aCommitIsMissed_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("that nobody has") << QString(40, QLatin1Char('7')) << ErrorKind::NotFound;
        QTest::newRow("with a short id") << QStringLiteral("9f3c2a1") << ErrorKind::BadInput;
        QTest::newRow("with an empty id") << QString() << ErrorKind::BadInput;
        QTest::newRow("with letters beyond f")
            << QString(40, QLatin1Char('x')) << ErrorKind::BadInput;
    }

    void aCommitIsMissed()
    {
        QFETCH(QString, id);
        const Result<Commit> commit = answerOf(m_git->commit(CommitId(id)));
        QVERIFY(!commit);
        QTEST(commit.error().kind, "kind");
    }

    void commitsMadeLaterAreSeen()
    {
        QVERIFY(answerOf(m_git->commit(m_first)));
        const CommitId later = m_scripted->commit({.parents = {m_second}, .message = "later"});
        QCOMPARE(valueOf(m_git->commit(later)).subject, QStringLiteral("later"));
    }

    void aFolderInsideTheCloneWillDo()
    {
        QVERIFY(QDir(path("clone")).mkpath(QStringLiteral("services/api")));
        GitRepository inside({path("clone/services/api"), path("cache/inside")}, nullptr);
        QCOMPARE(valueOf(inside.defaultTip()), m_second);
    }

    void noRepositoryIsAnAnswerAndIsTriedAgain()
    {
        GitRepository nowhere({path("later"), path("cache/later")}, nullptr);
        const Result<CommitId> tip = answerOf(nowhere.defaultTip());
        QVERIFY(!tip);
        QCOMPARE(tip.error().kind, ErrorKind::NotFound);
        QVERIFY2(tip.error().message.contains(path("later")), qPrintable(tip.error().message));

        ScriptedRepository made(path("later"));
        const CommitId commit = made.commit({});
        made.setReference("refs/heads/main", commit);
        QCOMPARE(valueOf(nowhere.defaultTip()), commit);
    }

    void anUnwritableMirrorSaysWhere()
    {
        QFile inTheWay(path("file"));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        GitRepository git({path("clone"), path("file/mirror")}, nullptr);
        const Result<CommitId> tip = answerOf(git.defaultTip());
        QVERIFY(!tip);
        QVERIFY2(tip.error().message.contains(path("file/mirror")),
                 qPrintable(tip.error().message));
    }

    void aCloneOfSomebodyElseIsRead()
    {
        if (geteuid() != 0)
            QSKIP("only root can give a file away");
        for (const char *name : {"clone", "clone/.git"})
            QCOMPARE(::chown(qPrintable(path(name)), 65534, 65534), 0);
        QCOMPARE(valueOf(m_git->defaultTip()), m_second);
    }

private:
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QLatin1String(name));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ScriptedRepository> m_scripted;
    std::unique_ptr<GitRepository> m_git;
    CommitId m_first;
    CommitId m_second;
};

QTEST_GUILESS_MAIN(GitReadingTest)
#include "gitreadingtest.moc"
