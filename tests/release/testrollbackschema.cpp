#include "fakedatabase.h"
#include "fakerepository.h"
#include "migration/migrationcontroller.h"
#include "migration/samplechange.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"
#include "support/fakeclock.h"
#include "support/faketraffic.h"
#include "support/memoryjournal.h"

#include <QtTest>

#include <algorithm>
#include <functional>

using namespace pilothouse;
using std::chrono::seconds;

namespace {

const QString before = QString(40, QLatin1Char('a')); // does not know the change
const QString after = QString(40, QLatin1Char('b'));  // writes the column
const QString tip = QString(40, QLatin1Char('c'));
const QString folder = QStringLiteral("migrations/changes");
const QString path = folder + QStringLiteral("/conversations-organization-id.yaml");
const QString safe
    = QStringLiteral("+safe: aaaaaaa works with conversations.organization_id as it is");

QByteArray readyFile()
{
    return sampleChangeFile().replace("contract_ready: false", "contract_ready: true");
}

Error unavailable(const QString &message)
{
    return {ErrorKind::Unavailable, message, {}, {}};
}

/// One track in flight at 10 %, its database, and the clone.
struct World
{
    World()
    {
        repository.add(before, QStringLiteral("the first"));
        repository.add(after, QStringLiteral("fill the column"), {{path, readyFile()}});
        traffic.world.stable = readyRevision(QStringLiteral("svc"), before, 3);
        traffic.world.candidate = readyRevision(QStringLiteral("svc-canary"), after, 2);
        traffic.world.asked = Weight{10};
        traffic.world.accepted = Weight{10};
        database.now = expandedFacts();
        migrations.addDatabase(QStringLiteral("context"), folder, database);
    }
    void start()
    {
        RolloutSettings settings;
        settings.track = TrackName(QStringLiteral("standalone"));
        settings.plan.stages = {{Weight{10}, seconds(30)}, {Weight{100}, {}}};
        rollout = std::make_unique<RolloutController>(settings, traffic, nullptr, runner, clock);
        ReleaseSettings joined;
        joined.environment.name = QStringLiteral("production");
        release
            = std::make_unique<ReleaseController>(joined, repository, repository, journal, clock);
        release->addTrack(*rollout, ofTrack);
        release->setMigrations(migrations);
        rollout->start();
        migrations.start();
        release->start();
    }
    ~World()
    {
        release.reset();
        rollout.reset();
    }
    /// Before each: "+" For, "?" Unknown, "!" Against.
    [[nodiscard]] QStringList schemaRows() const
    {
        QStringList rows;
        for (const PreviewRow &row : rollout->previewRollback().rows) {
            const bool isFor = row.kind == PreviewRow::Kind::For;
            const bool isUnknown = row.kind == PreviewRow::Kind::Unknown;
            if (row.label == QLatin1String("Schema"))
                rows.append(QLatin1Char(isFor ? '+' : isUnknown ? '?' : '!') + row.text);
        }
        return rows;
    }

    QString ofTrack = QStringLiteral("context"); ///< the track's database
    FakeClock clock;
    FakeRepository repository;
    MemoryJournal journal;
    ActionRunner runner{journal, QStringLiteral("A. Muster")};
    FakeTraffic traffic{clock};
    StillDatabase database{clock};
    MigrationController migrations{MigrationSettings{}, repository, runner, clock};
    std::unique_ptr<RolloutController> rollout;
    std::unique_ptr<ReleaseController> release;
};

using Prepare = std::function<void(World &)>;

} // namespace

Q_DECLARE_METATYPE(Prepare)

