#include "connectors/git/answers.h"
#include "connectors/git/gitrepository.h"
#include "connectors/git/scriptedrepository.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

using Files = QMap<QByteArray, QByteArray>;

const QByteArray page = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";

} // namespace

/// The history that the rows below speak of; `fork` is dated before what it comes from:
///
///     root - left ----- merge - tip        border - above - over --- joined
///       |  \- right ---/                      |       \--- beside ---/
///       \- fork              stranger      (its parent is missing)
class GitHistoryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qint64 at = 1'795'528'800;
        const auto commit = [&](const char *name, const QStringList &parents,
                                const Files &files = {}, qint64 step = 60) {
            NewCommit what{.files = files, .message = name, .at = at += step};
            for (const QString &parent : parents)
                what.parents.append(id(parent));
            m_commits.insert(QLatin1String(name), m_scripted.commit(what));
        };
        const auto t = [](const char *text) {
            return QString::fromLatin1(text);
        };
        commit("root", {}, {{"README.md", "read me\n"}, {"core/page.py", page}});
        commit("left", {t("root")}, {{"README.md", "read me\n"}});
        commit("right", {t("root")});
        commit("merge", {t("left"), t("right")});
        commit("tip", {t("merge")},
               {{"README.md", "read me again\n"}, {"core/view.py", page + "nine\n"}, {"a", "a\n"}});
        commit("fork", {t("root")}, {}, -86'400);
        commit("stranger", {});
        m_commits.insert(t("border"), m_scripted.commitAtShallowBorder({}));
        commit("above", {t("border")});
        commit("over", {t("above")});
        commit("beside", {t("above")});
        commit("joined", {t("over"), t("beside")});
    }

    void commitsOfOneSideAreListedNewestFirst_data()
    {
        QTest::addColumn<QString>("of");
        QTest::addColumn<QString>("without");
        QTest::addColumn<QStringList>("subjects");
        const auto row
            = [](const char *name, const char *of, const char *without, const char *subjects) {
                  QTest::newRow(name)
                      << QString::fromLatin1(of) << QString::fromLatin1(without)
                      << QString::fromLatin1(subjects).split(QLatin1Char(' '), Qt::SkipEmptyParts);
              };
        row("a release and what it stands on", "tip", "root", "tip merge right left");
        row("what only the second parent brought", "tip", "left", "tip merge right");
        row("the way back brings nothing", "root", "tip", "");
        row("a commit against itself", "tip", "tip", "");
        row("one side of a fork", "merge", "fork", "merge right left");
        row("its other side, of an earlier date", "fork", "merge", "fork");
        row("two histories", "left", "stranger", "left root");
        row("above the border of a shallow clone", "joined", "above", "joined beside over");
        row("down to that border", "above", "border", "above");
    }

    void commitsOfOneSideAreListedNewestFirst()
    {
        QFETCH(QString, of);
        QFETCH(QString, without);
        const CommitRange range = valueOf(m_git.commitsOf(id(of), id(without), 50));
        QTEST(subjects(range), "subjects");
        QVERIFY(!range.more);
    }

    void ofManyTheNewestAreGivenAndThatThereAreMore()
    {
        const CommitRange some = valueOf(m_git.commitsOf(id("tip"), id("root"), 2));
        QCOMPARE(subjects(some), (QStringList{QStringLiteral("tip"), QStringLiteral("merge")}));
        QVERIFY(some.more);
        QVERIFY(!valueOf(m_git.commitsOf(id("tip"), id("root"), 4)).more);
        const CommitRange above = valueOf(m_git.commitsOf(id("joined"), id("above"), 1));
        QCOMPARE(subjects(above), QStringList{QStringLiteral("joined")});
        QVERIFY(above.more);
    }

    void whatIsMissingIsSaid_data()
    {
        QTest::addColumn<QString>("of");
        QTest::addColumn<QString>("without");
        const auto row = [](const char *name, const char *of, const char *without) {
            QTest::newRow(name) << QString::fromLatin1(of) << QString::fromLatin1(without);
        };
        row("the first commit", "nobody", "tip");
        row("the second commit", "tip", "nobody");
        row("a commit between them", "joined", "tip");
        row("a commit below one side of a fork", "over", "beside");
    }

    void whatIsMissingIsSaid()
    {
        QFETCH(QString, of);
        QFETCH(QString, without);
        const Result<CommitRange> range = answerOf(m_git.commitsOf(id(of), id(without), 50));
        QVERIFY(!range);
        QCOMPARE(range.error().kind, ErrorKind::NotFound);
        QVERIFY2(range.error().message.contains(QStringLiteral("shallow")),
                 qPrintable(range.error().message));
    }

    void theCommitThatBothComeFromIsFound_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<QString>("common");
        const auto row = [](const char *name, const char *a, const char *b, const char *common) {
            QTest::newRow(name) << QString::fromLatin1(a) << QString::fromLatin1(b)
                                << QString::fromLatin1(common);
        };
        row("of two branches", "tip", "fork", "root");
        row("one comes from the other", "tip", "left", "left");
        row("two histories have none", "tip", "stranger", "");
    }

    void theCommitThatBothComeFromIsFound()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QFETCH(QString, common);
        const auto found = valueOf(m_git.commonAncestor(id(a), id(b)));
        QCOMPARE(found, common.isEmpty() ? std::nullopt : std::optional(id(common)));
    }

    void twoHistoriesAreNotGuessedWhereACommitIsMissing()
    {
        const auto found = answerOf(m_git.commonAncestor(id("tip"), id("above")));
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::NotFound);
    }

    void filesAreListedByPathWithWhatBecameOfThem()
    {
        using How = ChangedFile::How;
        QCOMPARE(valueOf(m_git.changedFiles(id("root"), id("tip"))),
                 (QList<ChangedFile>{{QStringLiteral("README.md"), {}, How::Modified},
                                     {QStringLiteral("a"), {}, How::Added},
                                     {QStringLiteral("core/view.py"),
                                      QStringLiteral("core/page.py"), How::Renamed}}));
        QCOMPARE(valueOf(m_git.changedFiles(id("root"), id("left"))),
                 (QList<ChangedFile>{{QStringLiteral("core/page.py"), {}, How::Removed}}));
        QCOMPARE(valueOf(m_git.changedFiles(id("tip"), id("tip"))), QList<ChangedFile>());
    }

    void filesOfAMissingCommitAreNoEmptyList()
    {
        const auto files = answerOf(m_git.changedFiles(id("nobody"), id("tip")));
        QVERIFY(!files);
        QCOMPARE(files.error().kind, ErrorKind::NotFound);
    }

    void inAPartialCloneARenamedFileIsRemovedAndAdded()
    {
        QTemporaryDir folder;
        ScriptedRepository scripted(folder.filePath(QStringLiteral("clone")));
        const CommitId before = scripted.commitWithAbsentFile("old.py");
        const CommitId after = scripted.commit({.files = {{"new.py", page}}});
        GitRepository git({scripted.path(), folder.filePath(QStringLiteral("mirror"))}, nullptr);
        using How = ChangedFile::How;
        QCOMPARE(valueOf(git.changedFiles(before, after)),
                 (QList<ChangedFile>{{QStringLiteral("new.py"), {}, How::Added},
                                     {QStringLiteral("old.py"), {}, How::Removed}}));
    }

private:
    [[nodiscard]] CommitId id(const QString &name) const
    {
        return m_commits.value(name, CommitId(QString(40, QLatin1Char('9'))));
    }
    [[nodiscard]] CommitId id(const char *name) const { return id(QString::fromLatin1(name)); }
    [[nodiscard]] static QStringList subjects(const CommitRange &range)
    {
        QStringList subjects;
        for (const Commit &each : range.commits)
            subjects.append(each.subject);
        return subjects;
    }

    QTemporaryDir m_folder;
    ScriptedRepository m_scripted{m_folder.filePath(QStringLiteral("clone"))};
    GitRepository m_git{{m_scripted.path(), m_folder.filePath(QStringLiteral("mirror"))}, nullptr};
    QHash<QString, CommitId> m_commits;
};

QTEST_GUILESS_MAIN(GitHistoryTest)
#include "githistorytest.moc"
