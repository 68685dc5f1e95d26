#include "workspace/freeze.h"

#include <QTest>

using namespace pilothouse;

namespace {

WeekTime at(Qt::DayOfWeek day, int hour, int minute = 0)
{
    return {day, QTime(hour, minute)};
}

FreezeWindow window(const WeekTime &from, const WeekTime &to,
                    const QString &why = QStringLiteral("weekend"))
{
    return {from, to, QTimeZone("Europe/Vienna"), why};
}

QDateTime utc(const QString &text)
{
    return QDateTime::fromString(text + QLatin1Char('Z'), Qt::ISODateWithMs);
}

} // namespace

// Summer time in Vienna: 29 March 2026, 02:00 becomes 03:00; 25 October 2026, 03:00 becomes 02:00.
class FreezeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void windowsEnd_data();
    void windowsEnd();
    void takesAnInstantOfAnyZone();
    void findsNothingOutsideOfEveryWindow();
    void joinsWindowsThatFollowOnEachOther();
    void saysThatWindowsLeaveNoGap();
    void namesTheWindowThatTheInstantLiesIn();
};

void FreezeTest::windowsEnd_data()
{
    QTest::addColumn<FreezeWindow>("freeze");
    QTest::addColumn<QString>("instant");
    QTest::addColumn<QString>("end"); // empty: not within

    const FreezeWindow weekend = window(at(Qt::Friday, 16), at(Qt::Monday, 8));
    const auto row = [](const char *name, const FreezeWindow &freeze, const char *instant,
                        const char *end) {
        QTest::newRow(name) << freeze << QString::fromLatin1(instant) << QString::fromLatin1(end);
    };
    row("a millisecond before it begins", weekend, "2026-01-09T14:59:59.999", "");
    row("the moment it begins", weekend, "2026-01-09T15:00:00", "2026-01-12T07:00:00");
    row("in the middle", weekend, "2026-01-11T12:00:00", "2026-01-12T07:00:00");
    row("a millisecond before it ends", weekend, "2026-01-12T06:59:59.999", "2026-01-12T07:00:00");
    row("the moment it ends", weekend, "2026-01-12T07:00:00", "");
    row("the middle of the week", weekend, "2026-01-14T12:00:00", "");
    row("Sunday in Vienna though still Saturday in UTC", weekend, "2026-01-10T23:30:00",
        "2026-01-12T07:00:00");

    row("before the clocks go forward it begins by winter time", weekend, "2026-03-27T15:00:00",
        "2026-03-30T06:00:00");
    row("before the clocks go forward summer time is too early", weekend, "2026-03-27T14:30:00",
        "");
    row("after the clocks went forward it ends by summer time", weekend, "2026-03-30T05:59:59",
        "2026-03-30T06:00:00");
    row("after the clocks went forward winter time is too late", weekend, "2026-03-30T06:30:00",
        "");
    row("before the clocks go back it begins by summer time", weekend, "2026-10-23T14:00:00",
        "2026-10-26T07:00:00");
    row("after the clocks went back it ends by winter time", weekend, "2026-10-26T06:30:00",
        "2026-10-26T07:00:00");

    const FreezeWindow fromNight = window(at(Qt::Sunday, 2, 30), at(Qt::Sunday, 5));
    row("a time shown twice begins at its first showing", fromNight, "2026-10-25T00:30:00",
        "2026-10-25T04:00:00");
    row("just before the first showing", fromNight, "2026-10-25T00:29:59", "");
    row("a skipped time begins early rather than late", fromNight, "2026-03-29T00:30:00",
        "2026-03-29T03:00:00");
    const FreezeWindow toNight = window(at(Qt::Saturday, 20), at(Qt::Sunday, 2, 30));
    row("a time shown twice ends at its last showing", toNight, "2026-10-25T01:00:00",
        "2026-10-25T01:30:00");
    row("a skipped time ends late rather than early", toNight, "2026-03-29T00:00:00",
        "2026-03-29T01:30:00");
    row("other hours of the day of change are not moved",
        window(at(Qt::Sunday, 12), at(Qt::Sunday, 13)), "2026-10-25T11:00:00",
        "2026-10-25T12:00:00");

    const FreezeWindow lunch = window(at(Qt::Wednesday, 12), at(Qt::Wednesday, 13));
    row("a window within a day", lunch, "2026-01-14T11:30:00", "2026-01-14T12:00:00");
    row("the same hour of another day", lunch, "2026-01-15T11:30:00", "");
    const FreezeWindow long_ = window(at(Qt::Monday, 8), at(Qt::Monday, 6));
    row("a window of almost a week, at its start", long_, "2026-01-12T07:00:00",
        "2026-01-19T05:00:00");
    row("a window of almost a week, six days later", long_, "2026-01-18T23:30:00",
        "2026-01-19T05:00:00");
    row("a window of almost a week, on its last morning", long_, "2026-01-19T04:00:00",
        "2026-01-19T05:00:00");
    row("a window of almost a week, in its gap", long_, "2026-01-19T06:00:00", "");
    row("over the turn of the year", weekend, "2027-01-01T20:00:00", "2027-01-04T07:00:00");
}

