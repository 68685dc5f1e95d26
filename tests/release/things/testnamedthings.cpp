#include "release/things/namedthings.h"

#include "release/things/thinglink.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const CommitId commit(QStringLiteral("c41d77e") + QString(33, QLatin1Char('0')));
const TrackName standalone(QStringLiteral("standalone"));

/// Whether a link to it leads to it again, and not only to its workspace.
void leadsBack(const Thing &thing)
{
    const auto read = parseLink(linkTo(t("shop"), thing));
    QVERIFY2(read, read ? "" : qPrintable(read.error().message));
    QCOMPARE(read->thing.kind, thing.kind);
    QCOMPARE(read->thing.id, thing.id);
    QCOMPARE(read->thing.within, thing.within);
}

Record recordAbout(const QString &subject)
{
    Record record;
    record.kind = RecordKind::Intent;
    record.subject = subject;
    return record;
}

} // namespace

class TestNamedThings final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCommitIsKnownByItsFirstDigitsAndItsSubject()
    {
        const Thing thing = commitThing(commit, t("Scope search"));
        QCOMPARE(thing.words, t("c41d77e Scope search"));
        QCOMPARE(commitThing(commit).words, t("c41d77e"));
        leadsBack(thing);
    }

    void aRunIsKnownByItsFileItsNumberAndItsCommit()
    {
        Run run;
        run.id = RunId(7012);
        run.workflowPath = t(".github/workflows/ci.yml");
        run.commit = commit;
        QCOMPARE(runThing(run).words, t("ci.yml run 7012 of c41d77e"));
        run.attempt = 2;
        QCOMPARE(runThing(run).words, t("ci.yml run 7012 attempt 2 of c41d77e"));
        leadsBack(runThing(run));
    }

    void aJobIsKnownByItsNameAndItsRun()
    {
        Job job;
        job.id = JobId(5);
        job.run = RunId(7012);
        job.name = t("lint (ruff)");
        QCOMPARE(jobThing(job).words, t("lint (ruff) of run 7012"));
        leadsBack(jobThing(job));
    }

    void aBuildIsKnownByThePartOfItsIdThatPeopleRead()
    {
        Run build;
        build.hostId = t("3f2a9c1d-0000-4000-8000-000000000000");
        build.commit = commit;
        QCOMPARE(buildThing(build).words, t("build 3f2a9c1d of c41d77e"));
        leadsBack(buildThing(build));
    }

    void aRevisionIsKnownByItsRoleItsCommitAndItsTrack()
    {
        RevisionState revision;
        revision.name = RevisionName(t("web-canary"));
        revision.commit = commit;
        QCOMPARE(revisionThing(standalone, revision, t("candidate")).words,
                 t("candidate c41d77e of standalone"));
        revision.readyReplicas = 1;
        revision.wantedReplicas = 2;
        QCOMPARE(revisionThing(standalone, revision, t("candidate")).tells, t("1/2 ready"));
        leadsBack(revisionThing(standalone, revision, t("candidate")));
        revision.commit = {};
        QCOMPARE(revisionThing(standalone, revision, t("stable")).words,
                 t("stable unknown commit of standalone"));
    }

    void everythingElseIsKnownByItsName()
    {
        const ChangeKey change{ChangeName(t("org-id")), t("context")};
        for (const Thing &thing :
             {trackThing(standalone), podThing(standalone, t("web-1")), alertThing(t("High")),
              changeThing(change), workloadThing(t("celery worker")), onCallThing()}) {
            QVERIFY(!thing.words.isEmpty());
            leadsBack(thing);
        }
        QCOMPARE(changeThing(change).words, t("change org-id in context"));
        QCOMPARE(trackThing(standalone).words, t("track standalone"));
        QCOMPARE(podThing(standalone, t("web-1")).words, t("pod web-1 of standalone"));
    }

    void aRecordLeadsToWhatItIsAbout_data()
    {
        QTest::addColumn<QString>("subject");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("within");
        const auto row = [](const char *name, const char *subject, Thing::Kind kind, const char *id,
                            const char *within = "") {
            QTest::newRow(name) << t(subject) << int(kind) << t(id) << t(within);
        };
        row("a track", "standalone", Thing::Kind::Track, "standalone");
        row("a change", "change org-id in context", Thing::Kind::Change, "org-id", "context");
        row("a run", "run 7012", Thing::Kind::Run, "7012");
        row("a workflow", "workflow deploy.yml", Thing::Kind::History, "");
        row("another session", "session 17 in context", Thing::Kind::History, "");
        row("no number", "run x", Thing::Kind::History, "");
    }
    void aRecordLeadsToWhatItIsAbout()
    {
        QFETCH(QString, subject);
        QFETCH(int, kind);
        QFETCH(QString, id);
        QFETCH(QString, within);
        const QList<Thing> things = recordThings(recordAbout(subject));
        QCOMPARE(things.size(), 1);
        QCOMPARE(int(things[0].kind), kind);
        QCOMPARE(things[0].id, id);
        QCOMPARE(things[0].within, within);
        QVERIFY2(things[0].words.endsWith(subject), qPrintable(things[0].words));
        leadsBack(things[0]);
    }

    void aNoteIsAboutNoTrack()
    {
        Record note = recordAbout(t("note"));
        note.kind = RecordKind::Note;
        QCOMPARE(recordThings(note)[0].kind, Thing::Kind::History);
    }

    void aDecisionNamesTheCommitThatItMoved()
    {
        Record decision = recordAbout(t("standalone"));
        decision.body[t("targetCommit")] = commit.value;
        const QList<Thing> things = recordThings(decision);
        QCOMPARE(things.size(), 2);
        QCOMPARE(things[1].kind, Thing::Kind::Commit);
        QCOMPARE(things[1].id, commit.value);
    }
};

QTEST_GUILESS_MAIN(TestNamedThings)
#include "testnamedthings.moc"
