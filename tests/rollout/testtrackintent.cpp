#include "rollout/act/trackintent.h"

#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;
using Kind = Outcome::Kind;

namespace {

const QDateTime pressedAt(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);

Record record(const char *verb)
{
    Record intent;
    intent.at = pressedAt;
    intent.id = IntentId(QStringLiteral("lost"));
    intent.body = {{QStringLiteral("verb"), QLatin1String(verb)},
                   {QStringLiteral("from"), 10},
                   {QStringLiteral("to"), 50}};
    return intent;
}

TrafficState at(int weight)
{
    TrafficState traffic;
    traffic.asked = Weight{weight};
    traffic.lastWriter = QStringLiteral("kubectl-edit");
    return traffic;
}

TrafficState noted(int weight, const char *intent = "lost")
{
    TrafficState traffic = at(weight);
    traffic.changes = {{{},
                        QStringLiteral("A. Muster"),
                        Weight{10},
                        Weight{50},
                        {},
                        IntentId(QLatin1String(intent)),
                        CommitId()}};
    return traffic;
}

/// Weight 50 through a record that names no intent, so many seconds after the intent.
TrafficState nameless(int accepted, int after)
{
    TrafficState traffic = noted(50, "");
    traffic.accepted = Weight{accepted};
    traffic.changes.first().actor = QStringLiteral("Helm revision 45");
    traffic.changes.first().through = QStringLiteral("helm 45");
    traffic.changes.first().at = pressedAt.addSecs(after);
    return traffic;
}

TrafficState held(const char *intent = "")
{
    TrafficState traffic = at(0);
    traffic.hold = Hold{QStringLiteral("B. Novak"),
                        {},
                        QStringLiteral("wait"),
                        {},
                        IntentId(QLatin1String(intent))};
    return traffic;
}

TrafficState lifted(TrafficState traffic, const char *intent, int after)
{
    traffic.deeds = {{pressedAt.addSecs(after),
                      QStringLiteral("mara"),
                      liftDeed,
                      {},
                      IntentId(QLatin1String(intent))}};
    return traffic;
}

} // namespace

