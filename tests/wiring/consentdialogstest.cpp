#include "app/console/consentdialogs.h"
#include "ui/action/confirmationdialog.h"
#include "ui/widgets/theme.h"

#include "support/accessiblenames.h"
#include "support/await.h"
#include "support/fakeclock.h"

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class ConsentDialogsTest : public QObject
{
    Q_OBJECT

private:
    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<ConsentDesk> m_desk;
    std::unique_ptr<QWidget> m_window;

    static ProgramUse use(const char *program)
    {
        return {QString::fromLatin1(program), {}, "aa11", {}, QStringLiteral("kubeconfig /k")};
    }
    [[nodiscard]] QList<ConfirmationDialog *> dialogs() const
    {
        QList<ConfirmationDialog *> shown;
        for (auto *dialog : m_window->findChildren<ConfirmationDialog *>()) {
            if (dialog->isVisible())
                shown << dialog;
        }
        return shown;
    }
    [[nodiscard]] QPushButton *button(const char *name) const
    {
        return dialogs().constFirst()->findChild<QPushButton *>(QString::fromLatin1(name));
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_desk = std::make_unique<ConsentDesk>(
            ConsentFile(m_dir->filePath(QStringLiteral("consent.json"))), m_clock, QString());
        m_window = std::make_unique<QWidget>();
        new ConsentDialogs(*m_desk, {}, *m_window);
        m_window->show();
    }

    void allowIsPressedAndTheProgramMayRun()
    {
        const auto answer = m_desk->ask(use("/opt/login"));
        QCOMPARE(dialogs().size(), 1);
        QVERIFY(!answer.isFinished());
        QCOMPARE(nameless(*dialogs().constFirst()), QString());
        const auto *reason
            = dialogs().constFirst()->findChild<QLineEdit *>(QStringLiteral("reasonField"));
        QVERIFY(!reason->isVisible());
        QTest::mouseClick(button("confirmButton"), Qt::LeftButton);
        QVERIFY(await(answer));
        QTRY_VERIFY(dialogs().isEmpty());
    }

    void enterAndEscapeAllowNothing_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("Enter") << int(Qt::Key_Return);
        QTest::newRow("Esc") << int(Qt::Key_Escape);
    }
    void enterAndEscapeAllowNothing()
    {
        QFETCH(int, key);
        const auto answer = m_desk->ask(use("/opt/login"));
        QTest::keyClick(dialogs().constFirst(), Qt::Key(key));
        QVERIFY(!await(answer));
        QTRY_VERIFY(dialogs().isEmpty());
    }

    void twoQuestionsComeOneAfterTheOther()
    {
        const auto one = m_desk->ask(use("/opt/one"));
        const auto two = m_desk->ask(use("/opt/two"));
        QCOMPARE(dialogs().size(), 1);
        QTest::mouseClick(button("cancelButton"), Qt::LeftButton);
        QVERIFY(!await(one));
        QTRY_COMPARE(dialogs().size(), 1);
        QTest::mouseClick(button("confirmButton"), Qt::LeftButton);
        QVERIFY(await(two));
    }

    void whatCannotBeRememberedStaysOpenAndSaysWhy()
    {
        const auto answer = m_desk->ask(use("/opt/login"));
        QFile file(m_dir->filePath(QStringLiteral("consent.json")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nonsense") > 0);
        file.close();
        QTest::mouseClick(button("confirmButton"), Qt::LeftButton);
        QCOMPARE(dialogs().size(), 1);
        QVERIFY(!answer.isFinished());
        const auto *notice
            = dialogs().constFirst()->findChild<QLabel *>(QStringLiteral("confirmationNotice"));
        QVERIFY(notice->isVisible());
        QVERIFY(notice->text().contains(QStringLiteral("consent.json")));
    }

    void whatWasDeclinedIsAskedAgainWhenThePersonWants()
    {
        const auto first = m_desk->ask(use("/opt/login"));
        QTest::mouseClick(button("cancelButton"), Qt::LeftButton);
        QVERIFY(!await(first));
        QVERIFY(!await(m_desk->ask(use("/opt/login"))));
        QTRY_VERIFY(dialogs().isEmpty());
        QCOMPARE(m_window->actions().size(), 1);
        m_window->actions().constFirst()->trigger();
        QTRY_VERIFY(m_window->actions().isEmpty());
        const auto second = m_desk->ask(use("/opt/login"));
        QCOMPARE(dialogs().size(), 1);
        QTest::mouseClick(button("confirmButton"), Qt::LeftButton);
        QVERIFY(await(second));
    }

    void withTheWindowGoneTheAnswerIsNo()
    {
        m_window.reset();
        QVERIFY(!await(m_desk->ask(use("/opt/login"))));
    }
};

QTEST_MAIN(ConsentDialogsTest)
#include "consentdialogstest.moc"
