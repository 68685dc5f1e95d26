#include "crash/weather/database/databasepass.h"

#include "action/outcomewords.h"
#include "action/settle.h"
#include "connectors/postgres/postgresdatabase.h"
#include "migration/fakesource.h"
#include "migration/migrationcontroller.h"
#include "migration/samplechange.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QJsonArray>

namespace pilothouse {
namespace {

using namespace std::chrono_literals;
using Kind = Outcome::Kind;

constexpr int mostPresses = 4;
constexpr std::chrono::milliseconds patience = 800ms;
const ChangeKey change{ChangeName(QStringLiteral("conversations-organization-id")),
                       QStringLiteral("context")};

MigrationSettings migrationSettings()
{
    MigrationSettings settings;
    settings.environment = {EnvironmentMark::Kind::Rehearsal, QStringLiteral("rehearsal")};
    settings.poll = 4s;
    settings.backfill.smallest = settings.backfill.first = settings.backfill.largest
        = DatabaseTown::rows / 4;
    return settings;
}

PostgresSettings relayed(const DatabaseScene &scene, const DatabaseRelay &relay)
{
    PostgresSettings settings = scene.settings();
    settings.port = relay.port();
    settings.patience = patience;
    return settings;
}

Record orphan()
{
    Record intent;
    intent.id = IntentId(QStringLiteral("of-an-earlier-console"));
    intent.subject = QStringLiteral("change %1 in context").arg(change.change.value);
    intent.body = {{QStringLiteral("verb"), QStringLiteral("run E2")},
                   {QStringLiteral("change"), change.change.value},
                   {QStringLiteral("database"), change.database},
                   {QStringLiteral("steps"), QJsonArray{QStringLiteral("E2")}},
                   {QStringLiteral("undo"), false}};
    return intent;
}

class DatabasePass final
{
public:
    DatabasePass(DatabaseScene &scene, const DatabaseDisturbance &disturbance)
        : m_scene(scene),
          m_relay(scene.settings().port, disturbance, patience,
                  [&scene](DatabaseFault::Kind kind, int pid) { scene.strike(kind, pid); }),
          m_database(relayed(scene, m_relay), m_clock),
          m_controller(migrationSettings(), m_source, m_actions, m_clock)
    {
        QByteArray file = sampleChangeFile();
        file.replace("soak: 3d", "soak: 1h");
        m_source.content = {{QStringLiteral("changes/conversations-organization-id.yaml"), file}};
        m_controller.addDatabase(change.database, QStringLiteral("changes"), m_database);
        m_journal.addOrphan(orphan());
        m_settler.add([](const Record &intent) { return MigrationController::claims(intent); },
                      [this](const Record &intent) { return m_controller.settle(intent); });
        QObject::connect(&m_controller, &MigrationController::changed, &m_controller,
                         [this] { look(); });
    }

    PassResult run(Course course)
    {
        PassResult result;
        result.failure = brokenBy([this, course] {
            m_controller.setVisible(true);
            m_controller.start();
            if (course == Course::Looking)
                return lookOn();
            settle();
            press(StepId::E1);
            press(StepId::E2);
            press(StepId::M2);
            contract();
            conclude();
        });
        if (!result.failure.isEmpty())
            result.failure += told();
        result.calls = m_relay.calls();
        result.struck = m_relay.hasStruck();
        result.outcomes = m_outcomes;
        return result;
    }

private:
    [[nodiscard]] std::optional<ChangeView> view() const { return m_controller.view(change); }
    [[nodiscard]] bool isWell() const { return m_relay.isWell() && m_scene.isWell(); }

    /// At any time: what does not go on says why.
    void look()
    {
        const auto now = view();
        const auto says = [this](bool holds, const char *what) {
            if (!holds && m_wrong.isEmpty())
                m_wrong = QLatin1String(what);
        };
        if (!now)
            return;
        m_lostSaid = m_lostSaid || now->error
                     || (now->running && now->running->doing == MigrationRun::Doing::Returning);
        says(!now->error || !now->error->message.trimmed().isEmpty(), "lost facts do not say why");
        for (const StepView &step : now->steps) {
            says(step.may.allowed() || !step.may.first(Reason::Kind::Blocks).trimmed().isEmpty(),
                 "a step that cannot be run does not say why");
        }
    }

