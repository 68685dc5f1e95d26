#include "base/programs/signindesk.h"
#include "support/fakeclock.h"
#include "support/fakerunner.h"
#include "ui/shell/signin/sourcecard.h"
#include "ui/shell/sourcechips.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString github = QStringLiteral("GitHub");
const QString database = QStringLiteral("PostgreSQL");

VendorLogin ghLogin()
{
    VendorLogin gh;
    gh.sources = {github};
    gh.command.program = QStringLiteral("gh");
    gh.command.arguments = {QStringLiteral("auth"), QStringLiteral("login")};
    return gh;
}

SourceState signedOut(const QString &name)
{
    SourceState state;
    state.name = name;
    state.health = SourceState::Health::SignedOut;
    state.error = Error{ErrorKind::SignedOut,
                        QStringLiteral("gh is not signed in to github.com."),
                        QStringLiteral("no oauth token"),
                        {}};
    return state;
}

SourceState live(const QString &name)
{
    SourceState state;
    state.name = name;
    state.health = SourceState::Health::Live;
    state.lastGoodSinceBoot = 1s;
    return state;
}

} // namespace

class TestSourceCard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        Theme::instance().apply(*qApp);
        m_runner = std::make_unique<FakeRunner>();
        m_desk = std::make_unique<SignInDesk>(*m_runner, QList<VendorLogin>{ghLogin()});
        m_chips = std::make_unique<SourceChips>(m_clock, m_desk.get());
        m_chips->setSource(signedOut(github));
        m_chips->setSource(signedOut(database));
        m_chips->resize(900, 40);
        m_chips->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_chips.get()));
    }
    void cleanup()
    {
        m_chips.reset();
        m_desk.reset();
    }

    void theChipOfWhatIsSignedOutOffersToSignIn()
    {
        QCOMPARE(chip(github)->text(), QStringLiteral("GitHub signed out: sign in…"));
        QCOMPARE(chip(database)->text(), QStringLiteral("PostgreSQL signed out"));
    }

    void theCardSaysWhyAndWhatItCosts()
    {
        press(github);
        QCOMPARE(label("sourceHeadline"), QStringLiteral("GitHub · signed out"));
        QVERIFY(label("sourceText").contains(QLatin1String("gh is not signed in")));
        QVERIFY(label("sourceText").contains(QLatin1String("Rolling back never waits for it.")));
        QCOMPARE(button("signIn")->text(), QStringLiteral("Sign In with gh"));
        QVERIFY(!button("openLoginPage")->isVisible());
        picture("source-card");
    }

    void whatHasNoVendorsLoginHasNoButton()
    {
        press(database);
        QVERIFY(!button("signIn")->isVisible());
        QVERIFY(!button("copyLogin")->isVisible());
        QVERIFY(!label("sourceText").isEmpty());
    }

    void theButtonRunsTheVendorsLoginAndShowsWhatItSays()
    {
        const auto held = m_runner->hold();
        press(github);
        QTest::mouseClick(button("signIn"), Qt::LeftButton);
        QCOMPARE(m_runner->commands.size(), 1);
        QCOMPARE(button("signIn")->text(), QStringLiteral("Cancel"));
        QCOMPARE(chip(github)->text(), QStringLiteral("GitHub signing in…"));
        FakeRunner::tell(
            m_runner->commands.first(),
            "! First copy your one-time code: 1A2B-3C4D\n"
            "Open this URL to continue in your browser: https://github.com/login/device");
        QVERIFY(label("loginSaid").contains(QLatin1String("1A2B-3C4D")));
        picture("source-card-signing-in");
        QSignalSpy page(m_chips.get(), &SourceChips::pageRequested);
        QTest::mouseClick(button("openLoginPage"), Qt::LeftButton);
        QCOMPARE(page.first().first().toUrl(),
                 QUrl(QStringLiteral("https://github.com/login/device")));
    }

    void closingTheCardEndsNothingAndCancelDoes()
    {
        const auto held = m_runner->hold();
        press(github);
        QTest::mouseClick(button("signIn"), Qt::LeftButton);
        QTest::keyClick(card(), Qt::Key_Escape);
        QVERIFY(!card()->isVisible());
        QVERIFY(!held->future().isCanceled());
        press(github);
        QTest::mouseClick(button("signIn"), Qt::LeftButton);
        QVERIFY(held->future().isCanceled());
        held->finish();
        QTRY_COMPARE(button("signIn")->text(), QStringLiteral("Sign In with gh"));
    }

    void aLoginThatFailedStaysReadableAndIsOfferedAgain()
    {
        m_runner->answer(1, {}, "error connecting to github.com");
        press(github);
        QTest::mouseClick(button("signIn"), Qt::LeftButton);
        QTRY_COMPARE(button("signIn")->text(), QStringLiteral("Sign In with gh"));
        QVERIFY(label("loginSaid").contains(QLatin1String("error connecting to github.com")));
        QTest::mouseClick(button("copyLogin"), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("gh auth login"));
    }

    void whenTheSourceIsWellAgainNothingIsOffered()
    {
        press(github);
        m_chips->setSource(live(github));
        QVERIFY(!button("signIn")->isVisible());
        QVERIFY(!chip(github)->text().contains(QLatin1String("sign in")));
        m_chips->setSource(signedOut(database)); // another source's news
        QVERIFY(label("sourceHeadline").startsWith(github));
    }

private:
    /// Kept for whoever wants to look, where PILOTHOUSE_PICTURES names a folder.
    void picture(const char *name) const
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(
                card()->grab().save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name))));
    }
    void press(const QString &source) const { QTest::mouseClick(chip(source), Qt::LeftButton); }
    [[nodiscard]] QToolButton *chip(const QString &source) const
    {
        return m_chips->findChild<QToolButton *>(QStringLiteral("chip-%1").arg(source));
    }
    [[nodiscard]] SourceCard *card() const { return m_chips->findChild<SourceCard *>(); }
    [[nodiscard]] QPushButton *button(const char *name) const
    {
        return card()->findChild<QPushButton *>(QLatin1String(name));
    }
    [[nodiscard]] QString label(const char *name) const
    {
        return card()->findChild<QLabel *>(QLatin1String(name))->text();
    }

    FakeClock m_clock;
    std::unique_ptr<FakeRunner> m_runner;
    std::unique_ptr<SignInDesk> m_desk;
    std::unique_ptr<SourceChips> m_chips;
};

QTEST_MAIN(TestSourceCard)
#include "testsourcecard.moc"
