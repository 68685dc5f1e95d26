#include "release/commitfacts.h"
#include "release/fakerepository.h"
#include "release/releasesources.h"
#include "support/fakeclock.h"
#include "support/memoryjournal.h"

#include <QtTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Health = SourceState::Health;

const Error noClone{ErrorKind::NotFound, QStringLiteral("there is no repository in /a"), {}, {}};

Error refused(ErrorKind kind)
{
    return {kind, QStringLiteral("the host refuses"), {}, {}};
}

} // namespace

/// What the chip "Git copy" shows of the repository that everything is read from.
class TestGitCopy final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m = std::make_unique<Bench>();
        m->files.add(QString(40, u'a'), QStringLiteral("first"));
    }
    void cleanup() { m.reset(); }

    void whatAnswersIsLive()
    {
        QCOMPARE(m->state().health, Health::Loading);
        QCOMPARE(m->state().name, QStringLiteral("Git copy"));
        m->sources.start();
        QTRY_COMPARE(m->state().health, Health::Live);
        QCOMPARE(m->state().lastGoodSinceBoot, m->clock.sinceBoot());
        QVERIFY(!m->state().error && !m->sources.unread());
    }

    void aFolderThatIsNoCloneIsLostWithTheReason()
    {
        m->files.tipError = noClone;
        m->sources.start();
        QTRY_COMPARE(m->state().health, Health::Lost);
        QCOMPARE(m->sources.unread(), std::optional(noClone));
        QCOMPARE(m->state().lastGoodSinceBoot, 0ms);
        // Somebody makes the clone: the next look finds it.
        m->files.tipError.reset();
        m->clock.advance(10s);
        QTRY_COMPARE(m->state().health, Health::Live);
        QVERIFY(!m->state().error);
    }

    void whatCannotBeFetchedIntoIsNotFresh_data()
    {
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<Health>("health");
        QTest::newRow("no host") << ErrorKind::Unavailable << Health::Old;
        QTest::newRow("signed out") << ErrorKind::SignedOut << Health::SignedOut;
        QTest::newRow("no right") << ErrorKind::NotAllowed << Health::NotAllowed;
    }
    void whatCannotBeFetchedIntoIsNotFresh()
    {
        QFETCH(const ErrorKind, kind);
        QFETCH(const Health, health);
        m->files.fetchError = refused(kind);
        m->sources.start();
        QTRY_COMPARE(m->state().health, Health::Live);
        m->sources.refresh();
        QTRY_COMPARE(m->state().health, health);
        QCOMPARE(m->state().error, std::optional(refused(kind)));
        QVERIFY(!m->sources.unread()); // what was there still answers
        m->clock.advance(10s);
        QCoreApplication::processEvents();
        QCOMPARE(m->state().health, health); // reading it again brings nothing new
        m->files.fetchError.reset();
        m->sources.refresh();
        QTRY_COMPARE(m->state().health, Health::Live);
    }

    void theHistoryThatWasReadStaysWhenItIsLost()
    {
        m->sources.start();
        QTRY_COMPARE(m->sources.history().size(), 1);
        m->files.tipError = noClone;
        m->clock.advance(10s);
        QTRY_COMPARE(m->state().health, Health::Lost);
        QCOMPARE(m->sources.history().size(), 1);
        QVERIFY(m->state().lastGoodSinceBoot > 0ms);
    }

private:
    struct Bench
    {
        Bench() { clock.advance(1s); }
        [[nodiscard]] const SourceState &state() const { return sources.gitCopy(); }

        FakeRepository files;
        FakeClock clock;
        MemoryJournal journal;
        CommitFacts facts{files, files};
        ReleaseSources sources{files, journal, clock, facts, 5s, 20};
    };
    std::unique_ptr<Bench> m;
};

QTEST_GUILESS_MAIN(TestGitCopy)
#include "testgitcopy.moc"
