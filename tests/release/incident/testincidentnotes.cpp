#include "release/incident/incidentnotes.h"

#include "release/incident/incident.h"
#include "rollout/rolloutbench.h"

#include <QtTest>

#include <limits>

using namespace pilothouse;
using std::chrono::seconds;

namespace {

const QString rate = QStringLiteral("rate");

} // namespace

/// Over a real controller, with everything below its ports in memory.
class TestIncidentNotes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<RolloutBench>();
        m_bench->metrics.values[rate] = {60, 60, true};
        RolloutSettings made = settings();
        made.requestRateQuery = rate;
        m_bench->start(&m_bench->metrics, made);
        m_notes = std::make_unique<IncidentNotes>(
            QList<RolloutController *>{m_bench->rollout.get()}, m_bench->journal, m_bench->clock,
            QStringLiteral("A. Muster"));
        m_bench->toWeight(50);
        m_bench->clock.advance(seconds(60));
    }

    void cleanup()
    {
        m_notes.reset();
        m_bench.reset();
    }

    void anAlertThatNobodyLookedAtWasNotSeen()
    {
        hurts();
        QCOMPARE(notes().size(), 0);
    }

    void itIsSeenWhenAScreenShowsTheTrack()
    {
        hurts();
        m_bench->rollout->look(this);
        QCOMPARE(notes().size(), 1);
        QCOMPARE(notes().constFirst().body[QLatin1String("alert")].toString(),
                 QStringLiteral("HighErrorRatio"));
    }

    void itIsSeenAtOnceWhereTheTrackIsOnScreen()
    {
        m_bench->rollout->look(this);
        hurts();
        QCOMPARE(notes().size(), 1);
    }

    void anAlertIsSeenOnce()
    {
        m_bench->rollout->look(this);
        hurts();
        m_bench->rollout->lookAway(this);
        m_bench->rollout->look(this);
        m_bench->clock.advance(seconds(30));
        QCOMPARE(notes().size(), 1);
    }

    void aPendingAlertIsNoneYet()
    {
        m_bench->rollout->look(this);
        hurts(QStringLiteral("pending"));
        QCOMPARE(notes().size(), 0);
    }

    void afterTheRollbackTheFailedRequestsAreCounted()
    {
        m_bench->rollout->look(this);
        hurts();
        rollBack();
        QCOMPARE(notes().size(), 1); // it still hurts
        m_bench->clock.advance(seconds(20));
        QCOMPARE(notes().size(), 1);
        heals();
        m_bench->clock.advance(seconds(20));
        QCOMPARE(notes().size(), 2);
        const Incident incident = theIncident();
        QVERIFY(incident.failedRequests.value() > 0);
        QCOMPARE(incident.alert, QStringLiteral("HighErrorRatio"));
    }

    void whatNeverHealsIsCountedAfterTenMinutesAndSaysSo()
    {
        m_bench->rollout->look(this);
        hurts();
        rollBack();
        for (int i = 0; i < 65; ++i)
            m_bench->clock.advance(seconds(10));
        QCOMPARE(notes().size(), 2);
        QVERIFY(theIncident().notCounted.contains(QStringLiteral("ten minutes later")));
    }

    void aTrackWithoutMetricsHasNoNumberAndSaysWhy()
    {
        m_bench->start(nullptr);
        m_notes = std::make_unique<IncidentNotes>(
            QList<RolloutController *>{m_bench->rollout.get()}, m_bench->journal, m_bench->clock,
            QStringLiteral("A. Muster"));
        m_bench->toWeight(50);
        rollBack();
        m_bench->clock.advance(seconds(20));
        QCOMPARE(notes().size(), 1);
        const Incident incident = theIncident();
        QVERIFY(!incident.failedRequests.has_value());
        QVERIFY(!incident.notCounted.isEmpty());
    }

private:
    void hurts(const QString &state = QStringLiteral("firing"))
    {
        m_bench->metrics.values[errors].candidate = 0.05;
        Alert alert;
        alert.name = QStringLiteral("HighErrorRatio");
        alert.state = state;
        alert.activeAt = m_bench->clock.now();
        m_bench->metrics.firing = {alert};
        m_bench->clock.advance(seconds(30));
    }

    /// What was bad stays so; from now on the candidate has no requests, and so no ratio.
    void heals()
    {
        const qint64 healedAt = m_bench->clock.now().toMSecsSinceEpoch();
        m_bench->metrics.values[errors].candidate = 0;
        m_bench->metrics.ripple = [healedAt](qint64 at) {
            return at < healedAt ? 0.05 : std::numeric_limits<double>::quiet_NaN();
        };
        m_bench->metrics.firing.clear();
    }

    void rollBack()
    {
        const auto answer
            = m_bench->rollout->rollBack(confirmed(m_bench->rollout->previewRollback()));
        m_bench->clock.advance(seconds(1));
        QTRY_VERIFY(answer.isFinished());
        QCOMPARE(int(answer.result().kind), int(Outcome::Kind::Done));
    }

    [[nodiscard]] QList<Record> notes() const { return m_bench->journal.records(RecordKind::Note); }

    [[nodiscard]] Incident theIncident() const
    {
        QList<Record> records = m_bench->journal.records();
        std::reverse(records.begin(), records.end());
        return incidentsOf(records).value(0);
    }

    std::unique_ptr<RolloutBench> m_bench;
    std::unique_ptr<IncidentNotes> m_notes;
};

QTEST_GUILESS_MAIN(TestIncidentNotes)
#include "testincidentnotes.moc"
