#include "../rehearsalserver.h"

#include "connectors/kubernetes/helm/helmcommand.h"
#include "connectors/kubernetes/helm/helmstorage.h"
#include "connectors/kubernetes/kubetoken.h"
#include "support/await.h"
#include "support/commandlines.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QTest>
#include <QTimer>

using namespace pilothouse;

namespace {

constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
const QString release = QStringLiteral("context-intelligence");
const QString production = QStringLiteral("production");

QString programOf(const QString &generation)
{
    return QStringLiteral("%1/helm/%2/helm")
        .arg(qEnvironmentVariable("PILOTHOUSE_PARTS"), generation);
}

/// "2026-11-24 13:30:00.5 +0000 UTC" (list) and "2026-11-24T13:30:00.5Z" (history), to the second.
QDateTime whole(const QString &time)
{
    QString text = time.left(19);
    text[10] = QLatin1Char('T');
    QDateTime at = QDateTime::fromString(text, Qt::ISODate);
    at.setTimeSpec(Qt::UTC);
    return at;
}

} // namespace

/// What both generations of helm read out of the rehearsal's Secrets against what we read.
class HelmProgramsTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<RehearsalServer> m_server;
    SystemClock m_clock;
    ProcessRunner m_runner;
    HelmHistory m_ours;

    HelmTarget target(const QString &generation) const
    {
        HelmTarget target;
        target.program = programOf(generation);
        target.kubeconfig = m_server->ready.value(QLatin1String("kubeconfig")).toString();
        target.nameSpace = production;
        target.release = release;
        return target;
    }
    QJsonArray asked(const QString &generation, const QStringList &arguments)
    {
        const Command command = helmCommand(
            target(generation),
            arguments + QStringList{QStringLiteral("--output"), QStringLiteral("json")});
        const auto output = await(m_runner.run(command));
        if (!output || output->exitCode != 0) {
            QTest::qFail(output ? output->standardError.constData()
                                : qPrintable(output.error().message),
                         __FILE__, __LINE__);
            return {};
        }
        return QJsonDocument::fromJson(output->standardOutput).array();
    }
    QStringList place(const QString &generation) const
    {
        return {QStringLiteral("--namespace"), production, QStringLiteral("--kubeconfig"),
                target(generation).kubeconfig};
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *generation : {"3", "4"}) {
            if (!QFileInfo(programOf(QString::fromLatin1(generation))).isExecutable())
                QSKIP("there is no helm: packaging/setup --for-tests fetches it");
        }
        m_server = std::make_unique<RehearsalServer>(atTenPerCent);
        QVERIFY2(!m_server->ready.isEmpty(), qPrintable(m_server->complaint));
        const auto context = m_server->context();
        QVERIFY(context);
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Kubernetes");
        settings.base = context->server;
        KubeToken token(*context);
        NetworkHttp http(settings, token, m_clock);
        KubernetesApi api(http, m_clock, context->server);
        HelmStorage storage(api, {production, release, QStringLiteral("canary.weight")});
        const auto seen = await(storage.read());
        QVERIFY2(seen, qPrintable(seen ? QString() : seen.error().message));
        QCOMPARE(seen->unreadable, QStringList());
        m_ours = seen->history;
        QCOMPARE(m_ours.revisions.size(), 5);
    }

    void eachTellsItsGeneration_data() { generations(); }
    void eachTellsItsGeneration()
    {
        const QString generation = QString::fromLatin1(QTest::currentDataTag());
        const auto output = await(m_runner.run(helmCommand(
            target(generation), {QStringLiteral("version"), QStringLiteral("--template"),
                                 QStringLiteral("{{.Version}}")})));
        QVERIFY(output);
        const auto found = generationFrom(output->standardOutput);
        QVERIFY2(found, qPrintable(found ? QString() : found.error().message));
        QCOMPARE(*found == HelmGeneration::Four, generation == QLatin1String("4"));
    }

    void theHistoryIsTheSame_data() { generations(); }
    void theHistoryIsTheSame()
    {
        const QString generation = QString::fromLatin1(QTest::currentDataTag());
        const QJsonArray theirs = asked(generation, historyArguments(target(generation)));
        QCOMPARE(theirs.size(), m_ours.revisions.size());
        for (const QJsonValue each : theirs) {
            const int number = each[QLatin1String("revision")].toInt();
            const HelmRevision *ours = m_ours.find(number);
            QVERIFY2(ours, qPrintable(QString::number(number)));
            const HelmBody body = m_ours.body(number);
            QCOMPARE(ours->word, each[QLatin1String("status")].toString());
            QCOMPARE(body.chart + QLatin1Char('-') + body.chartVersion,
                     each[QLatin1String("chart")].toString());
            QCOMPARE(body.appVersion, each[QLatin1String("app_version")].toString());
            QCOMPARE(body.description, each[QLatin1String("description")].toString());
            QCOMPARE(ours->at, whole(each[QLatin1String("updated")].toString()));
        }
    }

    void theNewestRevisionIsTheSame_data() { generations(); }
    void theNewestRevisionIsTheSame()
    {
        const QString generation = QString::fromLatin1(QTest::currentDataTag());
        const QJsonArray theirs
            = asked(generation, QStringList{QStringLiteral("list")} + place(generation));
        QCOMPARE(theirs.size(), 1);
        QCOMPARE(theirs[0][QLatin1String("name")].toString(), release);
        QCOMPARE(theirs[0][QLatin1String("revision")].toString(),
                 QString::number(m_ours.newest()->number));
        QCOMPARE(theirs[0][QLatin1String("status")].toString(), m_ours.newest()->word);
        QCOMPARE(whole(theirs[0][QLatin1String("updated")].toString()), m_ours.newest()->at);
    }

    void whatHelmSaysOfAMissingRevisionIsUnderstood_data() { generations(); }
    void whatHelmSaysOfAMissingRevisionIsUnderstood()
    {
        const QString generation = QString::fromLatin1(QTest::currentDataTag());
        const HelmTarget helm = target(generation);
        const auto output = await(m_runner.run(helmCommand(
            helm, rollbackArguments(helm, HelmGeneration::Three, 7, HelmConflicts::Respect))));
        QVERIFY(output);
        QVERIFY(output->exitCode != 0);
        QCOMPARE(helmFailure(*output).kind, ErrorKind::NotFound);
    }

    void theTokenIsInNoCommandLine_data() { generations(); }
    void theTokenIsInNoCommandLine()
    {
        const QString generation = QString::fromLatin1(QTest::currentDataTag());
        const HelmTarget helm = target(generation);
        const QByteArray token = m_server->context()->token.expose();
        QVERIFY(!token.isEmpty());
        QByteArray seen;
        QTimer look;
        connect(&look, &QTimer::timeout, this, [&seen] { seen += commandLines().join('\n'); });
        look.start(5);
        for (const QStringList &arguments :
             {historyArguments(helm),
              rollbackArguments(helm, HelmGeneration::Three, 7, HelmConflicts::Respect)}) {
            seen.clear();
            QVERIFY(await(m_runner.run(helmCommand(helm, arguments))));
            QVERIFY(seen.contains(helm.program.toUtf8() + '\0' + arguments.first().toUtf8()));
            QVERIFY(!seen.contains(token));
        }
    }

private:
    static void generations()
    {
        QTest::addColumn<int>("nothing");
        QTest::newRow("3") << 0;
        QTest::newRow("4") << 0;
    }
};

QTEST_GUILESS_MAIN(HelmProgramsTest)
#include "helmprogramstest.moc"
