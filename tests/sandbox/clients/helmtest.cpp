#include "clientprogram.h"
#include "connectors/kubernetes/rehearsalserver.h"
#include "support/kube/kubeserver.h"
#include "support/places.h"

#include <QJsonArray>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
const QString secrets = QStringLiteral("/api/v1/namespaces/production/secrets");
const QString chart
    = QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/connectors/kubernetes/helm/chart");

QString q(const char *text)
{
    return QString::fromUtf8(text);
}

} // namespace

/// What both generations of helm read out of the rehearsal and out of a real kube-apiserver that
/// keeps the same releases: the rehearsal's, and two that helm made itself.
class HelmTest : public QObject
{
    Q_OBJECT

private:
    using Output = ClientProgram::Output;

    std::unique_ptr<RehearsalServer> m_rehearsal;
    std::unique_ptr<KubeServer> m_real;
    std::map<QString, std::unique_ptr<ClientProgram>> m_helm; ///< by generation
    QString m_rehearsalConfig;
    QString m_realConfig;

    Output ask(const QString &config, const QString &generation, const QString &line)
    {
        return m_helm.at(generation)
            ->run(QStringList{q("--kubeconfig"), config, q("--namespace"), q("production")}
                  + ClientProgram::words(line));
    }

    /// Every release that is kept in `from`, kept in `to` as well. Empty, or what failed.
    static QString copyReleases(KubeAsk &from, KubeAsk &to)
    {
        const auto kept = from.ask("GET", secrets + q("?labelSelector=owner%3Dhelm"));
        const QJsonArray items = kept.object[QLatin1String("items")].toArray();
        if (items.isEmpty())
            return QStringLiteral("no releases, %1").arg(kept.status);
        for (const QJsonValue item : items) {
            const QJsonValue was = item[QLatin1String("metadata")];
            const QJsonObject copy{
                {q("apiVersion"), q("v1")},
                {q("kind"), q("Secret")},
                {q("type"), item[QLatin1String("type")]},
                {q("metadata"), QJsonObject{{q("name"), was[QLatin1String("name")]},
                                            {q("labels"), was[QLatin1String("labels")]}}},
                {q("data"), item[QLatin1String("data")]}};
            const auto made = to.ask("POST", secrets, QJsonDocument(copy).toJson());
            if (made.status != 201)
                return QString::fromUtf8(QJsonDocument(made.object).toJson());
        }
        return {};
    }

    /// A good release, a second revision, and a third that the server refuses.
    QString makeRelease(const QString &generation)
    {
        const QString name = QStringLiteral("made-by-") + generation;
        const QString upgrade = QStringLiteral("upgrade %1 %2 --set ").arg(name, chart);
        const QList<std::pair<QString, int>> steps{
            {QStringLiteral("install %1 %2 --description 'a first one'").arg(name, chart), 0},
            {upgrade + q("canary.weight=10"), 0},
            {upgrade + q("image.tag=5"), 1}, // text is wanted
        };
        for (const auto &[line, exitCode] : steps) {
            const Output made = ask(m_realConfig, generation, line);
            if (made.exitCode != exitCode)
                return line + QLatin1Char('\n') + made.all();
        }
        return {};
    }

