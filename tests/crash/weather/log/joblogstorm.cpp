#include "app/sandbox/http/server.h"
#include "connectors/github/githubruns.h"
#include "crash/weather/lanes.h"
#include "logs/logcontroller.h"
#include "logs/runsearch/logfetch.h"
#include "support/soon.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

constexpr int mostPresses = 4;
constexpr int lines = 500;
const QString incomplete = QStringLiteral("log: incomplete");
const RunId ofRun(7001);
const JobId endsNow(41);  ///< its log is fetched the moment it ends,
const JobId chosen(42);   ///< this one because somebody chooses it,
const JobId searched(43); ///< and this one because all logs of the run are searched

/// GitHub, which has no log itself, and the store that it sends on to with a signed link.
class JobLogScene final
{
public:
    JobLogScene()
        : m_github(listen([this](const sandbox::ExchangePtr &exchange) { sendOn(exchange); })),
          m_store(listen(&hand))
    {}

    [[nodiscard]] QUrl github() const { return urlOf(*m_github); }
    [[nodiscard]] QUrl store() const { return urlOf(*m_store); }
    /// Where GitHub's links lead.
    void setLinks(const QUrl &store) { m_links = store; }

    [[nodiscard]] static QByteArray textOf(const QString &job)
    {
        QByteArray text;
        for (int line = 1; line <= lines; ++line) {
            text += "2026-11-24T13:30:00.0000000Z job " + job.toLatin1() + ": line "
                    + QByteArray::number(line) + " of " + QByteArray::number(lines)
                    + " and what it has to say\n";
        }
        return text;
    }

private:
    [[nodiscard]] static std::unique_ptr<sandbox::Server> listen(const sandbox::Handler &handler)
    {
        auto listening = sandbox::Server::listen(0, handler);
        if (!listening)
            qFatal("%s", qPrintable(listening.error().message));
        return std::move(*listening);
    }
    [[nodiscard]] static QUrl urlOf(const sandbox::Server &server)
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.port()));
    }
    /// ".../jobs/41/logs"
    void sendOn(const sandbox::ExchangePtr &exchange) const
    {
        QUrl link = m_links;
        link.setPath(QStringLiteral("/kept/%1/log.txt")
                         .arg(exchange->request.path.section(QLatin1Char('/'), -2, -2)));
        link.setQuery(QStringLiteral("sig=a%2Bb"));
        exchange->reply(302, {{"Location", link.toEncoded()}}, {});
    }
    static void hand(const sandbox::ExchangePtr &exchange)
    {
        exchange->reply(200, {{"Content-Type", "text/plain; charset=utf-8"}},
                        textOf(exchange->request.path.section(QLatin1Char('/'), -2, -2)));
    }

    QUrl m_links;
    std::unique_ptr<sandbox::Server> m_github;
    std::unique_ptr<sandbox::Server> m_store;
};

/// The logs of three jobs at a GitHub, or a store of it, that is disturbed once. What did not come
/// is read again once all is well.
class JobLogPass final
{
public:
    JobLogPass(JobLogScene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance)
        : m_client({QStringLiteral("GitHub"), scene.github(), token, 30s}, speaks, disturbance),
          m_store(m_client.addSecond(scene.store())),
          m_github(m_client.http(), m_client.clock(),
                   {m_client.url(), QStringLiteral("coditect-ai"),
                    QStringLiteral("coditect-dev-context"), "2022-11-28"}),
          m_sources{&m_github}, m_logs(m_sources, m_spool.path(), m_client.clock())
    {
        scene.setLinks(m_store.url());
        QObject::connect(&m_logs, &LogController::changed, &m_logs, [this] { look(); });
    }

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                m_logs.waitForEnd({ofRun, endsNow}, QStringLiteral("build"));
                m_logs.jobEnded(endsNow);
                readToTheEnd();
                m_logs.open(JobLog{ofRun, chosen}, QStringLiteral("lint"));
                readToTheEnd();
                search();
                conclude();
            },
            [this] { return told(); });
        result.outcomes = m_outcomes;
        return result;
    }

