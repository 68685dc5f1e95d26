#include "migration/overdue/databasestanding.h"
#include "migration/recipe/stepsql.h"
#include "migration/samplechange.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Kind = Leftover::Kind;

const TableName orders{QStringLiteral("shop"), QStringLiteral("orders")};
const QDateTime now(QDate(2026, 12, 20), QTime(8, 0), Qt::UTC);

Leftover leftover(Kind kind, const QString &object, int days = -1)
{
    return {kind, orders, object, days < 0 ? QDateTime() : now.addDays(-days)};
}

Traces traces(const QList<Leftover> &leftovers)
{
    Traces found;
    found.at = now;
    found.leftovers = leftovers;
    return found;
}

OpenContract contract(int daysLeft)
{
    OpenContract open;
    open.daysLeft = daysLeft;
    return open;
}

} // namespace

/// One database: its changes, what is nobody's, and what could not be read of it.
class DatabaseStandingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatAnOpenChangeKeepsIsItsOwn()
    {
        const Change change = sampleChange();
        const QList<Leftover> found{leftover(Kind::SyncTrigger, stepsql::triggerName(change)),
                                    leftover(Kind::NotValidConstraint, stepsql::guardName(change)),
                                    leftover(Kind::InvalidIndex, change.index),
                                    leftover(Kind::InvalidIndex, QStringLiteral("orders_b"))};
        const DatabaseStanding standing = databaseStanding(
            QStringLiteral("context"), {{change, migratedFacts(), {}}}, traces(found));
        QCOMPARE(standing.leftovers,
                 QList<Leftover>{leftover(Kind::InvalidIndex, QStringLiteral("orders_b"))});
    }
    void theTriggerOfAChangeThatIsOverIsNobodys()
    {
        const Change change = sampleChange();
        const DatabaseStanding standing
            = databaseStanding(QStringLiteral("context"), {{change, cleanedFacts(), {}}},
                               traces({leftover(Kind::SyncTrigger, stepsql::triggerName(change))}));
        QCOMPARE(standing.leftovers.size(), 1);
        QVERIFY(standing.contracts.isEmpty());
    }
    void whatNobodyRegisteredIsLateAfterTwoWeeks()
    {
        QVERIFY(!isLate(leftover(Kind::InvalidIndex, QStringLiteral("i"), 14), now));
        QVERIFY(isLate(leftover(Kind::InvalidIndex, QStringLiteral("i"), 15), now));
        // Of which nobody knows how old it is is told, and is no failure.
        QVERIFY(!isLate(leftover(Kind::InvalidIndex, QStringLiteral("i")), now));
    }
    void everyKindHasItsWordsAndAWayOn()
    {
        QStringList seen;
        for (const Kind kind : {Kind::NotValidConstraint, Kind::InvalidIndex,
                                Kind::ProvedNotTightened, Kind::RedundantCheck, Kind::SyncTrigger,
                                Kind::PgrollColumn, Kind::UnreadableMarker}) {
            const Leftover each = leftover(kind, QStringLiteral("Thing"));
            QVERIFY2(leftoverWords(each).contains(QStringLiteral("\"Thing\"")),
                     qPrintable(leftoverWords(each))); // as SQL has to spell it
            QVERIFY(leftoverWords(each).contains(QStringLiteral("shop.orders")));
            QVERIFY(leftoverTitle(each).endsWith(QStringLiteral("Thing")));
            QVERIFY(!leftoverTodo(each).isEmpty());
            seen << leftoverKindWord(kind);
        }
        QCOMPARE(seen.removeDuplicates(), 0);
    }
    void aDatabaseThatDidNotAnswerIsNoProofThatNothingIsLate()
    {
        const DatabaseStanding silent = databaseStanding(
            QStringLiteral("context"), {},
            Result<Traces>(fail(ErrorKind::TimedOut, QStringLiteral("no answer"))));
        QVERIFY(!isAllRead({silent}));
        QCOMPARE(silent.unread, QStringList{QStringLiteral("no answer")});
        Traces hidden = traces({});
        hidden.recordHidden = QStringLiteral("reader may not");
        QVERIFY(!isAllRead({databaseStanding(QStringLiteral("context"), {}, hidden)}));
        QVERIFY(isAllRead({databaseStanding(QStringLiteral("context"), {}, traces({}))}));
    }
    void contractsAndLeftoversThatAreLateAreCounted()
    {
        DatabaseStanding standing;
        standing.at = now;
        standing.contracts = {contract(-9), contract(0)};
        standing.leftovers = {leftover(Kind::InvalidIndex, QStringLiteral("i"), 40),
                              leftover(Kind::InvalidIndex, QStringLiteral("j"), 1)};
        QCOMPARE(lateCount({standing}), 2);
    }
    void whatIsLateIsSaidInOneLine()
    {
        DatabaseStanding standing;
        standing.at = now;
        standing.contracts = {contract(0), contract(5)};
        standing.leftovers = {leftover(Kind::InvalidIndex, QStringLiteral("i"), 3)};
        QCOMPARE(lateSentence({standing}), QString());
        standing.contracts << contract(-9);
        QCOMPARE(lateSentence({standing}), QStringLiteral("1 contract waiting, 9 days late"));
        standing.contracts << contract(-2);
        QCOMPARE(lateSentence({standing}),
                 QStringLiteral("2 contracts waiting, oldest 9 days late"));
        standing.leftovers << leftover(Kind::InvalidIndex, QStringLiteral("j"), 40);
        QCOMPARE(lateSentence({standing, DatabaseStanding()}),
                 QStringLiteral("2 contracts waiting, oldest 9 days late · 1 thing left "
                                "half-finished"));
    }
};

QTEST_GUILESS_MAIN(DatabaseStandingTest)
#include "standing_test.moc"
