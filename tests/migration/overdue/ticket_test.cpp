#include "migration/overdue/ticket.h"
#include "migration/samplechange.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString ticket(const Facts &facts, const QStringList &against, int days)
{
    const FiledChange filed{sampleChange(), facts, against};
    Traces traces;
    traces.at = sampleChange().contractDue.addDays(days).startOfDay(Qt::UTC);
    return contractTicket(filed, openContracts({filed}, traces).constFirst(),
                          QStringLiteral("context"), QStringLiteral("context-production"));
}

} // namespace

/// The text of the ticket that reminds of a CONTRACT.
class TicketTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itsHeadingSaysWhatAndByWhen()
    {
        QCOMPARE(ticket(expandedFacts(), {}, -20).section(QLatin1Char('\n'), 0, 0),
                 QStringLiteral("# CONTRACT conversations-organization-id in context by 15 Dec "
                                "2026"));
    }
    void itSaysWhoBeganItAndWhatIsOpenUntilItIsEnded()
    {
        const QString text = ticket(expandedFacts(), {}, -20);
        for (const char *part :
             {"EXPAND was done on 3 Nov 2026 by A. Muster.",
              "`public.conversations.organization_id` may be NULL",
              "due: 2026-12-15 (due in 20 days)", "owner: platform-team",
              "where: context-production", "now: EXPANDED", "no old code has written for 3 d",
              "pilothouse-cli check --fail-overdue"})
            QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
        QVERIFY(!text.contains(QStringLiteral("Not yet:")));
    }
    void whatStandsAgainstItNowIsListed()
    {
        const QString text
            = ticket(migratedFacts(), {QStringLiteral("4be81c0 is not contract-ready")}, 2);
        QVERIFY2(text.contains(QStringLiteral("Not yet:\n\n- 4be81c0 is not contract-ready\n")),
                 qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("(2 days late)")));
    }
    void aBeginningThatNobodyRecordedIsSaidAsSuch()
    {
        Facts facts = expandedFacts();
        facts.steps.clear();
        QVERIFY(ticket(facts, {}, 0).contains(QStringLiteral("nobody recorded when")));
    }
};

QTEST_GUILESS_MAIN(TicketTest)
#include "ticket_test.moc"
