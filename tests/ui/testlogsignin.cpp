#include "base/programs/signindesk.h"
#include "logs/logcontroller.h"
#include "support/fakeclock.h"
#include "support/fakelogsource.h"
#include "support/fakerunner.h"
#include "ui/logs/logpanel.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestLogSignIn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_panel.resize(900, 400);
        m_panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&m_panel));
    }

    void whereTheVendorIsSignedOutTheButtonLeadsToItsLogin()
    {
        FakeRunner runner;
        VendorLogin gh;
        gh.sources = {QStringLiteral("GitHub")};
        const SignInDesk desk(runner, {gh});
        const auto failSignedOut = [this] {
            Q_EMIT m_source.stream->ended(
                fail(ErrorKind::SignedOut, QStringLiteral("gh is not signed in.")));
        };
        m_controller.open(JobLog{RunId(1), JobId(2)}, QStringLiteral("unit"));
        failSignedOut();
        auto *button = m_panel.findChild<QPushButton *>(QStringLiteral("retryButton"));
        QCOMPARE(button->text(), QStringLiteral("Read Again"));
        m_panel.setSignIn(desk);
        QCOMPARE(button->text(), QStringLiteral("Sign In…"));
        QSignalSpy wanted(&m_panel, &LogPanel::signInRequested);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().toString(), QStringLiteral("GitHub"));
        m_panel.readAgain(); // after the login
        QVERIFY(m_controller.state() != LogController::State::Failed);
        // What gcloud opens is not known to this desk.
        m_controller.open(BuildLog{QStringLiteral("b1")}, QStringLiteral("cloud-build"));
        failSignedOut();
        QCOMPARE(button->text(), QStringLiteral("Read Again"));
    }

private:
    FakeClock m_clock;
    QTemporaryDir m_dir;
    FakeLogSource m_source;
    LogController m_controller{{&m_source}, m_dir.path(), m_clock};
    LogPanel m_panel{m_controller};
};

QTEST_MAIN(TestLogSignIn)
#include "testlogsignin.moc"
