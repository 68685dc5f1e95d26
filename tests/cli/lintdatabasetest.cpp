#include "ownhome.h"
#include "support/postgresserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace pilothouse;

/// `pilothouse-cli lint --database`, with a real PostgreSQL.
class CliLintDatabaseTest final : public QObject
{
    Q_OBJECT

private:
    PostgresServer m_server;
    QString m_database;
    std::unique_ptr<OwnHome> m_home;

    [[nodiscard]] QByteArray workspace(int port) const
    {
        return QByteArrayLiteral("pilothouse: 1\nname: it\nrepository: {path: .}\ndatabases:\n"
                                 "  shop: {host: 127.0.0.1, port: ")
               + QByteArray::number(port) + ", dbname: " + m_database.toUtf8()
               + ", user: postgres, rehearse_on: {host: 127.0.0.1, port: "
               + QByteArray::number(port) + ", dbname: postgres, user: postgres}}\n";
    }
    [[nodiscard]] Ended lint(const QByteArray &statement, const QStringList &more = {}) const
    {
        return m_home->run(QStringList{QStringLiteral("lint"), QStringLiteral("-"),
                                       QStringLiteral("--phase"), QStringLiteral("contract"),
                                       QStringLiteral("--json")}
                               + more,
                           QByteArrayLiteral("SET lock_timeout = '1s';\n"
                                             "SET statement_timeout = '5s';\n")
                               + statement);
    }
    [[nodiscard]] Ended lintThere(const QByteArray &statement) const
    {
        return lint(statement, {QStringLiteral("--database"), QStringLiteral("shop")});
    }
    static QStringList blocking(const Ended &ended)
    {
        QStringList rules;
        const QJsonArray findings
            = QJsonDocument::fromJson(ended.out).object()[QLatin1String("findings")].toArray();
        for (const auto &finding : findings) {
            if (finding.toObject()[QLatin1String("severity")] == QLatin1String("block"))
                rules << finding.toObject()[QLatin1String("id")].toString();
        }
        return rules;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (PostgresServer::newest().isEmpty() && qgetenv("CI") != "true")
            QSKIP("there is no PostgreSQL: packaging/setup brings it");
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_database = m_server.createDatabase(QStringLiteral("lint"));
        for (const char *statement :
             {"CREATE SCHEMA app", "CREATE TABLE app.t (id bigint PRIMARY KEY, a int, b int)",
              "ALTER TABLE app.t ADD CONSTRAINT a_there CHECK (a IS NOT NULL)",
              "CREATE INDEX t_b ON app.t (b)"})
            QCOMPARE(m_server.sql(m_database, QLatin1String(statement)), QString());
    }
    void init()
    {
        m_home = std::make_unique<OwnHome>();
        m_home->write("pilothouse.yaml", workspace(m_server.port()));
    }

