#include "cli/rehearsalworld.h"
#include "connectors/notify/privatebus.h"
#include "connectors/notify/standindesktop.h"

#include "support/places.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QJsonArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

Outcome guard(const QStringList &arguments, const QString &home)
{
    return runCli(QStringList{QStringLiteral("guard"), QStringLiteral("--json")} + arguments, home);
}

/// One that runs while something else happens.
class Guard
{
public:
    Guard(const QStringList &arguments, const QString &home) : Guard(arguments, environmentOf(home))
    {}
    Guard(const QStringList &arguments, const QProcessEnvironment &environment)
    {
        m_process.setProcessEnvironment(environment);
        m_process.start(program("pilothouse-cli"),
                        QStringList{QStringLiteral("guard"), QStringLiteral("--json")} + arguments);
    }
    /// Waits until it judged by data.
    [[nodiscard]] bool watches()
    {
        const QDeadlineTimer deadline(patience);
        while (!m_last.value(QLatin1String("watches")).toBool()) {
            if (deadline.hasExpired() || !readLine())
                return false;
        }
        return true;
    }
    /// Waits for its end.
    [[nodiscard]] int code()
    {
        while (readLine()) {
        }
        const bool over
            = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(patience);
        return over ? m_process.exitCode() : -1;
    }
    [[nodiscard]] const QJsonObject &last() const { return m_last; }
    [[nodiscard]] qint64 process() const { return m_process.processId(); }
    void terminate() { m_process.terminate(); }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished(patience);
    }

private:
    bool readLine()
    {
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(patience))
                return false;
        }
        m_last = QJsonDocument::fromJson(m_process.readLine()).object();
        return true;
    }

    QProcess m_process;
    QJsonObject m_last;
};

/// An object of the world, read or patched by somebody past every console.
class ClusterObject
{
public:
    ClusterObject(const World &world, const QString &path) : m_url(world.kubernetes + path)
    {
        QFile kubeconfig(world.kubeconfig);
        if (kubeconfig.open(QIODevice::ReadOnly)) {
            static const QRegularExpression token(QStringLiteral("token: ['\"]([^'\"]+)"));
            m_token = token.match(QString::fromUtf8(kubeconfig.readAll())).captured(1);
        }
    }

protected:
    QJsonObject send(const char *verb, const QByteArray &body)
    {
        QNetworkRequest request{QUrl(m_url)};
        request.setRawHeader("Authorization", "Bearer " + m_token.toUtf8());
        request.setRawHeader("Content-Type", "application/json-patch+json");
        QNetworkReply *reply = m_manager.sendCustomRequest(request, verb, body);
        const QSignalSpy finished(reply, &QNetworkReply::finished);
        (void)QTest::qWaitFor([&finished] { return !finished.isEmpty(); }, patience);
        return QJsonDocument::fromJson(reply->readAll()).object();
    }

private:
    QString m_url;
    QString m_token;
    QNetworkAccessManager m_manager;
};

class Deployment final : public ClusterObject
{
public:
    Deployment(const World &world, const char *name)
        : ClusterObject(world, QStringLiteral("/apis/apps/v1/namespaces/production/deployments/")
                                   + QLatin1String(name))
    {}
    [[nodiscard]] QString image() { return imageOf(send("GET", {})); }
    /// Whether the server took it.
    [[nodiscard]] bool setImage(const QString &image)
    {
        const QJsonObject replace{
            {QStringLiteral("op"), QStringLiteral("replace")},
            {QStringLiteral("path"), QStringLiteral("/spec/template/spec/containers/0/image")},
            {QStringLiteral("value"), image}};
        return imageOf(send("PATCH", QJsonDocument(QJsonArray{replace}).toJson())) == image;
    }

private:
    static QString imageOf(const QJsonObject &object)
    {
        return object[QLatin1String("spec")][QLatin1String("template")][QLatin1String("spec")]
                     [QLatin1String("containers")][0][QLatin1String("image")]
                         .toString();
    }
};

