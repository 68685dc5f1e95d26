#include "connectors/git/gitrepository.h"
#include "connectors/git/onetoken.h"
#include "crash/weather/disturbedclient.h"
#include "crash/weather/fetch/fetchscene.h"
#include "crash/weather/lanes.h"
#include "support/rawserver.h"
#include "support/soon.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

constexpr int mostPresses = 4;
constexpr int lanes = 6;
/// Git's own programs stand behind the host, and they are slow on a busy machine.
constexpr auto patience = 3s;

/// What looks like Git and is none, besides what goes wrong everywhere.
QList<Fault> gitFaults()
{
    using Kind = Fault::Kind;
    const auto answer = [](const char *of, const QByteArray &body) {
        return RawServer::http("200 OK", body,
                               QByteArray("Content-Type: application/x-git-upload-pack-") + of
                                   + "\r\n");
    };
    const auto never = Fault::Server::NeverSawIt;
    return {
        {QStringLiteral("garbage as references"), Kind::Answer, never,
         answer("advertisement", QByteArray(4000, 'z'))},
        {QStringLiteral("no references"), Kind::Answer, never, answer("advertisement", "0000")},
        {QStringLiteral("garbage as a pack"), Kind::Answer, never,
         answer("result", "0008NAK\n" + QByteArray(40'000, 'z'))},
        {QStringLiteral("an error of Git"), Kind::Answer, never,
         answer("result", "0020ERR made by the test, no more")},
        {QStringLiteral("half a pack"), Kind::Answer, never,
         answer("result", "0008NAK\nPACK" + QByteArray("\0\0\0\2\0\0\0\3", 8) + "xyz")},
    };
}

/// What the sentence after a fault must say; empty = whatever it says.
QString expected(const QString &fault)
{
    const QHash<QString, QString> said{
        {QStringLiteral("401"), QStringLiteral("refused the credential")},
        {QStringLiteral("403"), QStringLiteral("does not let this account read")},
        {QStringLiteral("404"), QStringLiteral("There is no Git repository")},
        {QStringLiteral("410"), QStringLiteral("There is no Git repository")},
        {QStringLiteral("silence"), QStringLiteral("said nothing for 3 s")},
        {QStringLiteral("stopped"), QStringLiteral("said nothing for 3 s")},
    };
    return said.value(fault);
}

/// Two fetches from a host that is disturbed once. What was not fetched is fetched again once the
/// host is well.
class FetchPass final
{
public:
    FetchPass(FetchScene &scene, const Disturbance &disturbance)
        : m_scene(scene),
          m_expected(disturbance.fault ? expected(disturbance.fault->name) : QString()),
          m_server(scene.url(), FaultyServer::Speaks::Http, disturbance, patience),
          m_git(scene.location(), &m_credential, patience)
    {
        m_scene.setOrigin(m_server.url());
        m_credential.answer = Secret(FetchScene::token());
    }

    PassResult run()
    {
        PassResult result;
        result.failure = brokenBy([this] {
            for (int fetch = 0; fetch < 2; ++fetch)
                bringIn(m_scene.push());
            demand(m_expected.isEmpty(), QStringLiteral("not said: ") + m_expected);
        });
        result.calls = m_server.calls();
        result.struck = m_server.hasStruck();
        result.outcomes = m_outcomes;
        return result;
    }

private:
    [[nodiscard]] CommitId tip()
    {
        const auto asked = m_git.defaultTip();
        demand(soon([&] { return asked.isFinished(); }), QStringLiteral("reading has no end"));
        return asked.result().value_or(CommitId());
    }

    void bringIn(const CommitId &pushed)
    {
        const CommitId before = tip();
        const QDateTime last = mirrorFetchedAt(m_scene.location().mirror);
        for (int press = 1;; ++press) {
            const auto fetched = m_git.refresh();
            demand(tip() == before || tip() == pushed,
                   QStringLiteral("something else is read while it is fetched"));
            demand(soon([&] { return fetched.isFinished(); }),
                   QStringLiteral("a fetch has no end"));
            if (fetched.result() && tip() == pushed)
                return;
            demand(press <= mostPresses, QStringLiteral("what was pushed does not come"));
            if (fetched.result())
                m_outcomes.append(QStringLiteral("fetch: nothing came"));
            else
                check(fetched.result().error());
            demand(tip() == before, QStringLiteral("what was fetched before is lost"));
            demand(fetched.result() || mirrorFetchedAt(m_scene.location().mirror) == last,
                   QStringLiteral("a fetch that failed counts as one"));
            demand(soon([&] { return m_server.isWell(); }), QStringLiteral("never well again"));
        }
    }

    void check(const Error &error)
    {
        const bool ofUs = error.kind == ErrorKind::Internal || error.kind == ErrorKind::Cancelled;
        demand(!ofUs && error.message.endsWith(QLatin1Char('.'))
                   && error.message.contains(QLatin1String("127.0.0.1")),
               QStringLiteral("a fetch that failed does not say why: ") + error.message);
        demand(!(error.message + error.detail).contains(QLatin1String(FetchScene::token())),
               QStringLiteral("the token is shown"));
        demand(!error.message.contains(m_scene.location().mirror),
               QStringLiteral("the mirror is blamed: ") + error.message + error.detail);
        if (error.message.contains(m_expected))
            m_expected.clear();
        m_outcomes.append(QStringLiteral("fetch: ")
                          + error.message.section(QLatin1Char(':'), 0, 0));
    }

    FetchScene &m_scene;
    QString m_expected; ///< to be said; empty once it was, or where nothing is
    FaultyServer m_server;
    OneToken m_credential;
    GitRepository m_git;
    QStringList m_outcomes;
};

PassResult passWith(const Disturbance &disturbance)
{
    FetchScene scene;
    return FetchPass(scene, disturbance).run();
}

} // namespace

/// Fetching into the mirror, with every call to the Git host going wrong in every way: it is said,
/// what was fetched before stays and can be read meanwhile, and the next fetch brings the news.
class FetchStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongTheNextFetchBringsTheNews()
    {
        const PassResult undisturbed = passWith({});
        QCOMPARE(undisturbed.failure, QString());
        // Each fetch asks without a login, with it, and then for the pack: the faults of each of
        // these are shared out among the first fetch, into nothing, and the second.
        const qsizetype ofOneFetch = undisturbed.calls.size() / 2;
        QCOMPARE(ofOneFetch, 3);
        QList<NamedPass> passes;
        for (qsizetype kind = 0; kind < ofOneFetch; ++kind) {
            qsizetype turn = kind;
            for (const Fault &fault : faults() + gitFaults()) {
                // Fetching changes nothing at the host: what it did before does not matter.
                if (!suits(fault, "GET"))
                    continue;
                const Disturbance disturbance{
                    fault, undisturbed.calls[kind + (turn++ % 2) * ofOneFetch], 0};
                passes.append({disturbance.words(), [disturbance] {
                                   return passWith(disturbance);
                               }});
            }
        }
        const StormResult result = stormOf(QStringLiteral("Git host"), passes, lanes);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QCOMPARE(result.missed, 0);
        QVERIFY(result.tried >= 75);
        QVERIFY(result.pressedAgain >= 50);
    }
};

QTEST_GUILESS_MAIN(FetchStorm)
#include "fetchstorm.moc"
