#include "release/compare/changedifference.h"
#include "release/compare/comparepair.h"
#include "release/compare/comparewords.h"
#include "release/compare/notes.h"
#include "release/compare/samplecomparison.h"

#include "migration/samplechange.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

LiveRow rowOf(const char *where, const CommitId &stable, const CommitId &candidate = {})
{
    LiveRow row;
    row.where = t(where);
    row.stable = LiveRevision{stable, {}, 0, 0, false, {}};
    if (!candidate.value.isEmpty())
        row.candidate = LiveRevision{candidate, {}, 0, 0, false, {}};
    return row;
}

} // namespace

class TestCompareWords final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePullRequestIsReadFromTheSubject_data()
    {
        QTest::addColumn<QString>("subject");
        QTest::addColumn<QString>("body");
        QTest::addColumn<PullRequest>("pullRequest");
        const auto row = [](const char *name, const char *subject, const char *body, int number,
                            const char *title) {
            QTest::newRow(name) << t(subject) << t(body) << PullRequest{number, t(title)};
        };
        row("squashed", "Scope search (#418)", "", 418, "Scope search");
        row("squashed twice, the last one counts", "Revert \"Scope (#417)\" (#418)", "", 418,
            "Revert \"Scope (#417)\"");
        row("merged, with its title below", "Merge pull request #418 from muster/scope",
            "Scope search\n\nlong text", 418, "Scope search");
        row("merged without a title", "Merge pull request #418 from muster/scope", "", 418,
            "Merge pull request #418 from muster/scope");
        row("none", "a commit", "", 0, "a commit");
        row("an issue is no pull request", "repairs #418", "", 0, "repairs #418");
        row("a number that is the whole subject", "(#418)", "", 0, "(#418)");
        row("a number beyond all numbers", "x (#99999999999)", "", 0, "x (#99999999999)");
        row("a branch that was merged by hand", "Merge branch 'main' into scope", "", 0,
            "Merge branch 'main' into scope");
    }

    void thePullRequestIsReadFromTheSubject()
    {
        QFETCH(QString, subject);
        QFETCH(QString, body);
        QTEST(pullRequestOf(sampleCommit('a', subject, t("A. Muster"), body)), "pullRequest");
    }

    void aFileHasAKindByItsPath_data()
    {
        QTest::addColumn<FileKind>("kind");
        const auto row = [](const char *path, FileKind kind) {
            QTest::newRow(path) << kind;
        };
        row("migrations/changes/drop-tags.yaml", FileKind::Change);
        row("migrations/changes/README.md", FileKind::Code);
        row("migrations/changes/old/drop-tags.yaml", FileKind::Code);
        row("helm/app/values.yaml", FileKind::Values);
        row("helm/app/values-production.yml", FileKind::Values);
        row("values.py", FileKind::Code);
        row("helm/app/Chart.yaml", FileKind::Chart);
        row("helm/app/templates/route.yaml", FileKind::Chart);
        row("charts/app/crds/thing.yaml", FileKind::Chart);
        row("core/templates/page.html", FileKind::Code);
        row(".github/workflows/ci.yml", FileKind::Workflow);
        row(".github/actions/poetry/action.yml", FileKind::Workflow);
        row(".github/CODEOWNERS", FileKind::Code);
        row("cloudbuild.yaml", FileKind::Workflow);
        row("ci/release.yml", FileKind::Workflow);
        row("poetry.lock", FileKind::Dependencies);
        row("web/package.json", FileKind::Dependencies);
        row("requirements-dev.txt", FileKind::Dependencies);
        row("core/search.py", FileKind::Code);
    }

    void aFileHasAKindByItsPath()
    {
        QFETCH(FileKind, kind);
        const KnownPaths known{{t("migrations/changes")}, {t("ci/release.yml")}};
        QCOMPARE(fileKind(QString::fromLatin1(QTest::currentDataTag()), known), kind);
    }

    void whatBecameOfAChangeIsSaid_data()
    {
        QTest::addColumn<ChangedFile::How>("how");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("words");
        using How = ChangedFile::How;
        const QByteArray waits = sampleChangeFile();
        const QByteArray fills
            = sampleChangeFile().replace("contract_ready: false", "contract_ready: true");
        const auto row = [](const char *name, How how, const QByteArray &before,
                            const QByteArray &after, const char *words) {
            QTest::newRow(name) << how << before << after << t(words);
        };
        row("new", How::Added, {}, waits, "new, the code does not fill organization_id yet");
        row("new and filled at once", How::Added, {}, fills,
            "new, and the code fills organization_id");
        row("now filled", How::Modified, waits, fills, "the code now fills organization_id");
        row("taken back", How::Modified, fills, waits, "the code no longer fills organization_id");
        row("another date", How::Modified, waits, waits + "\n", "edited");
        row("gone", How::Removed, waits, {}, "its file is gone");
        row("not readable", How::Modified, waits, "change: 7\n", "its file cannot be read");
        row("readable again", How::Modified, "change: 7\n", waits, "edited");
    }

    void whatBecameOfAChangeIsSaid()
    {
        QFETCH(ChangedFile::How, how);
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, words);
        const ChangedFile file{t("migrations/changes/conversations-organization-id.yaml"), {}, how};
        const ChangeDifference change = changeDifference(file, before, after);
        QCOMPARE(changeWords(change), words);
        QCOMPARE(change.name.value, t("conversations-organization-id"));
    }

    void theDifferenceIsOneSentence()
    {
        QCOMPARE(diffSentence(sampleComparison()),
                 t("3 commits by 3 people · 1 change (organization_id) · chart values 2 · chart "
                   "files 1 · dependencies +1 · workflows 0"));
        QCOMPARE(diffSentence(sampleWayBack()).section(t(" · "), 0, 0),
                 t("takes back 3 commits by 3 people"));
    }

    void theDifferenceIsOneSentenceInEveryDirection_data()
    {
        QTest::addColumn<Relation>("relation");
        QTest::addColumn<bool>("hasFork");
        QTest::addColumn<int>("brought");
        QTest::addColumn<int>("takenBack");
        QTest::addColumn<bool>("more");
        QTest::addColumn<QString>("begin");
        QTest::newRow("itself") << Relation::Same << false << 0 << 0 << false
                                << t("the same commit");
        QTest::newRow("one commit") << Relation::Newer << false << 1 << 0 << false
                                    << t("1 commit by 1 person · 0 changes · ");
        QTest::newRow("several of one author")
            << Relation::Newer << false << 3 << 0 << false << t("3 commits by 1 person · ");
        QTest::newRow("more than are listed") << Relation::Newer << false << 200 << 0 << true
                                              << t("more than 200 commits by 1 person · ");
        QTest::newRow("two branches")
            << Relation::Unrelated << true << 2 << 1 << false
            << t("2 commits by 1 person, takes back 1 commit by 1 person · ");
        QTest::newRow("two histories")
            << Relation::Unrelated << false << 2 << 1 << false << t("no history in common · ");
    }

    void theDifferenceIsOneSentenceInEveryDirection()
    {
        QFETCH(Relation, relation);
        QFETCH(bool, hasFork);
        QFETCH(int, brought);
        QFETCH(int, takenBack);
        QFETCH(bool, more);
        QFETCH(QString, begin);
        Comparison made;
        made.relation = relation;
        if (hasFork)
            made.fork = sampleId('f');
        const QList<Commit> commits(200, sampleCommit('a', t("one")));
        made.brought = comparedCommits({commits.first(brought), more});
        made.takenBack = comparedCommits({commits.first(takenBack), more});
        QVERIFY2(diffSentence(made).startsWith(begin), qPrintable(diffSentence(made)));
        QVERIFY(!relationSentence(made).isEmpty());
    }

    void peopleAreCountedByName()
    {
        QCOMPARE(peopleOf(comparedCommits({{sampleCommit('a', t("x"), t("A. Muster")),
                                            sampleCommit('b', t("x"), t("a. muster ")),
                                            sampleCommit('c', t("x"), t("B. Novak"))},
                                           false})
                              .list),
                 2);
    }

    void packagesAreSummedUp_data()
    {
        QTest::addColumn<QList<DependencyFile>>("files");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *words, const QList<DependencyFile> &files) {
            QTest::newRow(words) << files << t(words);
        };
        const DependencyFile manifest{t("pyproject.toml"), {}, t("differs")};
        const QString one = t("1");
        row("0", {});
        row("in 1 file", {manifest});
        row("+1", {manifest, {t("poetry.lock"), {{t("a"), {}, one}}, {}}});
        row("+1 −1, 2 updated",
            {{t("poetry.lock"),
              {{t("a"), {}, one}, {t("b"), one, {}}, {t("c"), one, t("2")}, {t("d"), one, t("2")}},
              {}}});
    }

    void packagesAreSummedUp()
    {
        QFETCH(QList<DependencyFile>, files);
        QTEST(dependencyWords(files), "words");
    }

    void aValuesFileThatIsNotReadIsNotCountedAsNoDifference()
    {
        Comparison made = sampleComparison();
        made.values.append({t("helm/app/values.yaml"), {}, t("line 3: …")});
        QVERIFY(diffSentence(made).contains(t("chart values 2, 1 file not read whole")));
    }

    void theNoteTellsEverythingAndNamesWhatDoesNotDiffer()
    {
        QCOMPARE(notesOf(sampleComparison()), t(R"(# ccccccc compared with 9999999

ccccccc comes after 9999999 and has all that it has.
3 commits by 3 people · 1 change (organization_id) · chart values 2 · chart files 1 · dependencies +1 · workflows 0

## Commits

- Keep the connection until the answer is sent (#418), A. Muster, `ccccccc`
- Scope search by organization (#417), B. Novak, `ddddddd`
- a page that says what is wrong, C. Huber, `eeeeeee`

## Schema changes

- `conversations-organization-id`: the code now fills organization_id; now MIGRATE 62 % on context

## Chart values

- `helm/app/values-production.yaml` `pool.size`: `5` → `10`
- `helm/app/values-production.yaml` `pool.timeout`: `0.15`, new

## Chart

- `helm/app/templates/route.yaml` added

## Dependencies

- `starlette` `0.48.0`, new

## Images

- standalone: `sha256:4fd1c02a9b31e0aa77` → not told

## Code

- `core/search.py` renamed, was `core/find.py`

No difference: workflows.
)"));
    }

    void theNoteOfAWayBackSaysWhatIsTakenBack()
    {
        const QString note = notesOf(sampleWayBack());
        QVERIFY(note.contains(t("9999999 is older than ccccccc: going there takes back")));
        QVERIFY(note.contains(t("\n## Taken back\n\n- Keep the connection")));
        QVERIFY(!note.contains(t("## Commits")));
    }

    void theNoteOfOneCommitSaysThatItIsTheSame()
    {
        Comparison made;
        made.from = made.to = sampleId('c');
        QCOMPARE(notesOf(made), t("# ccccccc compared with ccccccc\n\n"
                                  "ccccccc is the same commit.\n"));
    }

    void whatPeopleWroteCannotBecomeMarkup_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("note");
        const auto row = [](const char *name, const char *written, const char *note) {
            QTest::newRow(name) << t(written) << t(note);
        };
        row("a heading", "# big", "\\# big");
        row("a list", "- item", "\\- item");
        row("a numbered list", "12. item", "12\\. item");
        row("within a word", "fill organization_id", "fill organization_id");
        row("emphasis", "use *args and __init__", "use \\*args and \\_\\_init\\_\\_");
        row("a link", "[here](http://x)", "\\[here\\](http://x)");
        row("a picture", "![x](y)", "\\!\\[x\\](y)");
        row("markup of HTML", "<img src=x>", "\\<img src=x\\>");
        row("a table", "a | b", "a \\| b");
        row("two lines", "one\n# two", "one # two");
        row("plain words", "Scope search by organization", "Scope search by organization");
    }

    void whatPeopleWroteCannotBecomeMarkup()
    {
        QFETCH(QString, written);
        QTEST(markdownText(written), "note");
    }

    void codeMayHaveBackticks()
    {
        QCOMPARE(markdownCode(t("a`b")), t("`` a`b ``"));
        QCOMPARE(markdownCode(t("a``b`c")), t("``` a``b`c ```"));
        QCOMPARE(markdownCode(t("a")), t("`a`"));
    }

    void theShownReleaseIsHeldAgainstTheFirstOtherStable()
    {
        const CommitId shown = sampleId('c');
        LiveRow worker = rowOf("worker", sampleId('4'));
        worker.kind = LiveRow::Kind::Workload;
        const LiveRow same = rowOf("standalone", shown);
        const LiveRow other = rowOf("coditect", sampleId('9'));
        QCOMPARE(shownPair(shown, {worker, same, other}),
                 std::optional(ComparePair{sampleId('9'), shown, t("stable of coditect")}));
        QCOMPARE(shownPair(shown, {worker, same}),
                 std::optional(ComparePair{shown, shown, t("stable of standalone")}));
        QCOMPARE(shownPair(shown, {worker, rowOf("x", {})}), std::nullopt);
        QCOMPARE(shownPair({}, {other}), std::nullopt);
    }

    void aPlaceIsHeldAgainstItsCandidateElseAgainstTheShownRelease()
    {
        const CommitId shown = sampleId('c');
        QCOMPARE(
            livePair(rowOf("standalone", sampleId('9'), sampleId('d')), shown),
            std::optional(ComparePair{sampleId('9'), sampleId('d'), t("stable of standalone")}));
        LiveRow worker = rowOf("celery worker", sampleId('4'));
        worker.kind = LiveRow::Kind::Workload;
        QCOMPARE(livePair(worker, shown),
                 std::optional(ComparePair{sampleId('4'), shown, t("celery worker")}));
        QCOMPARE(livePair(rowOf("standalone", {}), shown), std::nullopt);
        LiveRow unread;
        QCOMPARE(livePair(unread, shown), std::nullopt);
    }

    void imagesAreToldByPlace()
    {
        const QList<SeenImage> seen{{t("standalone"), sampleId('9'), t("sha256:99")},
                                    {t("standalone"), sampleId('c'), t("sha256:cc")},
                                    {t("coditect"), sampleId('9'), t("sha256:88")},
                                    {t("staging"), sampleId('1'), t("sha256:11")}};
        QCOMPARE(imageDifferences(sampleId('9'), sampleId('c'), seen),
                 (QList<ImageDifference>{{t("standalone"), t("sha256:99"), t("sha256:cc")},
                                         {t("coditect"), t("sha256:88"), {}}}));
        QCOMPARE(shortDigest(t("sha256:4fd1c02a9b31e0aa77")), t("sha256:4fd1c02a9b31"));
    }

    void aMixedRevisionTellsNoImage()
    {
        TrafficState traffic;
        RevisionState stable;
        stable.commit = sampleId('9');
        stable.imageDigest = t("sha256:99");
        RevisionState candidate = stable;
        candidate.commit = sampleId('c');
        candidate.mixed = true;
        traffic.stable = stable;
        traffic.candidate = candidate;
        QCOMPARE(imagesIn(TrackName(t("standalone")), traffic),
                 (QList<SeenImage>{{t("standalone"), sampleId('9'), t("sha256:99")}}));
    }
};

QTEST_GUILESS_MAIN(TestCompareWords)
#include "testcomparewords.moc"
