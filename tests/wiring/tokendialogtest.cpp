#include "app/console/tokendialog.h"
#include "ui/widgets/theme.h"

#include "support/accessiblenames.h"
#include "support/fakekeychain.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

class TokenDialogTest : public QObject
{
    Q_OBJECT

private:
    FakeKeychain m_keychain;
    QPointer<TokenDialog> m_dialog;
    const KeychainAccount m_account{QStringLiteral("github"), QStringLiteral("github.com"),
                                    QStringLiteral("GitHub (github.com)")};

    template <typename T>
    [[nodiscard]] T *part(const char *name) const
    {
        return m_dialog->findChild<T *>(QString::fromLatin1(name));
    }
    void type(const char *text)
    {
        auto *field = part<QLineEdit>("tokenField");
        field->clear();
        QTest::keyClicks(field, QString::fromLatin1(text));
        QTest::keyClick(field, Qt::Key_Return);
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_keychain.entries.clear();
        m_keychain.error.reset();
        m_dialog = new TokenDialog(m_keychain, m_account, nullptr);
        m_dialog->open();
    }
    void cleanup() { delete m_dialog; }

    void whatIsTypedGoesIntoTheAccountsEntryAndIsNotShown()
    {
        QCOMPARE(part<QLineEdit>("tokenField")->echoMode(), QLineEdit::Password);
        QVERIFY(!part<QPushButton>("keepButton")->isEnabled());
        type(" ghp_x ");
        QCOMPARE(m_keychain.entries.value(QStringLiteral("github github.com")),
                 QByteArray("ghp_x"));
        QTRY_VERIFY(!m_dialog);
    }

    void everyFocusableWidgetHasAName() { QCOMPARE(nameless(*m_dialog), QString()); }

    void whatIsNoTokenIsSaidAndNotKept()
    {
        type("two words");
        QVERIFY(part<QLabel>("tokenNotice")->isVisible());
        QVERIFY(!part<QLabel>("tokenNotice")->text().contains(QStringLiteral("words")));
        QVERIFY(m_keychain.entries.isEmpty());
    }

    void aLockedKeychainIsSaidAndTheDialogStays()
    {
        m_keychain.error = Error{ErrorKind::SignedOut, QStringLiteral("Unlock it."), {}, {}};
        type("ghp_x");
        QCOMPARE(part<QLabel>("tokenNotice")->text(), QStringLiteral("Unlock it."));
        m_keychain.error.reset();
        type("ghp_x");
        QTRY_VERIFY(!m_dialog);
        QCOMPARE(m_keychain.entries.size(), 1);
    }
};

QTEST_MAIN(TokenDialogTest)
#include "tokendialogtest.moc"
