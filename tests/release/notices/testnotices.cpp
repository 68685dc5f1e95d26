#include "release/notices/noticelimit.h"

#include <QTest>

using namespace pilothouse;
using Minutes = std::chrono::minutes;
using std::chrono::seconds;

namespace {

const TrackName standalone(QStringLiteral("standalone"));
const CommitId oldCommit(QString(40, QLatin1Char('a')));
const CommitId newCommit(QString(40, QLatin1Char('b')));

using Action = NextAction::Kind;

NextRow row(Action action, const char *verb, const char *sentence)
{
    NextRow made;
    made.track = standalone;
    made.where = standalone.value;
    made.action = action;
    made.verb = QString::fromUtf8(verb);
    made.asks = made.verb;
    made.sentence = QString::fromUtf8(sentence);
    return made;
}

NextRow off(NextRow made)
{
    made.permission.reasons.append({Reason::Kind::Blocks, QStringLiteral("2 FAIL"), {}});
    return made;
}

NextRow schema(const char *asks)
{
    NextRow made;
    made.kind = NextRow::Kind::Schema;
    made.change.change.value = QStringLiteral("conversations-organization-id");
    made.change.database = QStringLiteral("context");
    made.asks = QString::fromUtf8(asks);
    made.sentence = QStringLiteral("organization_id on context: …");
    return made;
}

NoticedTrack at(Phase phase)
{
    NoticedTrack track;
    track.track = standalone;
    track.phase = phase;
    track.candidate = newCommit;
    track.stable = oldCommit;
    return track;
}

Alert alert(const char *name, const char *summary = "5xx over 1 %")
{
    Alert made;
    made.name = QString::fromUtf8(name);
    made.state = QStringLiteral("firing");
    made.annotations.insert(QStringLiteral("summary"), QString::fromUtf8(summary));
    return made;
}

Noticed firing(const QList<Alert> &alerts)
{
    NoticedTrack track = at(Phase::Baking);
    track.firing = alerts;
    return {{}, {track}, {}};
}

Notice notice(const char *text, Notice::Kind kind = Notice::Kind::Next)
{
    Notice made;
    made.kind = kind;
    made.subject = standalone.value;
    made.title = QStringLiteral("standalone");
    made.text = QString::fromUtf8(text);
    return made;
}

} // namespace