class TestTrackIntent final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWorldTellsWhatCameOfIt_data()
    {
        QTest::addColumn<Record>("intent");
        QTest::addColumn<TrafficState>("now");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const char *verb, const TrafficState &now, Kind kind,
                            const char *text) {
            QTest::newRow(name) << record(verb) << now << kind << QString::fromUtf8(text);
        };
        row("the weight is what was wanted", "promote", at(50), Kind::Done, "50 % is asked");
        row("the weight is what it was", "promote", at(10), Kind::Failed,
            "not done: the weight is still 10 %");
        row("the weight is another", "promote", at(25), Kind::Unknown,
            "the weight is 25 % now: somebody moved it since");
        row("the weight is another, but it was done", "promote", noted(25), Kind::Done,
            "done; the weight is 25 % now, by kubectl-edit");
        row("the weight is what was wanted, and was asked by it", "promote", noted(50), Kind::Done,
            "50 % is asked");
        row("another console was faster", "promote", noted(50, "theirs"), Kind::Failed,
            "not done: the weight was set by A. Muster (10 → 50 %)");
        row("a record that names no intent has it", "roll back", nameless(50, 2), Kind::Done,
            "50 % is asked, by Helm revision 45 (10 → 50 %), which names no intent");
        row("the same by a clock that is behind", "roll back", nameless(50, -60), Kind::Done,
            "50 % is asked, by Helm revision 45 (10 → 50 %), which names no intent");
        row("the same, but the traffic does not follow", "roll back", nameless(10, 2),
            Kind::Unknown,
            "50 % is asked, by Helm revision 45 (10 → 50 %), which names no intent; 10 % is "
            "accepted");
        row("the same, but long before", "roll back", nameless(50, -3'600), Kind::Failed,
            "not done: the weight was set by Helm revision 45 (10 → 50 %) before");
        row("it was done, and somebody took it back", "promote", noted(10), Kind::Done,
            "done; the weight is 10 % now, by kubectl-edit");
        row("a hold that stands", "hold", held(), Kind::Done, "a hold stands");
        row("a hold that is its own", "hold", held("lost"), Kind::Done, "a hold stands");
        row("a hold of another intent", "hold", held("theirs"), Kind::Unknown,
            "another hold stands, by B. Novak");
        row("a hold that may have been lifted", "hold", lifted(at(0), "theirs", 60), Kind::Unknown,
            "no hold stands: mara has lifted one since");
        row("a hold after another was lifted", "hold", lifted(at(0), "theirs", -3'600),
            Kind::Failed, "no hold stands");
        row("a lift that is noted, under a new hold", "lift", lifted(held("theirs"), "lost", 1),
            Kind::Done, "done; B. Novak holds it again");
        row("a hold that does not", "hold", at(0), Kind::Failed, "no hold stands");
        row("a hold that was not lifted", "lift", held(), Kind::Failed, "a hold stands");
        row("a hold that was lifted", "lift", at(0), Kind::Done, "no hold stands");
        row("a way back", "retire way back", at(10), Kind::Failed,
            "not noted on the traffic object: retire it again");
    }
    void theWorldTellsWhatCameOfIt()
    {
        QFETCH(Record, intent);
        QFETCH(TrafficState, now);
        const Outcome outcome = whatCameOf(intent, now);
        QTEST(outcome.kind, "kind");
        QTEST(outcome.text, "text");
    }

    void onlyANoteTellsOfAnOwnAction()
    {
        TrafficState now = at(10);
        now.progress = QStringLiteral("step 2 of 6");
        QCOMPARE(whatCameOfOwn(record("Abort"), now).kind, Kind::Unknown);
        QVERIFY(whatCameOfOwn(record("Abort"), now).text.endsWith(now.progress));
        now.deeds
            = {{pressedAt, {}, QStringLiteral("argo.abort"), {}, IntentId(QStringLiteral("lost"))}};
        QCOMPARE(whatCameOfOwn(record("Abort"), now).kind, Kind::Done);
    }

    void aProgramThatMayStillRunIsWaitedFor_data()
    {
        QTest::addColumn<Kind>("came");
        QTest::addColumn<QString>("unfinished");
        QTest::addColumn<int>("after"); ///< seconds
        QTest::addColumn<bool>("waits");
        const auto row
            = [](const char *name, Kind came, const char *unfinished, int after, bool waits) {
                  QTest::newRow(name) << came << QString::fromLatin1(unfinished) << after << waits;
              };
        row("nothing yet", Kind::Failed, "", 2, true);
        row("nothing for long", Kind::Failed, "", 61, false);
        row("done", Kind::Done, "", 2, false);
        row("on its way", Kind::Unknown, "pending-rollback", 200, true);
        row("stuck", Kind::Unknown, "pending-rollback", 400, false);
        row("a clock that was set back", Kind::Failed, "", -1, false);
    }
    void aProgramThatMayStillRunIsWaitedFor()
    {
        QFETCH(Kind, came);
        QFETCH(QString, unfinished);
        QFETCH(int, after);
        QFETCH(bool, waits);
        TrafficState now = at(0);
        now.earlier = EarlierDeploy();
        now.earlier->unfinished = unfinished;
        Outcome outcome;
        outcome.kind = came;
        QCOMPARE(mayStillRun(record("roll back"), outcome, now, pressedAt.addSecs(after)), waits);
        // The same of the program that moves the weights.
        now = at(0);
        now.atWork = unfinished;
        QCOMPARE(mayStillRun(record("promote"), outcome, now, pressedAt.addSecs(after)), waits);
    }

    void onlyAWeightMovesTheTraffic()
    {
        QVERIFY(movesWeight(record("promote")));
        QVERIFY(movesWeight(record("roll back")));
        for (const char *verb : {"hold", "lift", "retire way back"})
            QVERIFY2(!movesWeight(record(verb)), verb);
    }

    void theEvidenceIsWhatWasJudged()
    {
        CheckResult result;
        result.name = QStringLiteral("error ratio");
        result.verdict = Verdict::Marginal;
        result.sentence = QStringLiteral("0.8 % against 0.5 %");
        const QJsonArray evidence = evidenceOf({result}, {});
        QCOMPARE(evidence.size(), 1);
        const QJsonObject row{{QStringLiteral("check"), QStringLiteral("error ratio")},
                              {QStringLiteral("verdict"), verdictWord(Verdict::Marginal)},
                              {QStringLiteral("sentence"), result.sentence}};
        QCOMPARE(evidence.first().toObject(), row);
    }

    void anAlertThatFiredWasSeenToo()
    {
        const QDateTime since(QDate(2026, 11, 24), QTime(3, 1, 10), Qt::UTC);
        const Alert firing{
            QStringLiteral("HighErrorRatio"), QStringLiteral("firing"), since, {}, {}};
        const Alert pending{
            QStringLiteral("PodRestarts"), QStringLiteral("pending"), since, {}, {}};
        const QJsonArray evidence = evidenceOf({}, {pending, firing});
        QCOMPARE(evidence.size(), 1);
        const QJsonObject row{
            {QStringLiteral("check"), QStringLiteral("HighErrorRatio")},
            {QStringLiteral("verdict"), QStringLiteral("firing")},
            {QStringLiteral("sentence"), QStringLiteral("true since 2026-11-24T03:01:10Z")}};
        QCOMPARE(evidence.first().toObject(), row);
    }
};

QTEST_GUILESS_MAIN(TestTrackIntent)
#include "testtrackintent.moc"
