#include "app/sandbox/parts/gitmaker.h"
#include "app/sandbox/parts/jobsteps.h"
#include "sandbox_parts/gitreader.h"

#include <QTemporaryDir>
#include <QTest>

#include <yaml-cpp/yaml.h>

namespace pilothouse::sandbox {

namespace {

const QString changeFile = QStringLiteral("migrations/changes/conversations-organization-id.yaml");

QString text(const YAML::Node &node)
{
    return QString::fromStdString(node.as<std::string>());
}

/// The steps that GitHub adds by itself.
bool isRunnersOwn(const QString &step)
{
    return step == QLatin1String("Set up job") || step == QLatin1String("Complete job")
           || step == QLatin1String("Initialize containers")
           || step == QLatin1String("Stop containers") || step.startsWith(QLatin1String("Post "));
}

QStringList workflowSteps(const YAML::Node &job)
{
    QStringList names;
    for (const auto &step : job["steps"])
        names << (step["name"] ? text(step["name"]) : QStringLiteral("Run ") + text(step["uses"]));
    return names;
}

QStringList reportedSteps(const QString &job)
{
    QStringList names;
    for (const JobStep &step : jobSteps({QStringLiteral("9f3c2a1"), {}, job, {}}))
        if (!isRunnersOwn(step.name))
            names << step.name;
    return names;
}

} // namespace

class RepositoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void twoRunsGiveTheSameHashes();
    void releasesFollowEachOther();
    void aCloneSeesAReleaseOnlyAfterItsPush();
    void anUnknownReleaseCannotBePushed();
    void aFolderThatIsTakenIsRefused();
    void contractReadyTurnsTrueWithTheRelease_data();
    void contractReadyTurnsTrueWithTheRelease();
    void theBadReleaseChangesOneDependencyAndNoChange();
    void theBadReleaseHoldsItsConnectionWhileItStreams();
    void everyWorkflowParses();
    void jobsAndStepsAreTheOnesThatGitHubReports_data();
    void jobsAndStepsAreTheOnesThatGitHubReports();
    void aDeployFollowsTheTests();

private:
    [[nodiscard]] YAML::Node workflow(const QString &file) const;

    QTemporaryDir m_dir;
    MadeRepository m_made;
};

void RepositoryTest::initTestCase()
{
    const auto made = makeRepository(m_dir.path());
    QVERIFY2(made, made ? "" : qPrintable(made.error().message + made.error().detail));
    m_made = *made;
}

YAML::Node RepositoryTest::workflow(const QString &file) const
{
    const GitReader git(m_made.path);
    return YAML::Load(git.file(m_made.commits.value(QStringLiteral("c41d77e")),
                               QStringLiteral(".github/workflows/") + file)
                          .toStdString());
}

void RepositoryTest::twoRunsGiveTheSameHashes()
{
    QTemporaryDir other;
    const auto again = makeRepository(other.path());
    QVERIFY(again);
    QCOMPARE(again->commits, m_made.commits);
    QCOMPARE(again->commits.size(), 5);
    for (const QString &sha : again->commits)
        QCOMPARE(sha.size(), 40);
}

void RepositoryTest::releasesFollowEachOther()
{
    QStringList nicknames;
    for (const MadeCommit &commit : m_made.history)
        if (!commit.nickname.isEmpty())
            nicknames << commit.nickname;
    QCOMPARE(nicknames, QStringList({QStringLiteral("4be81c0"), QStringLiteral("6d02e19"),
                                     QStringLiteral("b7710fe"), QStringLiteral("9f3c2a1"),
                                     QStringLiteral("c41d77e")}));
    const GitReader git(m_made.path);
    QStringList subjects;
    for (const MadeCommit &commit : m_made.history)
        subjects << commit.subject;
    // The walk over parents meets the whole history in the order that the list tells.
    QCOMPARE(git.subjects(m_made.history.first().sha, m_made.history.last().sha), subjects.mid(1));
    QCOMPARE(madeCommit(m_made, QStringLiteral("9f3c2a1")).pullRequest, 412);
    const QString sha = m_made.commits.value(QStringLiteral("c41d77e"));
    QCOMPARE(madeCommit(m_made, sha.left(7)).pullRequest, 418);
}

