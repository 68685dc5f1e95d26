#include "connectors/git/answers.h"
#include "connectors/git/gitrepository.h"
#include "connectors/git/onetoken.h"
#include "connectors/git/refusingserver.h"
#include "connectors/git/scriptedrepository.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <sys/resource.h>

using namespace pilothouse;

namespace {

QMap<QString, QString> everyFileIn(const QString &folder)
{
    QMap<QString, QString> files;
    QDirIterator walk(folder, QDir::Files | QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot,
                      QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        walk.next();
        const QFileInfo info = walk.fileInfo();
        files.insert(
            info.filePath(),
            QStringLiteral("%1 %2").arg(info.size()).arg(info.lastModified().toMSecsSinceEpoch()));
    }
    return files;
}

/// As long as it lives no file of this process grows larger: a disk that is full.
class SmallFiles
{
public:
    explicit SmallFiles(rlim_t most)
    {
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit small{most, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallFiles() { setrlimit(RLIMIT_FSIZE, &m_before); }
    Q_DISABLE_COPY_MOVE(SmallFiles)

private:
    rlimit m_before{};
};

} // namespace

class GitRefreshTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_host = std::make_unique<ScriptedRepository>(path("host"));
        m_clone = std::make_unique<ScriptedRepository>(path("clone"));
        m_start = m_host->commit({.files = {{"a", "1"}}, .message = "start"});
        QCOMPARE(m_clone->commit({.files = {{"a", "1"}}, .message = "start"}), m_start);
        m_host->setReference("refs/heads/main", m_start);
        m_clone->setReference("refs/heads/main", m_start);
        m_clone->setReference("refs/remotes/origin/main", m_start);
        m_clone->setOrigin(path("host"));
    }

    void cleanup()
    {
        m_clone.reset();
        m_host.reset();
        m_folder.reset();
    }

    void whatIsNewOnTheHostIsBroughtIn()
    {
        const CommitId pushed = push("pushed");
        m_host->setReference("refs/tags/v1", pushed);
        GitRepository git = repository();
        QCOMPARE(valueOf(git.defaultTip()), m_start);
        QVERIFY(!answerOf(git.commit(pushed)));

        QVERIFY(answerOf(git.refresh()));

        QCOMPARE(valueOf(git.defaultTip()), pushed);
        QCOMPARE(valueOf(git.resolve(QStringLiteral("main"))), pushed);
        QCOMPARE(valueOf(git.resolve(QStringLiteral("v1"))), pushed);
        QCOMPARE(valueOf(git.file(pushed, QStringLiteral("a"))).content, QByteArray("pushed"));
        QCOMPARE(valueOf(git.relation(m_start, pushed)), Relation::Older);
    }

    void theMirrorTellsWhenItWasFetchedIntoLast()
    {
        QVERIFY(!mirrorFetchedAt(path("cache/mirror")).isValid());
        GitRepository git = repository();
        QVERIFY(answerOf(git.defaultTip())); // reading is no fetching
        QVERIFY(!mirrorFetchedAt(path("cache/mirror")).isValid());
        for (int i = 0; i < 2; ++i) { // nothing new the second time: it was looked for all the same
            const QDateTime before = QDateTime::currentDateTimeUtc().addSecs(-2);
            QVERIFY(answerOf(git.refresh()));
            QVERIFY(mirrorFetchedAt(path("cache/mirror")) >= before);
        }
    }

    void theCloneIsNeverWrittenTo()
    {
        push("pushed");
        const QMap<QString, QString> before = everyFileIn(path("clone"));
        GitRepository git = repository();
        QVERIFY(answerOf(git.refresh()));
        QVERIFY(answerOf(git.history(m_start, 5)));
        QVERIFY(answerOf(git.files(m_start, QString())));
        QVERIFY(before.size() > 10);
        QCOMPARE(everyFileIn(path("clone")), before);
    }

    void aForcedPushIsBelieved()
    {
        const CommitId wrong = push("wrong");
        GitRepository git = repository();
        QVERIFY(answerOf(git.refresh()));
        QCOMPARE(valueOf(git.defaultTip()), wrong);
        const CommitId right = push("right");
        QVERIFY(answerOf(git.refresh()));
        QCOMPARE(valueOf(git.defaultTip()), right);
    }

    void aBranchThatIsGoneIsForgotten()
    {
        m_host->setReference("refs/heads/topic", push("topic"));
        GitRepository git = repository();
        QVERIFY(answerOf(git.refresh()));
        QVERIFY(answerOf(git.resolve(QStringLiteral("topic"))));
        m_host->removeReference("refs/heads/topic");
        QVERIFY(answerOf(git.refresh()));
        QCOMPARE(answerOf(git.resolve(QStringLiteral("topic"))).error().kind, ErrorKind::NotFound);
    }

