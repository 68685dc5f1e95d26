#include "migration/change.h"
#include "migration/recipe/stepsql.h"
#include "migration/samplechange.h"

#include <QTest>

using namespace pilothouse;

class ChangeTest : public QObject
{
    Q_OBJECT

private:
    const QString m_path = QStringLiteral("migrations/changes/conversations-organization-id.yaml");

    [[nodiscard]] Result<Change> read(const QByteArray &content) const
    {
        return readChange(content, m_path, CommitId(QStringLiteral("9f3c2a1")));
    }
    [[nodiscard]] static QByteArray with(const QByteArray &from, const QByteArray &to)
    {
        QByteArray content = sampleChangeFile();
        Q_ASSERT(content.contains(from));
        return content.replace(from, to);
    }

private Q_SLOTS:
    void readsEveryKey()
    {
        const Result<Change> change
            = read(sampleChangeFile()
                   + "phases:\n  expand: {by: alembic, revision: 0001_add_org}\n"
                     "  migrate: {by: console}\n");
        QVERIFY2(change, change ? "" : qPrintable(change.error().detail));
        QCOMPARE(change->name.value, QStringLiteral("conversations-organization-id"));
        QCOMPARE(change->owner, QStringLiteral("platform-team"));
        QCOMPARE(change->table.text(), QStringLiteral("public.conversations"));
        QCOMPARE(change->column, QStringLiteral("organization_id"));
        QCOMPARE(change->type, QStringLiteral("uuid"));
        QCOMPARE(change->derive.from.text(), QStringLiteral("public.users"));
        QCOMPARE(change->derive.join,
                 (QList<JoinPair>{{QStringLiteral("id"), QStringLiteral("user_id")}}));
        QCOMPARE(change->derive.value, QStringLiteral("organization_id"));
        QCOMPARE(change->databases, QStringList{QStringLiteral("context")});
        QCOMPARE(change->contractReady, false);
        QCOMPARE(change->soak, std::chrono::hours(72));
        QCOMPARE(change->contractDue, QDate(2026, 12, 15));
        QCOMPARE(change->index, QStringLiteral("idx_conversations_org"));
        QCOMPARE(change->tools.size(), size_t(1)); // "console" is the absence of a tool
        QCOMPARE(change->tools.at(ChangePhase::Expand).revision, QStringLiteral("0001_add_org"));
        QCOMPARE(change->path, m_path);
        QCOMPARE(change->commit.value, QStringLiteral("9f3c2a1"));
    }

    void takesAJoinInEitherDirectionAndOfSeveralColumns()
    {
        const Result<Change> change
            = read(with("users.id = conversations.user_id",
                        "conversations.user_id = users.id AND users.realm=conversations.realm"));
        QVERIFY(change);
        QCOMPARE(change->derive.join,
                 (QList<JoinPair>{{QStringLiteral("id"), QStringLiteral("user_id")},
                                  {QStringLiteral("realm"), QStringLiteral("realm")}}));
    }

    void soakAndIndexMayBeLeftOut()
    {
        QByteArray content = with("soak: 3d\n", "");
        content.replace("index: idx_conversations_org\n", "");
        const Result<Change> change = read(content);
        QVERIFY(change);
        QCOMPARE(change->soak, std::chrono::hours(72));
        QVERIFY(change->index.isEmpty());
    }

