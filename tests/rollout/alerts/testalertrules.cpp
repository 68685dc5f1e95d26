#include "rollout/alerts/alertrules.h"
#include "support/fakeclock.h"
#include "support/fakemetrics.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString standalone = QStringLiteral("standalone");

AlertRule rule(const QString &track, const QString &query = QStringLiteral("up == 0"))
{
    AlertRule made;
    made.name = QStringLiteral("HighErrorRatio");
    made.query = query;
    if (!track.isEmpty())
        made.labels.insert(QStringLiteral("track"), track);
    return made;
}

} // namespace

/// Which rules of a metrics server can show an alert of a track.
class TestAlertRules final : public QObject
{
    Q_OBJECT

private:
    FakeClock m_clock;
    FakeMetrics m_source{m_clock};

    [[nodiscard]] TrackRules found(const QList<AlertRule> &rules) const
    {
        return rulesOf(rules, standalone, m_source);
    }

private Q_SLOTS:
    void init() { m_source.narrowed = false; }

    void aRuleIsOfTheTrackThatItsLabelNames()
    {
        QCOMPARE(found({rule(standalone), rule(QStringLiteral("coditect")), rule({})}),
                 (TrackRules{3, 1, {}}));
        QCOMPARE(found({}), (TrackRules{0, 0, {}}));
    }

    void aLabelThatItsSeriesFillInMayBeOfTheTrack()
    {
        QCOMPARE(found({rule(QStringLiteral("{{ $labels.service }}"))}).ofTrack, 1);
    }

    void aRuleWithoutTheLabelIsJudgedByItsQuery_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("ofTrack");
        const auto row = [](const char *name, const char *query, int ofTrack) {
            QTest::newRow(name) << QString::fromLatin1(query) << ofTrack;
        };
        row("speaks of no track", "up == 0", 0);
        row("keeps the label", "sum by (track, version) (rate(errors[1m])) > 0.01", 1);
        row("asks for this one", "errors{track=\"standalone\"} > 1", 1);
        row("asks for either", "errors{track=~\"standalone|coditect\"} > 1", 1);
        row("asks for another", "sum by (track) (errors{track=\"coditect\"}) > 1", 0);
        row("asks for all but this", "errors{track != \"standalone\"} > 1", 0);
        row("a value that is so called", "errors{kind=\"track\"} > 1", 0);
        row("another label", "sum by (track_id) (errors) > 1", 0);
        row("a metric that is so called with more", "job:track:rate > 1", 0);
    }
    void aRuleWithoutTheLabelIsJudgedByItsQuery()
    {
        QFETCH(QString, query);
        QFETCH(int, ofTrack);
        QCOMPARE(found({rule({}, query)}), (TrackRules{1, ofTrack, {}}));
    }

    void anAlertThatIsActiveTellsOfItsRule()
    {
        AlertRule one = rule({});
        Alert alert;
        alert.labels.insert(QStringLiteral("track"), standalone);
        one.active = {alert};
        QCOMPARE(found({one}).ofTrack, 1);
        one.active.first().labels.insert(QStringLiteral("track"), QStringLiteral("coditect"));
        QCOMPARE(found({one}).ofTrack, 0);
    }

    void whatTheMatchersKnowToBeOursIsOfEveryTrackUnlessItNamesOne()
    {
        m_source.narrowed = true;
        QCOMPARE(found({rule({}), rule(QStringLiteral("coditect"))}), (TrackRules{2, 1, {}}));
    }

    void aRuleThatCannotBeWorkedOutIsNamedAndNotCounted()
    {
        AlertRule broken = rule(standalone);
        broken.trouble = QStringLiteral("many-to-many matching not allowed");
        QCOMPARE(found({broken}), (TrackRules{1, 0, {QStringLiteral("HighErrorRatio")}}));
        QCOMPARE(found({broken, rule(standalone)}).ofTrack, 1);
    }
};

QTEST_GUILESS_MAIN(TestAlertRules)
#include "testalertrules.moc"
