#include "rollout/trafficannotations.h"

#include "support/await.h"
#include "support/fakeclock.h"
#include "support/faketraffic.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime at(QDate(2026, 11, 24), QTime(13, 30, 0, 250), Qt::UTC);

WeightChange change(int number)
{
    return {at.addSecs(number),
            QStringLiteral("A. Muster %1").arg(number),
            Weight{10},
            Weight{50},
            QStringLiteral("load test “covers” it"),
            IntentId(QStringLiteral("i-%1").arg(number)),
            CommitId(QStringLiteral("c41d77e"))};
}

GuardMark mark(const QString &by, GuardMark::Where where)
{
    GuardMark mark;
    mark.by = by;
    mark.where = where;
    mark.process = {QStringLiteral("anvil"), 4711, QStringLiteral("2026-11-24T13:00:00.000Z"),
                    QStringLiteral("5f")};
    mark.since = at;
    mark.commit = CommitId(QStringLiteral("c41d77e"));
    return mark;
}

} // namespace

class TestTrafficAnnotations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFormIsFixed();
    void changesComeBackAsTheyWere();
    void onlyTheLastTwentyAreKept();
    void unreadableChangesAreNamed_data();
    void unreadableChangesAreNamed();
    void aHoldComesBackAsItWas();
    void aHoldThatCannotBeReadStillHolds();
    void whoMovedTheWeightIsAPersonIfAConsoleDidIt();
    void anIntentIsNotedByItsId();
    void deedsAreKeptOnTopOfOneAnother();
    void guardsComeBackAsTheyWere();
    void theNewestTwentyRetirementsComeBack();
    void anAnnotationIsMadeAgainWhereSomebodyWasFaster();
    void whatNeedsNoAnnotationIsNotWritten();
};

void TestTrafficAnnotations::theFormIsFixed()
{
    // Other consoles, and people, read these texts.
    WeightChange one = change(0);
    one.reason = QStringLiteral("why");
    one.actor = QStringLiteral("me");
    QCOMPARE(encodeChanges({one}),
             QByteArray(R"([{"actor":"me","at":"2026-11-24T13:30:00.250Z","candidate":"c41d77e",)"
                        R"("from":10,"intent":"i-0","reason":"why","to":50}])"));
    QCOMPARE(encodeHold({QStringLiteral("me"), at, QStringLiteral("errors"),
                         CommitId(QStringLiteral("c41d77e")), IntentId(QStringLiteral("i-0"))}),
             QByteArray(R"({"by":"me","commit":"c41d77e","intent":"i-0",)"
                        R"("since":"2026-11-24T13:30:00.250Z","why":"errors"})"));
    QCOMPARE(encodeDeeds({{at, QStringLiteral("me"), liftDeed, QStringLiteral("all well"),
                           IntentId(QStringLiteral("i-0"))}}),
             QByteArray(R"([{"at":"2026-11-24T13:30:00.250Z","by":"me","intent":"i-0",)"
                        R"("what":"lift","why":"all well"}])"));
    // A lift also says how long it had been held.
    const Lift lift{QStringLiteral("me"), {}, IntentId(QStringLiteral("i-1"))};
    QCOMPARE(encodeDeeds({*deedOf(lift, at.addSecs(60), encodeHold({{}, at, {}, {}, {}}))}),
             QByteArray(R"([{"at":"2026-11-24T13:31:00.250Z","by":"me","intent":"i-1",)"
                        R"("since":"2026-11-24T13:30:00.250Z","what":"lift","why":""}])"));
    QVERIFY(!deedOf(lift, at, {})->since.isValid());
}

void TestTrafficAnnotations::changesComeBackAsTheyWere()
{
    const QList<WeightChange> changes{change(2), change(1)};
    const auto read = decodeChanges(encodeChanges(changes));
    QVERIFY(read);
    QVERIFY(*read == changes);
    QVERIFY(decodeChanges({})->isEmpty());
    QVERIFY(decodeChanges("[]")->isEmpty());
}

void TestTrafficAnnotations::onlyTheLastTwentyAreKept()
{
    QList<WeightChange> changes;
    for (int i = 0; i < 30; ++i)
        changes = remembered(change(i), changes);
    QCOMPARE(changes.size(), rememberedChanges);
    QVERIFY(changes.first() == change(29));
    QVERIFY(changes.last() == change(10));
    changes.append(change(100));
    QCOMPARE(decodeChanges(encodeChanges(changes))->size(), rememberedChanges);
}

