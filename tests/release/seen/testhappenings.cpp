#include "release/seen/happenings.h"

#include <QtTest>

using namespace pilothouse;

namespace {

const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);
const TrackName standalone(QStringLiteral("standalone"));
const CommitId commit(QString(40, QLatin1Char('c')));

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

Record intent(const QString &id)
{
    Record made;
    made.kind = RecordKind::Intent;
    made.id = IntentId(id);
    made.at = noon;
    made.subject = t("standalone");
    made.actor = t("A. Muster");
    made.body = {{t("verb"), t("roll back")}};
    return made;
}

SeenDeed deed(int minute, const char *what, const char *key = "")
{
    SeenDeed made;
    made.at = noon.addSecs(60 * minute);
    made.who = t("helm");
    made.what = t(what);
    made.key = t(key);
    made.commit = commit;
    return made;
}

SeenTold told(const char *subject, const QList<SeenDeed> &deeds)
{
    return {t("Helm"), t(subject), deeds, {}};
}

SeenTold lost(const char *subject, const char *why)
{
    return {t("GitHub"), t(subject), {}, Error{ErrorKind::Unavailable, t(why), {}, {}}};
}

/// A track whose object notes that this was done with this intent.
TrackHappenings noting(const char *mark, const char *by, const QString &intentId)
{
    TrackHappenings track;
    track.track = standalone;
    track.traffic.emplace();
    track.traffic->deeds = {{noon, t(by), t(mark), {}, IntentId(intentId)}};
    return track;
}

ChangeView change(const QList<StepRecord> &steps)
{
    ChangeView view;
    view.key = {ChangeName(t("conversations-organization-id")), t("context")};
    view.change.column = t("organization_id");
    view.facts.emplace();
    view.facts->value.steps = steps;
    StepView title;
    title.step.id = StepId::E1;
    title.step.title = t("add column");
    view.steps = {title};
    return view;
}

QStringList texts(const QList<LatelyLine> &lines)
{
    QStringList list;
    for (const LatelyLine &line : lines)
        list.append(QStringLiteral("%1: %2").arg(line.who, line.what));
    return list;
}

} // namespace

