#include "base/programs/signindesk.h"

#include "support/fakerunner.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using Stage = SignInDesk::Stage;

namespace {

const QString github = QStringLiteral("GitHub");
const QString run = QStringLiteral("Cloud Run");
const QString build = QStringLiteral("Cloud Build");

QList<VendorLogin> logins()
{
    VendorLogin gh;
    gh.sources = {github};
    gh.command.program = QStringLiteral("gh");
    gh.command.arguments = {QStringLiteral("auth"), QStringLiteral("login")};
    VendorLogin gcloud;
    gcloud.sources = {run, build};
    gcloud.command.program = QStringLiteral("gcloud");
    return {gh, gcloud};
}

} // namespace

class TestSignInDesk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_runner = std::make_unique<FakeRunner>();
        m_desk = std::make_unique<SignInDesk>(*m_runner, logins());
    }

    void onlyWhatHasAVendorsLoginIsOffered()
    {
        QCOMPARE(m_desk->loginOf(github)->text(), QStringLiteral("gh auth login"));
        QCOMPARE(m_desk->loginOf(build), m_desk->loginOf(run));
        QVERIFY(!m_desk->loginOf(QStringLiteral("PostgreSQL")));
        m_desk->start(QStringLiteral("PostgreSQL"));
        QVERIFY(m_runner->commands.isEmpty());
    }

    void whatTheProgramSaysIsThereWhileItWaits()
    {
        const auto held = m_runner->hold();
        m_desk->start(github);
        QCOMPARE(m_desk->progressOf(github).stage, Stage::Running);
        FakeRunner::tell(m_runner->commands.first(),
                         "! First copy your one-time code: 1A2B-3C4D\n"
                         "Open this URL to continue: https://github.com/login/device\n");
        const auto progress = m_desk->progressOf(github);
        QCOMPARE(progress.said.size(), 2);
        QVERIFY(progress.said.first().endsWith(QLatin1String("1A2B-3C4D")));
        QCOMPARE(progress.page, QUrl(QStringLiteral("https://github.com/login/device")));
        QCOMPARE(m_desk->progressOf(run).stage, Stage::Idle);
    }

    void aTokenThatTheProgramSaysIsMasked()
    {
        const auto held = m_runner->hold();
        m_desk->start(github);
        const QByteArray token = QByteArray("ghp_") + QByteArray(36, 'a');
        FakeRunner::tell(m_runner->commands.first(), "token: " + token + '\n');
        QVERIFY(!m_desk->progressOf(github)
                     .said.join(QLatin1Char(' '))
                     .contains(QString::fromLatin1(token)));
    }

    void aSecondPressStartsNoSecondProgram()
    {
        const auto held = m_runner->hold();
        m_desk->start(run);
        m_desk->start(run);
        m_desk->start(build); // the same program serves both
        QCOMPARE(m_runner->commands.size(), 1);
    }

    void aLoginThatWorkedIsToldForAllThatItOpens()
    {
        QSignalSpy signedIn(m_desk.get(), &SignInDesk::signedIn);
        m_runner->answer(0, "You are now logged in.");
        m_desk->start(build);
        QVERIFY(signedIn.wait());
        QCOMPARE(signedIn.first().first().toStringList(), (QStringList{run, build}));
        QCOMPARE(m_desk->progressOf(run).stage, Stage::Idle);
        QVERIFY(m_desk->progressOf(run).said.isEmpty());
    }

    void aLoginThatFailedSaysItsLastWordsAndMayBeTriedAgain()
    {
        QSignalSpy signedIn(m_desk.get(), &SignInDesk::signedIn);
        m_runner->answer(1, {}, "error connecting to github.com");
        m_desk->start(github);
        QTRY_COMPARE(m_desk->progressOf(github).stage, Stage::Failed);
        QCOMPARE(m_desk->progressOf(github).said.last(),
                 QStringLiteral("error connecting to github.com"));
        QVERIFY(signedIn.isEmpty());
        const auto held = m_runner->hold();
        m_desk->start(github);
        QCOMPARE(m_desk->progressOf(github).stage, Stage::Running);
        QVERIFY(m_desk->progressOf(github).said.isEmpty());
    }

    void aProgramThatEndsWithoutAWordIsSaidToBeRunInATerminal()
    {
        m_runner->answer(1, {});
        m_desk->start(github);
        QTRY_COMPARE(m_desk->progressOf(github).stage, Stage::Failed);
        QVERIFY(m_desk->progressOf(github).said.last().contains(QLatin1String("gh auth login")));
    }

    void aProgramThatIsMissingIsNamed()
    {
        m_desk->start(github);
        QTRY_COMPARE(m_desk->progressOf(github).stage, Stage::Failed);
        QCOMPARE(m_desk->progressOf(github).said.last(), QStringLiteral("gh is not there"));
    }

    void cancelEndsTheProgramAndSignsNobodyIn()
    {
        QSignalSpy signedIn(m_desk.get(), &SignInDesk::signedIn);
        const auto held = m_runner->hold();
        m_desk->start(github);
        m_desk->cancel(github);
        QVERIFY(held->future().isCanceled());
        held->finish();
        QTRY_COMPARE(m_desk->progressOf(github).stage, Stage::Idle);
        QVERIFY(signedIn.isEmpty());
    }

    void aDeskThatGoesEndsItsPrograms()
    {
        const auto held = m_runner->hold();
        m_desk->start(github);
        m_desk.reset();
        QVERIFY(held->future().isCanceled());
        FakeRunner::tell(m_runner->commands.first(), "too late\n"); // nobody listens any more
    }

private:
    std::unique_ptr<FakeRunner> m_runner;
    std::unique_ptr<SignInDesk> m_desk;
};

QTEST_GUILESS_MAIN(TestSignInDesk)
#include "testsignindesk.moc"
