#include "cloudrunsetup.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class TestCloudRunConflicts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void conflictsOfTheServer_data();
    void conflictsOfTheServer();
    void whoWasFasterIsSaid_data();
    void whoWasFasterIsSaid();
    void aSecondLookThatFailsLeavesTheConflict();
};

void TestCloudRunConflicts::conflictsOfTheServer_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("409") << 409 << QByteArray(R"({"error":{"message":"ABORTED"}})");
    QTest::newRow("412") << 412 << QByteArray();
    QTest::newRow("400 about the etag")
        << 400 << QByteArray(R"({"error":{"message":"Etag does not match"}})");
}

void TestCloudRunConflicts::conflictsOfTheServer()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    Setup s;
    s.readFirst();
    s.http.answer(status, body);
    s.http.answer(200, shared(10).bytes()); // it does not tell of anybody
    const auto result = await(s.control.setWeight(s.request(50)));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Conflict);
    QVERIFY(result.error().message.endsWith(QStringLiteral("Read again."))
            || result.error().message.contains(QStringLiteral("Read again. It says")));
    // Never again by itself.
    QCOMPARE(s.http.log(), QStringList({QStringLiteral("PATCH ") + servicePath
                                            + QStringLiteral("?updateMask=traffic,annotations"),
                                        QStringLiteral("GET ") + servicePath}));
}

void TestCloudRunConflicts::whoWasFasterIsSaid_data()
{
    const auto at = [](int percent) {
        return shared(percent, QStringLiteral("\"e2\""));
    };
    WeightChange change;
    change.at = QDateTime(QDate(2026, 11, 24), QTime(13, 21), Qt::UTC);
    change.actor = QStringLiteral("B. Novak");
    change.from = Weight{10};
    change.to = Weight{25};
    Hold hold;
    hold.by = QStringLiteral("C. Lang");
    hold.since = change.at;
    QTest::addColumn<QByteArray>("now");
    QTest::addColumn<QString>("who");
    ServiceJson moved = at(25);
    moved.annotations.insert(QLatin1String(changesAnnotation),
                             QString::fromUtf8(encodeChanges({change})));
    QTest::newRow("a console moved the weight")
        << moved.bytes() << QStringLiteral("B. Novak (10 → 25 %)");
    ServiceJson held = at(10);
    held.annotations.insert(QLatin1String(holdAnnotation), QString::fromUtf8(encodeHold(hold)));
    QTest::newRow("a console holds it") << held.bytes() << QStringLiteral("C. Lang");
    QTest::newRow("somebody by gcloud") << at(40).bytes() << QStringLiteral("b.novak@acme.example");
    // The newest of a console is older than that.
    moved = at(40);
    moved.annotations.insert(QLatin1String(changesAnnotation),
                             QString::fromUtf8(encodeChanges({change})));
    QTest::newRow("a console, and somebody after it")
        << moved.bytes() << QStringLiteral("b.novak@acme.example");
}

void TestCloudRunConflicts::whoWasFasterIsSaid()
{
    QFETCH(QByteArray, now);
    QFETCH(QString, who);
    Setup s;
    s.readFirst();
    s.http.answer(409, R"({"error":{"message":"ABORTED"}})");
    s.http.answer(200, now);
    const auto result = await(s.control.setWeight(s.request(50)));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Conflict);
    QCOMPARE(result.error().message,
             QStringLiteral("The service was changed by %1 since it was read. Look at it again, "
                            "then decide.")
                 .arg(who));
}

void TestCloudRunConflicts::aSecondLookThatFailsLeavesTheConflict()
{
    Setup s;
    s.readFirst();
    s.http.answer(409, R"({"error":{"message":"ABORTED"}})");
    s.http.answer(500, {});
    const auto result = await(s.control.setWeight(s.request(50)));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Conflict);
    QVERIFY(result.error().message.contains(QStringLiteral("Read again. It says: ABORTED")));
}

QTEST_GUILESS_MAIN(TestCloudRunConflicts)
#include "cloudrunconflicts.moc"
