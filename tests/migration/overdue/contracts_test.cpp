#include "migration/overdue/opencontract.h"
#include "migration/samplechange.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Trace = OpenContract::Trace;
using Urgency = OpenContract::Urgency;

const ChangeName other(QStringLiteral("orders-status"));

FiledChange standing(const Facts &facts, const QStringList &against = {})
{
    return {sampleChange(), facts, against};
}

/// So many days after the sample change was due.
Traces tracesAfter(int days)
{
    Traces traces;
    traces.at = sampleChange().contractDue.addDays(days).startOfDay(Qt::UTC);
    return traces;
}

RecordedChange recorded(const ChangeName &change, const QStringList &steps)
{
    return {change, QStringLiteral("shop-team"), QDate(2026, 12, 1), QStringLiteral("a.yaml"),
            steps};
}

} // namespace

/// Which changes are not over, how late they are, and what of it is known.
class OpenContractsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aChangeIsLateTheDayAfterItIsDue()
    {
        const auto due = [](int days) {
            return openContracts({standing(migratedFacts())}, tracesAfter(days)).constFirst();
        };
        QCOMPARE(due(0).daysLeft, 0);
        QVERIFY(!due(0).isLate());
        QVERIFY(due(1).isLate());
        QCOMPARE(due(1).urgency, Urgency::Ready);
        QCOMPARE(due(-7).urgency, Urgency::Soon);
        QCOMPARE(due(-8).urgency, Urgency::Later);
    }
    void whatStandsAgainstItIsNamed()
    {
        const OpenContract stuck
            = openContracts(
                  {standing(migratedFacts(), {QStringLiteral("4be81c0 is not contract-ready")})},
                  tracesAfter(9))
                  .constFirst();
        QCOMPARE(stuck.urgency, Urgency::Stuck);
        QCOMPARE(urgencyWords(stuck), QStringLiteral("stuck: 4be81c0 is not contract-ready"));
        QCOMPARE(lateWords(stuck.daysLeft), QStringLiteral("9 days late"));
    }
    void rowsThatLackTheValueAgainWeighMoreThanAGate()
    {
        Facts facts = migratedFacts();
        facts.nulls = NullCount{NullCount::Kind::AtLeast, 3, facts.at, {}};
        const auto urgency = [&] {
            return openContracts({standing(facts, {QStringLiteral("3 NULLs")})}, tracesAfter(1))
                .constFirst()
                .urgency;
        };
        QCOMPARE(urgency(), Urgency::Regressing);
        facts.nulls = NullCount{NullCount::Kind::Unknown, 3, facts.at, {}};
        QCOMPARE(urgency(), Urgency::Stuck);
        facts = migratingFacts(); // whose NULLs are those that it is filling in
        QCOMPARE(urgency(), Urgency::Stuck);
    }
    void aChangeThatIsOverIsNotTold_data()
    {
        QTest::addColumn<bool>("registered");
        QTest::newRow("nothing is left of it") << false;
        QTest::newRow("its record is kept and was not told of a step by hand") << true;
    }
    void aChangeThatIsOverIsNotTold()
    {
        QFETCH(bool, registered);
        Traces traces = tracesAfter(30);
        if (registered)
            traces.recorded << recorded(sampleChange().name, {QStringLiteral("E1")});
        QVERIFY(openContracts({standing(cleanedFacts())}, traces).isEmpty());
        QCOMPARE(openContracts({standing(contractedFacts())}, traces).size(), 1); // the trigger
    }
    void theRecordAloneTellsAChangeWhoseFileIsGone()
    {
        Traces traces = tracesAfter(0);
        traces.recorded << recorded(other, {QStringLiteral("E1"), QStringLiteral("E2")});
        const QList<OpenContract> all = openContracts({standing(migratedFacts())}, traces);
        QCOMPARE(all.size(), 2);
        const OpenContract &lost = all.constFirst(); // the latest first
        QCOMPARE(lost.change, other);
        QCOMPARE(lost.daysLeft, -14);
        QCOMPARE(lost.owner, QStringLiteral("shop-team"));
        QCOMPARE(lost.found, OpenContract::Found(Trace::Record));
        QCOMPARE(lost.urgency, Urgency::CannotTell);
        QVERIFY(urgencyWords(lost).contains(QStringLiteral("bring the file back")));
    }
    void theMarkerAloneTellsIt()
    {
        Traces traces = tracesAfter(0);
        traces.marked << MarkedColumn{{QStringLiteral("shop"), QStringLiteral("orders")},
                                      QStringLiteral("status"),
                                      other,
                                      QDate(2026, 12, 14)};
        const OpenContract open = openContracts({}, traces).constFirst();
        QCOMPARE(open.found, OpenContract::Found(Trace::Marker));
        QCOMPARE(open.table.text(), QStringLiteral("shop.orders"));
        QCOMPARE(open.daysLeft, -1);
    }
    void whatAllThreeShowIsOneChange()
    {
        Traces traces = tracesAfter(1);
        const Change change = sampleChange();
        traces.recorded << recorded(change.name, {QStringLiteral("E1")});
        traces.marked << MarkedColumn{change.table, change.column, change.name, change.contractDue};
        const QList<OpenContract> all = openContracts({standing(migratedFacts())}, traces);
        QCOMPARE(all.size(), 1);
        QCOMPARE(all[0].found, Trace::File | Trace::Record | Trace::Marker);
        QCOMPARE(all[0].owner, QStringLiteral("platform-team"));
    }
    void aDateThatTheFileMovedIsToldWithTheOneOfExpand()
    {
        Traces traces = tracesAfter(-3);
        traces.recorded << recorded(sampleChange().name, {QStringLiteral("E1")});
        const OpenContract open = openContracts({standing(migratedFacts())}, traces).constFirst();
        QCOMPARE(open.daysLeft, 3);
        QVERIFY(urgencyWords(open).contains(QStringLiteral("at EXPAND it was due 1 Dec 2026")));
    }
    void theRecordKnowsWhatWasTakenBack_data()
    {
        QTest::addColumn<QStringList>("steps");
        QTest::addColumn<bool>("open");
        QTest::newRow("registered") << QStringList() << true;
        QTest::newRow("expanded") << QStringList{QStringLiteral("E1"), QStringLiteral("E2")}
                                  << true;
        QTest::newRow("expand undone")
            << QStringList{QStringLiteral("E1"), QStringLiteral("-E1")} << false;
        QTest::newRow("begun again")
            << QStringList{QStringLiteral("E1"), QStringLiteral("-E1"), QStringLiteral("E1")}
            << true;
        QTest::newRow("contracted, trigger left")
            << QStringList{QStringLiteral("E1"), QStringLiteral("C3"), QStringLiteral("C4")}
            << true;
        QTest::newRow("over") << QStringList{QStringLiteral("E1"), QStringLiteral("C3"),
                                             QStringLiteral("C5")}
                              << false;
        QTest::newRow("trigger brought back")
            << QStringList{QStringLiteral("E1"), QStringLiteral("C5"), QStringLiteral("-C5")}
            << true;
    }
    void theRecordKnowsWhatWasTakenBack()
    {
        QFETCH(QStringList, steps);
        QFETCH(bool, open);
        QCOMPARE(isOpen(recorded(other, steps)), open);
    }
    void withoutTheDatabasesTracesTheFilesAreTold()
    {
        const QList<OpenContract> all = openContracts({standing(migratedFacts())}, std::nullopt);
        QCOMPARE(all.size(), 1);
        QCOMPARE(all[0].daysLeft, 21); // by the date of the facts
        QVERIFY(openContracts({{sampleChange(), std::nullopt, {}}}, std::nullopt).isEmpty());
    }
};

QTEST_GUILESS_MAIN(OpenContractsTest)
#include "contracts_test.moc"