    static void commands()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("says");
    }
    static void row(const char *name, const QString &line, int exitCode, const char *says)
    {
        QTest::newRow(name) << line << exitCode << q(says);
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &generation : {q("3"), q("4")}) {
            const QString program
                = ClientProgram::part(QStringLiteral("helm/%1/helm").arg(generation));
            NEED_PART(program, "helm");
            m_helm[generation] = std::make_unique<ClientProgram>(program);
        }
        m_real = std::make_unique<KubeServer>();
        START_OR_SKIP(*m_real);
        m_realConfig = m_real->kubeconfig(KubeServer::User::Admin);
        m_rehearsal = std::make_unique<RehearsalServer>(atTenPerCent);
        QVERIFY2(!m_rehearsal->ready.isEmpty(), qPrintable(m_rehearsal->complaint));
        m_rehearsalConfig = m_rehearsal->ready.value(QLatin1String("kubeconfig")).toString();
        const auto context = m_rehearsal->context();
        QVERIFY(context);
        KubeAsk rehearsal(context->server, {}, context->token.expose());
        for (const QString &generation : {q("3"), q("4")})
            QCOMPARE(makeRelease(generation), QString());
        KubeAsk &real = m_real->admin();
        QCOMPARE(copyReleases(real, rehearsal), QString());
        const auto uncopied = real.ask("DELETE", secrets + q("?labelSelector=owner%3Dhelm"));
        QCOMPARE(uncopied.status, 200);
        QCOMPARE(copyReleases(rehearsal, real), QString());
    }

    void cleanupTestCase()
    {
        for (const auto &[generation, helm] : m_helm)
            qInfo("%d commands of helm %s", helm->runs(), qPrintable(generation));
    }

    void bothShowTheSameReleases_data()
    {
        commands();
        row("all", q("list"), 0, "context-intelligence");
        row("all, for programs", q("list -o json"), 0, R"("revision":"42")");
        row("everywhere", q("list --all-namespaces -o yaml"), 0, "name: made-by-4");
        row("elsewhere", q("list -n none -o json"), 0, "[]");
        row("those that failed", q("list --failed -o json"), 0, R"("status":"failed")");
        row("those that were", q("list --superseded -o json"), 0, R"("status":"superseded")");
        row("those under way", q("list --pending -o json"), 0, "[]");
        row("those that serve", q("list --deployed --short"), 0, "context-intelligence");
        row("by a pattern", q("list --filter ^made -q"), 0, "made-by-3\nmade-by-4");
        row("by label", q("list -l name=made-by-3 -q"), 0, "made-by-3");
        row("by labels", q("list -l 'name in (made-by-3,made-by-4),version=3' -q"), 0, "made-by-4");
        // Both may have been made within a second, which is as fine as one of them writes it.
        row("the newest first", q("list --date --reverse --max 1 -q"), 0, "made-by-");
        row("the second page", q("list --max 1 --offset 1 -q"), 0, "made-by-3");
        row("a history", q("history context-intelligence"), 0, "Rollback to 38");
        row("a history for programs", q("history context-intelligence -o json"), 0,
            R"("status":"superseded")");
        row("the end of a history", q("history context-intelligence --max 2 -o json"), 0,
            R"([{"revision":41,)");
        row("a history with a failure", q("history made-by-3 -o json"), 0, R"("status":"failed")");
        row("a history of the other generation's", q("history made-by-4 -o json"), 0,
            R"("description":"a first one")");
        row("no history", q("history none"), 1, "release: not found");
        row("values", q("get values context-intelligence -o json"), 0, R"("enabled":true)");
        row("values that were", q("get values context-intelligence --revision 41 -o json"), 0,
            R"("enabled":false)");
        row("values that never were", q("get values context-intelligence --revision 99"), 1,
            "release: not found");
        row("a manifest", q("get manifest context-intelligence"), 0,
            "name: context-intelligence-canary");
        row("facts", q("get metadata context-intelligence -o json"), 0, R"("revision":42)");
        row("facts of helm's own", q("get metadata made-by-4 -o json"), 0, R"("revision":3)");
        row("everything", q("get all made-by-3"), 0, "weight: 100");
    }
    void bothShowTheSameReleases()
    {
        QFETCH(QString, line);
        QFETCH(int, exitCode);
        QFETCH(QString, says);
        for (const QString &generation : {q("3"), q("4")}) {
            const Output ours = ask(m_rehearsalConfig, generation, line);
            const Output theirs = ask(m_realConfig, generation, line);
            QVERIFY2(theirs.all().contains(says), qPrintable(theirs.all()));
            QCOMPARE(ours.all(), theirs.all());
            QCOMPARE(ours.exitCode, exitCode);
            QCOMPARE(theirs.exitCode, exitCode);
        }
    }

    /// A release's objects are there in the rehearsal alone: helm 4 asks for them as tables.
    void theRehearsalHasWhatAReleaseNames()
    {
        const Output status = ask(m_rehearsalConfig, q("4"), q("status context-intelligence"));
        QVERIFY2(status.exitCode == 0, qPrintable(status.all()));
        for (const char *said : {"STATUS: deployed", "==> v1/Deployment", "3/3", "2/2"})
            QVERIFY2(status.out.contains(q(said)), qPrintable(status.all()));
    }

    /// Where the rehearsal is no second API server: it refuses, and what was there is there still.
    void theRehearsalTakesNoUpgrade_data()
    {
        QTest::addColumn<QString>("generation");
        QTest::newRow("3") << q("3");
        QTest::newRow("4") << q("4");
    }
    void theRehearsalTakesNoUpgrade()
    {
        QFETCH(QString, generation);
        const QString history = q("history context-intelligence -o json");
        const Output before = ask(m_rehearsalConfig, generation, history);
        const Output refused = ask(m_rehearsalConfig, generation,
                                   QStringLiteral("upgrade context-intelligence %1").arg(chart));
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.error.contains(q("could not find the requested resource")),
                 qPrintable(refused.all()));
        QCOMPARE(ask(m_rehearsalConfig, generation, history).out, before.out);
    }
};

QTEST_GUILESS_MAIN(HelmTest)
#include "helmtest.moc"
