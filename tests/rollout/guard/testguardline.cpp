#include "rollout/guard/guardline.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Kind = GuardView::Kind;
using Concern = GuardLine::Concern;

TrackGuard track(const char *name, bool inFlight, Kind kind = Kind::Off, const QString &words = {})
{
    return {TrackName(QLatin1String(name)), inFlight, {kind, words, {}}};
}

} // namespace

class TestGuardLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatStandsUnderEveryPage_data()
    {
        QTest::addColumn<QList<TrackGuard>>("tracks");
        QTest::addColumn<Concern>("concern");
        QTest::addColumn<QString>("text");
        using Tracks = QList<TrackGuard>;
        const QString armed = QStringLiteral("armed by A. Muster, judged 4 s ago");
        QTest::newRow("nothing in flight")
            << Tracks{track("web", false)} << Concern::None << QString();
        QTest::newRow("no tracks") << Tracks() << Concern::None << QString();
        QTest::newRow("in flight without a guard")
            << Tracks{track("web", true), track("run", false)} << Concern::Warning
            << QStringLiteral("no guard: web is in flight");
        QTest::newRow("watched") << Tracks{track("web", true, Kind::Watching, armed)}
                                 << Concern::Calm
                                 << QStringLiteral("guard of web: armed by A. Muster, judged 4 s "
                                                   "ago");
        QTest::newRow("guarded elsewhere")
            << Tracks{track("web", true, Kind::Elsewhere,
                            QStringLiteral("armed by ci, runs in CI since 14:28"))}
            << Concern::Calm << QStringLiteral("guard of web: armed by ci, runs in CI since 14:28");
        QTest::newRow("unwatched")
            << Tracks{track("web", true, Kind::Unwatched, QStringLiteral("UNWATCHED: no data"))}
            << Concern::Danger << QStringLiteral("web UNWATCHED: no data");
        QTest::newRow("rolls back")
            << Tracks{track("web", true, Kind::RollBack, QStringLiteral("p95"))} << Concern::Danger
            << QStringLiteral("the guard rolls web back: p95");
        QTest::newRow("the worst first")
            << Tracks{track("a", true, Kind::Watching, armed), track("b", true),
                      track("c", true, Kind::Unwatched, QStringLiteral("UNWATCHED: x"))}
            << Concern::Danger
            << QStringLiteral("c UNWATCHED: x · no guard: b is in flight · guard of a: armed by A. "
                              "Muster, judged 4 s ago");
    }
    void whatStandsUnderEveryPage()
    {
        QFETCH(QList<TrackGuard>, tracks);
        QFETCH(Concern, concern);
        QFETCH(QString, text);
        QCOMPARE(guardLine(tracks), (GuardLine{concern, text}));
    }
};

QTEST_APPLESS_MAIN(TestGuardLine)
#include "testguardline.moc"
