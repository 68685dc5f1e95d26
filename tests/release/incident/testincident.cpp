#include "release/incident/incident.h"
#include "release/incident/report.h"
#include "rollout/act/trackintent.h"

#include <QJsonArray>
#include <QtTest>

using namespace pilothouse;

namespace {

const QDateTime night(QDate(2026, 11, 24), QTime(2, 59, 30), Qt::UTC);
const TrackName standalone(QStringLiteral("standalone"));
const TrackName coditect(QStringLiteral("coditect"));

Record at(Record record, int seconds)
{
    record.at = night.addSecs(seconds);
    return record;
}

Record intent(const QString &id, const TrackName &track, const QString &verb,
              const QJsonObject &more)
{
    Record made;
    made.kind = RecordKind::Intent;
    made.id = IntentId(id);
    made.subject = track.value;
    made.actor = QStringLiteral("A. Muster");
    made.body = more;
    made.body[QLatin1String("verb")] = verb;
    return made;
}

Record outcome(const QString &id, const TrackName &track, const QString &kind)
{
    Record made;
    made.kind = RecordKind::Outcome;
    made.id = IntentId(id);
    made.subject = track.value;
    made.actor = QStringLiteral("A. Muster");
    made.body = {{QStringLiteral("outcome"), kind},
                 {QStringLiteral("text"), QStringLiteral("accepted 0 % after 0.39 s")}};
    return made;
}

Record promotion(const QString &id, const QString &commit, const CheckResult &sign)
{
    return intent(id, standalone, QStringLiteral("promote"),
                  {{QStringLiteral("targetCommit"), commit},
                   {QStringLiteral("evidence"), evidenceOf({sign}, {})}});
}

Record rollback(const QString &id, const TrackName &track = standalone)
{
    return intent(id, track, QStringLiteral("roll back"),
                  {{QStringLiteral("leaving"), QStringLiteral("c41d77e0")},
                   {QStringLiteral("targetCommit"), QStringLiteral("9f3c2a10")}});
}

Record seen(int seconds)
{
    return at(alertSeenNote(standalone, QStringLiteral("A. Muster"),
                            QStringLiteral("HighErrorRatio"), night),
              seconds);
}

CheckResult held(Verdict verdict)
{
    CheckResult result;
    result.name = QStringLiteral("connections held");
    result.verdict = verdict;
    result.sentence = QStringLiteral("348 ms against 40 ms");
    return result;
}

/// As the journal gives them: the newest first.
QList<Record> newestFirst(QList<Record> records)
{
    std::reverse(records.begin(), records.end());
    return records;
}

const QString done = QStringLiteral("done");

/// The drill as a brisk person plays it.
QList<Record> drill()
{
    return newestFirst(
        {at(promotion(QStringLiteral("p1"), QStringLiteral("c41d77e0"), held(Verdict::Marginal)),
            -60),
         at(outcome(QStringLiteral("p1"), standalone, done), -59), seen(12),
         at(rollback(QStringLiteral("r1")), 21),
         at(outcome(QStringLiteral("r1"), standalone, done), 22),
         at(damageNote(standalone, QStringLiteral("A. Muster"), IntentId(QStringLiteral("r1")),
                       {95.4, {}}),
            60)});
}

} // namespace