class TestHappenings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aColleaguesStepIsToldWithItsDatabase()
    {
        const auto lines = stepLines(
            {change({{StepId::E1, t("B. Novak"), t("migrator"), noon, IntentId(t("x"))}})}, {});
        QCOMPARE(texts(lines), QStringList{t("B. Novak: organization_id on context: E1 add "
                                             "column")});
        QCOMPARE(lines[0].at, noon);
        QCOMPARE(lines[0].seenIn, t("database context"));
        QCOMPARE(lines[0].source, LatelyLine::Source::Database);
        QCOMPARE(lines[0].about.value(0).kind, Thing::Kind::Change);
    }

    void aStepOfThisJournalIsNotToldTwice()
    {
        const auto view = change({{StepId::E1, t("A. Muster"), {}, noon, IntentId(t("i1"))},
                                  {StepId::E2, {}, t("migrator"), noon, IntentId()}});
        QCOMPARE(texts(stepLines({view}, {intent(t("i1"))})),
                 QStringList{t("migrator: organization_id on context: E2")});
    }

    void aDeedIsTheJournalsIfItsTrackNotesOurIntent_data()
    {
        QTest::addColumn<QString>("mark");  // of the deed
        QTest::addColumn<QString>("noted"); // on the traffic object
        QTest::addColumn<QString>("by");
        QTest::addColumn<QString>("intentId");
        QTest::addColumn<QStringList>("lines");
        const QStringList byHelm{t("helm: revision 45")};
        QTest::newRow("our own") << t("helm 45") << t("helm 45") << t("A. Muster") << t("i1")
                                 << QStringList();
        QTest::newRow("of another console")
            << t("helm 45") << t("helm 45") << t("B. Novak") << t("other")
            << QStringList{t("B. Novak: revision 45")};
        QTest::newRow("noted of another revision")
            << t("helm 45") << t("helm 44") << t("A. Muster") << t("i1") << byHelm;
        QTest::newRow("not noted at all")
            << t("helm 45") << QString() << QString() << QString() << byHelm;
        QTest::newRow("nothing to be known by")
            << QString() << QString() << t("A. Muster") << t("i1") << byHelm;
    }
    void aDeedIsTheJournalsIfItsTrackNotesOurIntent()
    {
        QFETCH(QString, mark);
        QFETCH(QString, noted);
        QFETCH(QString, by);
        QFETCH(QString, intentId);
        SeenDeed made = deed(0, "revision 45", "helm production/web 45");
        made.mark = mark;
        made.track = standalone;
        const auto lines
            = seenLines({told("Helm revisions", {made})},
                        {noting(noted.toUtf8().constData(), by.toUtf8().constData(), intentId)}, {},
                        {intent(t("i1"))});
        QTEST(texts(lines), "lines");
    }

    void twoTracksOfOneReleaseTellARevisionOnce()
    {
        const SeenDeed one = deed(0, "revision 45", "helm production/web 45");
        SeenDeed other = one;
        other.track = TrackName(t("coditect"));
        const SeenDeed next = deed(1, "revision 46", "helm production/web 46");
        QCOMPARE(seenLines({told("one", {one}), told("other", {other, next})}, {}, {}, {}).size(),
                 2);
        // What has no key may happen again and again.
        QCOMPARE(seenLines({told("one", {deed(0, "a"), deed(1, "a")})}, {}, {}, {}).size(), 2);
    }

    void aDeployIsOfWhoBeganItsRun()
    {
        SeenDeed made = deed(0, "ccccccc deployed to production by run 7012");
        made.who = t("github-actions[bot]");
        made.run = RunId(7012);
        Run run;
        run.id = RunId(7012);
        run.actor = t("b-novak");
        const auto lines = seenLines({told("GitHub deployments", {made})}, {}, {run}, {});
        QCOMPARE(lines.value(0).who, t("b-novak"));
        QCOMPARE(lines[0].about.size(), 2);
        QCOMPARE(lines[0].about[0].id, t("7012"));
        QCOMPARE(lines[0].about[1].id, commit.value);
        // A run that is not known leaves the host's own account.
        QCOMPARE(seenLines({told("GitHub deployments", {made})}, {}, {}, {})[0].who,
                 t("github-actions[bot]"));
    }

    void allOfItComesNewestFirst()
    {
        Happenings all;
        all.records = {intent(t("i1"))};
        all.told = {told("Helm revisions", {deed(-5, "revision 44"), deed(5, "revision 45")})};
        all.changes = {change({{StepId::E1, t("B. Novak"), {}, noon.addSecs(60), IntentId()}})};
        Alert alert;
        alert.name = t("HighErrorRatio");
        alert.state = t("firing");
        alert.activeAt = noon.addSecs(120);
        all.tracks = {{standalone, {}, {alert}}};
        QCOMPARE(texts(linesOf(all)),
                 (QStringList{t("helm: revision 45"), t("alert: HighErrorRatio firing"),
                              t("B. Novak: organization_id on context: E1 add column"),
                              t("A. Muster: standalone roll back …"), t("helm: revision 44")}));
    }

    void whatOthersDidIsNeitherOursNorAnAlertNorARun()
    {
        using Source = LatelyLine::Source;
        QList<LatelyLine> happened;
        for (const Source source : {Source::Journal, Source::TrafficObject, Source::Pipeline,
                                    Source::Alert, Source::Database, Source::Deploy}) {
            LatelyLine line;
            line.source = source;
            happened.append(line);
        }
        QList<Source> others;
        for (const LatelyLine &line : deedsOfOthers(happened))
            others.append(line.source);
        QCOMPARE(others, (QList<Source>{Source::TrafficObject, Source::Database, Source::Deploy}));
    }

    void whoDoesNotAnswerIsNamed()
    {
        SeenTold grown = told("Helm revisions", {deed(0, "revision 45")});
        QVERIFY(unheardOf(QList<SeenTold>{grown}).isEmpty());
        grown.error = Error{ErrorKind::Unavailable, t("down"), {}, {}};
        QCOMPARE(unheardOf(QList<SeenTold>{grown}),
                 (QList<Unheard>{{t("Helm revisions"), t("down"), Unheard::State::Lost}}));
        QCOMPARE(unheardOf(QList<SeenTold>{{t("GitHub"), t("GitHub deployments"), {}, {}}}),
                 (QList<Unheard>{{t("GitHub deployments"), {}, Unheard::State::Reading}}));
    }

    void aSourceWithAChipIsMissedOnlyIfItIsSetUp_data()
    {
        using Health = SourceState::Health;
        QTest::addColumn<Health>("health");
        QTest::addColumn<int>("lost");
        QTest::addColumn<int>("reading");
        QTest::newRow("not set up") << Health::NotSetUp << 0 << 0;
        QTest::newRow("loading") << Health::Loading << 0 << 1;
        QTest::newRow("live") << Health::Live << 0 << 0;
        QTest::newRow("old") << Health::Old << 0 << 0;
        QTest::newRow("lost") << Health::Lost << 1 << 0;
        QTest::newRow("signed out") << Health::SignedOut << 1 << 0;
        QTest::newRow("not allowed") << Health::NotAllowed << 1 << 0;
    }
    void aSourceWithAChipIsMissedOnlyIfItIsSetUp()
    {
        QFETCH(SourceState::Health, health);
        SourceState state;
        state.name = t("Kubernetes");
        state.health = health;
        const QList<Unheard> found = unheardOf(QList<SourceState>{state, state}); // of two tracks
        int lostOnes = 0;
        for (const Unheard &each : found)
            lostOnes += each.state == Unheard::State::Lost ? 1 : 0;
        QTEST(lostOnes, "lost");
        QTEST(int(found.size()) - lostOnes, "reading");
    }

    void oneReasonIsSaidOnce()
    {
        const auto all = together(unheardOf(QList<SeenTold>{
            lost("runs", "GitHub is down."), lost("Helm revisions of standalone", "no VPN"),
            lost("GitHub deployments", "GitHub is down.")}));
        QCOMPARE(all.size(), 2);
        QCOMPARE(unheardWords(all[0]), t("not heard, so that lines may be missing: runs, GitHub "
                                         "deployments. GitHub is down."));
        QCOMPARE(unheardWords({t("runs"), {}, Unheard::State::Reading}), t("being read: runs"));
    }
};

QTEST_GUILESS_MAIN(TestHappenings)

#include "testhappenings.moc"
