#include "connectors/git/answers.h"
#include "connectors/git/gitrepository.h"
#include "connectors/git/scriptedrepository.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// The history that the rows below speak of; dates run backwards on purpose:
///
///     root - left ----- merge - tip        border - above
///         \- right ---/                    (its parent is missing)
class GitAncestryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qint64 at = 1'795'528'800;
        const auto commit = [&](const char *name, const QStringList &parents) {
            NewCommit what{.message = name, .at = at -= 86'400};
            for (const QString &parent : parents)
                what.parents.append(m_commits.value(parent));
            m_commits.insert(QLatin1String(name), m_scripted.commit(what));
        };
        commit("root", {});
        commit("left", {QStringLiteral("root")});
        commit("right", {QStringLiteral("root")});
        commit("merge", {QStringLiteral("left"), QStringLiteral("right")});
        commit("tip", {QStringLiteral("merge")});
        commit("stranger", {});
        m_commits.insert(QStringLiteral("border"), m_scripted.commitAtShallowBorder({}));
        commit("above", {QStringLiteral("border")});
    }

    void commitsAreOrdered_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<Relation>("relation");
        const auto row = [](const char *name, const char *a, const char *b, Relation relation) {
            QTest::newRow(name) << QString::fromLatin1(a) << QString::fromLatin1(b) << relation;
        };
        row("a commit is itself", "left", "left", Relation::Same);
        row("a parent is older, though its date is later", "root", "left", Relation::Older);
        row("a child is newer, though its date is earlier", "left", "root", Relation::Newer);
        row("an ancestor over several steps", "root", "tip", Relation::Older);
        row("an ancestor by the second parent", "right", "tip", Relation::Older);
        row("a descendant by the second parent", "tip", "right", Relation::Newer);
        row("two branches of one root", "left", "right", Relation::Unrelated);
        row("two histories", "stranger", "tip", Relation::Unrelated);
        row("an ancestor above the shallow border", "border", "above", Relation::Older);
        row("a descendant above the shallow border", "above", "border", Relation::Newer);
    }

    void commitsAreOrdered()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QTEST(valueOf(m_git.relation(m_commits.value(a), m_commits.value(b))), "relation");
    }

    void orderCannotBeTold_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::newRow("from a commit that is missing")
            << QStringLiteral("nobody") << QStringLiteral("tip");
        QTest::newRow("to a commit that is missing")
            << QStringLiteral("tip") << QStringLiteral("nobody");
        QTest::newRow("through a commit that is missing")
            << QStringLiteral("tip") << QStringLiteral("above");
    }

    void orderCannotBeTold()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        const CommitId nobody(QString(40, QLatin1Char('9')));
        const Result<Relation> relation
            = answerOf(m_git.relation(m_commits.value(a, nobody), m_commits.value(b, nobody)));
        QVERIFY(!relation);
        QCOMPARE(relation.error().kind, ErrorKind::NotFound);
        QVERIFY2(relation.error().message.contains(QStringLiteral("shallow")),
                 qPrintable(relation.error().message));
    }

private:
    QTemporaryDir m_folder;
    ScriptedRepository m_scripted{m_folder.filePath(QStringLiteral("clone"))};
    GitRepository m_git{{m_scripted.path(), m_folder.filePath(QStringLiteral("mirror"))}, nullptr};
    QHash<QString, CommitId> m_commits;
};

QTEST_GUILESS_MAIN(GitAncestryTest)
#include "gitancestrytest.moc"
