#include "app/sandbox/parts/servers/serverplace.h"
#include "connectors/alertmanager/alertmanager.h"
#include "connectors/http/networkhttp.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutbench.h"
#include "support/await.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

/// A real Alertmanager, and what a guard makes of it: alerts and silences go through its own API.
class RealAlertmanagerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QString parts
            = qEnvironmentVariable("PILOTHOUSE_PARTS") + QStringLiteral("/alertmanager");
        const QString program = parts + QStringLiteral("/prometheus-alertmanager");
        if (!QFileInfo(program).isExecutable()) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "packaging/setup --for-tests brings it");
            QSKIP("packaging/setup --for-tests brings Alertmanager");
        }
        QFile config(m_dir.filePath(QStringLiteral("alertmanager.yml")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("route: {receiver: night}\nreceivers: [{name: night}]\n");
        config.close();
        m_base = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(sandbox::freePort()));
        // Its templates lie beside it, and it looks for them where it runs.
        m_server.setWorkingDirectory(parts);
        m_server.setProcessChannelMode(QProcess::MergedChannels);
        m_server.start(program,
                       {QStringLiteral("--config.file=") + config.fileName(),
                        QStringLiteral("--storage.path=") + m_dir.filePath(QStringLiteral("data")),
                        QStringLiteral("--web.listen-address=") + m_base.authority(),
                        QStringLiteral("--cluster.listen-address=")});
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Alertmanager");
        settings.base = m_base;
        m_http = std::make_unique<NetworkHttp>(settings, m_nobody, m_systemClock);
        m_alertmanager = std::make_unique<Alertmanager>(*m_http, m_systemClock,
                                                        Alertmanager::Settings{m_base, {}});
        const bool answers = QTest::qWaitFor(
            [this] { return await(m_alertmanager->alerts()).has_value(); }, 20'000);
        QVERIFY2(answers, m_server.readAll().constData());
    }
    void init()
    {
        QVERIFY(await(m_alertmanager->alerts())->value.isEmpty());
        m = std::make_unique<RolloutBench>();
        m->rollout = std::make_unique<RolloutController>(settings(), m->traffic, &m->metrics,
                                                         m->runner, m->clock);
        m->rollout->setAlertmanager(*m_alertmanager);
        m->rollout->start();
        m->toWeight(10);
        RolloutGuard &guard = m->rollout->guard();
        const auto done = guard.arm(confirmed(guard.previewArm(), {}));
        QTRY_VERIFY(done.isFinished() && guard.isArmed());
    }
    void cleanup()
    {
        m.reset();
        for (const char *track : {"standalone", "coditect", ""}) {
            for (const char *name : {"HighErrorRatio", "DiskFull", "SomebodyElse"})
                fire(name, track, -1);
        }
        QTRY_VERIFY_WITH_TIMEOUT(await(m_alertmanager->alerts())->value.isEmpty(), 20'000);
    }
    void cleanupTestCase()
    {
        m_alertmanager.reset();
        m_http.reset();
        m_server.terminate();
        m_server.waitForFinished();
    }

    void aSilencedAlertRollsNothingBackAndTheSameOneDoesWhenItRings()
    {
        const QString silence
            = posted("/api/v2/silences",
                     QJsonObject{{QStringLiteral("matchers"),
                                  QJsonArray{QJsonObject{
                                      {QStringLiteral("name"), QStringLiteral("alertname")},
                                      {QStringLiteral("value"), QStringLiteral("HighErrorRatio")},
                                      {QStringLiteral("isRegex"), false}}}},
                                 {QStringLiteral("startsAt"), at(-60)},
                                 {QStringLiteral("endsAt"), at(600)},
                                 {QStringLiteral("createdBy"), QStringLiteral("B. Novak")},
                                 {QStringLiteral("comment"), QStringLiteral("load test")}})
                  .value(QLatin1String("silenceID"))
                  .toString();
        QVERIFY(!silence.isEmpty());
        fire("HighErrorRatio", "standalone");
        QVERIFY2(becomes("HighErrorRatio silenced"), qPrintable(seen()));
        QVERIFY(isAnswered(3));
        QCOMPARE(m->traffic.world.asked.percent, 10);
        QVERIFY(m->rollout->guard().isArmed());

        HttpRequest end;
        end.method = "DELETE";
        end.url = m_base.resolved(QUrl(QStringLiteral("/api/v2/silence/") + silence));
        QVERIFY(await(m_http->send(end)).has_value());
        QVERIFY2(QTest::qWaitFor(
                     [this] {
                         look();
                         return m->traffic.world.asked.percent == 0;
                     },
                     30'000),
                 qPrintable(seen()));
        QTRY_VERIFY(!m->rollout->guard().isArmed());
        QVERIFY2(
            m->rollout->guard().view().words.contains(QLatin1String("alert HighErrorRatio fires")),
            qPrintable(m->rollout->guard().view().words));
    }

    void anAlertOfAnotherTrackAndOneOfNobodyHereAreNotOurs()
    {
        fire("DiskFull", "coditect");
        fire("SomebodyElse", "");
        QVERIFY(
            QTest::qWaitFor([this] { return named("DiskFull") && named("SomebodyElse"); }, 20'000));
        QVERIFY(isAnswered(3));
        QVERIFY2(!seen().contains(QLatin1String("DiskFull")), qPrintable(seen()));
        QVERIFY2(!seen().contains(QLatin1String("SomebodyElse")), qPrintable(seen()));
        QCOMPARE(m->traffic.world.asked.percent, 10);
    }

private:
    static QString at(int seconds)
    {
        return QDateTime::currentDateTimeUtc().addSecs(seconds).toString(Qt::ISODate);
    }
    QJsonObject posted(const char *path, const QJsonValue &body)
    {
        HttpRequest request;
        request.method = "POST";
        request.url = m_base.resolved(QUrl(QLatin1String(path)));
        request.contentType = "application/json";
        request.body = body.isArray() ? QJsonDocument(body.toArray()).toJson()
                                      : QJsonDocument(body.toObject()).toJson();
        const auto answer = await(m_http->send(request));
        if (!answer)
            qWarning().noquote() << answer.error().message << answer.error().detail;
        return answer ? QJsonDocument::fromJson(answer->body).object() : QJsonObject();
    }
    /// Fires, or with a negative time is over.
    void fire(const char *name, const QString &track, int forSeconds = 600)
    {
        QJsonObject labels{{QStringLiteral("alertname"), QString::fromLatin1(name)}};
        if (!track.isEmpty())
            labels.insert(QStringLiteral("track"), track);
        posted("/api/v2/alerts",
               QJsonArray{QJsonObject{{QStringLiteral("labels"), labels},
                                      {QStringLiteral("startsAt"), at(-30)},
                                      {QStringLiteral("endsAt"), at(forSeconds)}}});
    }
    void fire(const char *name, const char *track, int forSeconds = 600)
    {
        fire(name, QString::fromLatin1(track), forSeconds);
    }
    bool named(const char *name)
    {
        const auto alerts = await(m_alertmanager->alerts());
        return alerts
               && std::any_of(
                   alerts->value.cbegin(), alerts->value.cend(),
                   [name](const Alert &alert) { return alert.name == QLatin1String(name); });
    }
    /// A second of the rollout.
    void look() { m->clock.advance(1s); }
    /// Seconds pass until the rollout has had so many more answers of Alertmanager.
    bool isAnswered(int times)
    {
        for (int i = 0; i < times; ++i) {
            const auto before = m->rollout->alertsSource().lastGoodSinceBoot;
            const bool came = QTest::qWaitFor(
                [this, before] {
                    look();
                    return m->rollout->alertsSource().lastGoodSinceBoot != before;
                },
                30'000);
            if (!came)
                return false;
        }
        return true;
    }
    [[nodiscard]] QString seen() const
    {
        QStringList all;
        for (const Alert &alert : m->rollout->alerts())
            all << alert.name + QLatin1Char(' ') + alert.state;
        return all.join(QStringLiteral(", "));
    }
    bool becomes(const char *words)
    {
        return QTest::qWaitFor(
            [this, words] {
                look();
                return seen() == QLatin1String(words);
            },
            30'000);
    }

    QTemporaryDir m_dir;
    QProcess m_server;
    QUrl m_base;
    SystemClock m_systemClock;
    NoCredential m_nobody;
    std::unique_ptr<NetworkHttp> m_http;
    std::unique_ptr<Alertmanager> m_alertmanager;
    std::unique_ptr<RolloutBench> m;
};

QTEST_GUILESS_MAIN(RealAlertmanagerTest)
#include "realalertmanagertest.moc"
