#include "helmobjects.h"

#include "connectors/kubernetes/helm/helmhistory.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime made(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);

/// Revisions by their states, newest first, numbered down to 1; with bodies that say nothing bad.
HelmHistory historyOf(const QList<QByteArray> &states)
{
    QJsonArray items;
    for (qsizetype i = 0; i < states.size(); ++i) {
        HelmSecret secret;
        secret.number = int(states.size() - i);
        secret.status = states[i];
        items.append(secretMetadata(secret));
    }
    return historyFrom(items);
}

QList<int> numbers(const QList<HelmRevision> &revisions)
{
    QList<int> all;
    for (const HelmRevision &each : revisions)
        all << each.number;
    return all;
}

} // namespace

class HelmHistoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void labelsTellARevision()
    {
        HelmSecret secret;
        secret.number = 41;
        secret.status = "pending-upgrade";
        const auto revision = decodeRevision(secretMetadata(secret));
        QVERIFY(revision);
        const HelmRevision expected{41,
                                    HelmStatus::PendingUpgrade,
                                    QStringLiteral("pending-upgrade"),
                                    made,
                                    {}, // no managedFields
                                    QStringLiteral("sh.helm.release.v1.web.v41"),
                                    QStringLiteral("500")};
        QCOMPARE(*revision, expected);
    }

    void everyStateOfHelmIsKnown_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("pending");
        const auto row = [](const char *word, HelmStatus status, bool pending) {
            QTest::newRow(word) << int(status) << pending;
        };
        row("deployed", HelmStatus::Deployed, false);
        row("superseded", HelmStatus::Superseded, false);
        row("failed", HelmStatus::Failed, false);
        row("uninstalling", HelmStatus::Uninstalling, false);
        row("uninstalled", HelmStatus::Uninstalled, false);
        row("pending-install", HelmStatus::PendingInstall, true);
        row("pending-upgrade", HelmStatus::PendingUpgrade, true);
        row("pending-rollback", HelmStatus::PendingRollback, true);
        row("unknown", HelmStatus::Unknown, false);
        row("pending-something", HelmStatus::Unknown, false);
    }
    void everyStateOfHelmIsKnown()
    {
        QFETCH(const bool, pending);
        const HelmStatus status = statusFrom(QString::fromLatin1(QTest::currentDataTag()));
        QTEST(int(status), "status");
        QCOMPARE(isPending(status), pending);
    }

    void aRevisionIsDatedByTheServerNotByTheLabelsOfTheOneBefore()
    {
        const QJsonObject secret = secretMetadata({});
        QCOMPARE(decodeRevision(secret)->at, made);
        // Where only labels are, the later one counts: a new one inherits the older modifiedAt.
        const QJsonValue nothing(QJsonValue::Undefined);
        const QJsonObject bare = with(secret, "metadata.creationTimestamp", nothing);
        QCOMPARE(decodeRevision(bare)->at, made.addDays(-1));
        const QJsonObject created
            = with(bare, "metadata.labels.createdAt", QStringLiteral("1795527000"));
        QCOMPARE(decodeRevision(created)->at, made);
        QVERIFY(!decodeRevision(with(bare, "metadata.labels.modifiedAt", nothing))->at.isValid());
    }

    void aSecretWithoutItsLabelsIsLeftOutAndNamed()
    {
        const QJsonObject broken
            = with(secretMetadata({}), "metadata.labels.version", QStringLiteral("v1"));
        QStringList unreadable;
        const HelmHistory history
            = historyFrom({broken, secretMetadata({}),
                           with(secretMetadata({}), "metadata.labels.status", QString())},
                          &unreadable);
        QCOMPARE(numbers(history.revisions), QList<int>{1});
        QCOMPARE(unreadable.size(), 2);
        QVERIFY(unreadable.first().contains(QStringLiteral("sh.helm.release.v1.web.v1")));
        QVERIFY(unreadable.first().contains(QStringLiteral("version")));
    }

    void theHistoryIsOrderedByNumberNotByName()
    {
        QJsonArray items;
        for (const int number : {1, 10, 11, 2, 9}) {
            HelmSecret secret;
            secret.number = number;
            items.append(secretMetadata(secret));
        }
        const HelmHistory history = historyFrom(items);
        QCOMPARE(numbers(history.revisions), (QList<int>{11, 10, 9, 2, 1}));
        QCOMPARE(history.newest()->number, 11);
        QCOMPARE(history.find(9)->number, 9);
        QVERIFY(!history.find(3));
        QVERIFY(!HelmHistory().newest());
    }

    void ofTwoDeployedRevisionsTheHigherCounts()
    {
        const HelmHistory history = historyOf({"failed", "deployed", "deployed"});
        QCOMPARE(history.deployed()->number, 2);
        QVERIFY(!historyOf({"failed"}).deployed());
    }

    void aFailedOrPendingRevisionIsNeverGood()
    {
        const GoodRevisions found
            = goodRevisions(historyOf({"pending-upgrade", "failed", "superseded", "failed",
                                       "deployed", "uninstalled", "superseded"}));
        QCOMPARE(numbers(found.good), (QList<int>{5, 3, 1}));
        QCOMPARE(
            found.skipped,
            (QStringList{QStringLiteral("revision 7 is pending-upgrade: it never came to an end"),
                         QStringLiteral("revision 6 failed")}));
    }

    void aFailureThatWasSupersededIsSkippedWithItsReason()
    {
        // Helm supersedes a failed revision too where none was ever deployed.
        HelmHistory history = historyOf({"failed", "superseded", "superseded"});
        history.bodies[2].description = QStringLiteral("Release \"web\" failed: no such image");
        history.bodies[2].failed = true;
        const GoodRevisions found = goodRevisions(history);
        QCOMPARE(numbers(found.good), QList<int>{1});
        QCOMPARE(found.skipped.last(),
                 QStringLiteral("revision 2 failed before it was superseded: Release \"web\" "
                                "failed: no such image"));
    }

    void withNothingGoodEveryRevisionIsNamed()
    {
        const GoodRevisions found = goodRevisions(historyOf({"unknown", "uninstalling", "failed"}));
        QVERIFY(found.good.isEmpty());
        QCOMPARE(found.skipped.size(), 3);
    }

    void aLockIsJudgedByItsAge_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        using Kind = HelmLock::Kind;
        const auto row = [](const char *name, const char *status, qint64 seconds, Kind kind,
                            const char *says) {
            QTest::newRow(name) << QByteArray(status) << seconds << int(kind)
                                << QString::fromLatin1(says);
        };
        row("no lock", "deployed", 20, Kind::None, "");
        row("failed is no lock", "failed", 20, Kind::None, "");
        row("fresh", "pending-upgrade", 20, Kind::Deploying,
            "revision 1 is pending-upgrade for 20 s: somebody is deploying now");
        row("just under", "pending-rollback", 599, Kind::Deploying, "for 9 min");
        row("old", "pending-upgrade", 600, Kind::LeftBehind, "left this lock behind");
        row("days", "pending-install", 200'000, Kind::LeftBehind, "for 55 h");
        row("a clock that goes ahead", "pending-upgrade", -30, Kind::Deploying, "for 0 s");
    }
    void aLockIsJudgedByItsAge()
    {
        QFETCH(const QByteArray, status);
        QFETCH(const qint64, seconds);
        QFETCH(const int, kind);
        QFETCH(const QString, says);
        const HelmLock lock = lockOf(historyOf({status}), made.addSecs(seconds));
        QCOMPARE(int(lock.kind), kind);
        QVERIFY2(says.isEmpty() ? lock.sentence.isEmpty() : lock.sentence.contains(says),
                 qPrintable(lock.sentence));
    }

    void onlyTheNewestRevisionLocks()
    {
        QCOMPARE(lockOf(historyOf({"deployed", "pending-upgrade"}), made.addDays(1)).kind,
                 HelmLock::Kind::None);
        QCOMPARE(lockOf({}, made).kind, HelmLock::Kind::None);
    }

    void aLockOfUnknownAgeIsNotCalledLeftBehind()
    {
        const HelmLock lock = lockOf(historyOf({"pending-upgrade"}), {});
        QCOMPARE(lock.kind, HelmLock::Kind::Deploying);
        QVERIFY(lock.sentence.contains(QStringLiteral("since when is not known")));
    }
};

QTEST_GUILESS_MAIN(HelmHistoryTest)
#include "helmhistorytest.moc"
