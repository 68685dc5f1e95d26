#include "cli/rehearsalworld.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

using namespace pilothouse;

namespace {

/// `pilothouse --oncall` as its own process, with a keyboard and no mouse.
class Night final
{
public:
    explicit Night(const World &world)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *place : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME",
                                  "XDG_STATE_HOME", "TMPDIR"})
            environment.insert(QString::fromLatin1(place), world.home());
        environment.insert(QStringLiteral("QT_PLUGIN_PATH"), QStringLiteral(KEYS_FOLDER));
        environment.insert(QStringLiteral("QT_QPA_GENERIC_PLUGINS"), QStringLiteral("keys"));
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(program("pilothouse"), {QStringLiteral("--oncall"), world.workspace});
    }

    ~Night()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(20'000))
            m_process.kill();
    }

    Night(const Night &) = delete;
    Night &operator=(const Night &) = delete;

    /// What a person does.
    void act(const QByteArray &order)
    {
        ++acts;
        ask(order);
    }

    /// What a person sees.
    QString textOf(const QByteArray &name) { return ask("text " + name); }
    QString focus() { return ask("focus"); }

    int acts = 0;

private:
    QString ask(const QByteArray &order)
    {
        m_process.write(order + '\n');
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < patience) {
            while (m_process.canReadLine()) {
                const QByteArray line = m_process.readLine().trimmed();
                if (line.startsWith("keys:"))
                    return QString::fromUtf8(line.mid(5)).trimmed();
            }
            if (!m_process.waitForReadyRead(1000) && m_process.state() == QProcess::NotRunning)
                break;
        }
        return {};
    }

    QProcess m_process;
};

QJsonObject stateOf(const World &world)
{
    QNetworkAccessManager network;
    QNetworkReply *reply
        = network.get(QNetworkRequest(QUrl(world.control + QLatin1String("/state"))));
    if (!QTest::qWaitFor([reply] { return reply->isFinished(); }, patience))
        return {};
    return QJsonDocument::fromJson(reply->readAll()).object();
}

int weightOf(const World &world)
{
    return stateOf(
               world)[QLatin1String("tracks")][QLatin1String("standalone")][QLatin1String("weight")]
        .toInt(-1);
}

} // namespace

/// The night drill, from the start of the program.
class NightTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void threeActsOfTheKeyboardTakeStandaloneBack()
    {
        const World world(11, {});
        QVERIFY(!world.workspace.isEmpty());
        QVERIFY(weightOf(world) > 0);
        Night night(world);
        QTRY_VERIFY_WITH_TIMEOUT(
            night.textOf("wayButton-1").contains(QLatin1String("Roll back to")), patience);

        night.act("press 1");
        QTRY_COMPARE_WITH_TIMEOUT(night.focus(), QStringLiteral("typedField"), patience);
        const QString asked = night.textOf("typedPrompt").section(QStringLiteral(": "), -1);
        QVERIFY(!asked.isEmpty());
        night.act("type " + asked.toUtf8());
        QTRY_VERIFY_WITH_TIMEOUT(!night.textOf("confirmButton").isEmpty(), patience);
        night.act("press Return");

        QTRY_COMPARE_WITH_TIMEOUT(weightOf(world), 0, patience);
        QCOMPARE(night.acts, 3);
        const QJsonObject score = stateOf(world)[QLatin1String("score")].toObject();
        QCOMPARE(score[QLatin1String("wrongTargets")].toInt(-1), 0);
        QVERIFY(score[QLatin1String("acceptedAt")].isDouble());
    }

    void enterAloneTakesNothingBack()
    {
        const World world(11, {});
        QVERIFY(!world.workspace.isEmpty());
        Night night(world);
        QTRY_VERIFY_WITH_TIMEOUT(
            night.textOf("wayButton-1").contains(QLatin1String("Roll back to")), patience);
        night.act("press 1");
        QTRY_COMPARE_WITH_TIMEOUT(night.focus(), QStringLiteral("typedField"), patience);
        night.act("press Return");
        QVERIFY(night.textOf("confirmButton").isEmpty());
        QCOMPARE(night.focus(), QStringLiteral("typedField"));
        QVERIFY(weightOf(world) > 0);
    }
};

QTEST_GUILESS_MAIN(NightTest)
#include "nighttest.moc"