    [[nodiscard]] bool isLive() const
    {
        return m_controller.sourceState().health == SourceState::Health::Live;
    }

    /// Nothing is pressed: what is lost is told as lost, and comes back.
    void lookOn()
    {
        demand(soon([&] { return isLive(); }), QStringLiteral("never seen"));
        demand(soon([&] { return m_lostSaid; }),
               QStringLiteral("it is not said that the facts do not come"));
        demand(soon([&] { return isWell() && isLive() && !view()->error; }),
               QStringLiteral("the facts stay lost"));
        demand(m_wrong.isEmpty(), m_wrong);
    }

    [[nodiscard]] bool may(StepId id) const
    {
        const auto now = view();
        if (!now || now->error)
            return false;
        return std::any_of(now->steps.cbegin(), now->steps.cend(), [&](const StepView &step) {
            return step.step.id == id && step.may.allowed();
        });
    }
    [[nodiscard]] bool shows(StepId id) const
    {
        const auto now = view();
        if (!now || now->error || now->running)
            return false;
        return std::any_of(now->steps.cbegin(), now->steps.cend(), [&](const StepView &step) {
            return step.step.id == id && step.step.state == ChangeStep::State::Done;
        });
    }
    /// By the database's own account.
    [[nodiscard]] bool isDone(StepId id)
    {
        if (id == StepId::E1)
            return m_scene.holds(QStringLiteral("EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid "
                                                "= 'conversations'::regclass AND attname = "
                                                "'organization_id')"));
        if (id == StepId::E2)
            return m_scene.holds(QStringLiteral(
                "EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = 'conversations'::regclass AND "
                "starts_with(tgname, 'pilothouse_'))"));
        return m_scene.holds(
            QStringLiteral("EXISTS (SELECT 1 FROM pilothouse.backfill WHERE state = 'verified')"));
    }

    void settle()
    {
        const auto settled = m_settler.settle();
        demand(soon([&] { return settled.isFinished(); }), QStringLiteral("settling has no end"));
    }

    /// What a press of this step comes to.
    [[nodiscard]] Outcome pressOnce(StepId id)
    {
        const std::optional<Preview> shown = m_controller.preview(change, id);
        demand(shown.has_value(), QStringLiteral("nothing to confirm"));
        const auto pressed = m_controller.run(
            change, id, {QStringLiteral("weather"), shown->fingerprint, shown->target});
        demand(soon([&] { return pressed.isFinished(); }),
               stepWord(id) + QStringLiteral(" has no end"));
        demand(soon([&] { return isWell(); }), QStringLiteral("never well again"));
        Outcome outcome = pressed.result();
        demand(!outcome.text.trimmed().isEmpty(),
               stepWord(id) + QStringLiteral(" does not say what came of it"));
        m_recordRefused = m_recordRefused
                          || (outcome.text.startsWith(QLatin1String("M2 done; then"))
                              && outcome.text.contains(QLatin1String("cannot execute INSERT")));
        if (outcome.kind != Kind::Done && outcome.kind != Kind::Refused)
            m_outcomes.append(QStringLiteral("%1: %2").arg(stepWord(id), outcomeKey(outcome.kind)));
        return outcome;
    }

    /// Presses until it is done, and no more often than somebody would who looks first.
    void press(StepId id)
    {
        const QString word = stepWord(id);
        for (int count = 1;; ++count) {
            demand(count <= mostPresses, word + QStringLiteral(" is not done whatever is pressed"));
            demand(soon([&] { return may(id) || shows(id); }),
                   word + QStringLiteral(" cannot be pressed"));
            if (shows(id) && isDone(id))
                break;
            const Outcome outcome = pressOnce(id);
            demand(outcome.kind == Kind::Unknown || isDone(id) == (outcome.kind == Kind::Done),
                   QStringLiteral("%1 is told as %2: %3")
                       .arg(word, outcomeKey(outcome.kind), outcome.text));
        }
        demand(soon([&] { return shows(id); }), word + QStringLiteral(" is never shown as done"));
    }