private:
    static constexpr const char *token = "only-token";

    [[nodiscard]] static bool isWhole(const LogStore &log, const JobId &job)
    {
        QByteArray text;
        for (qint64 line = 0; line < log.lineCount(); ++line)
            text += log.line(line) + '\n';
        return text == JobLogScene::textOf(QString::number(job.value));
    }
    [[nodiscard]] static bool isSentence(const Error &error)
    {
        return error.message.trimmed().endsWith(QLatin1Char('.'));
    }

    /// At any time: what is called complete is the whole log, and what failed says why.
    void look()
    {
        const bool complete = m_logs.state() == LogController::State::Complete;
        if (complete && !isWhole(*m_logs.store(), std::get<JobLog>(*m_logs.target()).job))
            m_wrong = QStringLiteral("something else is shown as the whole log: ")
                      + QString::fromLatin1(m_logs.store()->line(0).left(60));
        if (m_logs.state() == LogController::State::Failed
            && !(m_logs.error() && isSentence(*m_logs.error())))
            m_wrong = QStringLiteral("a log that failed does not say why");
    }

    /// Presses F5 until the log is there, and no more often than somebody would who reads first.
    void readToTheEnd()
    {
        const auto ended = [this] {
            return m_logs.state() == LogController::State::Complete
                   || m_logs.state() == LogController::State::Failed;
        };
        for (int press = 1;; ++press) {
            demand(soon(ended), QStringLiteral("the log never ends"));
            if (m_logs.state() == LogController::State::Complete)
                return;
            demand(press <= mostPresses, QStringLiteral("the log does not come"));
            const bool part = m_logs.store() && m_logs.store()->byteCount() > 0;
            m_outcomes.append(part ? incomplete : QStringLiteral("log: failed"));
            waitAfter(Error(*m_logs.error()));
            m_logs.reopen();
        }
    }

    void search()
    {
        for (int press = 1;; ++press) {
            LogFetch fetch(m_sources, JobLog{ofRun, searched}, m_logs.spool());
            std::optional<Result<void>> outcome;
            QObject::connect(&fetch, &LogFetch::ended, &fetch,
                             [&outcome](const Result<void> &told) { outcome = told; });
            demand(soon([&] { return outcome.has_value(); }),
                   QStringLiteral("the search of a log never ends"));
            if (*outcome) {
                demand(isWhole(*fetch.log(), searched),
                       QStringLiteral("something else is searched as the whole log"));
                return;
            }
            demand(!fetch.log(), QStringLiteral("half a log is searched"));
            demand(isSentence(outcome->error()), QStringLiteral("a search does not say why"));
            demand(press <= mostPresses, QStringLiteral("the log to be searched does not come"));
            m_outcomes.append(QStringLiteral("search: failed"));
            waitAfter(outcome->error());
        }
    }

    void waitAfter(const Error &error)
    {
        m_errors.append(error.message);
        demand(soon([&] { return m_client.isWell(); }), QStringLiteral("never well again"));
        if (error.retryAt)
            demand(soon([&] { return m_client.clock().now() >= *error.retryAt; }),
                   QStringLiteral("nobody waits so long"));
    }

    void conclude()
    {
        demand(m_wrong.isEmpty(), m_wrong);
        for (const QByteArray &head : m_store.heads()) {
            demand(!head.toLower().contains("authorization") && !head.contains(token),
                   QStringLiteral("the store saw our credential"));
        }
        for (const QByteArray &head : m_client.server().heads())
            demand(head.contains(token), QStringLiteral("GitHub was asked without a credential"));
        for (const QString &error : std::as_const(m_errors)) {
            const bool ofTheStore = m_store.hasStruck();
            demand(!ofTheStore || !error.contains(QLatin1String("Sign in")),
                   QStringLiteral("told to sign in where nobody signs in: ") + error);
        }
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        return QStringLiteral("\n    state %1\n    ").arg(int(m_logs.state()))
               + (m_logs.error() ? m_logs.error()->message : QString())
               + m_errors.join(QStringLiteral("\n    "));
    }

    QTemporaryDir m_spool;
    DisturbedClient m_client;
    FaultyServer &m_store;
    GithubRuns m_github;
    std::vector<LogSource *> m_sources;
    LogController m_logs;
    QString m_wrong;
    QStringList m_errors;
    QStringList m_outcomes;
};

} // namespace

/// The logs of jobs, with every call to GitHub and to its store going wrong in every way: the whole
/// log comes, or a sentence and the log at the next F5; and never less as if it were all.
class JobLogStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongTheWholeLogComesOrASentence()
    {
        std::atomic<int> inPart{0};
        const auto pass = [&inPart](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            JobLogScene scene;
            const PassResult result = JobLogPass(scene, speaks, disturbance).run();
            inPart += result.outcomes.contains(incomplete) ? 1 : 0;
            return result;
        };
        const StormResult result = storm(QStringLiteral("GitHub's job log"), pass, Reads::Each);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QCOMPARE(result.calls, 6);
        QVERIFY(result.tried >= 120);
        QCOMPARE(result.missed, 0);
        QVERIFY(inPart > 0); // answers were cut after lines of theirs had come
    }
};

QTEST_GUILESS_MAIN(JobLogStorm)
#include "joblogstorm.moc"