/// What becomes a notice, and what does not.
class TestNotices final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nextIsNewsWhereItAsksForSomethingElse_data()
    {
        QTest::addColumn<NextRow>("before");
        QTest::addColumn<NextRow>("after");
        QTest::addColumn<QString>("title");
        const NextRow waits = row(Action::Wait, "", "bakes at 10 % for 1:48 more");
        const NextRow promote = row(Action::Promote, "Promote 10 → 50…", "baked: 10 → 50");
        const NextRow back = row(Action::RollBack, "Roll back to 9f3c2a1…", "error ratio over 1 %");
        QTest::newRow("the bake is over")
            << waits << promote << QStringLiteral("standalone: next is Promote 10 → 50");
        QTest::newRow("it should be rolled back")
            << promote << back << QStringLiteral("standalone: next is Roll back to 9f3c2a1");
        QTest::newRow("the clock ticks")
            << waits << row(Action::Wait, "", "bakes at 10 % for 1:47 more") << QString();
        QTest::newRow("other words for the same")
            << promote << row(Action::Promote, "Promote 10 → 50…", "baked for 5:01") << QString();
        QTest::newRow("the stage after it")
            << row(Action::Promote, "Promote 0 → 10…", "ready") << promote
            << QStringLiteral("standalone: next is Promote 10 → 50");
        QTest::newRow("the same twice") << promote << promote << QString();
        QTest::newRow("it waits again") << promote << waits << QString();
        QTest::newRow("it may not be done") << waits << off(promote) << QString();
        QTest::newRow("it may be done now")
            << off(promote) << promote << QStringLiteral("standalone: next is Promote 10 → 50");
        QTest::newRow("another step of the schema")
            << schema("next M2 backfill") << schema("next C1 guard")
            << QStringLiteral("conversations-organization-id: next C1 guard");
        QTest::newRow("the same step of the schema")
            << schema("next M2 backfill") << schema("next M2 backfill") << QString();
        QTest::newRow("a step that is refused")
            << schema("next M2 backfill") << off(schema("next C1 guard")) << QString();
        QTest::newRow("no step is left")
            << schema("next C5 drop trigger") << schema("") << QString();
    }
    void nextIsNewsWhereItAsksForSomethingElse()
    {
        QFETCH(NextRow, before);
        QFETCH(NextRow, after);
        QFETCH(QString, title);
        const QList<Notice> news = noticesOf({{before}, {}, {}}, {{after}, {}, {}});
        QCOMPARE(news.size(), title.isEmpty() ? 0 : 1);
        if (!news.isEmpty()) {
            QCOMPARE(news.first().title, title);
            QVERIFY(!news.first().isUrgent());
        }
    }

    void aFreezeThatBeginsOverARolloutIsNews()
    {
        const NextRow bakes = row(Action::Promote, "", "bakes at 10 %");
        NextRow frozen = bakes;
        frozen.frozen
            = QStringLiteral("frozen (weekend, until Mon 08:00): finish it, or roll it back");
        const QList<Notice> news = noticesOf({{bakes}, {}, {}}, {{frozen}, {}, {}});
        QCOMPARE(news.size(), 1);
        QCOMPARE(news.first().title, QStringLiteral("standalone: frozen with a rollout in flight"));
        QCOMPARE(news.first().text, frozen.frozen);
        QCOMPARE(news.first().track, standalone);
        QVERIFY(noticesOf({{frozen}, {}, {}}, {{frozen}, {}, {}}).isEmpty());
        QVERIFY(noticesOf({{frozen}, {}, {}}, {{bakes}, {}, {}}).isEmpty());
        // It stood already when the console began to look.
        QVERIFY(noticesOf({}, {{frozen}, {}, {}}).isEmpty());
    }

    void whatWasNotKnownBeforeIsNoNews()
    {
        const NextRow promote = row(Action::Promote, "Promote 0 → 10…", "ready");
        QVERIFY(noticesOf({}, {{promote}, {at(Phase::Ready)}, {}}).isEmpty());
        Noticed fires = firing({alert("HighErrorRatio")});
        QVERIFY(noticesOf({{}, {at(Phase::Unread)}, {}}, fires).isEmpty());
        QVERIFY(
            noticesOf({{}, {at(Phase::Unread)}, {}}, {{}, {at(Phase::RolledBack)}, {}}).isEmpty());
    }

    void aGateThatARunHasComeToIsNews_data()
    {
        QTest::addColumn<CommitId>("before");
        QTest::addColumn<CommitId>("after");
        QTest::addColumn<bool>("may");
        QTest::addColumn<int>("news");
        QTest::newRow("of the same release") << newCommit << newCommit << true << 1;
        QTest::newRow("another one is shown now") << oldCommit << newCommit << true << 0;
        QTest::newRow("the host was not looked at") << CommitId() << newCommit << true << 0;
        QTest::newRow("others approve") << newCommit << newCommit << false << 0;
    }
    void aGateThatARunHasComeToIsNews()
    {
        QFETCH(CommitId, before);
        QFETCH(CommitId, after);
        QFETCH(bool, may);
        NextRow waits;
        waits.kind = NextRow::Kind::Approval;
        waits.run = RunId(7012);
        waits.environment = QStringLiteral("production");
        waits.sentence = QStringLiteral("production waits for your approval: run 7012");
        waits.asks = QStringLiteral("approve production");
        const NextRow shown = may ? waits : off(waits);
        const QList<Notice> news = noticesOf({{}, {}, {}, before}, {{shown}, {}, {}, after});
        QTEST(int(news.size()), "news");
        for (const Notice &each : news) {
            QCOMPARE(each.title, QStringLiteral("production waits for your approval"));
            QCOMPARE(each.run, RunId(7012));
        }
        // It is told once, and another gate of the same run is another one.
        NextRow audit = shown;
        audit.environment = QStringLiteral("audit");
        QTEST(int(noticesOf({{shown}, {}, {}, before}, {{shown, audit}, {}, {}, after}).size()),
              "news");
        QVERIFY(noticesOf({{shown}, {}, {}, before}, {{shown}, {}, {}, after}).isEmpty());
    }

    void anAlertIsNewsWhenItBeginsToFire()
    {
        const QList<Notice> news
            = noticesOf(firing({alert("PodRestarts")}),
                        firing({alert("PodRestarts"), alert("HighErrorRatio")}));
        QCOMPARE(news.size(), 1);
        QCOMPARE(news.first().title, QStringLiteral("standalone: alert HighErrorRatio fires"));
        QCOMPARE(news.first().text, QStringLiteral("5xx over 1 %"));
        QVERIFY(news.first().isUrgent());
        QVERIFY(noticesOf(firing({alert("HighErrorRatio")}), firing({})).isEmpty());
    }

    void otherPeoplesWordsAreOneShortLine()
    {
        const QByteArray longWords = QByteArray("line\nbreak ") + QByteArray(4000, 'x');
        const QList<Notice> news
            = noticesOf(firing({}), firing({alert("Loud", longWords.constData())}));
        QVERIFY(news.first().text.size() <= 160);
        QVERIFY(news.first().text.startsWith(QLatin1String("line break ")));
    }

    void aRolloutThatEndsIsNews_data()
    {
        QTest::addColumn<NoticedTrack>("before");
        QTest::addColumn<NoticedTrack>("after");
        QTest::addColumn<QString>("text");
        NoticedTrack done = at(Phase::Done);
        done.stable = newCommit;
        QTest::newRow("it became the stable")
            << at(Phase::Finishing) << done << QStringLiteral("bbbbbbb is the stable now");
        QTest::newRow("it was rolled back")
            << at(Phase::RollingBack) << at(Phase::RolledBack)
            << QStringLiteral("bbbbbbb was rolled back: aaaaaaa has the traffic");
        NoticedTrack replaced = at(Phase::Replaced);
        replaced.ended = QStringLiteral("another image stands behind the traffic");
        QTest::newRow("another one came") << at(Phase::Baking) << replaced << replaced.ended;
        QTest::newRow("the candidate went away")
            << at(Phase::Paused) << at(Phase::Idle)
            << QStringLiteral("bbbbbbb is gone: no rollout is in flight");
        QTest::newRow("it goes on") << at(Phase::Baking) << at(Phase::Paused) << QString();
        QTest::newRow("it never began") << at(Phase::Ready) << at(Phase::Idle) << QString();
        QTest::newRow("it was over") << at(Phase::RolledBack) << at(Phase::RolledBack) << QString();
    }
    void aRolloutThatEndsIsNews()
    {
        QFETCH(NoticedTrack, before);
        QFETCH(NoticedTrack, after);
        QFETCH(QString, text);
        const QList<Notice> news = noticesOf({{}, {before}, {}}, {{}, {after}, {}});
        QCOMPARE(news.isEmpty() ? QString() : news.first().text, text);
    }

    void whatAGuardDidIsNewsOnce()
    {
        const QList<GuardDeed> deeds{{standalone, QStringLiteral("standalone: rolled back: p95")}};
        const QList<Notice> news = noticesOf({}, {{}, {}, deeds});
        QCOMPARE(news.size(), 1);
        QVERIFY(news.first().isUrgent());
        QCOMPARE(news.first().text, deeds.first().sentence);
        QVERIFY(noticesOf({{}, {}, deeds}, {{}, {}, deeds}).isEmpty());
    }

    void theSameWordsAreShownOnceInAWhile()
    {
        NoticeLimit limit;
        QCOMPARE(limit.admitted({notice("promote")}, seconds(1)).size(), 1);
        QCOMPARE(limit.admitted({notice("promote")}, Minutes(9)).size(), 0);
        QCOMPARE(limit.admitted({notice("promote")}, Minutes(11)).size(), 1);
    }

    void whatFlapsIsLimitedAndSaysSo()
    {
        NoticeLimit limit;
        QStringList shown;
        for (int i = 0; i < 20; ++i) {
            for (const Notice &each :
                 limit.admitted({notice(qPrintable(QString::number(i)))}, seconds(i)))
                shown << each.text;
        }
        QCOMPARE(shown, QStringList({QStringLiteral("0"), QStringLiteral("1"),
                                     QStringLiteral("2 (it changes often: quiet for 10 min)")}));
        QCOMPARE(limit.admitted({notice("later")}, Minutes(11)).size(), 1);
    }

    void anUrgentOneIsNotHeldBackByTheOthers()
    {
        NoticeLimit limit;
        for (int i = 0; i < 9; ++i)
            (void)limit.admitted({notice(qPrintable(QString::number(i)))}, seconds(i));
        QCOMPARE(limit.admitted({notice("rolled back", Notice::Kind::Guard)}, seconds(9)).size(),
                 1);
    }
};

QTEST_GUILESS_MAIN(TestNotices)
#include "testnotices.moc"