void TestTrafficAnnotations::unreadableChangesAreNamed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("place");
    const QByteArray good = R"({"at":"2026-11-24T13:30:00Z","from":0,"to":10})";
    QTest::newRow("no JSON") << QByteArray("promoted!") << QStringLiteral("its beginning");
    QTest::newRow("no list") << QByteArray("{}") << QStringLiteral("its beginning");
    QTest::newRow("no time") << QByteArray("[" + good + R"(,{"from":0,"to":10}])")
                             << QStringLiteral("[1]");
    QTest::newRow("a weight beyond 100")
        << QByteArray(R"([{"at":"2026-11-24T13:30:00Z","from":0,"to":110}])")
        << QStringLiteral("[0]");
    QTest::newRow("a weight that is a fraction")
        << QByteArray(R"([{"at":"2026-11-24T13:30:00Z","from":0.5,"to":10}])")
        << QStringLiteral("[0]");
}

void TestTrafficAnnotations::unreadableChangesAreNamed()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, place);
    const auto read = decodeChanges(text);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, ErrorKind::Malformed);
    QCOMPARE(read.error().message,
             QStringLiteral("The annotation pilothouse.dev/changes cannot be read at %1. Correct "
                            "or remove it.")
                 .arg(place));
    QCOMPARE(read.error().detail, QString::fromUtf8(text));
}

void TestTrafficAnnotations::aHoldComesBackAsItWas()
{
    const Hold hold{QStringLiteral("A. Muster"), at, QStringLiteral("errors"),
                    CommitId(QStringLiteral("c41d77e")), IntentId(QStringLiteral("i-0"))};
    QVERIFY(decodeHold(encodeHold(hold)) == hold);
    // One from before holds had an intent.
    const auto old = decodeHold(R"({"by":"me","commit":"","since":"","why":"errors"})");
    QCOMPARE(old->why, QStringLiteral("errors"));
    QVERIFY(old->intent.value.isEmpty());
    QVERIFY(!decodeHold({}));
    QVERIFY(!decodeHold("  "));
}

void TestTrafficAnnotations::deedsAreKeptOnTopOfOneAnother()
{
    QByteArray text = "nothing that can be read";
    for (int i = 0; i <= rememberedChanges; ++i)
        text = encodedWith({at,
                            QStringLiteral("me"),
                            QStringLiteral("argo.abort"),
                            {},
                            IntentId(QStringLiteral("i-%1").arg(i))},
                           text);
    const QList<Deed> deeds = decodeDeeds(text);
    QCOMPARE(deeds.size(), rememberedChanges);
    QCOMPARE(deeds.first().intent.value, QStringLiteral("i-20"));
    QCOMPARE(deeds.last().intent.value, QStringLiteral("i-1"));
    QCOMPARE(deeds.first().at, at);
    QVERIFY(decodeDeeds("[{}, 3]").isEmpty());
    QVERIFY(!deedOf(Lift{}, at, {}));
}

void TestTrafficAnnotations::aHoldThatCannotBeReadStillHolds()
{
    const auto hold = decodeHold("do not touch, B. Novak");
    QVERIFY(hold);
    QVERIFY(hold->commit.value.isEmpty()); // it refuses every candidate
    QCOMPARE(hold->why, QStringLiteral("the hold on the traffic object cannot be read: do not "
                                       "touch, B. Novak"));
}

void TestTrafficAnnotations::whoMovedTheWeightIsAPersonIfAConsoleDidIt()
{
    TrafficState traffic;
    QCOMPARE(lastMover(traffic), QString());
    traffic.lastWriter = QStringLiteral("kubectl-edit");
    traffic.changes = {change(1)};
    traffic.asked = Weight{50};
    QCOMPARE(lastMover(traffic), QStringLiteral("A. Muster 1 (10 → 50 %)"));
    // Somebody else has set another weight since.
    traffic.asked = Weight{20};
    QCOMPARE(lastMover(traffic), QStringLiteral("kubectl-edit"));
}

void TestTrafficAnnotations::anIntentIsNotedByItsId()
{
    TrafficState traffic;
    traffic.asked = Weight{50};
    QCOMPARE(isNoted(traffic, IntentId(QStringLiteral("i-1"))), Noted::Unknown);
    traffic.changes = {change(2), change(1)};
    QCOMPARE(isNoted(traffic, IntentId(QStringLiteral("i-1"))), Noted::Yes);
    QCOMPARE(isNoted(traffic, IntentId(QStringLiteral("i-3"))), Noted::No);
    // A person's own change is nobody's intent; a record without a place for one may be anybody's.
    traffic.changes.first().intent = IntentId();
    QCOMPARE(isNoted(traffic, IntentId(QStringLiteral("i-3"))), Noted::No);
    traffic.changes.first().through = QStringLiteral("helm 45");
    QCOMPARE(isNoted(traffic, IntentId(QStringLiteral("i-3"))), Noted::Nameless);
    QCOMPARE(isNoted(traffic, IntentId(QStringLiteral("i-1"))), Noted::Yes);
    traffic.deeds = {{at, {}, liftDeed, {}, IntentId(QStringLiteral("i-4"))}};
    QCOMPARE(isNoted(traffic, IntentId(QStringLiteral("i-4"))), Noted::Yes);
    // What is remembered does not tell of this weight.
    traffic.asked = Weight{20};
    QCOMPARE(isNoted(traffic, IntentId(QStringLiteral("i-3"))), Noted::Unknown);
}