    void namesEveryMistakeWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const QByteArray &from, const QByteArray &to,
                            const char *place, const char *words) {
            QTest::newRow(name) << with(from, to) << QString::fromLatin1(place)
                                << QString::fromLatin1(words);
        };
        row("a newer format", "change: 1", "change: 2", ":1:9:", "1");
        row("a name that is not the file's", "name: conversations-organization-id", "name: other",
            ":2:7:", "conversations-organization-id");
        row("a name with capitals", "name: conversations-organization-id", "name: Other",
            ":2:7:", "lower-case");
        row("an unknown recipe", "required-column", "requird-column", ":4:9:", "required-column");
        row("a table without a schema", "table: public.conversations", "table: conversations",
            ":5:8:", "public.conversations");
        row("a quote in a table's name", "table: public.conversations", "table: 'public.a\"b'",
            ":5:8:", "schema");
        row("a type that carries SQL", "type: uuid", "type: uuid not null default now()",
            ":6:39:", "a type such as");
        row("a type that ends the statement", "type: uuid", "type: 'uuid; drop table x'",
            ":6:39:", "a type such as");
        row("a join with an expression", "users.id = conversations.user_id",
            "users.id = lower(conversations.user_id)",
            ":7:", "users.COLUMN = conversations.COLUMN");
        row("a join of a third table", "users.id = conversations.user_id",
            "users.id = other.user_id", ":7:", "users.COLUMN = conversations.COLUMN");
        row("a value of another table", "value: users.organization_id",
            "value: conversations.organization_id", ":7:", "users.COLUMN");
        row("a derivation from the table itself", "from: public.users",
            "from: public.conversations", ":7:", "another table");
        row("no databases", "databases: [context]", "databases: []", ":8:", "");
        row("a soak without a unit", "soak: 3d", "soak: 3", ":10:7:", "");
        row("a date that does not exist", "2026-12-15", "2026-02-30", ":11:15:", "");
        row("an index with a schema", "index: idx_conversations_org", "index: public.idx",
            ":12:8:", "bare name");
        row("a misspelt key", "owner: platform-team", "ownr: platform-team", ":3:1:", "owner");
    }

    void namesEveryMistakeWithItsPlace()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, place);
        QFETCH(QString, words);
        const Result<Change> change = read(content);
        QVERIFY(!change);
        QCOMPARE(change.error().kind, ErrorKind::BadInput);
        QVERIFY2(change.error().detail.contains(m_path + place), qPrintable(change.error().detail));
        QVERIFY2(change.error().detail.contains(words), qPrintable(change.error().detail));
    }

    void tellsAllMistakesAtOnce()
    {
        QByteArray content = with("type: uuid", "type: 'a b c d;'");
        content.replace("soak: 3d", "soak: soon");
        content.replace("owner: platform-team\n", "");
        const Result<Change> change = read(content);
        QVERIFY(!change);
        QCOMPARE(change.error().detail.split(u'\n', Qt::SkipEmptyParts).size(), 3);
    }

    void aFileThatIsNoYamlIsAnErrorAndNoCrash_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a list") << QByteArray("- change\n");
        QTest::newRow("a broken map") << QByteArray("change: {1\n");
        QTest::newRow("binary") << QByteArray("\x00\xff\xfe", 3);
    }

    void aFileThatIsNoYamlIsAnErrorAndNoCrash()
    {
        QFETCH(QByteArray, content);
        const Result<Change> change = read(content);
        QVERIFY(!change);
        QCOMPARE(change.error().kind, ErrorKind::BadInput);
    }

    void thePlanIsFrozenByWhatItsStatementsDependOn()
    {
        const Change change = sampleChange();
        const QString hash = stepsql::planHash(change);
        Change other = change;
        other.contractReady = true;
        other.owner = QStringLiteral("somebody else");
        other.contractDue = QDate(2027, 1, 1);
        QCOMPARE(stepsql::planHash(other), hash);
        other.type = QStringLiteral("text");
        QVERIFY(stepsql::planHash(other) != hash);
        other = change;
        other.derive.join.append({QStringLiteral("a"), QStringLiteral("b")});
        QVERIFY(stepsql::planHash(other) != hash);
    }

    void stepsThatBelongTogetherRunTogether()
    {
        using enum StepId;
        QCOMPARE(runTogether(C3), (QList<StepId>{C1, C2, C3, C4}));
        QCOMPARE(runTogether(M2), (QList<StepId>{M2, M3}));
        QCOMPARE(runTogether(C5), QList<StepId>{C5});
        QVERIFY(runTogether(E3).isEmpty());
        for (const StepId step : allSteps())
            QCOMPARE(stepOfWord(stepWord(step)), step);
        QVERIFY(!stepOfWord(QStringLiteral("-E1")));
    }
};

QTEST_GUILESS_MAIN(ChangeTest)
#include "change_test.moc"