    void contract()
    {
        const qsizetype recorded = m_journal.records(RecordKind::Intent).size();
        for (int count = 1;; ++count) {
            demand(count <= mostPresses, QStringLiteral("CONTRACT is not refused"));
            demand(soon([&] { return view() && view()->facts && !view()->error; }),
                   QStringLiteral("the facts stay lost"));
            const Outcome outcome = pressOnce(StepId::C1);
            demand(outcome.kind == Kind::Refused || outcome.kind == Kind::Failed,
                   QStringLiteral("CONTRACT is told as ") + outcomeKey(outcome.kind));
            if (outcome.kind == Kind::Refused)
                break;
        }
        demand(m_journal.records(RecordKind::Intent).size() == recorded
                   && m_scene.value(QStringLiteral("count(*) FROM pg_constraint WHERE conrelid = "
                                                   "'conversations'::regclass AND contype = 'c'"))
                          == QLatin1String("0"),
               QStringLiteral("a refused CONTRACT was begun"));
    }

    void conclude()
    {
        // What could not be seen at a start is told at a later one.
        for (int start = 1; m_journal.outcomesOf(orphan()).isEmpty(); ++start) {
            demand(start <= mostPresses, QStringLiteral("an intent is never told"));
            settle();
        }
        demand(m_wrong.isEmpty(), m_wrong);
        demand(soon([&] { return isLive(); }), QStringLiteral("the database stays lost"));
        const QString rows = QString::number(DatabaseTown::rows);
        demand(m_scene.value(QStringLiteral("count(*) FROM conversations c JOIN users u ON u.id = "
                                            "c.user_id WHERE c.organization_id = "
                                            "u.organization_id"))
                   == rows,
               QStringLiteral("rows are not filled"));
        demand(m_scene.value(QStringLiteral("rows_scanned, rows_written FROM pilothouse.backfill"))
                   == rows + QLatin1Char('|') + rows,
               QStringLiteral("a batch is lost or was done twice"));
        const QString recorded = m_scene.value(
            QStringLiteral("string_agg(step, ' ' ORDER BY step) FROM pilothouse.step"));
        demand(recorded == QLatin1String("E1 E2 M2 M3")
                   || (m_recordRefused && recorded == QLatin1String("E1 E2 M3")),
               QStringLiteral("the steps are recorded as ") + recorded);
        for (const Record &intent : m_journal.records(RecordKind::Intent)) {
            const QList<Record> outcomes = m_journal.outcomesOf(intent);
            demand(outcomes.size() == 1,
                   QStringLiteral("an intent has %1 outcomes").arg(outcomes.size()));
        }
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        QStringList lines;
        for (const Record &record : m_journal.records()) {
            lines.append(QStringLiteral("%1 %2: %3")
                             .arg(record.body[QLatin1String("verb")].toString(),
                                  record.body[QLatin1String("outcome")].toString(),
                                  record.body[QLatin1String("text")].toString()));
        }
        if (const auto now = view()) {
            lines.append(QStringLiteral("state: %1; %2; running: %3")
                             .arg(now->stateWords,
                                  now->error ? now->error->message : QStringLiteral("no error"))
                             .arg(now->running ? int(now->running->doing) : -1));
            if (now->error)
                lines.append(now->error->detail);
        }
        lines.append(QStringLiteral("last calls: ")
                     + m_relay.calls().mid(m_relay.calls().size() - 6).join(QStringLiteral(", ")));
        return QStringLiteral("\n    ") + lines.join(QStringLiteral("\n    "));
    }

    DatabaseScene &m_scene;
    HurriedClock m_clock;
    DatabaseRelay m_relay;
    MemoryJournal m_journal;
    ActionRunner m_actions{m_journal, QStringLiteral("A. Muster")};
    FakeSource m_source;
    PostgresDatabase m_database;
    MigrationController m_controller;
    Settler m_settler{m_journal, QStringLiteral("A. Muster")};
    bool m_lostSaid = false;
    bool m_recordRefused = false; ///< and it was said
    QString m_wrong;
    QStringList m_outcomes;
};

} // namespace

PassResult runDatabasePass(DatabaseScene &scene, const DatabaseDisturbance &disturbance,
                           Course course)
{
    return DatabasePass(scene, disturbance).run(course);
}

} // namespace pilothouse