    void withTheHostGoneTheNewestThatWasSeenStays()
    {
        const CommitId pushed = push("pushed");
        {
            GitRepository git = repository();
            QVERIFY(answerOf(git.refresh()));
        }
        m_clone->setOrigin(path("nowhere"));
        GitRepository git = repository();
        const Result<void> outcome = answerOf(git.refresh());
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().message.contains(path("nowhere")),
                 qPrintable(outcome.error().message));
        QCOMPARE(valueOf(git.defaultTip()), pushed);
    }

    void whatTheUserFetchedLaterCounts()
    {
        const CommitId pushed = push("pushed");
        {
            GitRepository git = repository();
            QVERIFY(answerOf(git.refresh()));
        }
        const CommitId copy = m_clone->commit(
            {.files = {{"a", "pushed"}}, .parents = {m_start}, .message = "pushed"});
        QCOMPARE(copy, pushed);
        const CommitId newest = m_clone->commit({.parents = {pushed}, .message = "newest"});
        m_clone->setReference("refs/remotes/origin/main", newest);
        GitRepository git = repository();
        QCOMPARE(valueOf(git.defaultTip()), newest);
    }

    void callsDuringARefreshShareItsOutcome()
    {
        push("pushed");
        GitRepository git = repository();
        const QFuture<Result<void>> first = git.refresh();
        const QFuture<Result<void>> second = git.refresh();
        QVERIFY(answerOf(first));
        QVERIFY(second.isFinished());
        QVERIFY(second.result());
    }

    void nothingIsFetched_data()
    {
        QTest::addColumn<QString>("origin");
        QTest::newRow("from an origin over ssh")
            << QStringLiteral("git@github.example:muster/context.git");
        QTest::newRow("from an origin by ssh URL")
            << QStringLiteral("ssh://git@github.example/muster/context.git");
        QTest::newRow("from an http origin without a credential source")
            << QStringLiteral("https://github.example/muster/context.git");
    }

    void nothingIsFetched()
    {
        QFETCH(QString, origin);
        m_clone->setOrigin(origin);
        GitRepository git = repository();
        QVERIFY(answerOf(git.refresh()));
        QCOMPARE(valueOf(git.defaultTip()), m_start);
    }

    void aSilentHostStopsNeitherReadingNorClosing()
    {
        RefusingServer host(RefusingServer::Manner::SaysNothing);
        m_clone->setOrigin(host.url());
        OneToken credential;
        QElapsedTimer closing;
        QFuture<Result<void>> outcome;
        {
            GitRepository git = repository(&credential);
            outcome = git.refresh();
            QTRY_COMPARE(host.connections(), 1);
            QCOMPARE(valueOf(git.defaultTip()), m_start);
            QVERIFY(!outcome.isFinished());
            closing.start();
        }
        QVERIFY2(closing.elapsed() < 5000, qPrintable(QString::number(closing.elapsed())));
        QVERIFY(outcome.isCanceled());
    }

    void aSilentHostIsGivenUpAndAskedAnew_data()
    {
        QTest::addColumn<QString>("scheme");
        QTest::newRow("by http") << QStringLiteral("http");
        QTest::newRow("beneath TLS") << QStringLiteral("https");
    }
    void aSilentHostIsGivenUpAndAskedAnew()
    {
        QFETCH(const QString, scheme);
        RefusingServer host(RefusingServer::Manner::SaysNothing);
        m_clone->setOrigin(host.url().replace(QStringLiteral("http:"), scheme + QLatin1Char(':')));
        OneToken credential;
        GitRepository git({path("clone"), path("cache/mirror")}, &credential,
                          std::chrono::milliseconds(250));
        const Error silent = answerOf(git.refresh()).error();
        QCOMPARE(silent.kind, ErrorKind::TimedOut);
        QCOMPARE(silent.message,
                 QStringLiteral("127.0.0.1 said nothing for 0.25 s when Git fetched: what was "
                                "fetched before stays. Check the connection, or press F5."));
        QCOMPARE(host.connections(), 1);

        const CommitId pushed = push("pushed");
        m_clone->setOrigin(path("host"));
        QVERIFY(answerOf(git.refresh()));
        QCOMPARE(valueOf(git.defaultTip()), pushed);
    }

    void aMirrorThatIsLockedIsNoFaultOfTheHost()
    {
        GitRepository git = repository();
        QVERIFY(answerOf(git.refresh()));
        const CommitId pushed = push("pushed");
        QFile lock(path("cache/mirror/refs/remotes/origin/main.lock"));
        QVERIFY(lock.open(QIODevice::WriteOnly));
        const Error locked = answerOf(git.refresh()).error();
        QVERIFY2(locked.message.contains(path("cache/mirror"))
                     && locked.message.contains(QStringLiteral("no other console")),
                 qPrintable(locked.message + locked.detail));
        QCOMPARE(valueOf(git.defaultTip()), m_start);

        // Whoever held it was killed.
        QVERIFY(lock.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-900),
                                 QFileDevice::FileModificationTime));
        QVERIFY(answerOf(git.refresh()));
        QCOMPARE(valueOf(git.defaultTip()), pushed);
        QVERIFY(!lock.exists());
    }

    void aDiskThatIsFullIsNoFaultOfTheHost()
    {
        GitRepository git = repository();
        QVERIFY(answerOf(git.refresh()));
        QByteArray large(1 << 20, 'x');
        QRandomGenerator random(1);
        random.fillRange(reinterpret_cast<quint32 *>(large.data()), large.size() / 4);
        const CommitId pushed = push(large);
        {
            const SmallFiles full(64 << 10);
            const Error error = answerOf(git.refresh()).error();
            QVERIFY2(error.message.contains(path("cache/mirror"))
                         && error.message.contains(QStringLiteral("disk is not full")),
                     qPrintable(error.message + error.detail));
            QCOMPARE(valueOf(git.defaultTip()), m_start);
        }
        QVERIFY(answerOf(git.refresh()));
        QCOMPARE(valueOf(git.defaultTip()), pushed);
        QCOMPARE(valueOf(git.file(pushed, QStringLiteral("a"))).content, large);
    }

    void aRefusedTokenIsSentOnceAndForgotten()
    {
        RefusingServer host(RefusingServer::Manner::Refuses);
        m_clone->setOrigin(host.url());
        OneToken credential;
        GitRepository git = repository(&credential);
        const Result<void> outcome = answerOf(git.refresh());
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, ErrorKind::SignedOut);
        QCOMPARE(credential.asked, 1);
        QCOMPARE(credential.forgotten, 1);
        const QByteArray sent
            = "Authorization: Basic " + QByteArray("x-access-token:t0ken").toBase64();
        QCOMPARE(std::count_if(host.requests().begin(), host.requests().end(),
                               [&](const QByteArray &request) { return request.contains(sent); }),
                 1);
        QVERIFY(!host.requests().first().contains("Authorization"));
        QVERIFY(
            !(outcome.error().message + outcome.error().detail).contains(QStringLiteral("t0ken")));
    }

    void aPasswordInTheUrlIsNotUsed()
    {
        RefusingServer host(RefusingServer::Manner::Refuses);
        m_clone->setOrigin(
            host.url().replace(QStringLiteral("//"), QStringLiteral("//muster:s3cret@")));
        OneToken credential;
        credential.answer = Secret();
        GitRepository git = repository(&credential);
        const Result<void> outcome = answerOf(git.refresh());
        QCOMPARE(outcome.error().kind, ErrorKind::SignedOut);
        QVERIFY(!host.requests().isEmpty());
        for (const QByteArray &request : host.requests())
            QVERIFY2(!request.contains("Authorization"), request.constData());
        QVERIFY(
            !(outcome.error().message + outcome.error().detail).contains(QStringLiteral("s3cret")));
    }

    void aTokenIsNotSentUnencryptedBeyondThisMachine()
    {
        m_clone->setOrigin(QStringLiteral("http://github.example/muster/context.git"));
        OneToken credential;
        GitRepository git = repository(&credential);
        const Result<void> outcome = answerOf(git.refresh());
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, ErrorKind::Refused);
    }

    void aMissingLoginIsTheOutcome()
    {
        m_clone->setOrigin(QStringLiteral("https://github.example/muster/context.git"));
        OneToken credential;
        credential.answer = fail(ErrorKind::SignedOut, QStringLiteral("run gh auth login"));
        GitRepository git = repository(&credential);
        QCOMPARE(answerOf(git.refresh()).error().message, QStringLiteral("run gh auth login"));
    }

private:
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QLatin1String(name));
    }

    [[nodiscard]] GitRepository repository(CredentialSource *credential = nullptr) const
    {
        return GitRepository({path("clone"), path("cache/mirror")}, credential);
    }

    CommitId push(const QByteArray &content)
    {
        const CommitId commit
            = m_host->commit({.files = {{"a", content}}, .parents = {m_start}, .message = content});
        m_host->setReference("refs/heads/main", commit);
        return commit;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ScriptedRepository> m_host;
    std::unique_ptr<ScriptedRepository> m_clone;
    CommitId m_start;
};

QTEST_GUILESS_MAIN(GitRefreshTest)
#include "gitrefreshtest.moc"
