#include "logs/logcontroller.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutbench.h"
#include "ui/action/confirmationdialog.h"
#include "ui/rollout/trackview.h"
#include "ui/shell/guardlabel.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QMainWindow>
#include <QPointer>
#include <QPushButton>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

/// The guard on its track's page and in the line under every page.
class TestGuard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(*qApp);
        QVERIFY(m_dir.isValid());
    }
    void init()
    {
        m_view.reset();
        m_logs.reset();
        m_bench = std::make_unique<RolloutBench>();
        RolloutSettings given = settings();
        given.headlessGuard = QStringLiteral(
            "pilothouse-cli guard --workspace 'pilothouse.yaml' --track 'standalone' --until-over");
        m_bench->start(&m_bench->metrics, given);
        m_logs = std::make_unique<LogController>(std::vector<LogSource *>{}, m_dir.path(),
                                                 m_bench->clock);
        m_bench->toWeight(10);
        m_view = std::make_unique<TrackView>(*m_bench->rollout, *m_logs);
        m_view->resize(1200, 800);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        pass(31s);
    }
    void cleanupTestCase()
    {
        m_view.reset();
        m_logs.reset();
    }

    void itIsArmedThroughTheOneConfirmationWhereNothingIsDefaultButCancel()
    {
        QCOMPARE(text("guardWords"), QStringLiteral("no guard"));
        QCOMPARE(button()->text(), QStringLiteral("Arm Guard…"));
        QTest::mouseClick(button(), Qt::LeftButton);
        QPointer<ConfirmationDialog> dialog = confirmation();
        QVERIFY(dialog);
        picture(dialog, "arm-guard");
        QTest::keyClick(dialog, Qt::Key_Return); // Cancel is the default
        QTRY_VERIFY(!dialog);
        QVERIFY(!m_bench->rollout->guard().isArmed());

        QTest::mouseClick(button(), Qt::LeftButton);
        dialog = confirmation();
        QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("confirmButton")),
                          Qt::LeftButton);
        QTRY_VERIFY(!dialog);
        QVERIFY(m_bench->rollout->guard().isArmed());
        QVERIFY2(text("guardWords").startsWith(QLatin1String("guard: armed by A. Muster, judged ")),
                 qPrintable(text("guardWords")));
        QCOMPARE(button()->text(), QStringLiteral("Disarm Guard…"));
        picture(m_view.get(), "guard-armed");
    }

    void withAllTheTrafficItIsStillToBeGuarded()
    {
        m_bench->toWeight(100);
        pass(1s);
        QCOMPARE(m_bench->rollout->state().phase, Phase::Finishing);
        QCOMPARE(text("guardWords"), QStringLiteral("no guard"));
        QVERIFY(button()->isEnabled());
        m_bench->toWeight(0);
        pass(1s);
        QCOMPARE(text("guardWords"), QString());
    }

    void aGuardElsewhereIsToldAsOne()
    {
        GuardMark mark = markOfThisProcess(GuardMark::Where::Ci);
        mark.by = QStringLiteral("ci");
        mark.run = QStringLiteral("7012");
        mark.since = m_bench->clock.now();
        mark.commit = CommitId(good);
        m_bench->traffic.change([&mark](TrafficState &t) { t.guards = {mark}; });
        m_bench->traffic.tell();
        pass(1s);
        QVERIFY2(text("guardWords")
                     .startsWith(QLatin1String("guard: armed by ci, runs in CI (run 7012) since ")),
                 qPrintable(text("guardWords")));
        QCOMPARE(button()->text(), QStringLiteral("Arm Guard…"));
        QVERIFY(button()->isEnabled());
        QVERIFY(!label("guardTrouble")->isVisible());
        picture(m_view.get(), "guard-elsewhere");
        mark.process.pid = 999'999'999;
        m_bench->traffic.change([&mark](TrafficState &t) { t.guards = {mark}; });
        m_bench->traffic.tell();
        pass(1s);
        QCOMPARE(text("guardWords"), QStringLiteral("UNWATCHED"));
        QVERIFY2(text("guardTrouble").contains(QLatin1String("is gone; it did not say why")),
                 qPrintable(text("guardTrouble")));
        picture(m_view.get(), "guard-gone");
    }

    void whatDoesNotWatchIsSaidInRedWithWhatWould()
    {
        armIt();
        m_bench->metrics.error = Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        pass(60s);
        QCOMPARE(text("guardWords"), QStringLiteral("UNWATCHED"));
        QVERIFY(label("guardTrouble")->isVisible());
        QVERIFY2(text("guardTrouble").contains(QLatin1String("pilothouse-cli guard --workspace")),
                 qPrintable(text("guardTrouble")));
        QCOMPARE(label("guardWords")->palette().color(QPalette::WindowText),
                 Theme::instance().color(Tone::Danger));
        picture(m_view.get(), "guard-unwatched");
        Theme::instance().setScheme(Theme::Scheme::Dark);
        picture(m_view.get(), "guard-unwatched-dark");
        Theme::instance().setScheme(Theme::Scheme::Light);
        m_bench->metrics.error.reset();
        pass(10s);
        QVERIFY(!label("guardTrouble")->isVisible());
    }

    void whatItDidIsSaid()
    {
        armIt();
        m_bench->metrics.values[errors] = {0.002, 0.044, true};
        pass(60s);
        QTRY_VERIFY2(text("guardWords")
                         .startsWith(QLatin1String("no guard: the guard rolled back: error ratio")),
                     qPrintable(text("guardWords")));
        QCOMPARE(m_bench->traffic.world.asked.percent, 0);
    }

    void aButtonThatIsOffSaysWhy()
    {
        m_bench->rollout->setReadOnly(true);
        QVERIFY(!button()->isEnabled());
        QCOMPARE(button()->toolTip(), QStringLiteral("this console is read-only"));
    }

    void theLineUnderThePagesNeverWidensTheWindow()
    {
        GuardLabel line;
        line.setLine({GuardLine::Concern::Danger, QString(400, QLatin1Char('x'))});
        QVERIFY(line.minimumSizeHint().width() < 200);
        QCOMPARE(line.toolTip(), QString(400, QLatin1Char('x')));
        QCOMPARE(line.palette().color(QPalette::WindowText), Theme::instance().color(Tone::Danger));
        line.setLine({GuardLine::Concern::Calm, QStringLiteral("guard of web: armed")});
        QVERIFY(line.palette().color(QPalette::WindowText)
                != Theme::instance().color(Tone::Danger));
    }

    void whatCameLastGivesWayToTheGuard()
    {
        QMainWindow window;
        window.resize(1000, 60);
        auto *last = new QLabel(QString(300, QLatin1Char('x')));
        last->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        auto *line = new GuardLabel;
        line->setLine({GuardLine::Concern::Danger,
                       QStringLiteral("standalone UNWATCHED for 1:00: armed by A. Muster, but no "
                                      "data for error ratio: metrics lost: away")});
        window.statusBar()->addWidget(last, 1);
        window.statusBar()->addPermanentWidget(line);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCOMPARE(window.width(), 1000);
        QVERIFY(line->width() >= line->sizeHint().width());
        QVERIFY(last->width() > 0);
        picture(&window, "guard-line");
    }

