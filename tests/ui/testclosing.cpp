#include "rollout/guard/headlessguard.h"
#include "support/accessiblenames.h"
#include "support/fakeclock.h"
#include "support/memoryjournal.h"
#include "ui/shell/closing/closing.h"
#include "ui/shell/closing/closingdialog.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace pilothouse;

namespace {

/// A window that asks before it closes, as the console's does.
class AskingWindow final : public QWidget
{
public:
    std::unique_ptr<Closing> closing;

protected:
    void closeEvent(QCloseEvent *event) override { event->setAccepted(closing->mayClose()); }
};

LeftTrack left(const char *track, int percent, const char *armedBy = "")
{
    LeftTrack made;
    made.track = TrackName(QString::fromLatin1(track));
    made.inFlight = percent > 0;
    made.weight = Weight{percent};
    made.candidate = CommitId(QStringLiteral("c41d77e000"));
    made.stable = CommitId(QStringLiteral("9f3c2a1000"));
    made.since = QDateTime(QDate(2026, 11, 24), QTime(13, 27), Qt::UTC);
    made.by = QStringLiteral("A. Muster");
    made.armedBy = QString::fromLatin1(armedBy);
    made.rollBack = QStringLiteral("Roll back to 9f3c2a1…");
    made.headless = QStringLiteral("pilothouse-cli guard --workspace /w/pilothouse.yaml --track ")
                    + made.track.value + QStringLiteral(" --until-over");
    return made;
}

} // namespace

