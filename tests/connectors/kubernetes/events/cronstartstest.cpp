#include "connectors/kubernetes/events/cronstarts.h"

#include <QJsonDocument>
#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime from(QDate(2026, 11, 24), QTime(0, 0), Qt::UTC);
const QDateTime to(QDate(2026, 11, 24), QTime(3, 0), Qt::UTC);

QDateTime at(int hour, int minute, int second = 0)
{
    return QDateTime(QDate(2026, 11, 24), QTime(hour, minute, second), Qt::UTC);
}

/// JSON with single quotes for double ones.
QJsonArray array(QByteArray json)
{
    return QJsonDocument::fromJson('[' + json.replace('\'', '"') + ']').array();
}

QByteArray job(const QByteArray &owner, const QByteArray &started, const QByteArray &more = {})
{
    return "{'metadata': {'name': 'j', 'creationTimestamp': '" + started
           + "', 'ownerReferences': [{'kind': 'CronJob', 'name': '" + owner
           + "'}]}, 'status': {'startTime': '" + started + "'" + more + "}}";
}

QByteArray cron(const QByteArray &name, const QByteArray &scheduled)
{
    return "{'metadata': {'name': '" + name + "'}, 'status': {'lastScheduleTime': '" + scheduled
           + "'}}";
}

} // namespace

class CronStartsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNewestStartOfEachIsTold()
    {
        const auto starts
            = cronStarts(array(cron("import", "2026-11-24T02:55:00Z")),
                         array(job("import", "2026-11-24T02:40:00Z", ", 'succeeded': 1") + ","
                               + job("import", "2026-11-24T02:55:07Z", ", 'active': 1") + ","
                               + job("report", "2026-11-24T01:00:00Z",
                                     ", 'conditions': [{'type': 'Failed', 'status': 'True'}]")),
                         from, to);
        QVERIFY(starts);
        QCOMPARE(starts->size(), 2);
        QCOMPARE((*starts)[0], (ClusterEvent{at(2, 55, 7), QStringLiteral("cron"),
                                             QStringLiteral("cron job import began, it still runs"),
                                             ClusterEvent::Kind::Began}));
        QCOMPARE((*starts)[1].what, QStringLiteral("cron job report began, it failed"));
    }

    void whatIsOutsideTheTimeIsNot()
    {
        const auto starts = cronStarts(array(cron("import", "2026-11-24T03:10:00Z")),
                                       array(job("import", "2026-11-24T03:10:02Z") + ","
                                             + job("import", "2026-11-24T02:55:00Z") + ","
                                             + job("report", "2026-11-23T23:59:59Z")),
                                       from, to);
        QVERIFY(starts);
        QCOMPARE(starts->size(), 1);
        QCOMPARE((*starts)[0].at, at(2, 55));
    }

    void whereTheJobsAreGoneTheCronJobTells()
    {
        const QJsonArray crons = array(cron("import", "2026-11-24T02:55:00Z"));
        for (const std::optional<QJsonArray> &jobs :
             {std::optional<QJsonArray>(), std::optional<QJsonArray>(QJsonArray())}) {
            const auto starts = cronStarts(crons, jobs, from, to);
            QVERIFY(starts);
            QCOMPARE(starts->size(), 1);
            QCOMPARE((*starts)[0].at, at(2, 55));
            QCOMPARE((*starts)[0].what, QStringLiteral("cron job import began"));
        }
    }

    void aJobThatSomebodyStartedByHandIsNoCronStart()
    {
        const auto starts = cronStarts(QJsonArray(),
                                       array("{'metadata': {'name': 'by-hand'},"
                                             " 'status': {'startTime': '2026-11-24T02:00:00Z'}}"),
                                       from, to);
        QVERIFY(starts);
        QVERIFY(starts->isEmpty());
    }

    void onlyJobsAreEnough()
    {
        const auto starts
            = cronStarts(std::nullopt, array(job("import", "2026-11-24T02:55:00Z")), from, to);
        QVERIFY(starts);
        QCOMPARE(starts->size(), 1);
    }

    void aListThatIsNotTheirsIsMalformed()
    {
        QVERIFY(!cronStarts(array("{'metadata': {}, 'status': {'lastScheduleTime': 3}}"),
                            std::nullopt, from, to));
        QVERIFY(!cronStarts(std::nullopt, array("{'metadata': 3}"), from, to));
    }
};

QTEST_GUILESS_MAIN(CronStartsTest)
#include "cronstartstest.moc"
