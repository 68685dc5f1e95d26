#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutbench.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

/// A guard that the workspace arms when a rollout begins.
class TestGuardByPlan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(RolloutSettings::GuardArms::WithRollout); }
    void cleanup() { m.reset(); }

    void thePromotionSaysWhatTheGuardWillDo()
    {
        QVERIFY2(then().contains(QLatin1String(
                     "the guard rolls back at 3 failed judgements, and watches only while this "
                     "computer is awake: the plan arms it")),
                 qPrintable(then()));
    }

    void itIsArmedWithTheFirstWeightAndJournaled()
    {
        promote();
        QTRY_VERIFY(guard().isArmed());
        QCOMPARE(guard().armed()->by, QStringLiteral("the plan"));
        QVERIFY2(guard().view().words.startsWith(QLatin1String("armed by the plan")),
                 qPrintable(guard().view().words));
        const Record armed = intent("arm guard");
        QCOMPARE(armed.actor, QStringLiteral("the plan"));
        QCOMPARE(armed.body[QLatin1String("reason")].toString(),
                 QStringLiteral("the workspace says so, and A. Muster promoted"));
        QVERIFY(then().contains(QLatin1String("the guard rolls back at 3 failed judgements")));
    }

    void itRollsBackInThePlansName()
    {
        promote();
        QTRY_VERIFY(guard().isArmed());
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(120s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
        QCOMPARE(intent("roll back").actor, QStringLiteral("guard, armed by the plan"));
    }

    void anAlertThatIsOfNoTrackNeverSetsItOff()
    {
        Alert watchdog;
        watchdog.name = QStringLiteral("Watchdog");
        watchdog.state = QStringLiteral("firing");
        m->metrics.narrowed = false;
        m->metrics.firing = {watchdog};
        promote();
        QTRY_VERIFY(guard().isArmed());
        m->clock.advance(120s);
        QVERIFY(guard().isArmed());
        QCOMPARE(m->traffic.world.asked.percent, 10);
    }

    void aGuardThatAPersonArmedStays()
    {
        const auto done = guard().arm(confirmed(guard().previewArm(), {}));
        QTRY_VERIFY(done.isFinished());
        promote();
        QCOMPARE(guard().armed()->by, QStringLiteral("A. Muster"));
    }

    void whoDisarmedItIsNotOverruledByTheNextStage()
    {
        promote();
        QTRY_VERIFY(guard().isArmed());
        const auto done = guard().disarm(confirmed(guard().previewDisarm(), {}));
        QTRY_VERIFY(done.isFinished() && !guard().isArmed());
        m->clock.advance(60s);
        promote();
        QCOMPARE(m->traffic.world.asked.percent, 50);
        QVERIFY(!guard().isArmed());
        QVERIFY(then().isEmpty() || !then().contains(QLatin1String("the plan arms it")));
    }

    void aWeightThatSomebodyElseGaveArmsNothing()
    {
        m->toWeight(10);
        m->clock.advance(5s);
        QVERIFY(!guard().isArmed());
    }

    void aPromotionThatWasRefusedArmsNothing()
    {
        m->rollout->setReadOnly(true);
        const auto refused = m->rollout->promote(confirmed(m->rollout->previewPromote()));
        QTRY_VERIFY(refused.isFinished());
        QVERIFY(!guard().isArmed());
    }

    void byHandIsByHand()
    {
        begin(RolloutSettings::GuardArms::ByHand);
        QVERIFY(then().contains(QLatin1String("nobody rolls back but you")));
        promote();
        m->clock.advance(5s);
        QVERIFY(!guard().isArmed());
    }

    void whatCannotBeArmedIsSaid()
    {
        RolloutSettings given = settings();
        given.guardArms = RolloutSettings::GuardArms::WithRollout;
        given.checks.first().critical = false;
        m = std::make_unique<RolloutBench>();
        m->start(&m->metrics, given);
        m->clock.advance(5s);
        QSignalSpy acted(&guard(), &RolloutGuard::acted);
        promote();
        QTRY_COMPARE(acted.size(), 1);
        QCOMPARE(acted.first().first().toString(),
                 QStringLiteral("standalone: the plan could not arm the guard: no check of this "
                                "track is critical"));
        QVERIFY(guard().view().words.startsWith(QLatin1String("the plan could not arm it")));
    }

private:
    void begin(RolloutSettings::GuardArms arms)
    {
        RolloutSettings given = settings();
        given.guardArms = arms;
        m = std::make_unique<RolloutBench>();
        m->start(&m->metrics, given);
        m->clock.advance(5s);
    }
    void promote()
    {
        const auto done = m->rollout->promote(confirmed(m->rollout->previewPromote()));
        for (int i = 0; i < 20 && !done.isFinished(); ++i)
            m->clock.advance(1s);
        QVERIFY(done.isFinished());
        QVERIFY2(done.result().kind == Outcome::Kind::Done, qPrintable(done.result().text));
    }
    [[nodiscard]] RolloutGuard &guard() const { return m->rollout->guard(); }
    [[nodiscard]] QString then() const
    {
        for (const PreviewRow &row : m->rollout->previewPromote().rows) {
            if (row.label == QLatin1String("Then"))
                return row.text;
        }
        return {};
    }
    [[nodiscard]] Record intent(const char *verb) const
    {
        for (const Record &record : m->journal.records(RecordKind::Intent)) {
            if (record.body[QLatin1String("verb")].toString() == QLatin1String(verb))
                return record;
        }
        return {};
    }

    std::unique_ptr<RolloutBench> m;
};

QTEST_GUILESS_MAIN(TestGuardByPlan)
#include "testguardbyplan.moc"
