#include "release/lately.h"

#include "journal/processmark.h"
#include "release/leaving.h"
#include "rollout/trafficannotations.h"

#include <QtTest>

using namespace pilothouse;

namespace {

const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);

Record record(RecordKind kind, const QString &id, int minute, const QJsonObject &body)
{
    Record made;
    made.kind = kind;
    made.id = IntentId(id);
    made.at = noon.addSecs(60 * minute);
    made.subject = QStringLiteral("standalone");
    made.actor = QStringLiteral("A. Muster");
    made.body = body;
    return made;
}

Record promotion(const QString &id, int minute)
{
    return record(RecordKind::Intent, id, minute,
                  {{QStringLiteral("verb"), QStringLiteral("promote")},
                   {QStringLiteral("from"), 10},
                   {QStringLiteral("to"), 50}});
}

Record ended(const QString &id, int minute, const QString &outcome)
{
    return record(RecordKind::Outcome, id, minute,
                  {{QStringLiteral("outcome"), outcome},
                   {QStringLiteral("text"), QStringLiteral("accepted")}});
}

WeightChange change(int minute, int to, const QString &intent = {})
{
    WeightChange made;
    made.at = noon.addSecs(60 * minute);
    made.actor = QStringLiteral("B. Novak");
    made.to = Weight{to};
    made.intent = IntentId(intent);
    return made;
}

QStringList texts(const QList<LatelyLine> &lines)
{
    QStringList list;
    for (const LatelyLine &line : lines)
        list.append(line.what);
    return list;
}

const TrackName track(QStringLiteral("standalone"));

} // namespace