class Route final : public ClusterObject
{
public:
    explicit Route(const World &world)
        : ClusterObject(world, QStringLiteral("/apis/gateway.networking.k8s.io/v1/namespaces/"
                                              "production/httproutes/context-intelligence"))
    {}
    /// That say on it that they watch.
    [[nodiscard]] QJsonArray guards()
    {
        const QString mark
            = send("GET", {})[QLatin1String("metadata")][QLatin1String("annotations")]
                             [QLatin1String("pilothouse.dev/guard")]
                                 .toString();
        return QJsonDocument::fromJson(mark.toUtf8()).array();
    }
};

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
            "UNWATCHED for 0:03");
        row("one that cannot be rolled back is tried again, then told", 10, "kubernetes=403", "2m",
            4, "could not act", "given up after 0:2");
        row("a warning is no pass", 9, "", "12s", 5, "MARGINAL", "watched for 0:12: MARGINAL");
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
                     QStringLiteral("standalone"), QStringLiteral("--for"), time,
                     QStringLiteral("--no-data-after"),
                     code == 3   ? QStringLiteral("3s")
                     : code == 4 ? QStringLiteral("20s")
                                 : QStringLiteral("1m")},
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
        QTest::newRow("two times") << QStringList{QStringLiteral("--for"), QStringLiteral("5m"),
                                                  QStringLiteral("--until-over")}
                                   << QStringLiteral("--for and --until-over");
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

    void whereOnlyADeployLeadsBackItLeavesThatToAPerson()
    {
        const QString helm = qEnvironmentVariable("PILOTHOUSE_PARTS") + QStringLiteral("/helm/3");
        if (!QFileInfo::exists(helm + QStringLiteral("/helm")))
            QSKIP("there is no helm: packaging/setup --for-tests fetches it");
        qputenv("PATH", helm.toUtf8() + ':' + qgetenv("PATH"));
        const World world(10, {});
        QVERIFY(!world.workspace.isEmpty());
        // The stable runs the candidate's commit: its traffic leads nowhere.
        Deployment stable(world, "context-intelligence");
        const QString tried = Deployment(world, "context-intelligence-canary").image();
        QVERIFY(!tried.isEmpty() && stable.setImage(tried));
        const Outcome outcome = guard({QStringLiteral("--workspace"), world.workspace,
                                       QStringLiteral("--track"), QStringLiteral("standalone"),
                                       QStringLiteral("--no-data-after"), QStringLiteral("20s")},
                                      world.home());
        QVERIFY2(!outcome.lines.isEmpty(), qPrintable(outcome.complaint));
        QCOMPARE(outcome.code, 4);
        const QJsonObject last = outcome.lines.last();
        QCOMPARE(text(last, "verdict"), QStringLiteral("could not act"));
        QVERIFY2(text(last, "sentence").startsWith(QLatin1String("given up after 0:2")),
                 qPrintable(text(last, "sentence")));
        QVERIFY2(text(last, "sentence").endsWith(QLatin1String("and it does not deploy")),
                 qPrintable(text(last, "sentence")));
        QCOMPARE(stable.image(), tried);
    }

    void whileItWatchesTheRouteSaysSo()
    {
        const World world(9, {});
        QVERIFY(!world.workspace.isEmpty());
        Route route(world);
        Guard guarding({QStringLiteral("--workspace"), world.workspace, QStringLiteral("--track"),
                        QStringLiteral("standalone"), QStringLiteral("--for"),
                        QStringLiteral("5m")},
                       world.home());
        QVERIFY(guarding.watches());
        QTRY_VERIFY_WITH_TIMEOUT(!route.guards().isEmpty(), patience);
        const QJsonObject mark = route.guards().first().toObject();
        QCOMPARE(text(mark, "where"), QStringLiteral("CI"));
        QCOMPARE(mark[QLatin1String("process")][QLatin1String("pid")].toInteger(),
                 guarding.process());
        const QDateTime since = QDateTime::fromString(text(mark, "since"), Qt::ISODateWithMs);
        // Five minutes under judgement, and as long without one.
        QCOMPARE(since.secsTo(QDateTime::fromString(text(mark, "until"), Qt::ISODateWithMs)), 600);
        guarding.terminate();
        QCOMPARE(guarding.code(), 143);
        QCOMPARE(text(guarding.last(), "verdict"), QStringLiteral("ended"));
        QVERIFY(route.guards().isEmpty());
    }

    void oneThatIsKilledLeavesItsMark()
    {
        const World world(9, {});
        QVERIFY(!world.workspace.isEmpty());
        Route route(world);
        Guard guarding({QStringLiteral("--workspace"), world.workspace, QStringLiteral("--track"),
                        QStringLiteral("standalone")},
                       world.home());
        QVERIFY(guarding.watches());
        QTRY_VERIFY_WITH_TIMEOUT(!route.guards().isEmpty(), patience);
        guarding.kill();
        QCOMPARE(route.guards().size(), 1);
        // The next one takes its place.
        Guard next({QStringLiteral("--workspace"), world.workspace, QStringLiteral("--track"),
                    QStringLiteral("standalone")},
                   world.home());
        QVERIFY(next.watches());
        QTRY_COMPARE_WITH_TIMEOUT(
            route.guards().first()[QLatin1String("process")][QLatin1String("pid")].toInteger(),
            next.process(), patience);
        QCOMPARE(route.guards().size(), 1);
        next.terminate();
        QCOMPARE(next.code(), 143);
    }

    void theDesktopIsToldWhereThereIsOne()
    {
        const PrivateBus bus;
        if (bus.address().isEmpty())
            QSKIP("there is no dbus-daemon");
        StandInDesktop desktop(bus.address());
        const World world(10, {});
        QVERIFY(!world.workspace.isEmpty());
        QProcessEnvironment environment = environmentOf(world.home());
        environment.remove(QStringLiteral("CI"));
        environment.remove(QStringLiteral("GITHUB_RUN_ID"));
        environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), bus.address());
        Guard guarding({QStringLiteral("--workspace"), world.workspace, QStringLiteral("--track"),
                        QStringLiteral("standalone"), QStringLiteral("--until-over")},
                       environment);
        QTRY_COMPARE_WITH_TIMEOUT(desktop.shown.size(), 1, patience);
        QCOMPARE(desktop.shown.first().title, QStringLiteral("standalone: the guard rolled back"));
        QVERIFY(!desktop.shown.first().body.isEmpty());
        QCOMPARE(guarding.code(), 1);
    }

    void aRollbackOfAnotherIsToldAsOne()
    {
        const World world(9, {});
        QVERIFY(!world.workspace.isEmpty());
        const QStringList where{QStringLiteral("--workspace"), world.workspace,
                                QStringLiteral("--track"), QStringLiteral("standalone")};
        Guard guarding(where, world.home());
        QVERIFY(guarding.watches());
        const QTemporaryDir colleague;
        const QStringList rollback
            = QStringList{QStringLiteral("rollback"), QStringLiteral("--json")} + where;
        const QString target = text(runCli(rollback, colleague.path()).lines.value(0), "confirm");
        const Outcome back
            = runCli(rollback + QStringList{QStringLiteral("--confirm"), target}, colleague.path());
        QVERIFY2(back.code == 0, qPrintable(back.complaint));
        QCOMPARE(guarding.code(), 1);
        QCOMPARE(text(guarding.last(), "verdict"), QStringLiteral("rolled back by another"));
        QVERIFY(
            text(guarding.last(), "sentence").endsWith(QLatin1String("this guard did nothing")));
    }
};

QTEST_GUILESS_MAIN(GuardTest)
#include "guardtest.moc"