void FreezeTest::windowsEnd()
{
    QFETCH(FreezeWindow, freeze);
    QFETCH(QString, instant);
    QFETCH(QString, end);
    const std::optional<QDateTime> found = freeze.endAt(utc(instant));
    QCOMPARE(found ? found->toString(Qt::ISODate) : QString(),
             end.isEmpty() ? QString() : end + QLatin1Char('Z'));
}

void FreezeTest::takesAnInstantOfAnyZone()
{
    const FreezeWindow weekend = window(at(Qt::Friday, 16), at(Qt::Monday, 8));
    const QDateTime inTokyo(QDate(2026, 1, 10), QTime(0, 0), QTimeZone("Asia/Tokyo"));
    QCOMPARE(weekend.endAt(inTokyo), utc(QStringLiteral("2026-01-12T07:00:00")));
    QCOMPARE(weekend.endAt(inTokyo.addSecs(-1)), std::nullopt);
}

void FreezeTest::findsNothingOutsideOfEveryWindow()
{
    const QDateTime wednesday = utc(QStringLiteral("2026-01-14T12:00:00"));
    QVERIFY(!freezeAt({}, wednesday));
    QVERIFY(!freezeAt({window(at(Qt::Friday, 16), at(Qt::Monday, 8))}, wednesday));
}

void FreezeTest::joinsWindowsThatFollowOnEachOther()
{
    const QList<FreezeWindow> windows{
        window(at(Qt::Monday, 8), at(Qt::Monday, 12), QStringLiteral("stand-ups")),
        window(at(Qt::Friday, 16), at(Qt::Monday, 8)),
        window(at(Qt::Monday, 11), at(Qt::Monday, 14), QStringLiteral("board")),
        window(at(Qt::Monday, 15), at(Qt::Monday, 16), QStringLiteral("apart"))};
    const auto freeze = freezeAt(windows, utc(QStringLiteral("2026-01-10T12:00:00")));
    QVERIFY(freeze.has_value());
    QCOMPARE(freeze->until, utc(QStringLiteral("2026-01-12T13:00:00")));
    QCOMPARE(freeze->why, QStringLiteral("weekend"));
}

void FreezeTest::saysThatWindowsLeaveNoGap()
{
    const QList<FreezeWindow> windows{window(at(Qt::Monday, 0), at(Qt::Friday, 0)),
                                      window(at(Qt::Thursday, 0), at(Qt::Monday, 0))};
    const auto freeze = freezeAt(windows, utc(QStringLiteral("2026-01-14T12:00:00")));
    QVERIFY(freeze.has_value());
    QVERIFY(!freeze->until.isValid());
}

void FreezeTest::namesTheWindowThatTheInstantLiesIn()
{
    const QList<FreezeWindow> windows{
        window(at(Qt::Wednesday, 10), at(Qt::Wednesday, 12), QStringLiteral("short")),
        window(at(Qt::Wednesday, 9), at(Qt::Wednesday, 15), QStringLiteral("long"))};
    QCOMPARE(freezeAt(windows, utc(QStringLiteral("2026-01-14T10:00:00")))->why,
             QStringLiteral("long"));
}

QTEST_GUILESS_MAIN(FreezeTest)
#include "freezetest.moc"