void RepositoryTest::aCloneSeesAReleaseOnlyAfterItsPush()
{
    QTemporaryDir dir;
    const auto made = makeRepository(dir.path());
    QVERIFY(made);
    const QString red = made->commits.value(QStringLiteral("b7710fe"));
    const QString good = made->commits.value(QStringLiteral("9f3c2a1"));
    {
        const GitReader clone(made->path);
        const GitReader upstream(made->upstream);
        QCOMPARE(clone.resolve(QStringLiteral("HEAD")), red);
        QCOMPARE(clone.resolve(QStringLiteral("refs/remotes/origin/main")), red);
        QCOMPARE(clone.resolve(QStringLiteral("refs/remotes/origin/HEAD")), red);
        QCOMPARE(upstream.resolve(QStringLiteral("refs/heads/main")), red);
        QCOMPARE(clone.dirty(), QStringList());
    }
    const auto pushed = pushRelease(*made, QStringLiteral("9f3c2a1"));
    QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().detail));
    const GitReader clone(made->path);
    QCOMPARE(clone.resolve(QStringLiteral("refs/heads/main")), good);
    QCOMPARE(clone.resolve(QStringLiteral("refs/remotes/origin/HEAD")), good);
    QCOMPARE(GitReader(made->upstream).resolve(QStringLiteral("HEAD")), good);
    QCOMPARE(clone.dirty(), QStringList());
}

void RepositoryTest::anUnknownReleaseCannotBePushed()
{
    const auto pushed = pushRelease(m_made, QStringLiteral("0000000"));
    QVERIFY(!pushed);
    QCOMPARE(pushed.error().kind, ErrorKind::NotFound);
}

void RepositoryTest::aFolderThatIsTakenIsRefused()
{
    const auto again = makeRepository(m_dir.path());
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Unavailable);
    QVERIFY(again.error().message.contains(QLatin1String("empty folder")));
}

void RepositoryTest::contractReadyTurnsTrueWithTheRelease_data()
{
    QTest::addColumn<QString>("nickname");
    QTest::addColumn<QString>("ready");
    QTest::newRow("4be81c0 does not know the column") << "4be81c0"
                                                      << "false";
    QTest::newRow("6d02e19 does not know the column") << "6d02e19"
                                                      << "false";
    QTest::newRow("b7710fe does not write the column") << "b7710fe"
                                                       << "false";
    QTest::newRow("9f3c2a1 writes the column") << "9f3c2a1"
                                               << "true";
    QTest::newRow("c41d77e writes the column") << "c41d77e"
                                               << "true";
}

void RepositoryTest::contractReadyTurnsTrueWithTheRelease()
{
    QFETCH(QString, nickname);
    QFETCH(QString, ready);
    const GitReader git(m_made.path);
    const QString sha = m_made.commits.value(nickname);
    const YAML::Node change = YAML::Load(git.file(sha, changeFile).toStdString());
    QCOMPARE(text(change["contract_ready"]), ready);
    const bool writes
        = git.file(sha, QStringLiteral("core/conversations.py")).contains("organization_id");
    QCOMPARE(writes, ready == QLatin1String("true"));
}

void RepositoryTest::theBadReleaseChangesOneDependencyAndNoChange()
{
    const GitReader git(m_made.path);
    const QString good = m_made.commits.value(QStringLiteral("9f3c2a1"));
    const QString bad = m_made.commits.value(QStringLiteral("c41d77e"));
    QCOMPARE(git.subjects(good, bad).size(), 3);
    QCOMPARE(git.changed(good, bad),
             QStringList({QStringLiteral("core/errors.py"), QStringLiteral("core/search.py"),
                          QStringLiteral("poetry.lock"), QStringLiteral("pyproject.toml"),
                          QStringLiteral("standalone/app.py")}));
    const auto lines = [&](const QString &sha) {
        return git.file(sha, QStringLiteral("pyproject.toml")).split('\n');
    };
    const QByteArrayList before = lines(good);
    const QByteArrayList after = lines(bad);
    QCOMPARE(after.size(), before.size());
    QByteArrayList differing;
    for (qsizetype i = 0; i < before.size(); ++i)
        if (before[i] != after[i])
            differing << before[i] << after[i];
    QCOMPARE(differing, QByteArrayList({"fastapi = \"0.117.1\"", "fastapi = \"0.118.0\""}));
}