/// What the confirmation of a rollback says of the schema: always something, and never that it is
/// safe where nobody has looked.
class TestRollbackSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_world = std::make_unique<World>(); }
    void cleanup() { m_world.reset(); }

    void thereIsAlwaysARow_data()
    {
        QTest::addColumn<Prepare>("prepare");
        QTest::addColumn<QStringList>("rows"); // how each begins
        const auto row = [](const char *name, const Prepare &prepare, const QStringList &rows) {
            QTest::newRow(name) << prepare << rows;
        };
        row("what works with it is safe", [](World &) {}, {safe});
        row("the list of changes is being read", [](World &w) { w.repository.hangs = true; },
            {QStringLiteral("?not checked: the list of changes is being read")});
        row("the list of changes cannot be read",
            [](World &w) {
                w.repository.tipError = unavailable(QStringLiteral("The clone is gone."));
            },
            {QStringLiteral(
                "?not checked: the list of changes cannot be read: The clone is gone")});
        row("the track has no database", [](World &w) { w.ofTrack.clear(); },
            {QStringLiteral("?not checked: pilothouse.yaml names no database for standalone")});
        row("the database has no change", [](World &w) { w.ofTrack = QStringLiteral("another"); },
            {QStringLiteral("+no change of production concerns aaaaaaa")});
        row("the database was never read",
            [](World &w) { w.database.lost = unavailable(QStringLiteral("No route.")); },
            {QStringLiteral("?whether aaaaaaa works with conversations.organization_id: production "
                            "cannot be read: No route")});
        row("a change file cannot be read",
            [](World &w) {
                w.repository.add(tip, QStringLiteral("the tip"),
                                 {{path, readyFile()},
                                  {folder + QStringLiteral("/broken.yaml"), "change: nonsense"}});
            },
            {QStringLiteral("?not checked against broken.yaml, which cannot be read: "), safe});
        row("old writers are refused", [](World &w) { w.database.now = cleanedFacts(); },
            {QStringLiteral("!BREAKS: aaaaaaa inserts without organization_id (refused ")});
    }
    void thereIsAlwaysARow()
    {
        QFETCH(Prepare, prepare);
        QFETCH(QStringList, rows);
        prepare(*m_world);
        m_world->start();
        QTRY_VERIFY(m_world->rollout->traffic().has_value());
        QVERIFY(!m_world->schemaRows().isEmpty()); // nothing was compared yet
        const auto isSo = [&] {
            const QStringList told = m_world->schemaRows();
            return told.size() == rows.size()
                   && std::equal(told.cbegin(), told.cend(), rows.cbegin(),
                                 [](const QString &row, const QString &begin) {
                                     return row.startsWith(begin);
                                 });
        };
        QTRY_VERIFY2(isSo(), qPrintable(m_world->schemaRows().join(QLatin1Char('\n'))));
        // It warns, and stops nothing.
        QVERIFY(m_world->rollout->mayRollBack().allowed());
    }

    /// The way back is another one, or none: what a person chooses is checked all the same.
    void whatAPersonChoosesIsCheckedToo()
    {
        const QString id = QStringLiteral("cloudrun.back:svc-1");
        OwnAction back;
        back.id = id;
        back.typed = QStringLiteral("aaaaaaa");
        back.chosen = CommitId(before);
        m_world->traffic.own = {back};
        m_world->traffic.world.stable = readyRevision(QStringLiteral("svc"), after, 3);
        m_world->traffic.world.candidate.reset();
        m_world->traffic.world.asked = Weight{0};
        m_world->traffic.world.accepted = Weight{0};
        m_world->database.now = cleanedFacts();
        m_world->start();
        const auto schema = [this, &id] {
            QString told;
            for (const PreviewRow &row : m_world->rollout->previewOwn(id).rows) {
                if (row.label == QLatin1String("Schema"))
                    told += row.text;
            }
            return told;
        };
        QTRY_VERIFY2(schema().startsWith(QLatin1String(
                         "BREAKS: aaaaaaa inserts without organization_id (refused ")),
                     qPrintable(schema()));
        QVERIFY(!m_world->rollout->wayBack().target);
        QVERIFY(m_world->rollout->previewOwn(id).reasonRequired);
        QVERIFY(m_world->rollout->mayRunOwn(id).allowed());
    }

    void whatWasSafeIsNotKnownOnceTheDatabaseIsLost()
    {
        m_world->start();
        QTRY_COMPARE(m_world->schemaRows(), QStringList{safe});
        m_world->database.lost = unavailable(QStringLiteral("PostgreSQL does not answer."));
        m_world->clock.advance(seconds(240));
        m_world->migrations.start();
        QTRY_COMPARE(m_world->schemaRows(),
                     QStringList{QStringLiteral(
                         "?safe 4 min ago, not known now: aaaaaaa worked with "
                         "conversations.organization_id as it was (PostgreSQL does not answer)")});
        // That it grows older is no other world: nothing is marked, and what was confirmed holds.
        const QString shown = m_world->rollout->previewRollback().fingerprint;
        m_world->clock.advance(seconds(120));
        m_world->migrations.start();
        QTRY_VERIFY(
            m_world->schemaRows().constFirst().startsWith(QLatin1String("?safe 6 min ago")));
        QCOMPARE(m_world->rollout->previewRollback().fingerprint, shown);
    }

    void whatIsOnItsWayIsAwaitedAndWhatFailedIsNot()
    {
        m_world->repository.hangs = true;
        m_world->start();
        QVERIFY(m_world->release->schemaAwaited(*m_world->rollout));
        QTRY_VERIFY(m_world->rollout->traffic().has_value());
        QTest::qWait(20);
        QVERIFY(m_world->release->schemaAwaited(*m_world->rollout));
        m_world->repository.hangs = false;
        m_world->database.lost = unavailable(QStringLiteral("No route."));
        m_world->migrations.start();
        QTRY_VERIFY(!m_world->release->schemaAwaited(*m_world->rollout));
        QVERIFY(m_world->schemaRows().constFirst().contains(QLatin1String("No route")));
    }

private:
    std::unique_ptr<World> m_world;
};

QTEST_GUILESS_MAIN(TestRollbackSchema)

#include "testrollbackschema.moc"
