#include "ui/oncall/oncallpage.h"

#include "release/fakedatabase.h"
#include "release/fakerepository.h"
#include "release/oncall/lastknownkeeper.h"
#include "release/oncall/oncall.h"
#include "release/pods/trackpods.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutbench.h"
#include "support/manylogs.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

QStringList textsOf(const QWidget &page)
{
    QStringList texts;
    for (const QLabel *label : page.findChildren<QLabel *>()) {
        if (!label->isHidden() && !label->text().isEmpty())
            texts << label->text();
    }
    return texts;
}

bool tells(const QWidget &page, const QString &words)
{
    return textsOf(page).join(QLatin1Char('\n')).contains(words);
}

} // namespace

/// The page over real controllers, with everything below their ports in memory.
class TestOnCall final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_world = std::make_unique<World>();
        m_page = std::make_unique<OnCallPage>(*m_world->onCall);
        m_page->resize(1328, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }

    void cleanup()
    {
        m_page.reset();
        m_world.reset();
    }

    void whileNothingIsInFlightTheRowStandsAndSaysWhyItIsOff()
    {
        QTRY_VERIFY(button(1));
        QVERIFY(!button(1)->isEnabled());
        QVERIFY2(tells(*m_page, QStringLiteral("off: ")), qPrintable(textsOf(*m_page).join(u'\n')));
        // Nobody judges here: that is not the same as well.
        QVERIFY(!tells(*m_page, QStringLiteral("No alert is firing.")));
        QVERIFY(tells(*m_page, QStringLiteral("no metrics server in pilothouse.yaml tells of")));
        QVERIFY(!tells(*m_page, QStringLiteral("Nothing hurts")));
        QVERIFY(tells(*m_page, QStringLiteral("Whether it hurts, and since when, is not known")));
    }

    void sinceWhenAndByWhomStandsWithWhatIsLive()
    {
        m_world->bench.traffic.change([this](TrafficState &state) {
            WeightChange moved;
            moved.at = m_world->bench.clock.now();
            moved.actor = QStringLiteral("B. Novak");
            moved.to = Weight{50};
            state.changes = {moved};
        });
        inFlight();
        QTRY_VERIFY2(tells(*m_page, QStringLiteral(" · B. Novak")),
                     qPrintable(textsOf(*m_page).join(u'\n')));
        for (const int key : {1, 2}) { // back, and hold
            const auto *row = m_page->findChild<QWidget *>(QStringLiteral("wayRow-%1").arg(key));
            QVERIFY(row && tells(*row, QStringLiteral("since ")));
        }
    }

    void whatChangedLatelyIsToldThoughNothingHurts()
    {
        QTRY_VERIFY2(tells(*m_page, QStringLiteral("Nothing changed in the last 6 hours.")),
                     qPrintable(textsOf(*m_page).join(u'\n')));
        m_world->bench.traffic.change([this](TrafficState &state) {
            WeightChange moved;
            moved.at = m_world->bench.clock.now();
            moved.actor = QStringLiteral("B. Novak");
            moved.to = Weight{10};
            state.changes = {moved};
        });
        m_world->bench.traffic.tell();
        QTRY_VERIFY2(
            tells(*m_page, QStringLiteral("standalone 0 → 10 (seen in the traffic object)")),
            qPrintable(textsOf(*m_page).join(u'\n')));
        QVERIFY(!tells(*m_page, QStringLiteral("Nothing changed")));
    }

    void whatIsUnheardIsNeverTakenForQuiet()
    {
        QTRY_VERIFY(tells(*m_page, QStringLiteral("Nothing changed in the last 6 hours.")));
        const Error gone{ErrorKind::Unavailable, QStringLiteral("Kubernetes is down."), {}, {}};
        m_world->bench.traffic.readError = gone;
        Q_EMIT m_world->bench.traffic.lost(gone);
        QTRY_VERIFY2(tells(*m_page, QStringLiteral("cannot tell: ")),
                     qPrintable(textsOf(*m_page).join(u'\n')));
        QVERIFY(!tells(*m_page, QStringLiteral("Nothing changed")));
    }

    void aKeyAsksForTheDialogOfItsRowAndNothingElse()
    {
        inFlight();
        QSignalSpy rollBack(m_page.get(), &OnCallPage::rollBackRequested);
        QSignalSpy hold(m_page.get(), &OnCallPage::holdRequested);
        QTest::keyClick(m_page.get(), Qt::Key_1);
        QTRY_COMPARE(rollBack.size(), 1); // a key presses the button down and up
        QCOMPARE(rollBack[0][0].value<TrackName>().value, QStringLiteral("standalone"));
        QTest::keyClick(m_page.get(), Qt::Key_2);
        QTRY_COMPARE(hold.size(), 1);
        QTest::keyClick(m_page.get(), Qt::Key_9);
        QCOMPARE(rollBack.size() + hold.size(), 2);
        QVERIFY(m_world->bench.traffic.writes.isEmpty());
    }

    void whatIsOverKeepsItsKeyAndIsOff()
    {
        inFlight();
        const QString text = button(2)->text();
        m_world->bench.toWeight(0);
        QTRY_VERIFY(!button(2)->isEnabled());
        QCOMPARE(button(2)->text(), text);
        QVERIFY(tells(*m_page, QStringLiteral("off: it is over")));
    }

    void waysBeyondTheLastKeyAreShownAndSaid()
    {
        World many;
        std::vector<std::unique_ptr<RolloutBench>> benches;
        QList<RolloutController *> tracks{many.bench.rollout.get()};
        for (int i = 2; i <= 11; ++i) {
            benches.push_back(std::make_unique<RolloutBench>());
            RolloutSettings made = settings();
            made.checks.clear();
            made.track = TrackName(QStringLiteral("track-%1").arg(i));
            benches.back()->start(nullptr, made);
            benches.back()->toWeight(50);
            tracks.append(benches.back()->rollout.get());
        }
        OnCall onCall(many.release, tracks, many.migrations, many.bench.clock);
        m_page = std::make_unique<OnCallPage>(onCall);
        m_page->resize(1328, 900);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_VERIFY(button(10));
        const auto *keyless = m_page->findChild<QWidget *>(QStringLiteral("keylessPanel"));
        QVERIFY(keyless->isAncestorOf(button(10)) && !keyless->isAncestorOf(button(9)));
        const qsizetype more = onCall.view().ways.size() - 9;
        QVERIFY(tells(*m_page, QStringLiteral("+%1 more without a key").arg(more)));
        QVERIFY(button(9)->text().startsWith(QLatin1String("9 ")));
        QVERIFY(button(10)->shortcut().isEmpty());
        QVERIFY2(button(10)->text().startsWith(QLatin1String("Roll back"))
                     && button(10)->accessibleName() == button(10)->text(),
                 qPrintable(button(10)->text()));
        // For whoever looks: PILOTHOUSE_PICTURES names a folder.
        if (const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES"); !folder.isEmpty())
            m_page->grab().save(QDir(folder).filePath(QStringLiteral("oncall-keyless.png")));
        QSignalSpy rollBack(m_page.get(), &OnCallPage::rollBackRequested);
        button(10)->click();
        QCOMPARE(rollBack.size(), 1);
        m_page.reset();
    }

    void theLastErrorHasAKeyThatOpensItsPodsLog()
    {
        inFlight();
        const QString pod = QStringLiteral("context-b-6c9f");
        m_world->bench.traffic.change(
            [&pod](TrafficState &state) { state.candidate->pods = QStringList{pod}; });
        m_world->bench.traffic.tell();
        QTRY_VERIFY(button(3));
        QVERIFY(!button(3)->isEnabled());
        // Until a log answers nothing is wrong, and no place is empty.
        QVERIFY(tells(*m_page, QStringLiteral("the pods' logs are being read")));
        QVERIFY(!tells(*m_page, QStringLiteral("off: the pods")));
        QVERIFY(tells(*m_page, QStringLiteral("reading …")));
        QTRY_VERIFY(m_world->logs.streams.value(pod));
        m_world->logs.write(pod, m_world->bench.clock.now().toString(Qt::ISODateWithMs).toUtf8()
                                     + " ERROR QueuePool limit of size 5 reached\n");
        m_world->bench.clock.advance(std::chrono::seconds(1));
        QTRY_VERIFY(button(3)->isEnabled());
        QVERIFY(tells(*m_page, QStringLiteral("QueuePool limit of size 5 reached")));
        QVERIFY(tells(*m_page, QStringLiteral("1/min")));
        QSignalSpy log(m_page.get(), &OnCallPage::podLogRequested);
        QTest::keyClick(m_page.get(), Qt::Key_3);
        QTRY_COMPARE(log.size(), 1);
        QCOMPARE(log[0][0].value<TrackName>().value, QStringLiteral("standalone"));
        QCOMPARE(log[0][1].toString(), pod);
    }

    void logsAreFollowedOnlyWhileThePageIsSeen()
    {
        m_world->bench.traffic.change([](TrafficState &state) {
            state.stable->pods = QStringList{QStringLiteral("context-a-1")};
        });
        m_world->bench.traffic.tell();
        QTRY_COMPARE(m_world->logs.open(), 1);
        m_page->hide();
        QTRY_COMPARE(m_world->logs.open(), 0);
    }

    void whatIsLostIsNamedAndItsLastStateIsThereToCopy()
    {
        QVERIFY(!tells(*m_page, QStringLiteral("does not answer")));
        inFlight();
        m_world->bench.clock.advance(std::chrono::seconds(5));
        const Error gone{ErrorKind::Unavailable,
                         QStringLiteral("Kubernetes does not answer. Look at the VPN."),
                         {},
                         {}};
        m_world->bench.traffic.readError = gone;
        Q_EMIT m_world->bench.traffic.lost(gone);
        QTRY_VERIFY2(tells(*m_page, QStringLiteral("Kubernetes does not answer")),
                     qPrintable(textsOf(*m_page).join(u'\n')));
        QVERIFY(tells(*m_page, QStringLiteral("standalone cannot be moved from here")));
        QVERIFY2(tells(*m_page, QStringLiteral("fake FakeRoute weight 0")),
                 qPrintable(textsOf(*m_page).join(u'\n')));
        m_world->bench.clock.advance(std::chrono::minutes(47));
        QTRY_VERIFY2(tells(*m_page, QStringLiteral("Last known state, 47 min old")),
                     qPrintable(textsOf(*m_page).join(u'\n')));
        auto *copy = m_page->findChild<QPushButton *>(QStringLiteral("copyRollback-standalone"));
        QVERIFY(copy);
        QTest::mouseClick(copy, Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("fake FakeRoute weight 0"));
        // It was read once: the way back may be tried all the same.
        QVERIFY(button(1)->isEnabled());
    }

    void everyButtonSaysItsKeyToWhoCannotSee()
    {
        inFlight();
        QVERIFY2(button(1)->accessibleName().endsWith(QLatin1String("key 1")),
                 qPrintable(button(1)->accessibleName()));
    }

    void withoutMetricsNobodyIsCalledWell()
    {
        QVERIFY2(tells(*m_page, QStringLiteral("standalone")), "the track has its line");
        QVERIFY(!tells(*m_page, QStringLiteral("well")));
    }

    void untilTheTracksAreReadNoWayIsOffered()
    {
        World unread(World::Traffic::Silent);
        OnCallPage page(*unread.onCall);
        page.show();
        QVERIFY(!page.findChild<QPushButton *>(QStringLiteral("wayButton-1")));
    }

private:
    struct World
    {
        enum class Traffic { Answers, Silent };

        explicit World(Traffic answers = Traffic::Answers)
        {
            if (answers == Traffic::Silent)
                bench.traffic.hold();
            RolloutSettings made = settings();
            made.checks.clear();
            bench.start(nullptr, made);
            release.addTrack(*bench.rollout, {});
            release.start();
            onCall = std::make_unique<OnCall>(
                release, QList<RolloutController *>{bench.rollout.get()}, migrations, bench.clock);
            pods = std::make_unique<TrackPods>(*bench.rollout, std::vector<LogSource *>{&logs},
                                               nullptr, bench.clock);
            onCall->addPods(*pods);
            keeper = std::make_unique<LastKnownKeeper>(
                dir.filePath(QStringLiteral("k.json")),
                QList<RolloutController *>{bench.rollout.get()}, release, bench.clock);
            onCall->setLastKnown(*keeper);
        }

        RolloutBench bench;
        FakeRepository repository;
        MigrationController migrations{{}, repository, bench.runner, bench.clock};
        ReleaseController release{{}, repository, repository, bench.journal, bench.clock};
        ManyLogs logs;
        QTemporaryDir dir;
        std::unique_ptr<LastKnownKeeper> keeper;
        std::unique_ptr<TrackPods> pods;
        std::unique_ptr<OnCall> onCall;
    };

    [[nodiscard]] QPushButton *button(int key) const
    {
        return m_page->findChild<QPushButton *>(QStringLiteral("wayButton-%1").arg(key));
    }

    void inFlight()
    {
        m_world->bench.toWeight(50);
        QTRY_VERIFY(button(2) && button(1)->isEnabled());
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }

    std::unique_ptr<World> m_world;
    std::unique_ptr<OnCallPage> m_page;
};

QTEST_MAIN(TestOnCall)
#include "testoncall.moc"