private:
    void pass(std::chrono::milliseconds time)
    {
        for (std::chrono::milliseconds t = 0s; t < time; t += 1s) {
            m_bench->clock.advance(1s);
            QCoreApplication::processEvents();
        }
    }
    void armIt()
    {
        RolloutGuard &guard = m_bench->rollout->guard();
        const auto done = guard.arm(confirmed(guard.previewArm(), {}));
        QTRY_VERIFY(done.isFinished() && guard.isArmed());
    }
    [[nodiscard]] QPushButton *button() const
    {
        return m_view->findChild<QPushButton *>(QStringLiteral("guardButton"));
    }
    [[nodiscard]] QLabel *label(const char *name) const
    {
        return m_view->findChild<QLabel *>(QLatin1String(name));
    }
    [[nodiscard]] QString text(const char *name) const { return label(name)->text(); }
    [[nodiscard]] ConfirmationDialog *confirmation() const
    {
        return m_view->findChild<ConfirmationDialog *>();
    }
    static void picture(QWidget *widget, const char *name)
    {
        QCoreApplication::processEvents();
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (!folder.isEmpty())
            widget->grab().save(
                QDir(folder).filePath(QStringLiteral("judging-%1.png").arg(QLatin1String(name))));
    }

    QTemporaryDir m_dir;
    std::unique_ptr<RolloutBench> m_bench;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<TrackView> m_view;
};

QTEST_MAIN(TestGuard)
#include "testguard.moc"