void TestTrafficAnnotations::guardsComeBackAsTheyWere()
{
    GuardMark window = mark(QStringLiteral("me"), GuardMark::Where::Window);
    GuardMark ci = mark(QStringLiteral("ci"), GuardMark::Where::Ci);
    ci.run = QStringLiteral("7012");
    ci.until = at.addSecs(600);
    ci.intent = IntentId(QStringLiteral("i-0"));
    GuardMark later = window;
    later.heartbeat = at.addSecs(300);
    QVERIFY(decodeGuards(encodeGuards({later})) == QList<GuardMark>{later});
    const QList<GuardMark> both{window, ci};
    QVERIFY(decodeGuards(encodeGuards(both)) == both);
    QCOMPARE(
        encodeGuards({window}),
        QByteArray(R"([{"by":"me","commit":"c41d77e","process":{"host":"anvil","journal":"5f",)"
                   R"("pid":4711,"started":"2026-11-24T13:00:00.000Z"},)"
                   R"("since":"2026-11-24T13:30:00.250Z","where":"window"}])"));
    QVERIFY(encodeGuards({}).isEmpty());
    QVERIFY(decodeGuards({}).isEmpty());
    QVERIFY(decodeGuards("by hand").isEmpty());
    // Of one that does not say what it watches and since when, nobody can say that it watches.
    QVERIFY(decodeGuards(R"([{"by":"me"},7])").isEmpty());
}

void TestTrafficAnnotations::theNewestTwentyRetirementsComeBack()
{
    QList<Retirement> retired;
    for (int i = 0; i < 25; ++i)
        retired.append({QStringLiteral("web#%1").arg(i), CommitId(), QStringLiteral("me"), at,
                        IntentId(QStringLiteral("i-%1").arg(i))});
    QVERIFY(decodeRetired(encodeRetired(retired)) == retired.mid(0, 20));
    QCOMPARE(encodeRetired({{QStringLiteral("9f3c2a1"), CommitId(QStringLiteral("9f3c2a1")),
                             QStringLiteral("me"), at, IntentId(QStringLiteral("i-0"))}}),
             QByteArray(R"([{"at":"2026-11-24T13:30:00.250Z","by":"me","commit":"9f3c2a1",)"
                        R"("intent":"i-0","what":"9f3c2a1"}])"));
    QVERIFY(decodeRetired(R"([{"by":"me"},7])").isEmpty());
}

void TestTrafficAnnotations::anAnnotationIsMadeAgainWhereSomebodyWasFaster()
{
    FakeClock clock;
    FakeTraffic traffic(clock);
    QObject context;
    const GuardMark other = mark(QStringLiteral("ci"), GuardMark::Where::Ci);
    const GuardMark own = mark(QStringLiteral("me"), GuardMark::Where::Window);
    traffic.beforeAnnotate = [&] {
        traffic.change([&](TrafficState &world) { world.guards = {other}; });
    };
    const MakeAnnotation withOwn = [&own](const TrafficState &now) {
        return encodeGuards(QList<GuardMark>(now.guards) << own);
    };
    const auto kept
        = await(keepAnnotation(traffic, QLatin1String(guardsAnnotation), withOwn, &context));
    QVERIFY(kept);
    QVERIFY(kept->value.guards == QList<GuardMark>({other, own}));
    QCOMPARE(traffic.annotations.size(), 2);

    // Three times in all, then it is said.
    const Error conflict{ErrorKind::Conflict, QStringLiteral("modified"), {}, {}};
    traffic.annotateErrors = {conflict, conflict, conflict};
    const auto refused
        = await(keepAnnotation(traffic, QLatin1String(guardsAnnotation), withOwn, &context));
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    QCOMPARE(traffic.annotations.size(), 5);
    // Nothing else is tried again: it may have arrived.
    traffic.annotateErrors = {{ErrorKind::TimedOut, QStringLiteral("no answer"), {}, {}}};
    const auto unanswered
        = await(keepAnnotation(traffic, QLatin1String(guardsAnnotation), withOwn, &context));
    QCOMPARE(unanswered.error().kind, ErrorKind::TimedOut);
    QCOMPARE(traffic.annotations.size(), 6);
}

void TestTrafficAnnotations::whatNeedsNoAnnotationIsNotWritten()
{
    FakeClock clock;
    FakeTraffic traffic(clock);
    QObject context;
    const auto kept = await(keepAnnotation(
        traffic, QLatin1String(guardsAnnotation), [](const TrafficState &) { return std::nullopt; },
        &context));
    QVERIFY(kept);
    QVERIFY(traffic.annotations.isEmpty());
}

QTEST_GUILESS_MAIN(TestTrafficAnnotations)
#include "testtrafficannotations.moc"