class TestLately : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDecisionAndItsEndAreOneLine()
    {
        const auto lines = linesOf({ended(QStringLiteral("i1"), 1, QStringLiteral("done")),
                                    promotion(QStringLiteral("i1"), 0)});
        QCOMPARE(texts(lines),
                 QStringList{QStringLiteral("standalone promote 10 → 50 · done: accepted")});
        QCOMPARE(lines[0].at, noon);
        QCOMPARE(lines[0].who, QStringLiteral("A. Muster"));
    }

    void whatIsUnderWayStandsAlone()
    {
        QCOMPARE(texts(linesOf({promotion(QStringLiteral("i1"), 0)})),
                 QStringList{QStringLiteral("standalone promote 10 → 50 …")});
    }

    void aNoteIsItsText()
    {
        QCOMPARE(texts(linesOf({record(RecordKind::Note, {}, 0,
                                       {{QStringLiteral("text"), QStringLiteral("lunch")}})})),
                 QStringList{QStringLiteral("lunch")});
    }

    void changesOfThisJournalAreNotToldTwice()
    {
        TrafficState traffic;
        traffic.changes = {change(2, 50, QStringLiteral("i1")), change(1, 10, QStringLiteral("x")),
                           change(0, 5)};
        QCOMPARE(
            texts(linesOf(track, traffic, {promotion(QStringLiteral("i1"), 2)})),
            (QStringList{QStringLiteral("standalone 0 → 10"), QStringLiteral("standalone 0 → 5")}));
    }

    void holdsAndDeedsOfOtherConsolesAreTold()
    {
        TrafficState traffic;
        traffic.hold = Hold{QStringLiteral("B. Novak"),
                            noon,
                            QStringLiteral("load test"),
                            {},
                            IntentId(QStringLiteral("x"))};
        traffic.deeds = {{noon.addSecs(60),
                          QStringLiteral("B. Novak"),
                          QStringLiteral("argo.promote-one"),
                          QStringLiteral("all well"),
                          {}},
                         {noon, QStringLiteral("C. Weiss"), liftDeed, {}, {}},
                         {noon, QStringLiteral("C. Weiss"), QStringLiteral("helm 43"), {}, {}}};
        QCOMPARE(texts(linesOf(track, traffic, {})),
                 (QStringList{QStringLiteral("standalone held: load test"),
                              QStringLiteral("standalone promote one: all well"),
                              QStringLiteral("standalone hold lifted")}));
        QCOMPARE(linesOf(track, traffic, {}).first().who, QStringLiteral("B. Novak"));
        // Our own are told by the journal.
        traffic.hold->intent = IntentId(QStringLiteral("i1"));
        traffic.deeds = {{noon, {}, liftDeed, {}, IntentId(QStringLiteral("i1"))}};
        QVERIFY(linesOf(track, traffic, {promotion(QStringLiteral("i1"), 0)}).isEmpty());
    }

    void whatAnotherConsoleRetiredIsTold()
    {
        TrafficState traffic;
        traffic.retired = {{QString(40, QLatin1Char('d')), CommitId(QString(40, QLatin1Char('d'))),
                            QStringLiteral("B. Novak"), noon, IntentId(QStringLiteral("i1"))},
                           {QStringLiteral("production/web#41"),
                            {},
                            QStringLiteral("C. Weiss"),
                            noon,
                            IntentId(QStringLiteral("i2"))}};
        const auto lines = linesOf(track, traffic, {});
        QCOMPARE(texts(lines),
                 (QStringList{QStringLiteral("standalone way back ddddddd retired"),
                              QStringLiteral("standalone way back production/web#41 retired")}));
        QCOMPARE(lines.first().who, QStringLiteral("B. Novak"));
        // Our own is told by the journal.
        QCOMPARE(linesOf(track, traffic, {promotion(QStringLiteral("i1"), 0)}).size(), 1);
    }

    void whoWentPastEveryConsoleIsSeen_data()
    {
        QTest::addColumn<QString>("writer");
        QTest::addColumn<int>("seconds");
        QTest::addColumn<TrafficState::WriterIs>("is");
        QTest::addColumn<int>("lines");
        using Is = TrafficState::WriterIs;
        QTest::newRow("kubectl long after our change")
            << QStringLiteral("kubectl-edit") << 60 << Is::Program << 1;
        QTest::newRow("kubectl right after our change")
            << QStringLiteral("kubectl-edit") << 1 << Is::Program << 1;
        QTest::newRow("kubectl before our change")
            << QStringLiteral("kubectl-edit") << -1 << Is::Program << 0;
        QTest::newRow("a write of ours") << QStringLiteral("pilothouse") << 60 << Is::Program << 0;
        QTest::newRow("the account's write that carried our change")
            << QStringLiteral("mara@example.com") << 1 << Is::Account << 0;
        QTest::newRow("the account's write long after it")
            << QStringLiteral("mara@example.com") << 60 << Is::Account << 1;
    }
    void whoWentPastEveryConsoleIsSeen()
    {
        QFETCH(QString, writer);
        QFETCH(int, seconds);
        QFETCH(TrafficState::WriterIs, is);
        QFETCH(int, lines);
        TrafficState traffic;
        traffic.writerIs = is;
        traffic.changes = {change(0, 50, QStringLiteral("i1"))};
        traffic.lastWriter = writer;
        traffic.lastWrittenAt = noon.addSecs(seconds);
        QCOMPARE(linesOf(track, traffic, {promotion(QStringLiteral("i1"), 0)}).size(), lines);
    }

    void onlyEndedRunsAreTold()
    {
        Run red;
        red.status = RunStatus::Failed;
        red.workflowPath = QStringLiteral(".github/workflows/ci.yml");
        red.commit = CommitId(QStringLiteral("b7710fe0000"));
        Run running = red;
        running.status = RunStatus::Running;
        QCOMPARE(texts(linesOf(QList<Run>{red, running})),
                 QStringList{QStringLiteral("ci.yml red b7710fe")});
    }

    void everyLineSaysWhatItIsAbout()
    {
        const CommitId commit(QString(40, QLatin1Char('c')));
        const auto about = [](const QList<LatelyLine> &lines) {
            QList<QPair<int, QString>> all;
            for (const Thing &thing : lines.value(0).about)
                all.append({int(thing.kind), thing.id});
            return all;
        };
        using About = QList<QPair<int, QString>>;
        Record decided = promotion(QStringLiteral("i1"), 0);
        decided.body.insert(QStringLiteral("targetCommit"), commit.value);
        const About both{{int(Thing::Kind::Track), track.value},
                         {int(Thing::Kind::Commit), commit.value}};
        QCOMPARE(about(linesOf({decided})), both);
        TrafficState traffic;
        traffic.changes = {change(0, 10)};
        traffic.changes[0].candidate = commit;
        QCOMPARE(about(linesOf(track, traffic, {})), both);
        Run red;
        red.id = RunId(7012);
        red.status = RunStatus::Failed;
        red.commit = commit;
        QCOMPARE(about(linesOf(QList<Run>{red})),
                 (About{{int(Thing::Kind::Run), QStringLiteral("7012")},
                        {int(Thing::Kind::Commit), commit.value}}));
        Alert alert;
        alert.name = QStringLiteral("HighErrorRatio");
        QCOMPARE(about(linesOf(QList<Alert>{alert})),
                 (About{{int(Thing::Kind::Alert), alert.name}}));
    }

    void linesAreMergedNewestFirst()
    {
        QList<LatelyLine> lines;
        for (const int minute : {1, 3, 2, 3}) {
            LatelyLine line;
            line.at = noon.addSecs(60 * minute);
            line.what = QString::number(minute);
            lines.append(line);
        }
        QCOMPARE(texts(merged(lines, 10)),
                 (QStringList{QStringLiteral("3"), QStringLiteral("2"), QStringLiteral("1")}));
        QCOMPARE(merged(lines, 2).size(), 2);
    }

    void onlyWhatWasRetiredAndDoneIsRetired()
    {
        const auto retire = [](const QString &id, int minute, const QString &commit) {
            return record(RecordKind::Intent, id, minute,
                          {{QStringLiteral("verb"), QStringLiteral("retire way back")},
                           {QStringLiteral("targetCommit"), commit}});
        };
        const QString a = QStringLiteral("aaa");
        const auto retired = retiredIn({ended(QStringLiteral("i3"), 5, QStringLiteral("refused")),
                                        retire(QStringLiteral("i3"), 4, QStringLiteral("ccc")),
                                        ended(QStringLiteral("i1"), 3, QStringLiteral("done")),
                                        retire(QStringLiteral("i1"), 2, a),
                                        ended(QStringLiteral("i0"), 1, QStringLiteral("done")),
                                        promotion(QStringLiteral("i0"), 0)});
        QCOMPARE(retired.size(), 1);
        const auto ofTrack = retired.value(QStringLiteral("standalone"));
        QCOMPARE(ofTrack.keys(), QStringList{a});
        QCOMPARE(ofTrack.value(a), noon.addSecs(180));
    }

    void aGuardWhoseConsoleDiedIsLeft_data()
    {
        QTest::addColumn<QList<Record>>("since"); ///< what came after it, newest first
        QTest::addColumn<bool>("lives");
        QTest::addColumn<bool>("left");
        using Records = QList<Record>;
        const auto decided = [](const char *verb) {
            return record(RecordKind::Intent, QStringLiteral("i2"), 4,
                          {{QStringLiteral("verb"), QLatin1String(verb)}});
        };
        const Record done = ended(QStringLiteral("i2"), 5, QStringLiteral("done"));
        const Record refused = ended(QStringLiteral("i2"), 5, QStringLiteral("refused"));
        QTest::newRow("nothing came") << Records() << false << true;
        QTest::newRow("it lives") << Records() << true << false;
        QTest::newRow("a promotion")
            << Records{done, promotion(QStringLiteral("i2"), 4)} << false << true;
        QTest::newRow("disarmed") << Records{done, decided("disarm guard")} << false << false;
        QTest::newRow("rolled back") << Records{done, decided("roll back")} << false << false;
        QTest::newRow("a rollback that was refused")
            << Records{refused, decided("roll back")} << false << true;
        QTest::newRow("the window was closed")
            << Records{record(RecordKind::Note, {}, 5, {{closingKey, true}})} << false << false;
        QTest::newRow("a person's note") << Records{record(
            RecordKind::Note, {}, 5, {{QStringLiteral("text"), QStringLiteral("looks well")}})}
                                         << false << true;
    }
    void aGuardWhoseConsoleDiedIsLeft()
    {
        QFETCH(QList<Record>, since);
        QFETCH(bool, lives);
        QFETCH(bool, left);
        ProcessMark process = ProcessMark::own();
        if (!lives)
            process.pid = 999'999'999;
        const Record armed = record(RecordKind::Intent, QStringLiteral("i1"), 2,
                                    {{QStringLiteral("verb"), QStringLiteral("arm guard")},
                                     {QStringLiteral("targetCommit"), QStringLiteral("c41d77e")},
                                     {QStringLiteral("process"), process.toJson()}});
        const auto guards = guardsLeftIn(
            since << ended(QStringLiteral("i1"), 3, QStringLiteral("done")) << armed);
        QCOMPARE(guards.size(), left ? 1 : 0);
        if (left)
            QCOMPARE(
                guards.value(QStringLiteral("standalone")),
                (ArmedGuard{QStringLiteral("A. Muster"), noon.addSecs(120),
                            CommitId(QStringLiteral("c41d77e")), IntentId(QStringLiteral("i1"))}));
    }
};

QTEST_GUILESS_MAIN(TestLately)

#include "testlately.moc"