void RepositoryTest::theBadReleaseHoldsItsConnectionWhileItStreams()
{
    const GitReader git(m_made.path);
    const QString app = QStringLiteral("standalone/app.py");
    QVERIFY(!git.file(m_made.commits.value(QStringLiteral("9f3c2a1")), app)
                 .contains("StreamingResponse"));
    QVERIFY(git.file(m_made.commits.value(QStringLiteral("c41d77e")), app)
                .contains("StreamingResponse(search.lines(database"));
}

void RepositoryTest::everyWorkflowParses()
{
    const GitReader git(m_made.path);
    int parsed = 0;
    for (const MadeCommit &commit : std::as_const(m_made.history)) {
        for (const QString &path : git.folder(commit.sha, QStringLiteral(".github/workflows"))) {
            const YAML::Node file = YAML::Load(git.file(commit.sha, path).toStdString());
            QVERIFY2(file["on"] && file["jobs"].IsMap() && file["jobs"].size() > 0,
                     qPrintable(path));
            for (const auto &job : file["jobs"])
                QVERIFY2(job.second["runs-on"] && job.second["timeout-minutes"],
                         qPrintable(path + text(job.first)));
            ++parsed;
        }
    }
    QVERIFY(parsed >= 3 * 10);
}

void RepositoryTest::jobsAndStepsAreTheOnesThatGitHubReports_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("jobs");
    QTest::newRow("the tests") << "ci.yml"
                               << QStringList(
                                      {QStringLiteral("build"), QStringLiteral("unit-tests"),
                                       QStringLiteral("integration-tests"),
                                       QStringLiteral("security-scan"), QStringLiteral("lint")});
    QTest::newRow("the deploy to Kubernetes")
        << "deploy-standalone.yml"
        << QStringList({QStringLiteral("deploy-staging"), QStringLiteral("smoke"),
                        QStringLiteral("deploy-candidate"), QStringLiteral("finish")});
    QTest::newRow("the deploy to Cloud Run")
        << "deploy-coditect.yml"
        << QStringList({QStringLiteral("cloud-build"), QStringLiteral("deploy")});
}

void RepositoryTest::jobsAndStepsAreTheOnesThatGitHubReports()
{
    QFETCH(QString, file);
    QFETCH(QStringList, jobs);
    const YAML::Node parsed = workflow(file);
    QStringList names;
    for (const auto &job : parsed["jobs"]) {
        const QString name = text(job.first);
        names << name;
        QStringList legs{name};
        if (const YAML::Node strategy = job.second["strategy"]) {
            legs.clear();
            for (const auto &tool : strategy["matrix"]["tool"])
                legs << QStringLiteral("%1 (%2)").arg(name, text(tool));
            QCOMPARE(legs.size(), 3);
        }
        for (const QString &leg : std::as_const(legs))
            QCOMPARE(reportedSteps(leg), workflowSteps(job.second));
    }
    QCOMPARE(names, jobs);
}

void RepositoryTest::aDeployFollowsTheTests()
{
    const QString tests = text(workflow(QStringLiteral("ci.yml"))["name"]);
    for (const char *file : {"deploy-standalone.yml", "deploy-coditect.yml"}) {
        const YAML::Node on = workflow(QString::fromLatin1(file))["on"]["workflow_run"];
        QCOMPARE(text(on["workflows"][0]), tests);
        QCOMPARE(text(on["types"][0]), QStringLiteral("completed"));
    }
}

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::RepositoryTest)
#include "repositorytest.moc"
