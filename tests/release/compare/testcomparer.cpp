#include "release/compare/comparer.h"

#include "migration/samplechange.h"
#include "release/compare/comparewords.h"
#include "release/compare/fakehistory.h"
#include "release/compare/samplecomparison.h"
#include "release/compare/showndiff.h"
#include "release/fakerepository.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutbench.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>

using namespace pilothouse;

namespace {

using How = ChangedFile::How;

const CommitId stable = sampleId('9');
const CommitId shown = sampleId('c');
const QString change = QStringLiteral("migrations/changes/conversations-organization-id.yaml");
const QString values = QStringLiteral("helm/app/values.yaml");
const QString lock = QStringLiteral("poetry.lock");

KnownPaths knownPaths()
{
    return {{QStringLiteral("migrations/changes")}, {}};
}

} // namespace

class TestComparer final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_git = std::make_unique<FakeHistory>();
        m_git->commitsWithout[shown] = {{sampleCommit('c', QStringLiteral("Scope (#418)"))}, false};
        m_git->commitsWithout[stable] = {{sampleCommit('9', QStringLiteral("only there"))}, true};
        m_comparer
            = std::make_unique<Comparer>(CompareSources{*m_git, *m_git, *m_git, knownPaths()});
    }

    void everyPartIsJoined()
    {
        m_git->changed = {{QStringLiteral("core/search.py"), {}, How::Modified},
                          {values, {}, How::Modified},
                          {change, {}, How::Added},
                          {lock, QStringLiteral("old.lock"), How::Renamed}};
        m_git->contents
            = {{QStringLiteral("9:") + values, "pool: {size: 5}\n"},
               {QStringLiteral("c:") + values, "pool: {size: 10}\n"},
               {QStringLiteral("c:") + change, sampleChangeFile()},
               {QStringLiteral("9:old.lock"), ""},
               {QStringLiteral("c:") + lock, "[[package]]\nname = \"a\"\nversion = \"1\"\n"}};
        const ChangeName name(QStringLiteral("conversations-organization-id"));
        m_comparer->compare(stable, shown,
                            {{{QStringLiteral("standalone"), stable, QStringLiteral("sha256:99")}},
                             {{name, QStringLiteral("EXPANDED on context")}}});
        QVERIFY(m_comparer->comparison());
        const Comparison &made = *m_comparer->comparison();
        QCOMPARE(diffSentence(made), QStringLiteral("1 commit by 1 person · 1 change "
                                                    "(organization_id) · chart values 1 · "
                                                    "dependencies +1 · workflows 0"));
        QCOMPARE(made.brought.list.first().pullRequest.number, 418);
        QVERIFY(made.takenBack.list.isEmpty());
        QList<FileKind> kinds;
        for (const ComparedFile &each : made.files)
            kinds.append(each.kind);
        QCOMPARE(kinds, (QList<FileKind>{FileKind::Change, FileKind::Values, FileKind::Dependencies,
                                         FileKind::Code}));
        QCOMPARE(made.changes.first().phase, QStringLiteral("EXPANDED on context"));
        QCOMPARE(made.images,
                 (QList<ImageDifference>{
                     {QStringLiteral("standalone"), QStringLiteral("sha256:99"), {}}}));
        QVERIFY(!m_comparer->isComparing());
        // A new file has no older version, and code is not read.
        QVERIFY(!m_git->asked.contains(QStringLiteral("9:") + change));
        QVERIFY(!m_git->asked.contains(QStringLiteral("c:core/search.py")));
    }

    void onlyTheSidesThatThereAreAreAskedFor_data()
    {
        QTest::addColumn<Relation>("relation");
        QTest::addColumn<QStringList>("asked");
        QTest::addColumn<int>("brought");
        QTest::addColumn<int>("takenBack");
        const QString first = QStringLiteral("relation c 9");
        const QString brings = QStringLiteral("commits c 9");
        const QString takes = QStringLiteral("commits 9 c");
        QTest::newRow("the same") << Relation::Same << QStringList{first} << 0 << 0;
        QTest::newRow("newer") << Relation::Newer << QStringList{first, brings} << 1 << 0;
        QTest::newRow("older") << Relation::Older << QStringList{first, takes} << 0 << 1;
        QTest::newRow("beside") << Relation::Unrelated << QStringList{first, brings, takes} << 1
                                << 1;
    }

    void onlyTheSidesThatThereAreAreAskedFor()
    {
        QFETCH(Relation, relation);
        QFETCH(int, brought);
        QFETCH(int, takenBack);
        m_git->relationIs = relation;
        m_git->fork = sampleId('f');
        m_comparer->compare(stable, shown, {});
        QTEST(m_git->asked, "asked");
        QVERIFY(m_comparer->comparison());
        QCOMPARE(m_comparer->comparison()->brought.list.size(), brought);
        QCOMPARE(m_comparer->comparison()->takenBack.list.size(), takenBack);
        QCOMPARE(m_comparer->comparison()->fork.has_value(), relation == Relation::Unrelated);
    }

    void theLatestQuestionWins()
    {
        m_git->holds = true;
        m_comparer->compare(stable, shown, {});
        m_comparer->compare(sampleId('4'), shown, {});
        QVERIFY(m_comparer->isComparing());
        m_git->answer(1);
        QTRY_VERIFY(m_comparer->comparison());
        QCOMPARE(m_comparer->comparison()->from, sampleId('4'));
        QSignalSpy changed(m_comparer.get(), &Comparer::changed);
        m_git->answer(0);
        QCoreApplication::processEvents(); // the answer is delivered by now, if it is
        QCOMPARE(changed.size(), 0);
        QCOMPARE(m_comparer->comparison()->from, sampleId('4'));
    }

    void whatWasKnownStaysWhileTheSameIsAskedAgain()
    {
        m_comparer->compare(stable, shown, {});
        m_git->holds = true;
        m_comparer->compare(stable, shown, {});
        QVERIFY(m_comparer->isComparing());
        QVERIFY(m_comparer->comparison());
        m_comparer->compare(sampleId('4'), shown, {});
        QVERIFY(!m_comparer->comparison());
    }

    void whatCannotBeToldIsAnErrorAndNoEmptyComparison_data()
    {
        QTest::addColumn<bool>("atOnce");
        QTest::newRow("how they stand to each other") << true;
        QTest::newRow("which files differ") << false;
    }

    void whatCannotBeToldIsAnErrorAndNoEmptyComparison()
    {
        QFETCH(bool, atOnce);
        (atOnce ? m_git->error : m_git->filesError)
            = Error{ErrorKind::NotFound, QStringLiteral("The clone is shallow."), {}, {}};
        QSignalSpy changed(m_comparer.get(), &Comparer::changed);
        m_comparer->compare(stable, shown, {});
        QVERIFY(!m_comparer->comparison());
        QVERIFY(m_comparer->error());
        QCOMPARE(m_comparer->error()->message, QStringLiteral("The clone is shallow."));
        QVERIFY(!m_comparer->isComparing());
        QCOMPARE(changed.size(), 2); // asked, and given up once
    }

    void aFileThatCannotBeReadSpoilsNothingElse()
    {
        m_git->changed = {{values, {}, How::Modified}, {lock, {}, How::Added}};
        m_git->contents
            = {{QStringLiteral("9:") + values, "a: 1\n"},
               {QStringLiteral("c:") + lock, "[[package]]\nname = \"a\"\nversion = \"1\"\n"}};
        m_comparer->compare(stable, shown, {});
        QVERIFY(m_comparer->comparison());
        const Comparison &made = *m_comparer->comparison();
        QCOMPARE(made.values.first().problem, QStringLiteral("c:%1 is nowhere").arg(values));
        QVERIFY(made.values.first().differences.isEmpty());
        QCOMPARE(made.dependencies.first().differences.size(), 1);
    }

    void ofVeryManyFilesNotAllAreRead()
    {
        for (int i = 0; i <= Comparer::mostReadFiles; ++i)
            m_git->changed.append(
                {QStringLiteral("charts/%1/values.yaml").arg(i, 3, 10, QLatin1Char('0')),
                 {},
                 How::Added});
        for (const ChangedFile &file : std::as_const(m_git->changed))
            m_git->contents.insert(QStringLiteral("c:") + file.path, "a: 1\n");
        m_comparer->compare(stable, shown, {});
        const QList<ValuesFile> &read = m_comparer->comparison()->values;
        QCOMPARE(read.size(), Comparer::mostReadFiles + 1);
        QCOMPARE(read[Comparer::mostReadFiles - 1].problem, QString());
        QVERIFY(read.last().problem.startsWith(QStringLiteral("not read")));
    }

    void aLongFileIsReadBesideTheEventLoop()
    {
        QByteArray packages;
        for (int i = 0; i < 1000; ++i)
            packages += "[[package]]\nname = \"p" + QByteArray::number(i) + "\"\nversion = \"1\"\n";
        m_git->changed = {{lock, {}, How::Added}};
        m_git->contents = {{QStringLiteral("c:") + lock, packages}};
        QThreadPool *threads = QThreadPool::globalInstance();
        const int before = threads->maxThreadCount();
        QSemaphore busy;
        threads->setMaxThreadCount(1);
        threads->start([&busy] { busy.acquire(); });
        m_comparer->compare(stable, shown, {});
        const bool waited = m_comparer->isComparing() && !m_comparer->comparison();
        busy.release();
        QTRY_VERIFY(m_comparer->comparison());
        threads->setMaxThreadCount(before);
        QVERIFY(waited);
        QCOMPARE(m_comparer->comparison()->dependencies.first().differences.size(), 1000);
        QVERIFY(!m_comparer->isComparing());
    }

    void theShownReleaseIsComparedWithWhatIsStable()
    {
        RolloutBench bench;
        FakeRepository repository;
        repository.add(old, QStringLiteral("the stable one"));
        repository.add(good, QStringLiteral("the candidate"),
                       {{QStringLiteral("core/search.py"), "x\n"}});
        ReleaseController release({}, repository, repository, bench.journal, bench.clock);
        ShownDiff diff(release, CompareSources{repository, repository, repository, knownPaths()});
        QVERIFY(!diff.pair());
        QVERIFY(diff.sentence().contains(QStringLiteral("stable revision")));
        release.addTrack(*bench.rollout, {});
        release.start();
        QTRY_VERIFY(diff.pair());
        QCOMPARE(diff.pair()->against, QStringLiteral("stable of standalone"));
        QTRY_VERIFY2(diff.sentence().startsWith(QStringLiteral("1 commit by 1 person · 0 changes")),
                     qPrintable(diff.sentence()));
        release.show(CommitId(old));
        QTRY_VERIFY2(diff.sentence().startsWith(QStringLiteral("none: aaaaaaa is stable")),
                     qPrintable(diff.sentence()));
        release.show(CommitId(other));
        QTRY_VERIFY2(diff.sentence().startsWith(QStringLiteral("cannot be told: ")),
                     qPrintable(diff.sentence()));
    }

private:
    std::unique_ptr<FakeHistory> m_git;
    std::unique_ptr<Comparer> m_comparer;
};

QTEST_GUILESS_MAIN(TestComparer)
#include "testcomparer.moc"