class TestIncident : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDrillIsScoredByItsJournal()
    {
        const QList<Incident> incidents = incidentsOf(drill());
        QCOMPARE(incidents.size(), 1);
        const Incident &incident = incidents.constFirst();
        QCOMPARE(alertToScreen(incident).value().count(), 12'000);
        QCOMPARE(screenToConfirm(incident).value().count(), 9'000);
        QCOMPARE(confirmToAccepted(incident).count(), 1'000);
        QCOMPARE(incident.failedRequests.value(), 95.4);
        QCOMPARE(incident.bad.value, QStringLiteral("c41d77e0"));
        QCOMPARE(incident.by, QStringLiteral("A. Muster"));
        QCOMPARE(scoreWords(incident),
                 QStringLiteral("alert → screen 0:12 · screen → confirm 9.0 s · confirm → weight 0 "
                                "1.0 s · 95 requests failed"));
    }

    void theSignThatAPromotionPassedOverIsHeldAgainstIt()
    {
        const Incident incident = incidentsOf(drill()).constFirst();
        QCOMPARE(missesOf(incident),
                 QStringList{QStringLiteral("Promoted in spite of connections held MARGINAL: 348 "
                                            "ms against 40 ms")});
    }

    void aPromotionWhileAnAlertFiredIsHeldAgainstIt()
    {
        QList<Record> records = drill();
        Record up
            = promotion(QStringLiteral("p2"), QStringLiteral("c41d77e0"), held(Verdict::Pass));
        const Alert alert{
            QStringLiteral("HighErrorRatio"), QStringLiteral("firing"), night, {}, {}};
        up.body[QLatin1String("evidence")] = evidenceOf({held(Verdict::Pass)}, {alert});
        // Newest first: after the alert was seen, before the rollback.
        records.insert(3, at(outcome(QStringLiteral("p2"), standalone, done), 16));
        records.insert(4, at(up, 15));
        QCOMPARE(missesOf(incidentsOf(records).constFirst()).last(),
                 QStringLiteral("Promoted in spite of HighErrorRatio firing: true since "
                                "2026-11-24T02:59:30Z"));
    }

    void whatWasWellIsNoSign()
    {
        QList<Record> records = drill();
        records.last() = at(
            promotion(QStringLiteral("p1"), QStringLiteral("c41d77e0"), held(Verdict::Pass)), -60);
        QVERIFY(missesOf(incidentsOf(records).constFirst()).isEmpty());
    }

    void aSignOfAnotherRevisionIsNotThisOnes()
    {
        QList<Record> records = drill();
        records.last() = at(
            promotion(QStringLiteral("p1"), QStringLiteral("9f3c2a10"), held(Verdict::Marginal)),
            -60);
        QVERIFY(incidentsOf(records).constFirst().signsPassed.isEmpty());
    }

    void aRollbackWithoutAnAlertIsAnIncidentThatWasCaughtBefore()
    {
        const QList<Incident> incidents
            = incidentsOf(newestFirst({at(rollback(QStringLiteral("r1")), 21),
                                       at(outcome(QStringLiteral("r1"), standalone, done), 22)}));
        QCOMPARE(incidents.size(), 1);
        QVERIFY(!alertToScreen(incidents.constFirst()).has_value());
        QVERIFY(incidents.constFirst().alert.isEmpty());
        QCOMPARE(scoreWords(incidents.constFirst()),
                 QStringLiteral("confirm → weight 0 1.0 s · failed requests not counted"));
    }

    void aRollbackThatDidNotComeAboutIsNone_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("failed") << QStringLiteral("failed");
        QTest::newRow("refused") << QStringLiteral("refused");
        QTest::newRow("nobody knows") << QStringLiteral("unknown");
    }

    void aRollbackThatDidNotComeAboutIsNone()
    {
        QFETCH(QString, kind);
        QVERIFY(incidentsOf(newestFirst({seen(12), at(rollback(QStringLiteral("r1")), 21),
                                         at(outcome(QStringLiteral("r1"), standalone, kind), 22)}))
                    .isEmpty());
    }

    void theWrongTrackFirstIsHeldAgainstIt()
    {
        const QList<Incident> incidents
            = incidentsOf(newestFirst({seen(12), at(rollback(QStringLiteral("r0"), coditect), 15),
                                       at(outcome(QStringLiteral("r0"), coditect, done), 16),
                                       at(rollback(QStringLiteral("r1")), 40),
                                       at(outcome(QStringLiteral("r1"), standalone, done), 41)}));
        QCOMPARE(incidents.size(), 2);
        QCOMPARE(incidents.constFirst().wrongFirst, QStringList{QStringLiteral("coditect")});
        QVERIFY(incidents.last().wrongFirst.isEmpty());
    }

    void oneAlertIsOneIncidentsOnly()
    {
        const QList<Incident> incidents
            = incidentsOf(newestFirst({seen(12), at(rollback(QStringLiteral("r1")), 21),
                                       at(outcome(QStringLiteral("r1"), standalone, done), 22),
                                       at(rollback(QStringLiteral("r2")), 900),
                                       at(outcome(QStringLiteral("r2"), standalone, done), 901)}));
        QCOMPARE(incidents.size(), 2);
        QVERIFY(incidents.constFirst().alert.isEmpty());
        QCOMPARE(incidents.last().alert, QStringLiteral("HighErrorRatio"));
    }

    void aNumberThatIsTooLowSaysSo()
    {
        QList<Record> records = drill();
        records.first()
            = at(damageNote(standalone, QStringLiteral("A. Muster"), IntentId(QStringLiteral("r1")),
                            {1, QStringLiteral("the samples begin late")}),
                 60);
        QVERIFY(scoreWords(incidentsOf(records).constFirst())
                    .endsWith(QStringLiteral("at least 1 request failed")));
    }

    void theReportTellsItToThoseWhoWereNotThere()
    {
        QList<Record> records = drill();
        Record note;
        note.at = night.addSecs(300);
        note.actor = QStringLiteral("B. Novak");
        note.body = {{QStringLiteral("text"), QStringLiteral("PR #418 *holds* it")}};
        records.prepend(note);
        Record old = note;
        old.at = night.addDays(-1);
        old.body = {{QStringLiteral("text"), QStringLiteral("of yesterday")}};
        records.append(old);
        const QString report = incidentMarkdown(incidentsOf(records).constFirst(), records);
        QVERIFY2(report.startsWith(QStringLiteral("# standalone: c41d77e rolled back to 9f3c2a1")),
                 qPrintable(report));
        QVERIFY(report.contains(QStringLiteral("HighErrorRatio, true since 2026-11-24 02:59:30")));
        QVERIFY(report.contains(QStringLiteral("PR \\#418 \\*holds\\* it")));
        QVERIFY(report.contains(QStringLiteral("Promoted in spite of connections held MARGINAL")));
        QVERIFY(!report.contains(QStringLiteral("of yesterday")));
        QVERIFY(report.indexOf(QStringLiteral("saw the alert"))
                < report.indexOf(QStringLiteral("roll back")));
    }

    void whatIsNotToldIsNullForPrograms()
    {
        const QJsonObject told = incidentJson(
            incidentsOf(newestFirst({at(rollback(QStringLiteral("r1")), 21),
                                     at(outcome(QStringLiteral("r1"), standalone, done), 22)}))
                .constFirst());
        QVERIFY(told[QLatin1String("failedRequests")].isNull());
        QVERIFY(told[QLatin1String("alertToScreenMs")].isNull());
        QCOMPARE(told[QLatin1String("confirmToAcceptedMs")].toInt(), 1000);
    }
};

QTEST_GUILESS_MAIN(TestIncident)
#include "testincident.moc"
