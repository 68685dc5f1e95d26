#include "rolloutbench.h"

#include "rollout/trafficannotations.h"

#include <QtTest>

using namespace pilothouse;
using Kind = Outcome::Kind;

/// A way back is given up where every console sees it: on the traffic object.
class TestRetireRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m = std::make_unique<RolloutBench>();
        m->start(&m->metrics, cloud());
        m->traffic.change([](TrafficState &t) {
            t.previous = t.stable;
            t.stable = t.candidate;
            t.candidate.reset();
        });
        m->traffic.tell();
    }
    void cleanup() { m.reset(); }

    void aWayBackIsRetiredForEveryConsole()
    {
        QCOMPARE(m->rollout->wayBack().target->commit, CommitId(old));
        QCOMPARE(m->rollout->rollbackLabel(), QStringLiteral("Roll back to aaaaaaa…"));
        QVERIFY(m->rollout->mayRetire().allowed());
        const Preview preview = m->rollout->previewRetire();
        QCOMPARE(preview.typed, old.left(7));
        QCOMPARE(preview.calls.size(), 1);
        QVERIFY2(
            preview.calls.first().exact.startsWith(QStringLiteral("PUT pilothouse.dev/retired [{")),
            qPrintable(preview.calls.first().exact));
        const auto done = m->rollout->retire(confirmed(preview));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Done);
        const QList<Retirement> &noted = m->traffic.world.retired;
        QCOMPARE(noted.size(), 1);
        QCOMPARE(noted.first().what, old);
        QCOMPARE(noted.first().commit, CommitId(old));
        QCOMPARE(noted.first().by, QStringLiteral("A. Muster"));
        QCOMPARE(noted.first().intent, m->journal.records(RecordKind::Intent).last().id);
        QVERIFY(m->traffic.writes.isEmpty());
        nothingLeadsBack();
        // A colleague's console, whose journal knows nothing of it.
        m->start(&m->metrics, cloud());
        QTRY_VERIFY(m->rollout->traffic());
        nothingLeadsBack();
    }

    void whatOthersHaveRetiredStays()
    {
        m->traffic.world.retired = {{other, CommitId(other), QStringLiteral("B. Novak"), {}, {}},
                                    {old, CommitId(old), {}, m->clock.now().addDays(-9), {}}};
        // It was deployed again since.
        m->traffic.world.changes
            = {{m->clock.now().addDays(-1), {}, Weight{50}, Weight{100}, {}, {}, CommitId(old)}};
        m->traffic.change([](TrafficState &) {});
        m->traffic.tell();
        const auto done = m->rollout->retire(confirmed(m->rollout->previewRetire()));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Done);
        QStringList noted;
        for (const Retirement &each : std::as_const(m->traffic.world.retired))
            noted << each.what;
        QCOMPARE(noted, (QStringList{old, other}));
    }

    void somebodyWhoWasFasterIsNoHindrance()
    {
        m->traffic.beforeAnnotate = [this] {
            m->traffic.change([](TrafficState &t) { t.lastWriter = QStringLiteral("kubectl"); });
        };
        const auto done = m->rollout->retire(confirmed(m->rollout->previewRetire()));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Done);
        QCOMPARE(m->traffic.world.retired.size(), 1);
    }

    void whatCannotBeNotedIsNotRetired()
    {
        m->traffic.annotateErrors
            = {{ErrorKind::NotAllowed, QStringLiteral("you lack patch on services"), {}, {}}};
        const auto done = m->rollout->retire(confirmed(m->rollout->previewRetire()));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Failed);
        QCOMPARE(done.result().text,
                 QStringLiteral("Other consoles would not know it: you lack patch on services"));
        QVERIFY(m->rollout->mayRollBack().allowed());
    }

    void theStableInUseIsNotRetired()
    {
        m->traffic.change([](TrafficState &t) {
            t.candidate = t.previous;
            t.asked = t.accepted.emplace(Weight{10});
        });
        m->traffic.tell();
        const Permission may = m->rollout->mayRetire();
        QCOMPARE(may.first(Reason::Kind::Blocks), QStringLiteral("the stable is in use"));
    }

private:
    static RolloutSettings cloud()
    {
        RolloutSettings made = settings();
        made.afterFull = StepRules::AfterFull::PreviousStays;
        return made;
    }
    void nothingLeadsBack() const
    {
        QCOMPARE(m->rollout->wayBack().speed, WayBack::Speed::None);
        QVERIFY(!m->rollout->mayRollBack().allowed());
        QVERIFY(!m->rollout->mayRetire().allowed());
    }

    std::unique_ptr<RolloutBench> m;
};

QTEST_GUILESS_MAIN(TestRetireRun)
#include "testretirerun.moc"
