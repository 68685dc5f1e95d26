#include "release/oncall/lasterror.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime at(QDate(2026, 11, 24), QTime(2, 12, 38));

TrackErrors track(const char *name, PodErrorsView::State state)
{
    TrackErrors pods;
    pods.track = TrackName(QLatin1String(name));
    pods.errors.state = state;
    pods.errors.pods = 5;
    return pods;
}

TrackErrors failing(const char *name, int secondsAgo)
{
    TrackErrors pods = track(name, PodErrorsView::State::Errors);
    pods.errors.pod = QStringLiteral("%1-b-6c9f").arg(QLatin1String(name));
    pods.errors.newest
        = {at.addSecs(-secondsAgo).toUTC(),
           QStringLiteral("ERROR x.TimeoutError: QueuePool limit of size 5 reached (see there)")};
    pods.errors.perMinute = 158;
    pods.errors.count = 90;
    return pods;
}

HurtLine hurting(const char *name)
{
    HurtLine line;
    line.track = TrackName(QLatin1String(name));
    line.state = HurtLine::State::Hurting;
    return line;
}

} // namespace

class TestLastError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNewestErrorHasItsPodItsMessageAndItsRate()
    {
        const auto line = lastErrorLine({failing("context", 0)}, {});
        QVERIFY(line);
        QCOMPARE(line->kind, WayLine::Kind::Log);
        QCOMPARE(line->now, QStringLiteral("02:12:38  context-b-6c9f"));
        QCOMPARE(line->to, QStringLiteral("QueuePool limit of size 5 reached"));
        QCOMPARE(line->risk.text, QStringLiteral("158/min"));
        QCOMPARE(line->pod, QStringLiteral("context-b-6c9f"));
        QVERIFY(line->offBecause.isEmpty());
    }

    void theTrackThatHurtsGoesFirst()
    {
        const QList<TrackErrors> both{failing("standalone", 30), failing("coditect", 2)};
        QCOMPARE(lastErrorLine(both, {})->track.value, QStringLiteral("coditect"));
        QCOMPARE(lastErrorLine(both, {hurting("standalone")})->track.value,
                 QStringLiteral("standalone"));
        // One that hurts and logs nothing has no error to show.
        const QList<TrackErrors> quiet{track("standalone", PodErrorsView::State::Quiet),
                                       failing("coditect", 2)};
        QCOMPARE(lastErrorLine(quiet, {hurting("standalone")})->track.value,
                 QStringLiteral("coditect"));
    }

    void withoutAnErrorTheKeyStandsAndIsOff_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("off");
        using State = PodErrorsView::State;
        using Off = WayLine::Off;
        QTest::newRow("quiet") << int(State::Quiet)
                               << QStringLiteral("no error in the logs of 5 pods")
                               << int(Off::Needless);
        QTest::newRow("refused") << int(State::Unreadable)
                                 << QStringLiteral("logs cannot be read: you lack get on pods/log")
                                 << int(Off::Refused);
        QTest::newRow("waiting") << int(State::Waiting)
                                 << QStringLiteral("the pods' logs are being read")
                                 << int(Off::Reading);
    }

    void withoutAnErrorTheKeyStandsAndIsOff()
    {
        QFETCH(int, state);
        QFETCH(QString, words);
        QFETCH(int, off);
        TrackErrors pods = track("standalone", PodErrorsView::State(state));
        pods.errors.error = QStringLiteral("you lack get on pods/log");
        const auto line = lastErrorLine({pods}, {});
        QVERIFY(line);
        QCOMPARE(line->offBecause, words);
        QCOMPARE(int(line->off), off);
        QVERIFY(!line->now.isEmpty());
    }

    void aTrackWithoutPodsHasNoLine()
    {
        QVERIFY(!lastErrorLine({}, {}));
        QVERIFY(!lastErrorLine({track("coditect", PodErrorsView::State::NoPods)}, {}));
    }
};

QTEST_GUILESS_MAIN(TestLastError)
#include "testlasterror.moc"
