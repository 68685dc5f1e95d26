#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace {

constexpr int patience = 90'000;

QString program(const char *name)
{
    return QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/") + QLatin1String(name);
}

/// A rehearsal world five times as fast as life, with its real metrics server.
class World
{
public:
    World(int beat, const QString &fault)
    {
        // Root's servers run as nobody, who must be able to pass.
        QFile::setPermissions(m_dir.path(), QFile::permissions(m_dir.path()) | QFile::ExeOther);
        QStringList arguments{QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                              QStringLiteral("--dir"),      m_dir.filePath(QStringLiteral("world")),
                              QStringLiteral("--speed"),    QStringLiteral("5"),
                              QStringLiteral("--start-at"), QString::number(beat)};
        if (!fault.isEmpty())
            arguments << QStringLiteral("--fault") << fault;
        m_sandbox.start(program("pilothouse-sandbox"), arguments);
        QByteArray line;
        while (!line.endsWith('\n') && m_sandbox.waitForReadyRead(patience))
            line += m_sandbox.readLine();
        workspace
            = QJsonDocument::fromJson(line).object().value(QLatin1String("workspace")).toString();
    }
    ~World()
    {
        m_sandbox.terminate();
        m_sandbox.waitForFinished(20'000);
    }
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    QString workspace; ///< empty if the world did not come

    /// A home of its own: journal and settings.
    [[nodiscard]] QString home() const { return m_dir.path(); }

private:
    QTemporaryDir m_dir;
    QProcess m_sandbox;
};

struct Outcome
{
    int code = -1;
    QList<QJsonObject> lines;
    QString complaint;
};

Outcome guard(const QStringList &arguments, const QString &home)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_DATA_HOME"), home);
    environment.insert(QStringLiteral("XDG_CACHE_HOME"), home);
    environment.insert(QStringLiteral("CI"), QStringLiteral("true"));
    process.setProcessEnvironment(environment);
    process.start(program("pilothouse-cli"),
                  QStringList{QStringLiteral("guard"), QStringLiteral("--json")} + arguments);
    if (!process.waitForFinished(patience) || process.exitStatus() != QProcess::NormalExit)
        return {};
    Outcome outcome{process.exitCode(), {}, QString::fromUtf8(process.readAllStandardError())};
    for (const QByteArray &line : process.readAllStandardOutput().split('\n')) {
        if (!line.isEmpty())
            outcome.lines.append(QJsonDocument::fromJson(line).object());
    }
    return outcome;
}

QString text(const QJsonObject &line, const char *key)
{
    return line.value(QLatin1String(key)).toString();
}

} // namespace

/// `pilothouse-cli guard` on the rehearsal, as a workflow would run it.
class GuardTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWorldDecides_data()
    {
        QTest::addColumn<int>("beat");
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("time");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *name, int beat, const char *fault, const char *time,
                            int code, const char *verdict, const char *sentence) {
            QTest::newRow(name) << beat << QString::fromLatin1(fault) << QString::fromLatin1(time)
                                << code << QString::fromLatin1(verdict)
                                << QString::fromLatin1(sentence);
        };
        row("a good candidate passes", 6, "", "12s", 0, "PASS", "watched for 0:12: PASS");
        row("a bad one is rolled back", 10, "", "2m", 1, "rolled back", "accepted 0 %");
        row("without metrics there is no pass", 6, "prometheus=lost", "3s", 3, "NO DATA",
            "UNWATCHED for 0:0");
    }
    void theWorldDecides()
    {
        QFETCH(int, beat);
        QFETCH(QString, fault);
        QFETCH(QString, time);
        QFETCH(int, code);
        QFETCH(QString, verdict);
        QFETCH(QString, sentence);
        const World world(beat, fault);
        QVERIFY(!world.workspace.isEmpty());
        const Outcome outcome
            = guard({QStringLiteral("--workspace"), world.workspace, QStringLiteral("--track"),
                     QStringLiteral("standalone"), QStringLiteral("--for"), time},
                    world.home());
        QVERIFY2(!outcome.lines.isEmpty(), qPrintable(outcome.complaint));
        const QJsonObject last = outcome.lines.last();
        QVERIFY2(outcome.code == code, QJsonDocument(last).toJson().constData());
        QCOMPARE(text(last, "verdict"), verdict);
        QVERIFY2(text(last, "sentence").startsWith(sentence), qPrintable(text(last, "sentence")));
        if (code == 1)
            QCOMPARE(last.value(QLatin1String("weight")).toInt(-1), 0);
    }

    void itSaysWhatIsMissing_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("complaint");
        QTest::newRow("a time that is none")
            << QStringList{QStringLiteral("--for"), QStringLiteral("soon")}
            << QStringLiteral("--for soon is no time");
        QTest::newRow("no workspace")
            << QStringList{QStringLiteral("--workspace"), QStringLiteral("/nowhere.yaml")}
            << QStringLiteral("/nowhere.yaml");
        QTest::newRow("a word too many")
            << QStringList{QStringLiteral("standalone")} << QStringLiteral("standalone");
        QTest::newRow("a track that is not there") << QStringList{
            QStringLiteral("--workspace"),
            QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/templates/pilothouse.yaml"),
            QStringLiteral("--track"),
            QStringLiteral("nothing")} << QStringLiteral("There is no track nothing");
    }
    void itSaysWhatIsMissing()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, complaint);
        const QTemporaryDir home;
        const Outcome outcome = guard(arguments, home.path());
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.complaint.contains(complaint), qPrintable(outcome.complaint));
    }
};

QTEST_GUILESS_MAIN(GuardTest)
#include "guardtest.moc"
