#include "app/console/startwindow.h"
#include "app/console/start/firststart.h"
#include "ui/widgets/theme.h"

#include "console/testhome.h"
#include "support/accessiblenames.h"
#include "support/fakeclock.h"
#include "support/fakerunner.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolTip>
#include <QUrl>

using namespace pilothouse;

namespace {

const QByteArray twoContexts = "contexts: [{name: prod, context: {cluster: c}}, "
                               "{name: qa, context: {cluster: c}}]\n"
                               "current-context: prod\n";

} // namespace

/// The start page where no workspace is recent, on a home folder of the test's own.
class StartWindowTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TestHome> m_home;
    FakeClock m_clock;
    std::unique_ptr<FakeRunner> m_runner;
    std::unique_ptr<LoginPath> m_path;
    std::unique_ptr<StartWindow> m_window;
    std::unique_ptr<FirstStart> m_first;
    QList<QUrl> m_pages;
    bool m_hasBrowser = true;

    [[nodiscard]] QString path(const char *name) const { return m_home->path(name); }
    QString write(const char *name, const QByteArray &text) const
    {
        return m_home->write(name, text);
    }
    void install(const char *program) const
    {
        QFile file(write(program, "#!/bin/false\n"));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
    }
    void makeClone() const
    {
        write("ci/.git/HEAD", "");
        write("ci/.github/workflows/ci.yml", "on: push\n");
    }
    void show()
    {
        m_window->showRecent({});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QTRY_VERIFY(button("clone")->isVisible() && button("gh")->isVisible()
                    && button("gcloud")->isVisible());
    }
    template <typename T>
    [[nodiscard]] T *part(const QString &name) const
    {
        return m_window->findChild<T *>(name);
    }
    [[nodiscard]] QPushButton *button(const char *row) const
    {
        return part<QPushButton>(QLatin1String(row) + QStringLiteral("Button"));
    }
    [[nodiscard]] QString headline(const char *row) const
    {
        return part<QLabel>(QLatin1String(row) + QStringLiteral("Headline"))->text();
    }
    [[nodiscard]] QString sentence(const char *row) const
    {
        return part<QLabel>(QLatin1String(row) + QStringLiteral("Sentence"))->text();
    }
    /// Kept for whoever wants to look, where PILOTHOUSE_PICTURES names a folder.
    void picture(const QString &name) const
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (!folder.isEmpty())
            m_window->grab().save(QDir(folder).filePath(QStringLiteral("start-%1.png").arg(name)));
    }
    void press(const char *row) const { QTest::mouseClick(button(row), Qt::LeftButton); }
    /// Types a path into the file dialog that comes next.
    void answerNextDialog(const QString &file)
    {
        QTimer::singleShot(0, m_window.get(), [file] {
            auto *dialog = qobject_cast<QFileDialog *>(QApplication::activeModalWidget());
            QVERIFY(dialog);
            auto *name = dialog->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
            QVERIFY(name);
            name->setText(file);
            QTest::keyClick(name, Qt::Key_Return);
        });
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_home = std::make_unique<TestHome>();
        QVERIFY(m_home->isValid() && QDir(m_home->path()).mkpath(QStringLiteral("ci")));
        qputenv("HOME", m_home->path().toLocal8Bit());
        m_runner = std::make_unique<FakeRunner>();
        m_path = std::make_unique<LoginPath>(*m_runner, QString(), path("bin"));
        m_window = std::make_unique<StartWindow>();
        m_first = std::make_unique<FirstStart>(m_window->setUp(),
                                               FirstStart::Around{path("ci"),
                                                                  {path(".kube/config")},
                                                                  [this](const QUrl &page) {
                                                                      m_pages << page;
                                                                      return m_hasBrowser;
                                                                  }},
                                               *m_runner, *m_path, m_clock);
        connect(m_window.get(), &StartWindow::lookRequested, m_first.get(), &FirstStart::look);
        connect(m_first.get(), &FirstStart::cloneWanted, m_window.get(), &StartWindow::openClone);
        connect(m_first.get(), &FirstStart::cloneChoiceWanted, m_window.get(),
                &StartWindow::chooseClone);
        m_pages.clear();
        m_hasBrowser = true;
    }
    void cleanup()
    {
        m_first.reset();
        m_window.reset();
    }

    void itLooksAfterItsFirstPaintAndRunsNothing()
    {
        makeClone();
        write(".kube/config", twoContexts);
        install("bin/gh");
        m_window->showRecent({});
        QCoreApplication::processEvents();
        QCOMPARE(headline("clone"), QStringLiteral("Clone"));
        QVERIFY(!button("clone")->isVisibleTo(m_window.get()));
        show();
        QCOMPARE(headline("clone"), QStringLiteral("Clone: ci, one workflow"));
        QCOMPARE(headline("kubeconfig"), QStringLiteral("Kubeconfig: 2 contexts, prod is current"));
        QCOMPARE(headline("gh"), QStringLiteral("gh was found"));
        QCOMPARE(headline("gcloud"), QStringLiteral("gcloud was not found"));
        QVERIFY(m_runner->commands.isEmpty());
    }

    void theClonesGraphIsAskedForInOnePress()
    {
        makeClone();
        show();
        QSignalSpy asked(m_window.get(), &StartWindow::openRequested);
        press("clone");
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.first().first().toString(), path("ci/pilothouse.yaml"));
        QVERIFY(QFile::exists(path("ci/pilothouse.yaml")));
    }

    void whereNoneIsOneIsChosen()
    {
        show();
        QCOMPARE(headline("clone"), QStringLiteral("No clone was found"));
        makeClone();
        QSignalSpy asked(m_window.get(), &StartWindow::openRequested);
        answerNextDialog(path("ci"));
        press("clone");
        QCOMPARE(asked.size(), 1);
    }

    void aContextIsChosenAndCopied()
    {
        write(".kube/config", twoContexts);
        show();
        press("kubeconfig");
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        QCOMPARE(menu->actions().size(), 2);
        QCOMPARE(menu->activeAction(), menu->actions().constFirst());
        QTest::mouseClick(menu, Qt::LeftButton, {},
                          menu->actionGeometry(menu->actions().constLast()).center());
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("context: 'qa'"));
        QVERIFY2(sentence("kubeconfig").startsWith(QStringLiteral("Copied: context: 'qa'.")),
                 qPrintable(sentence("kubeconfig")));
    }

    void theOnlyContextIsCopiedWithoutAMenu()
    {
        write(".kube/config", "contexts: [{name: qa, context: {cluster: c}}]\n");
        show();
        press("kubeconfig");
        QVERIFY(!QApplication::activePopupWidget());
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("context: 'qa'"));
    }

    void aBrokenKubeconfigIsMendedAndReadAgain()
    {
        write(".kube/config", "contexts: [{\n");
        show();
        QVERIFY2(sentence("kubeconfig").startsWith(QStringLiteral("~/.kube/config:1:")),
                 qPrintable(sentence("kubeconfig")));
        write(".kube/config", twoContexts);
        press("kubeconfig");
        QTRY_COMPARE(headline("kubeconfig"),
                     QStringLiteral("Kubeconfig: 2 contexts, prod is current"));
    }

    void aKubeconfigElsewhereIsChosen()
    {
        show();
        QCOMPARE(headline("kubeconfig"), QStringLiteral("No kubeconfig was found"));
        answerNextDialog(write("else", "contexts: [{name: qa, context: {cluster: c}}]\n"));
        press("kubeconfig");
        QTRY_COMPARE(headline("kubeconfig"),
                     QStringLiteral("Kubeconfig: one context, none is current"));
        press("kubeconfig");
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("kubeconfig: '%1'\ncontext: 'qa'").arg(path("else")));
    }

    void aSignInIsAskedForOnPressAndTheVendorsLoginRuns()
    {
        qunsetenv("GH_TOKEN");
        qunsetenv("GITHUB_TOKEN");
        install("bin/gh");
        show();
        m_runner->answer(1, {}, "no oauth token");
        press("gh");
        QTRY_COMPARE(button("gh")->text(), QStringLiteral("Sign In"));
        QVERIFY2(sentence("gh").contains(QStringLiteral("not signed in")),
                 qPrintable(sentence("gh")));
        picture(QStringLiteral("signed-out"));
        const auto login = m_runner->hold();
        press("gh");
        QCOMPARE(m_runner->commands.last().arguments.mid(0, 2),
                 (QStringList{QStringLiteral("auth"), QStringLiteral("login")}));
        QCOMPARE(button("gh")->text(), QStringLiteral("Cancel"));
        FakeRunner::tell(m_runner->commands.last(),
                         "! First copy your one-time code: 1A2B-3C4D\n"
                         "Open this URL to continue in your web browser: "
                         "https://github.com/login/device\n");
        QVERIFY2(sentence("gh").contains(QLatin1String("1A2B-3C4D")), qPrintable(sentence("gh")));
        picture(QStringLiteral("signing-in"));
        press("gh");
        QCOMPARE(m_pages.last(), QUrl(QStringLiteral("https://github.com/login/device")));
        m_runner->answer(0, "gho_x\n");
        FakeRunner::settle(login, CommandOutput{0, {}, {}});
        QTRY_COMPARE(headline("gh"), QStringLiteral("gh is signed in"));
        QCOMPARE(m_runner->commands.size(), 3);
        QTest::mouseClick(part<QPushButton>(QStringLiteral("lookButton")), Qt::LeftButton);
        QCOMPARE(headline("gh"), QStringLiteral("gh is signed in"));
        m_runner->answer(1, {}, "no oauth token"); // signed out since
        press("gh");
        QTRY_COMPARE(button("gh")->text(), QStringLiteral("Sign In"));
        m_runner->answer(1, {}, "error connecting to github.com");
        press("gh");
        QTRY_COMPARE(button("gh")->text(), QStringLiteral("Sign In"));
        QCOMPARE(sentence("gh"), QStringLiteral("error connecting to github.com"));
    }

    void aSecondPressWhileItIsAskedAsksNoSecondTime()
    {
        install("bin/gcloud");
        show();
        const auto answer = m_runner->hold();
        press("gcloud");
        press("gcloud");
        QCOMPARE(sentence("gcloud"), QStringLiteral("Asking gcloud whether it is signed in."));
        QCOMPARE(m_runner->commands.size(), 1);
        m_runner->answer(0, "ya29.x\n");
        FakeRunner::settle(answer, CommandOutput{1, {}, {}});
        QTRY_COMPARE(headline("gcloud"), QStringLiteral("gcloud is signed in"));
    }

    void howToInstallIsAPageOfItsVendor()
    {
        show();
        press("gcloud");
        press("gh");
        QCOMPARE(m_pages,
                 (QList<QUrl>{QUrl(QStringLiteral("https://cloud.google.com/sdk/docs/install")),
                              QUrl(QStringLiteral("https://cli.github.com/"))}));
    }

    void withoutABrowserThePageIsNamed()
    {
        m_hasBrowser = false;
        show();
        press("gh");
        QVERIFY2(sentence("gh").contains(QStringLiteral("https://cli.github.com/")),
                 qPrintable(sentence("gh")));
    }

    void whatWasInstalledSinceIsFoundByF5AndTheKeyboardStays()
    {
        show();
        m_window->activateWindow();
        button("gh")->setFocus();
        install("bin/gh");
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_COMPARE(headline("gh"), QStringLiteral("gh was found"));
        QCOMPARE(m_window->focusWidget(), button("gh"));
    }

    void tabGoesFromTopToBottomAndEveryButtonHasAName()
    {
        makeClone();
        show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QStringList order;
        part<QWidget>(QStringLiteral("lookButton"))->setFocus();
        for (int i = 0; i < 8; ++i) {
            order << m_window->focusWidget()->objectName();
            QTest::keyClick(m_window->focusWidget(), Qt::Key_Tab);
        }
        QCOMPARE(order,
                 QStringLiteral("lookButton cloneButton kubeconfigButton ghButton gcloudButton "
                                "openButton makeButton rehearseButton")
                     .split(QLatin1Char(' ')));
        QCOMPARE(nameless(*m_window), QString());
        button("clone")->setFocus();
        QSignalSpy asked(m_window.get(), &StartWindow::openRequested);
        QTest::keyClick(button("clone"), Qt::Key_Space);
        QCOMPARE(asked.size(), 1);
    }

    void whatHasNoRoomIsInTheTooltipAndNothingWidensTheWindow()
    {
        const QByteArray name(400, 'n');
        write(".kube/config",
              "contexts: [{name: " + name + ", context: {}}]\ncurrent-context: " + name + "\n");
        m_window->showRecent({});
        const int narrowest = m_window->minimumSizeHint().width();
        show();
        QCOMPARE(m_window->minimumSizeHint().width(), narrowest);
        picture(QStringLiteral("long"));
        auto *label = part<QLabel>(QStringLiteral("kubeconfigHeadline"));
        QVERIFY(label->text().contains(QString::fromLatin1(name)));
        QHelpEvent help(QEvent::ToolTip, {2, 2}, label->mapToGlobal(QPoint(2, 2)));
        QCoreApplication::sendEvent(label, &help);
        QCOMPARE(QToolTip::text(), label->text());
    }

    void itsColoursAreThoseOfTheTheme_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::addColumn<bool>("found");
        QTest::newRow("light-all") << Theme::Scheme::Light << true;
        QTest::newRow("light-none") << Theme::Scheme::Light << false;
        QTest::newRow("dark-all") << Theme::Scheme::Dark << true;
        QTest::newRow("dark-none") << Theme::Scheme::Dark << false;
    }
    void itsColoursAreThoseOfTheTheme()
    {
        QFETCH(Theme::Scheme, scheme);
        QFETCH(bool, found);
        const auto before = qScopeGuard(
            [scheme = Theme::instance().scheme()] { Theme::instance().setScheme(scheme); });
        if (found) {
            makeClone();
            write(".kube/config", twoContexts);
            install("bin/gh");
            install("bin/gcloud");
        }
        show();
        Theme::instance().setScheme(scheme); // while it is shown
        QCoreApplication::processEvents();
        const auto colorOf = [this](const char *name) {
            const auto *label = part<QLabel>(QLatin1String(name));
            return label->palette().color(label->foregroundRole());
        };
        QCOMPARE(colorOf("cloneHeadline"), Theme::instance().color(ColorRole::Text));
        QCOMPARE(colorOf("cloneSentence"), Theme::instance().color(ColorRole::Muted));
        const QString name = QLatin1String(QTest::currentDataTag());
        picture(name);
        m_window->resize(m_window->minimumSizeHint());
        QCoreApplication::processEvents();
        picture(name + QStringLiteral("-smallest"));
    }

    void nothingLiesOverAnythingAtTheSmallestSize()
    {
        write(".kube/config", "contexts: [{\n");
        show();
        m_window->resize(m_window->minimumSizeHint());
        QCoreApplication::processEvents(); // layouts
        picture(QStringLiteral("broken"));
        int bottom = 0;
        for (const char *row : {"clone", "kubeconfig", "gh", "gcloud"}) {
            for (const char *what : {"Headline", "Sentence"}) {
                auto *label = part<QLabel>(QLatin1String(row) + QLatin1String(what));
                const int top = label->mapTo(m_window.get(), QPoint(0, 0)).y();
                QVERIFY2(top >= bottom, row);
                QVERIFY2(label->height() >= label->heightForWidth(label->width()), row);
                bottom = top + label->height();
            }
            QVERIFY2(button(row)->width() >= button(row)->sizeHint().width(), row);
        }
        QVERIFY(bottom
                < part<QWidget>(QStringLiteral("openButton"))->mapTo(m_window.get(), QPoint()).y());
    }

    void whatIsStillLookedForIsSaidWithoutAButton()
    {
        m_first.reset(); // nobody answers
        m_window->showRecent({});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        for (const char *row : {"clone", "kubeconfig", "gh", "gcloud"}) {
            QVERIFY2(sentence(row).startsWith(QStringLiteral("Looking ")), row);
            QVERIFY2(!button(row)->isVisible(), row);
        }
        QCOMPARE(nameless(*m_window), QString());
        picture(QStringLiteral("looking"));
    }

    void whoHasARecentWorkspaceIsNotAskedToSetOneUp()
    {
        m_window->showRecent({path("ci/pilothouse.yaml")});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QVERIFY(!m_window->setUp().isVisible());
        QVERIFY(!part<QWidget>(QStringLiteral("lookButton"))->isVisible());
        m_window->showMistakes(path("x"),
                               Error{ErrorKind::BadInput, QStringLiteral("No."), {}, {}});
        QVERIFY(!m_window->setUp().isVisible());
    }
};

QTEST_MAIN(StartWindowTest)
#include "startwindowtest.moc"
