#include "changeworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QXmlStreamReader>

using namespace pilothouse;

namespace {

QJsonObject json(const Ended &ended)
{
    return QJsonDocument::fromJson(ended.out).object();
}

QJsonObject database(const Ended &ended)
{
    return json(ended)[QLatin1String("databases")].toArray().at(0).toObject();
}

QJsonObject firstContract(const Ended &ended)
{
    return database(ended)[QLatin1String("contracts")].toArray().at(0).toObject();
}

} // namespace

/// `pilothouse-cli check`, with a real PostgreSQL and a real repository.
class CliCheckTest final : public QObject
{
    Q_OBJECT

private:
    PostgresServer m_server;
    std::unique_ptr<ChangeWorld> m_world;

    [[nodiscard]] Ended check(const QStringList &more = {QStringLiteral("--json")}) const
    {
        return m_world->home.run(
            QStringList{QStringLiteral("check"), QStringLiteral("--fail-overdue")} + more);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (PostgresServer::newest().isEmpty() && qgetenv("CI") != "true")
            QSKIP("there is no PostgreSQL: packaging/setup brings it");
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    }
    void init() { m_world = std::make_unique<ChangeWorld>(m_server); }

    void aContractThatIsLateFailsAndNamesWhatItWaitsFor()
    {
        m_world->commitChange(-9);
        m_world->expand(ChangeWorld::changeDue(-9));
        const Ended ended = check();
        QCOMPARE(ended.err, QByteArray());
        QCOMPARE(ended.code, 1);
        QCOMPARE(json(ended)[QLatin1String("late")].toInt(), 1);
        const QJsonObject contract = firstContract(ended);
        QCOMPARE(contract[QLatin1String("change")].toString(),
                 QStringLiteral("conversations-organization-id"));
        QCOMPARE(contract[QLatin1String("days_left")].toInt(), -9);
        QCOMPARE(contract[QLatin1String("state")].toString(), QStringLiteral("EXPANDED"));
        QCOMPARE(contract[QLatin1String("urgency")].toString(), QStringLiteral("stuck"));
        QVERIFY(!contract[QLatin1String("against")].toArray().isEmpty());
        QCOMPARE(contract[QLatin1String("found_by")].toArray(),
                 (QJsonArray{QStringLiteral("file"), QStringLiteral("record"),
                             QStringLiteral("marker")}));
        QVERIFY(database(ended)[QLatin1String("leftovers")].toArray().isEmpty());
    }
    void beforeItsDayItIsToldAndNothingFails()
    {
        m_world->commitChange(5);
        m_world->expand(ChangeWorld::changeDue(5));
        const Ended ended = check({});
        QCOMPARE(ended.code, 0);
        QVERIFY2(ended.out.contains("conversations-organization-id: EXPANDED, due in 5 days"),
                 ended.out.constData());
        QVERIFY2(ended.out.endsWith("0 late\n"), ended.out.constData());
    }
    void theDayIsTheServers()
    {
        // Its own date in UTC, whatever zone this machine and the session have.
        m_world->commitChange(0);
        m_world->expand(ChangeWorld::changeDue(0));
        m_world->home.set("TZ", QStringLiteral("Pacific/Kiritimati"));
        const int east = firstContract(check())[QLatin1String("days_left")].toInt();
        m_world->home.set("TZ", QStringLiteral("Pacific/Pago_Pago"));
        QCOMPARE(firstContract(check())[QLatin1String("days_left")].toInt(), east);
    }
    void aChangeWhoseFileIsGoneIsFoundByItsRecordOrItsMarker_data()
    {
        QTest::addColumn<QString>("lost");
        QTest::addColumn<QStringList>("foundBy");
        QTest::newRow("both") << QString()
                              << QStringList{QStringLiteral("record"), QStringLiteral("marker")};
        QTest::newRow("the comment was overwritten")
            << QStringLiteral("COMMENT ON COLUMN conversations.organization_id IS 'the owner'")
            << QStringList{QStringLiteral("record")};
        QTest::newRow("the record was lost") << QStringLiteral("DROP SCHEMA pilothouse CASCADE")
                                             << QStringList{QStringLiteral("marker")};
    }
    void aChangeWhoseFileIsGoneIsFoundByItsRecordOrItsMarker()
    {
        QFETCH(QString, lost);
        QFETCH(QStringList, foundBy);
        m_world->commit({{"README.md", "none\n"}});
        m_world->expand(ChangeWorld::changeDue(-1));
        if (!lost.isEmpty())
            m_world->run({lost});
        const Ended ended = check();
        QCOMPARE(ended.code, 1);
        const QJsonObject contract = firstContract(ended);
        QCOMPARE(contract[QLatin1String("found_by")].toArray(),
                 QJsonArray::fromStringList(foundBy));
        QCOMPARE(contract[QLatin1String("urgency")].toString(), QStringLiteral("cannot-tell"));
    }
    void aChangeThatIsOverIsSilent()
    {
        m_world->commitChange(-9);
        const Change change = ChangeWorld::changeDue(-9);
        m_world->expand(change);
        m_world->run({stepsql::setNotNull(change)});
        m_world->run(stepsql::dropSync(change));
        m_world->run({stepsql::unmarkColumn(change)});
        const Ended ended = check();
        QCOMPARE(ended.code, 0);
        QVERIFY(database(ended)[QLatin1String("contracts")].toArray().isEmpty());
    }
    void whatNobodyRegisteredIsToldWithWhatToDo()
    {
        m_world->commit({{"README.md", "none\n"}});
        m_world->run({QStringLiteral(
            "ALTER TABLE conversations ADD CONSTRAINT of_user FOREIGN KEY (user_id) "
            "REFERENCES users NOT VALID")});
        const Ended ended = check({});
        QCOMPARE(ended.code, 0);
        QVERIFY2(ended.out.contains("context: constraint of_user of public.conversations is NOT "
                                    "VALID: old rows were never checked\n    ALTER TABLE "
                                    "public.conversations VALIDATE CONSTRAINT of_user, or drop it"),
                 ended.out.constData());
    }
    void aCiHostGetsItAsJUnit()
    {
        m_world->commitChange(-2);
        m_world->expand(ChangeWorld::changeDue(-2));
        const Ended ended = check({QStringLiteral("--junit"), m_world->home.path("check.xml")});
        QCOMPARE(ended.code, 1);
        QVERIFY(ended.out.contains("2 days late")); // the text is told beside it
        QFile file(m_world->home.path("check.xml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        QStringList seen;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement)
                continue;
            const auto attributes = xml.attributes();
            seen << QStringLiteral("%1 %2").arg(
                xml.name(), attributes.value(QLatin1String(
                                xml.name() == QLatin1String("failure") ? "message" : "name")));
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(seen,
                 (QStringList{QStringLiteral("testsuites "), QStringLiteral("testsuite context"),
                              QStringLiteral("testcase conversations-organization-id"),
                              QStringLiteral("failure CONTRACT 2 days late")}));
    }
    void aServerThatIsNotThereIsNoProofThatNothingIsLate()
    {
        m_world->commitChange(5);
        m_world->writeWorkspace(1);
        const Ended ended = check();
        QCOMPARE(ended.code, 3);
        QVERIFY(!json(ended)[QLatin1String("all_read")].toBool());
        QVERIFY(!database(ended)[QLatin1String("unread")].toArray().isEmpty());
    }
    void aFileThatCannotBeReadIsNoProofEither()
    {
        m_world->commit({{"migrations/changes/a.yaml", "change: 1\nname: [\n"}});
        const Ended ended = check({});
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.out.startsWith("not read: migrations/changes/a.yaml"),
                 ended.out.constData());
    }
    void theTextOfATicketIsPrinted()
    {
        m_world->commitChange(5);
        m_world->expand(ChangeWorld::changeDue(5));
        const Ended ended = m_world->home.run(
            {QStringLiteral("check"), QStringLiteral("--ticket"), sampleChange().name.value});
        QCOMPARE(ended.code, 0);
        QVERIFY2(ended.out.startsWith("# CONTRACT conversations-organization-id in context by "),
                 ended.out.constData());
        QVERIFY2(ended.out.contains("(due in 5 days)"), ended.out.constData());
        const Ended none = m_world->home.run(
            {QStringLiteral("check"), QStringLiteral("--ticket"), QStringLiteral("orders")});
        QCOMPARE(none.code, 3);
        QCOMPARE(none.err, QByteArray("orders is open in no database that could be read.\n"));
    }
    void aReminderIsPutOffWithAReasonAndForAWhile()
    {
        m_world->commitChange(-9);
        m_world->expand(ChangeWorld::changeDue(-9));
        const auto snooze = [this](int days, const QStringList &more) {
            return m_world->home.run(
                QStringList{QStringLiteral("snooze"), sampleChange().name.value,
                            QStringLiteral("--until"), today().addDays(days).toString(Qt::ISODate)}
                + more);
        };
        const QStringList confirmed{QStringLiteral("--confirm"), QStringLiteral("snooze")};
        const QStringList reason{QStringLiteral("--reason"), QStringLiteral("the vendor's freeze")};
        const Ended shown = snooze(3, {});
        QCOMPARE(shown.code, 0);
        QVERIFY2(shown.out.contains("CREATE TABLE pilothouse.snooze"), shown.out.constData());
        QVERIFY2(shown.out.contains("a reminder cannot be dismissed"), shown.out.constData());
        const Ended unreasoned = snooze(3, confirmed);
        QCOMPARE(unreasoned.code, 2);
        QVERIFY2(unreasoned.err.startsWith("A reminder is put off with a reason only"),
                 unreasoned.err.constData());
        QCOMPARE(snooze(0, confirmed + reason).code, 4);
        QCOMPARE(snooze(32, confirmed + reason).code, 4);
        QCOMPARE(check().code, 1); // nothing of this put it off

        const Ended done = snooze(3, confirmed + reason);
        QVERIFY2(done.err.isEmpty(), done.err.constData());
        QCOMPARE(done.out, QByteArray("the database keeps it\n"));
        QCOMPARE(snooze(5, confirmed + reason).code, 0);
        const Ended silent = check();
        QCOMPARE(silent.code, 0);
        const QJsonObject kept = firstContract(silent)[QLatin1String("snoozed")].toObject();
        QCOMPARE(kept[QLatin1String("times")].toInt(), 2);
        QCOMPARE(kept[QLatin1String("days")].toInt(), 8);
        QCOMPARE(kept[QLatin1String("reason")].toString(), QStringLiteral("the vendor's freeze"));
        QVERIFY(firstContract(silent)[QLatin1String("silent")].toBool());
        QCOMPARE(firstContract(silent)[QLatin1String("days_left")].toInt(), -9); // as late as it is
        const Ended told = check({});
        QVERIFY2(told.out.contains("snoozed 2 times, 8 days in total"), told.out.constData());
        // Its day over it reminds again.
        m_world->run({QStringLiteral("UPDATE pilothouse.snooze SET until = current_date - 1")});
        QCOMPARE(check().code, 1);
    }
    void aWorkspaceWithoutADatabaseIsAMistake()
    {
        m_world->home.write("pilothouse.yaml",
                            "pilothouse: 1\nname: it\nrepository: {path: clone}\n");
        const Ended ended = check();
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains("names no database"), ended.err.constData());
    }
};

QTEST_GUILESS_MAIN(CliCheckTest)
#include "checktest.moc"
