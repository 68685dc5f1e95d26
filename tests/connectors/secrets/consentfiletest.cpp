#include "connectors/secrets/consentfile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using Standing = Consent::Standing;

class ConsentFileTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    const QDateTime m_at{QDate(2026, 11, 3), QTime(9, 30), Qt::UTC};

    QString path() const { return m_dir->filePath(QStringLiteral("config/consent.json")); }
    static ProgramUse use()
    {
        return {QStringLiteral("/opt/login"),
                {QStringLiteral("--region"), QStringLiteral("eu hush")},
                "aa11",
                {QStringLiteral("ACCOUNT")},
                QStringLiteral("kubeconfig x, context prod")};
    }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void nothingIsAllowedBeforeItIs()
    {
        ConsentFile file(path());
        QCOMPARE(file.of(use())->standing, Standing::Unknown);
        QVERIFY(!QFile::exists(path()));
    }

    void whatWasAllowedIsKnownToOthersOfTheUser()
    {
        ConsentFile file(path());
        QVERIFY(file.allow(use(), m_at));
        const auto known = ConsentFile(path()).of(use());
        QCOMPARE(known->standing, Standing::Allowed);
        QCOMPARE(known->since, m_at);
        // Whoever asks for it is not part of what was allowed.
        ProgramUse same = use();
        same.askedBy = QStringLiteral("kubeconfig y");
        QCOMPARE(file.of(same)->standing, Standing::Allowed);
    }

    void anotherContentIsAChange()
    {
        ConsentFile file(path());
        QVERIFY(file.allow(use(), m_at));
        ProgramUse changed = use();
        changed.sha256 = "bb22";
        QCOMPARE(file.of(changed)->standing, Standing::Changed);
        QCOMPARE(file.of(changed)->since, m_at);
        // The new one in place of the old: going back to it is asked about again.
        QVERIFY(file.allow(changed, m_at.addDays(1)));
        QCOMPARE(file.of(changed)->standing, Standing::Allowed);
        QCOMPARE(file.of(use())->standing, Standing::Changed);
    }

    void anythingElseIsAnotherProgram_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("environment");
        const ProgramUse one = use();
        QTest::newRow("another path")
            << QStringLiteral("/tmp/login") << one.arguments << one.environment;
        QTest::newRow("an argument more")
            << one.program << one.arguments + QStringList{QString()} << one.environment;
        QTest::newRow("arguments cut elsewhere")
            << one.program << QStringList{QStringLiteral("--region eu"), QStringLiteral("hush")}
            << one.environment;
        QTest::newRow("another variable")
            << one.program << one.arguments << QStringList{QStringLiteral("LD_PRELOAD")};
        QTest::newRow("a variable as an argument")
            << one.program << one.arguments + one.environment << QStringList();
    }
    void anythingElseIsAnotherProgram()
    {
        QFETCH(QString, program);
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, environment);
        ConsentFile file(path());
        QVERIFY(file.allow(use(), m_at));
        const ProgramUse other{program, arguments, use().sha256, environment, {}};
        QCOMPARE(file.of(other)->standing, Standing::Unknown);
        QVERIFY(file.allow(other, m_at));
        QCOMPARE(file.of(use())->standing, Standing::Allowed);
    }

    void whatIsWithdrawnIsAskedAboutAgain()
    {
        ConsentFile file(path());
        QCOMPARE(file.withdraw(use()).error().kind, ErrorKind::NotFound);
        QVERIFY(file.allow(use(), m_at));
        QVERIFY(file.withdraw(use()));
        QCOMPARE(file.of(use())->standing, Standing::Unknown);
        QCOMPARE(file.withdraw(use()).error().kind, ErrorKind::NotFound);
    }

    void theFileIsTheUsersOwnAndHoldsNoArguments()
    {
        ConsentFile consent(path());
        QVERIFY(consent.allow(use(), m_at));
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray content = file.readAll();
        QVERIFY(content.contains("/opt/login"));
        QVERIFY(!content.contains("hush") && !content.contains("ACCOUNT"));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
    }

    void aFileThatCannotBeUnderstoodAllowsNothing()
    {
        ConsentFile consent(path());
        QVERIFY(consent.allow(use(), m_at));
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{}") == 2);
        file.close();
        const auto known = consent.of(use());
        QVERIFY(!known);
        QCOMPARE(known.error().kind, ErrorKind::BadInput);
        QVERIFY(known.error().message.contains(path()));
        // What somebody wrote there is not thrown away unasked.
        QVERIFY(!consent.allow(use(), m_at));
    }

    void aPlaceThatCannotBeWrittenIsSaid()
    {
        QFile blocker(m_dir->filePath(QStringLiteral("config")));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        const auto allowed = ConsentFile(path()).allow(use(), m_at);
        QVERIFY(!allowed);
        QCOMPARE(allowed.error().kind, ErrorKind::Unavailable);
        QVERIFY(allowed.error().message.contains(QStringLiteral("not remembered")));
    }
};

QTEST_GUILESS_MAIN(ConsentFileTest)
#include "consentfiletest.moc"
