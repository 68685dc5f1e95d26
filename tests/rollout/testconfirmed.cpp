#include "rolloutbench.h"

#include <QtTest>

using namespace pilothouse;
using Kind = Outcome::Kind;

/// What was shown has to hold at the press: which weight is accepted is part of it.
class TestConfirmed final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<RolloutBench> m;

    void accepted(std::optional<Weight> weight)
    {
        m->traffic.change([&weight](TrafficState &t) { t.accepted = weight; });
    }
    [[nodiscard]] Preview shown() const { return m->rollout->previewPromote(); }
    [[nodiscard]] static bool showsUnknown(const Preview &preview)
    {
        return std::any_of(preview.rows.cbegin(), preview.rows.cend(), [](const PreviewRow &row) {
            return row.kind == PreviewRow::Kind::Unknown
                   && row.text.contains(QLatin1String("which weight is accepted is not known"));
        });
    }

private Q_SLOTS:
    void init()
    {
        m = std::make_unique<RolloutBench>();
        m->toWeight(10);
        m->clock.advance(std::chrono::seconds(60));
    }
    void cleanup() { m.reset(); }

    void anAcceptedWeightThatBecameUnknownAtThePressIsShownAgain_data()
    {
        QTest::addColumn<bool>("sameVersion"); ///< a status may change without a new version
        QTest::newRow("with a new version") << false;
        QTest::newRow("without one") << true;
    }
    void anAcceptedWeightThatBecameUnknownAtThePressIsShownAgain()
    {
        QFETCH(bool, sameVersion);
        const Preview before = shown();
        QVERIFY(!showsUnknown(before));
        if (sameVersion)
            m->traffic.world.accepted.reset();
        else
            accepted({});
        const auto done = m->rollout->promote(confirmed(before));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Conflict);
        QVERIFY(m->traffic.writes.isEmpty());
        const Preview now = shown();
        QVERIFY(showsUnknown(now));
        QVERIFY(now.fingerprint != before.fingerprint);
        // Whoever has seen that may go on.
        const auto again = m->rollout->promote(confirmed(now));
        QTRY_VERIFY(again.isFinished());
        QCOMPARE(m->traffic.writes.size(), 1);
    }

    void anActionOfItsOwnThatGivesMoreTrafficIsShownAgainToo()
    {
        OwnAction action;
        action.id = QStringLiteral("argo.full");
        action.title = QStringLiteral("all at once");
        action.verb = QStringLiteral("Promote fully");
        action.effect = OwnAction::Effect::MoreTraffic;
        m->traffic.own = {action};
        const Preview before = m->rollout->previewOwn(action.id);
        m->traffic.world.accepted.reset();
        const auto done = m->rollout->runOwn(action.id, confirmed(before));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Conflict);
        QVERIFY(m->traffic.ownRuns.isEmpty());
        QVERIFY(m->rollout->previewOwn(action.id).fingerprint != before.fingerprint);
    }

    void aRollbackGoesOnWhateverIsAccepted()
    {
        const Preview before = m->rollout->previewRollback();
        accepted({});
        const auto done = m->rollout->rollBack(confirmed(before));
        QTRY_VERIFY(!m->traffic.writes.isEmpty());
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result().kind, Kind::Done);
    }
};

QTEST_GUILESS_MAIN(TestConfirmed)
#include "testconfirmed.moc"