    void whatTheDatabaseProvesIsNotHeldAgainstAStatement()
    {
        const QByteArray proved = "ALTER TABLE app.t ALTER COLUMN a SET NOT NULL;";
        QVERIFY(!blocking(lint(proved)).isEmpty());
        const Ended known = lintThere(proved);
        QCOMPARE(blocking(known), QStringList());
        QCOMPARE(known.code, 0);
        QVERIFY(!blocking(lintThere("ALTER TABLE app.t ALTER COLUMN b SET NOT NULL;")).isEmpty());
    }
    void theVersionIsThatOfTheDatabase()
    {
        const QJsonObject report = QJsonDocument::fromJson(lintThere("SELECT 1;").out).object();
        QCOMPARE(QString::number(report[QLatin1String("server")].toInt()),
                 m_server.sql(m_database, QStringLiteral("SHOW server_version_num")));
        const Ended both = lint("SELECT 1;", {QStringLiteral("--database"), QStringLiteral("shop"),
                                              QStringLiteral("--pg"), QStringLiteral("15")});
        QCOMPARE(both.code, 2);
        QVERIFY2(both.err.contains("what the database says itself"), both.err.constData());
    }
    void aRehearsalShowsWhatTheServerDoesBesideTheRules()
    {
        m_home->set("PATH", PostgresServer::newest() + QStringLiteral(":/usr/bin:/bin"));
        const QStringList rehearse{QStringLiteral("--database"), QStringLiteral("shop"),
                                   QStringLiteral("--rehearse")};
        const Ended asSaid = lint("ALTER TABLE app.t ADD COLUMN x int;", rehearse);
        QVERIFY2(asSaid.err.isEmpty(), asSaid.err.constData());
        QCOMPARE(asSaid.code, 0);
        const QJsonObject added = QJsonDocument::fromJson(asSaid.out)
                                      .object()[QLatin1String("rehearsal")]
                                      .toObject()[QLatin1String("statements")]
                                      .toArray()
                                      .at(2)
                                      .toObject();
        QCOMPARE(added[QLatin1String("line")].toInt(), 3);
        QCOMPARE(added[QLatin1String("end")].toString(), QStringLiteral("ran"));
        QCOMPARE(added[QLatin1String("locks")].toObject()[QLatin1String("app.t")].toString(),
                 QStringLiteral("ACCESS EXCLUSIVE"));
        QVERIFY(added[QLatin1String("differences")].toArray().isEmpty());

        const Ended refused = lint("ALTER TABLE app.t ALTER COLUMN none SET DEFAULT 1;", rehearse);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.out.contains("does not exist"), refused.out.constData());
        QCOMPARE(m_server.sql(m_database, QStringLiteral("SELECT count(*) FROM pg_attribute WHERE "
                                                         "attrelid = 'app.t'::regclass AND attname "
                                                         "= 'x'")),
                 QStringLiteral("0"));
    }
    void aWholeContractIsRehearsedAsTheRulesSayIt()
    {
        m_home->set("PATH", PostgresServer::newest() + QStringLiteral(":/usr/bin:/bin"));
        const Ended ended = lint(
            "ALTER TABLE app.t ADD CONSTRAINT b_there CHECK (b IS NOT NULL) NOT VALID;\n"
            "SET lock_timeout = 0;\nSET statement_timeout = 0;\n"
            "ALTER TABLE app.t VALIDATE CONSTRAINT b_there;\n"
            "SET lock_timeout = '1s';\nSET statement_timeout = '5s';\n"
            "ALTER TABLE app.t ALTER COLUMN b SET NOT NULL;\n"
            "ALTER TABLE app.t DROP CONSTRAINT b_there;\n",
            {QStringLiteral("--database"), QStringLiteral("shop"), QStringLiteral("--rehearse")});
        const QJsonArray statements = QJsonDocument::fromJson(ended.out)
                                          .object()[QLatin1String("rehearsal")]
                                          .toObject()[QLatin1String("statements")]
                                          .toArray();
        QCOMPARE(statements.size(), 10);
        for (const auto &each : statements)
            QVERIFY2(each.toObject()[QLatin1String("differences")].toArray().isEmpty(),
                     ended.out.constData());
        QCOMPARE(blocking(ended), QStringList());
        QCOMPARE(ended.code, 0);
    }
    void aGuardOverRowsThatAreNotFilledIsSaid()
    {
        const QByteArray guard = "ALTER TABLE app.t ADD CONSTRAINT b_there CHECK (b IS NOT NULL) "
                                 "NOT VALID;\n";
        const auto rules = [this, &guard] {
            QStringList ids;
            const QJsonArray findings = QJsonDocument::fromJson(lintThere(guard).out)
                                            .object()[QLatin1String("findings")]
                                            .toArray();
            for (const auto &each : findings)
                ids << each.toObject()[QLatin1String("id")].toString();
            return ids;
        };
        QVERIFY(!rules().contains(QStringLiteral("CN09")));
        QCOMPARE(m_server.sql(m_database, QStringLiteral("INSERT INTO app.t VALUES (7, 1, NULL)")),
                 QString());
        QVERIFY(rules().contains(QStringLiteral("CN09")));
        QCOMPARE(m_server.sql(m_database, QStringLiteral("DELETE FROM app.t WHERE id = 7")),
                 QString());
    }
    void aDatabaseWithoutAPlaceToRehearseIsSaidWithTheKey()
    {
        QByteArray without = workspace(m_server.port());
        without = without.left(without.indexOf(", rehearse_on")) + "}\n";
        m_home->write("pilothouse.yaml", without);
        const Ended ended = lint("SELECT 1;", {QStringLiteral("--database"), QStringLiteral("shop"),
                                               QStringLiteral("--rehearse")});
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains("databases.shop.rehearse_on"), ended.err.constData());
    }
    void aDatabaseThatIsNotNamedIsRefusedWithThoseThatAre()
    {
        const Ended ended
            = lint("SELECT 1;", {QStringLiteral("--database"), QStringLiteral("shoe")});
        QCOMPARE(ended.code, 2);
        QCOMPARE(ended.err, QByteArray("There is no database shoe; there is: shop.\n"));
        QVERIFY(ended.out.isEmpty());
    }
    void aServerThatIsNotThereIsSaidAndNothingLooksLinted()
    {
        m_home->write("pilothouse.yaml", workspace(1));
        const Ended ended = lintThere("SELECT 1;");
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains("127.0.0.1:1"), ended.err.constData());
        QVERIFY(ended.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(CliLintDatabaseTest)
#include "lintdatabasetest.moc"