/// The one question of closing the window with something in flight.
class TestClosing final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(m_dir->isValid());
        m_journal = std::make_unique<MemoryJournal>();
        m_leaving = {{left("standalone", 10)}, {}};
        m_headless.reset();
        m_holdsSignOff = false;
        m_signedOff = nullptr;
        open();
    }
    void cleanup() { m_window.reset(); }

    void nothingInFlightClosesAtOnce()
    {
        m_leaving = {};
        QVERIFY(m_window->close());
        QVERIFY(m_journal->records().isEmpty());
    }

    void stayIsTheDefaultAndWhatEscMeans_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("Enter") << int(Qt::Key_Return);
        QTest::newRow("Esc") << int(Qt::Key_Escape);
    }
    void stayIsTheDefaultAndWhatEscMeans()
    {
        QFETCH(int, key);
        QPointer<ClosingDialog> dialog = ask();
        QVERIFY(dialog);
        QTest::keyClick(dialog, Qt::Key(key));
        QTRY_VERIFY(!dialog);
        QVERIFY(m_window->isVisible());
        QVERIFY(m_journal->records().isEmpty());
        QVERIFY(ask()); // and it asks again
    }

    void leavingItSoIsWrittenDownFirst()
    {
        ClosingDialog *dialog = ask();
        QCOMPARE(words(dialog, "closingHeading"), QStringLiteral("A rollout is in flight."));
        QCOMPARE(nameless(*dialog), QString());
        press(dialog, "leaveButton");
        QTRY_VERIFY(!m_window->isVisible());
        QCOMPARE(notes(), QStringList{QStringLiteral("closed with standalone at 10 %, no guard")});
        QCOMPARE(m_journal->records().first().actor, QStringLiteral("A. Muster"));
        QCOMPARE(m_journal->records().first().subject, QStringLiteral("standalone"));
    }

    void aGuardElsewhereStaysAndThatIsWrittenDown()
    {
        m_leaving.tracks.first().elsewhere = QStringLiteral("armed by ci, runs in CI since 14:28");
        ClosingDialog *dialog = ask();
        const auto labels = dialog->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.cbegin(), labels.cend(), [](const QLabel *label) {
            return label->text()
                   == QLatin1String("its guard stays: armed by ci, runs in CI since 14:28");
        }));
        press(dialog, "leaveButton");
        QTRY_VERIFY(!m_window->isVisible());
        QCOMPARE(notes(),
                 QStringList{QStringLiteral(
                     "closed with standalone at 10 %, guarded elsewhere: armed by ci, runs "
                     "in CI since 14:28")});
        QVERIFY(m_journal->records().first().body[closingKey].toBool());
    }

    void theWindowWaitsUntilItsGuardsHaveSignedOff()
    {
        ClosingDialog *dialog = ask();
        m_holdsSignOff = true;
        press(dialog, "leaveButton");
        QTRY_VERIFY(m_signedOff);
        QTest::qWait(50);
        QVERIFY(m_window->isVisible());
        m_signedOff();
        QTRY_VERIFY(!m_window->isVisible());
    }

    void aJournalThatCannotBeWrittenIsSaidAndKeepsNobody()
    {
        m_journal->failWith(
            Error{ErrorKind::Unavailable, QStringLiteral("The disk is full."), {}, {}});
        ClosingDialog *dialog = ask();
        press(dialog, "leaveButton");
        QTRY_VERIFY2(words(dialog, "closingNotice").contains(QLatin1String("The disk is full.")),
                     qPrintable(words(dialog, "closingNotice")));
        QVERIFY(m_window->isVisible());
        press(dialog, "leaveButton");
        QTRY_VERIFY(!m_window->isVisible());
    }

    void rollingBackOpensItsConfirmationAndTheWindowStays()
    {
        const QSignalSpy spy(m_window->closing.get(), &Closing::rollBackRequested);
        QPointer<ClosingDialog> dialog = ask();
        press(dialog, "rollBack-standalone");
        QTRY_VERIFY(!dialog);
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy.first().first().value<TrackName>(), TrackName(QStringLiteral("standalone")));
        QVERIFY(m_window->isVisible());
    }

    void whatCannotBeRolledBackSaysWhy()
    {
        m_leaving.tracks.first().whyNot = QStringLiteral("you lack patch on httproutes");
        const auto *button = ask()->findChild<QPushButton *>(QStringLiteral("rollBack-standalone"));
        QVERIFY(!button->isEnabled());
        QCOMPARE(button->toolTip(), QStringLiteral("you lack patch on httproutes"));
    }

    void theWindowClosesWhenTheHeadlessGuardWatches()
    {
        withHeadless("sleep 1\necho '{\"watches\":true}'\nexec sleep 60\n");
        ClosingDialog *dialog = ask();
        press(dialog, "armButton");
        QVERIFY(m_window->isVisible());
        QVERIFY(!dialog->findChild<QPushButton *>(QStringLiteral("leaveButton"))->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), 20'000);
        QCOMPARE(notes().size(), 1);
        static const QRegularExpression form(
            QStringLiteral("^closed with standalone at 10 %, guarded without a window by process "
                           "(\\d+), which writes to (.+)$"));
        const auto match = form.match(notes().first());
        QVERIFY2(match.hasMatch(), qPrintable(notes().first()));
        QVERIFY(QFile::exists(match.captured(2)));
        const auto process = pid_t(match.captured(1).toInt());
        QCOMPARE(::kill(process, SIGTERM), 0);
    }

    void aGuardThatDoesNotWatchKeepsTheWindow()
    {
        withHeadless("echo 'no such workspace' >&2\nexit 2\n");
        ClosingDialog *dialog = ask();
        press(dialog, "armButton");
        QTRY_VERIFY_WITH_TIMEOUT(
            words(dialog, "closingNotice").contains(QLatin1String("no such workspace")), 20'000);
        QVERIFY(m_window->isVisible());
        QVERIFY(dialog->findChild<QPushButton *>(QStringLiteral("leaveButton"))->isEnabled());
        QVERIFY(
            dialog->findChild<QPushButton *>(QStringLiteral("rollBack-standalone"))->isEnabled());
        QVERIFY(m_journal->records().isEmpty());
        picture(dialog, "closing-not-armed");
    }

    void stayingEndsTheGuardThatWasBegun()
    {
        const QString process = m_dir->filePath(QStringLiteral("process"));
        withHeadless("echo $$ > " + process.toUtf8()
                     + "\nsleep 1\necho '{\"watches\":true}'\nexec sleep 60\n");
        ClosingDialog *dialog = ask();
        press(dialog, "armButton");
        QFile file(process);
        QTRY_VERIFY_WITH_TIMEOUT(file.exists() && file.size() > 0, 20'000);
        press(dialog, "stayButton");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto started = pid_t(file.readAll().trimmed().toInt());
        QVERIFY(started > 0);
        QTRY_VERIFY_WITH_TIMEOUT(::kill(started, 0) != 0, 20'000);
        QVERIFY(m_window->isVisible());
    }

    void withoutTheProgramItsCommandIsTold()
    {
        ClosingDialog *dialog = ask();
        QVERIFY(!dialog->findChild<QPushButton *>(QStringLiteral("armButton"))->isVisible());
        QVERIFY(dialog->findChild<QPushButton *>(QStringLiteral("copyCommand"))->isVisible());
        QCOMPARE(dialog->findChild<QPlainTextEdit *>()->toPlainText(),
                 m_leaving.tracks.first().headless);
        picture(dialog, "closing-command");
        QCOMPARE(nameless(*dialog), QString());
    }

    void aRunningStepAloneAsksToo()
    {
        m_leaving = {{}, {{QStringLiteral("conversations-organization-id"), QStringLiteral("M2")}}};
        ClosingDialog *dialog = ask();
        QCOMPARE(words(dialog, "closingHeading"), QStringLiteral("A step is running."));
        picture(dialog, "closing-step");
        press(dialog, "leaveButton");
        QTRY_VERIFY(!m_window->isVisible());
        QVERIFY(m_journal->records().isEmpty());
    }

    void whatEndsWhileItIsAskedIsNoLongerAsked()
    {
        ClosingDialog *dialog = ask();
        m_leaving = {};
        m_window->closing->refresh();
        QCOMPARE(words(dialog, "closingHeading"), QStringLiteral("Nothing is in flight any more."));
        press(dialog, "leaveButton");
        QTRY_VERIFY(!m_window->isVisible());
    }

    void aSignalAsksNobodyButWritesItDown()
    {
        bool done = false;
        m_window->closing->noteLeft([&done] { done = true; });
        QTRY_VERIFY(done);
        QCOMPARE(notes(), QStringList{QStringLiteral("closed with standalone at 10 %, no guard")});
        QVERIFY(!m_window->findChild<ClosingDialog *>());
    }

    void everythingAtOnceIsOneDialog()
    {
        withHeadless("exec sleep 60\n");
        m_leaving = {{left("standalone", 10), left("coditect", 50, "A. Muster")},
                     {{QStringLiteral("conversations-organization-id"), QStringLiteral("M2")}}};
        ClosingDialog *dialog = ask();
        QCOMPARE(m_window->findChildren<QDialog *>().size(), 1);
        QStringList said;
        for (const QLabel *label : dialog->findChildren<QLabel *>())
            said << label->text();
        const QString all = said.join(QLatin1Char('\n'));
        for (const char *part :
             {"candidate c41d77e 10 % · stable 9f3c2a1 90 %", "no guard: nobody rolls back",
              "its guard, armed by A. Muster, ends with this window",
              "M2 of conversations-organization-id is running"})
            QVERIFY2(all.contains(QString::fromUtf8(part)), part);
        picture(dialog, "closing");
        Theme::instance().setScheme(Theme::Scheme::Dark);
        picture(dialog, "closing-dark");
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

private:
    void open()
    {
        m_window = std::make_unique<AskingWindow>();
        EnvironmentMark mark;
        mark.name = QStringLiteral("production");
        mark.kind = EnvironmentMark::Kind::Production;
        m_window->closing = std::make_unique<Closing>(
            Closing::Sources{mark, QStringLiteral("A. Muster"), [this] { return m_leaving; },
                             *m_journal, m_clock, m_headless.get(),
                             [this](const std::function<void()> &done) {
                                 m_signedOff = done;
                                 if (!m_holdsSignOff)
                                     done();
                             }},
            *m_window);
        m_window->resize(1000, 700);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void withHeadless(const QByteArray &script)
    {
        const QString program = m_dir->filePath(QStringLiteral("pilothouse-cli"));
        QFile file(program);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\n" + script);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        file.close();
        m_headless = std::make_unique<HeadlessGuard>(
            HeadlessGuard::Settings{program, QStringLiteral("/w/pilothouse.yaml"), m_dir->path(),
                                    std::chrono::seconds(20)});
        open();
    }
    ClosingDialog *ask()
    {
        const bool closed = m_window->close();
        Q_ASSERT(!closed);
        Q_UNUSED(closed);
        return m_window->findChild<ClosingDialog *>();
    }
    static void press(QWidget *dialog, const char *button)
    {
        auto *found = dialog->findChild<QPushButton *>(QLatin1String(button));
        QVERIFY2(found, button);
        QTest::mouseClick(found, Qt::LeftButton);
    }
    static QString words(const QWidget *dialog, const char *name)
    {
        return dialog->findChild<QLabel *>(QLatin1String(name))->text();
    }
    [[nodiscard]] QStringList notes() const
    {
        QStringList texts;
        for (const Record &record : m_journal->records(RecordKind::Note))
            texts << record.body.value(QLatin1String("text")).toString();
        return texts;
    }
    static void picture(QWidget *widget, const char *name)
    {
        QCoreApplication::processEvents();
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (!folder.isEmpty())
            widget->grab().save(
                QDir(folder).filePath(QStringLiteral("%1.png").arg(QLatin1String(name))));
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    FakeClock m_clock;
    std::unique_ptr<MemoryJournal> m_journal;
    std::unique_ptr<HeadlessGuard> m_headless;
    Leaving m_leaving;
    bool m_holdsSignOff = false;
    std::function<void()> m_signedOff; ///< empty = the guards were not told to
    std::unique_ptr<AskingWindow> m_window;
};

QTEST_MAIN(TestClosing)
#include "testclosing.moc"
