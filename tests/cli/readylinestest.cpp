#include "app/cli/ready/readylines.h"

#include <QJsonObject>
#include <QTest>

using namespace pilothouse;

namespace {

using State = ReadyLine::State;
using Health = SourceState::Health;

const QDateTime now(QDate(2026, 11, 24), QTime(22, 0));

SourceState source(Health health)
{
    SourceState state;
    state.name = QStringLiteral("Kubernetes");
    state.health = health;
    if (health != Health::Live && health != Health::Loading)
        state.error = Error{ErrorKind::Unavailable, QStringLiteral("It does not answer."), {}, {}};
    return state;
}

AccountFact account(int secondsLeft)
{
    AccountFact fact;
    fact.system = QStringLiteral("Cloud Run");
    fact.until = now.addSecs(secondsLeft).toUTC();
    return fact;
}

MirrorFact mirror()
{
    MirrorFact fact;
    fact.fetchedAt = now.addSecs(-600).toUTC();
    fact.live = 3;
    return fact;
}

} // namespace

class ReadyLinesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSourceIsReadyOnlyWhenItAnswers_data()
    {
        QTest::addColumn<int>("health");
        QTest::addColumn<int>("state");
        QTest::newRow("live") << int(Health::Live) << int(State::Ok);
        QTest::newRow("loading") << int(Health::Loading) << int(State::CannotTell);
        QTest::newRow("old") << int(Health::Old) << int(State::No);
        QTest::newRow("lost") << int(Health::Lost) << int(State::No);
        QTest::newRow("signed out") << int(Health::SignedOut) << int(State::No);
        QTest::newRow("not allowed") << int(Health::NotAllowed) << int(State::No);
    }

    void aTrackWithoutAnAlertRuleIsNotReady_data()
    {
        QTest::addColumn<int>("all");
        QTest::addColumn<int>("ofTrack");
        QTest::addColumn<QString>("failing");
        QTest::addColumn<bool>("othersSend");
        QTest::addColumn<int>("state");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, int all, int ofTrack, const char *failing,
                            bool othersSend, State state, const char *words) {
            QTest::newRow(name) << all << ofTrack << QString::fromLatin1(failing) << othersSend
                                << int(state) << QString::fromLatin1(words);
        };
        row("some are", 12, 3, "", false, State::Ok, "3 of 12 alert rules can show one");
        row("none is", 12, 0, "", false, State::No,
            "none of 12 alert rules carries the label track of it");
        row("there is none", 0, 0, "", false, State::No, "the metrics server has no alert rule");
        row("none, but Alertmanager has other senders", 12, 0, "", true, State::CannotTell,
            "none of 12 alert rules carries the label track of it; whether another server sends "
            "Alertmanager one is not known");
        row("the only one fails", 12, 0, "HighErrors", true, State::No,
            "the metrics server cannot work out HighErrors, and no other rule is of it");
    }
    void aTrackWithoutAnAlertRuleIsNotReady()
    {
        QFETCH(int, all);
        QFETCH(int, ofTrack);
        QFETCH(QString, failing);
        QFETCH(bool, othersSend);
        QFETCH(int, state);
        QFETCH(QString, words);
        TrackRules rules{all, ofTrack, {}};
        if (!failing.isEmpty())
            rules.failing << failing;
        const ReadyLine line
            = alertsLine(TrackName(QStringLiteral("standalone")), rules,
                         othersSend ? AlertSenders::OthersToo : AlertSenders::MetricsAlone);
        QCOMPARE(line.what, QStringLiteral("alerts of standalone"));
        QCOMPARE(int(line.state), state);
        QCOMPARE(line.words, words);
        QCOMPARE(line.todo.isEmpty(), line.state == State::Ok);
        if (ofTrack == 0 && failing.isEmpty())
            QVERIFY(line.todo.contains(QLatin1String("labels: {track: standalone}")));
    }

    void rulesThatCannotBeReadAreNotKnownToBeMissing()
    {
        const ReadyLine line
            = alertsLine(TrackName(QStringLiteral("standalone")),
                         fail(ErrorKind::Unavailable, QStringLiteral("It does not answer.")),
                         AlertSenders::MetricsAlone);
        QCOMPARE(line.state, State::CannotTell);
        QCOMPARE(line.words, QStringLiteral("the alert rules cannot be read: It does not answer."));
        QVERIFY(!line.todo.isEmpty());
    }

    void aSourceIsReadyOnlyWhenItAnswers()
    {
        QFETCH(int, health);
        QFETCH(int, state);
        const ReadyLine line = sourceLine(source(Health(health)));
        QCOMPARE(line.what, QStringLiteral("Kubernetes"));
        QCOMPARE(int(line.state), state);
        QCOMPARE(line.todo.isEmpty(), line.state == State::Ok);
        if (line.state == State::No && Health(health) != Health::Old)
            QVERIFY2(line.words.contains(QLatin1String("It does not answer.")),
                     qPrintable(line.words));
    }

    void aSignInTellsUntilWhen()
    {
        QCOMPARE(accountLine(account(12 * 3600), now).words, QStringLiteral("until 25 Nov 10:00"));
        const ReadyLine soon = accountLine(account(52 * 60), now);
        QCOMPARE(soon.state, State::Ok);
        QVERIFY2(soon.words.contains(QLatin1String("until 24 Nov 22:52, 52 min from now: it ends "
                                                   "within a shift")),
                 qPrintable(soon.words));
        const ReadyLine over = accountLine(account(-60), now);
        QCOMPARE(over.state, State::No);
        QVERIFY(!over.todo.isEmpty());
    }

    void aSignInThatDoesNotTellOrIsNotNeededIsSaidToBeSo()
    {
        AccountFact fact;
        fact.system = QStringLiteral("GitHub");
        QCOMPARE(accountLine(fact, now).state, State::Ok);
        QVERIFY(accountLine(fact, now).words.contains(QLatin1String("does not tell")));
        fact.needed = false;
        QCOMPARE(accountLine(fact, now).words, QStringLiteral("none is needed"));
        fact.error = Error{ErrorKind::SignedOut, QStringLiteral("Run gh auth login."), {}, {}};
        const ReadyLine line = accountLine(fact, now);
        QCOMPARE(line.state, State::No);
        QCOMPARE(line.words, QStringLiteral("Run gh auth login."));
    }

    void aRightThatIsMissingIsNamed()
    {
        const TrackName track(QStringLiteral("standalone"));
        QCOMPARE(rightsLine(track, TrafficAccess{true, {}}).state, State::Ok);
        const ReadyLine line = rightsLine(
            track, TrafficAccess{false, QStringLiteral("you lack patch on httproutes")});
        QCOMPARE(line.what, QStringLiteral("rights on standalone"));
        QCOMPARE(line.state, State::No);
        QCOMPARE(line.words, QStringLiteral("you lack patch on httproutes"));
        QCOMPARE(rightsLine(track, fail(ErrorKind::TimedOut, QStringLiteral("none"))).state,
                 State::CannotTell);
    }

    void theMirrorHasEveryLiveCommitOrSaysWhichNot()
    {
        QCOMPARE(mirrorLine(mirror(), now).state, State::Ok);
        QCOMPARE(mirrorLine(mirror(), now).words,
                 QStringLiteral("fetched 10 min ago, has all 3 live commits"));
        MirrorFact fact = mirror();
        fact.missing << QStringLiteral("c41d77e");
        QCOMPARE(mirrorLine(fact, now).state, State::No);
        QVERIFY(mirrorLine(fact, now).words.contains(QLatin1String("without the live c41d77e")));
        fact = mirror();
        fact.fetchError
            = Error{ErrorKind::Unavailable, QStringLiteral("No route to host."), {}, {}};
        QCOMPARE(mirrorLine(fact, now).state, State::No);
        QVERIFY(mirrorLine(fact, now).words.contains(QLatin1String("has all 3 live commits")));
        fact = mirror();
        fact.live = 0;
        QCOMPARE(mirrorLine(fact, now).state, State::CannotTell);
        fact = mirror();
        fact.fetchedAt = now.addDays(-3).toUTC();
        QCOMPARE(mirrorLine(fact, now).state, State::No);
        fact.fetchedAt = {};
        QVERIFY(mirrorLine(fact, now).words.startsWith(QLatin1String("never fetched")));
    }

    void theJournalIsWritableAndWhole()
    {
        QCOMPARE(journalLine({}, ChainState{true, 0, 1204}).words,
                 QStringLiteral("writable, 1204 records, chain whole"));
        const ReadyLine broken = journalLine({}, ChainState{false, 17, 1204});
        QCOMPARE(broken.state, State::No);
        QVERIFY(broken.words.contains(QLatin1String("record 17 of 1204")));
        const Error full{ErrorKind::Unavailable, QStringLiteral("The disk is full."), {}, {}};
        QCOMPARE(journalLine(full, ChainState{}).state, State::No);
        QCOMPARE(journalLine({}, fail(full)).state, State::CannotTell);
    }

    void aKeychainWithoutTheEntryAnswersAllTheSame()
    {
        QCOMPARE(keychainLine({}).state, State::Ok);
        QCOMPARE(keychainLine(fail(ErrorKind::NotFound, QStringLiteral("no entry"))).state,
                 State::Ok);
        QCOMPARE(keychainLine(fail(ErrorKind::SignedOut, QStringLiteral("locked"))).state,
                 State::No);
    }

    void aClockIsCompared()
    {
        using std::chrono::milliseconds;
        const QString server = QStringLiteral("Kubernetes");
        QCOMPARE(clockLine(milliseconds(-4'900), server).state, State::Ok);
        QCOMPARE(clockLine(milliseconds(12'300), server).words,
                 QStringLiteral("12 s before Kubernetes's"));
        QCOMPARE(clockLine(milliseconds(-12'300), server).words,
                 QStringLiteral("12 s behind Kubernetes's"));
        QCOMPARE(clockLine(milliseconds(-12'300), server).state, State::No);
        QCOMPARE(clockLine(std::nullopt, {}).state, State::CannotTell);
    }

    void theGuardIsFoundInPathOrBesideUs()
    {
        QCOMPARE(guardLine(QStringLiteral("/usr/bin/pilothouse-cli"), {}).words,
                 QStringLiteral("/usr/bin/pilothouse-cli"));
        const ReadyLine beside = guardLine({}, QStringLiteral("/opt/p/pilothouse-cli"));
        QCOMPARE(beside.state, State::Ok);
        QVERIFY(beside.words.contains(QLatin1String("not in PATH")));
        QCOMPARE(guardLine({}, {}).state, State::No);
    }

    void whatCannotBeToldIsNotReady()
    {
        const QList<ReadyLine> good{guardLine(QStringLiteral("/usr/bin/pilothouse-cli"), {})};
        QVERIFY(isReady(good));
        QVERIFY(!isReady(good + QList{clockLine(std::nullopt, {})}));
        QVERIFY(!isReady(good + QList{guardLine({}, {})}));
    }

    void textAndJsonSayTheSame()
    {
        const QList<ReadyLine> lines{guardLine(QStringLiteral("/usr/bin/pilothouse-cli"), {}),
                                     clockLine(std::nullopt, {})};
        const QString text = readyText(lines);
        QVERIFY2(text.startsWith(QLatin1String("OK           guard command  /usr/bin/")),
                 qPrintable(text));
        QVERIFY(text.contains(QLatin1String("CANNOT TELL  clock          no server told")));
        QVERIFY(text.contains(QStringLiteral("→ see above")));
        const QJsonArray json = readyJson(lines);
        QCOMPARE(json.size(), 2);
        QCOMPARE(json[1][QLatin1String("state")].toString(), QStringLiteral("cannot tell"));
        QCOMPARE(json[1][QLatin1String("what")].toString(), QStringLiteral("clock"));
    }
};

QTEST_GUILESS_MAIN(ReadyLinesTest)
#include "readylinestest.moc"
