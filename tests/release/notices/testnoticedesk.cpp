#include "release/fakerepository.h"
#include "release/notices/noticedesk.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutbench.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

class FakeNotifier final : public Notifier
{
public:
    void show(const Notice &notice) override { shown.append(notice); }
    [[nodiscard]] QStringList titles() const
    {
        QStringList all;
        for (const Notice &notice : shown)
            all << notice.title;
        return all;
    }
    QList<Notice> shown;
};

} // namespace

/// Who hears what, from a whole track in memory.
class TestNoticeDesk final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_desk.reset();
        m_release.reset();
        m_notifier = std::make_unique<FakeNotifier>();
        m_bench = std::make_unique<RolloutBench>();
        m_release = std::make_unique<ReleaseController>(
            ReleaseSettings(), m_repository, m_repository, m_bench->journal, m_bench->clock);
        m_release->addTrack(*m_bench->rollout, {});
        m_desk = std::make_unique<NoticeDesk>(*m_release,
                                              QList<RolloutController *>{m_bench->rollout.get()},
                                              m_bench->runner, *m_notifier, m_bench->clock);
        m_release->start();
        pass(2s);
        QCOMPARE(m_notifier->titles(), QStringList());
    }
    void cleanup()
    {
        m_desk.reset();
        m_release.reset();
        m_bench.reset();
    }

    void aBakeThatIsOverIsToldOnce()
    {
        m_bench->toWeight(10);
        pass(90s);
        QCOMPARE(m_notifier->titles(),
                 QStringList{QStringLiteral("standalone: next is Promote 10 → 50")});
    }

    void anAlertIsToldWhateverIsLookedAt()
    {
        m_desk->setFocused(true);
        m_bench->toWeight(10);
        pass(5s);
        Alert alert;
        alert.name = QStringLiteral("HighErrorRatio");
        alert.state = QStringLiteral("firing");
        alert.activeAt = m_bench->clock.now();
        m_bench->metrics.firing = {alert};
        pass(20s);
        QVERIFY2(
            m_notifier->titles().contains(QStringLiteral("standalone: alert HighErrorRatio fires")),
            qPrintable(m_notifier->titles().join(QLatin1Char('\n'))));
    }

    void whatWasDoneHereInTheWindowThatIsLookedAtIsNoNews_data()
    {
        QTest::addColumn<bool>("focused");
        QTest::addColumn<int>("told");
        QTest::newRow("looked at") << true << 0;
        QTest::newRow("not looked at") << false << 1;
    }
    void whatWasDoneHereInTheWindowThatIsLookedAtIsNoNews()
    {
        QFETCH(bool, focused);
        QFETCH(int, told);
        m_bench->toWeight(10);
        pass(3s);
        m_desk->setFocused(focused);
        const auto done
            = m_bench->rollout->rollBack(confirmed(m_bench->rollout->previewRollback()));
        QTRY_VERIFY(done.isFinished());
        pass(3s);
        QCOMPARE(m_notifier->titles().filter(QStringLiteral("the rollout is over")).size(), told);
    }

    void whatOthersDoIsNewsThoughTheWindowIsLookedAt()
    {
        m_desk->setFocused(true);
        m_bench->toWeight(10);
        pass(3s);
        QCOMPARE(m_notifier->titles(), QStringList());
        m_bench->toWeight(0);
        pass(3s);
        QCOMPARE(m_notifier->titles(),
                 QStringList{QStringLiteral("standalone: the rollout is over")});
    }

    void itCanBeTurnedOffAndThatIsRemembered()
    {
        const QTemporaryDir dir;
        QSettings settings(dir.filePath(QStringLiteral("kept.ini")), QSettings::IniFormat);
        m_desk->keepIn(settings);
        QVERIFY(m_desk->isOn());
        m_desk->setOn(false);
        m_bench->toWeight(10);
        pass(90s);
        QCOMPARE(m_notifier->titles(), QStringList());
        // What happened meanwhile is not told afterwards.
        m_desk->setOn(true);
        pass(5s);
        QCOMPARE(m_notifier->titles(), QStringList());
        m_desk->setOn(false);
        NoticeDesk next(*m_release, {}, m_bench->runner, *m_notifier, m_bench->clock);
        next.keepIn(settings);
        QVERIFY(!next.isOn());
    }

    void nobodyWhoShowsThemIsSaidInOneSentence()
    {
        QString said;
        connect(m_desk.get(), &NoticeDesk::lost, this,
                [&said](const QString &sentence) { said = sentence; });
        Q_EMIT m_notifier->lost(
            {ErrorKind::Unavailable, QStringLiteral("this session has no message bus."), {}, {}});
        QCOMPARE(said, QStringLiteral("No desktop notifications here: this session has no message "
                                      "bus. Alerts show in this window only."));
    }

private:
    void pass(std::chrono::milliseconds time)
    {
        for (std::chrono::milliseconds t = 0s; t < time; t += 1s) {
            m_bench->clock.advance(1s);
            QCoreApplication::processEvents();
            QCoreApplication::processEvents();
        }
    }

    FakeRepository m_repository;
    std::unique_ptr<FakeNotifier> m_notifier;
    std::unique_ptr<RolloutBench> m_bench;
    std::unique_ptr<ReleaseController> m_release;
    std::unique_ptr<NoticeDesk> m_desk;
};

QTEST_GUILESS_MAIN(TestNoticeDesk)
#include "testnoticedesk.moc"
