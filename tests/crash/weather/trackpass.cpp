#include "crash/weather/trackpass.h"

#include "action/outcomewords.h"
#include "action/settle.h"
#include "crash/weather/trackplan.h"
#include "rollout/rolloutcontroller.h"
#include "rollout/trafficannotations.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

namespace pilothouse {
namespace {

using Kind = Outcome::Kind;

constexpr int mostPresses = 4;
const QList<int> wanted{10, 50, 0};

RolloutSettings rolloutSettings(const Scene &scene)
{
    RolloutSettings settings = weatherTrack();
    settings.afterFull = scene.afterFull();
    return settings;
}

Record orphan()
{
    Record intent;
    intent.id = IntentId(QStringLiteral("of-an-earlier-console"));
    intent.subject = QStringLiteral("weather");
    intent.body = {{QStringLiteral("verb"), QStringLiteral("promote")},
                   {QStringLiteral("from"), 0},
                   {QStringLiteral("to"), 10}};
    return intent;
}

class TrackPass final
{
public:
    TrackPass(Scene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance,
              Login *login)
        : m_scene(scene),
          m_client({scene.name(), scene.url(), Scene::token(), HttpRequest{}.timeout, login},
                   speaks, disturbance),
          m_control(scene.control(m_client.http(), m_client.clock(), m_client.url())),
          m_rollout(rolloutSettings(scene), *m_control, nullptr, m_runner, m_client.clock())
    {
        m_journal.addOrphan(orphan());
        m_settler.add([](const Record &) { return true; },
                      [this](const Record &intent) { return m_rollout.settle(intent); });
        QObject::connect(&m_rollout, &RolloutController::changed, &m_rollout, [this] { look(); });
    }

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                start();
                tryOut();
                move(QStringLiteral("promote"), wanted[1]);
                move(QStringLiteral("roll back"), wanted[2]);
                holdIt();
                conclude();
            },
            [this] { return told(); });
        result.outcomes = m_outcomes;
        return result;
    }

private:
    /// At any time: a controller that cannot go on says why.
    void look()
    {
        for (const Permission &may : {m_rollout.mayPromote(), m_rollout.mayRollBack()}) {
            if (!may.allowed() && may.first(Reason::Kind::Blocks).trimmed().isEmpty())
                m_speechless = true;
        }
        const SourceState source = m_rollout.trafficSource();
        if (source.error && source.error->message.trimmed().isEmpty())
            m_speechless = true;
    }

    void start()
    {
        m_client.before(QStringLiteral("start"));
        m_rollout.start();
        settle();
        // Who was told that the right is lacking asks again.
        if (m_client.hasStruck() && !m_rollout.mayPromote().allowed())
            m_rollout.refresh();
        demand(soon([&] { return m_rollout.mayPromote().allowed(); }),
               QStringLiteral("there is no way on after the start: ")
                   + m_rollout.mayPromote().first(Reason::Kind::Blocks));
    }

    void settle()
    {
        const auto settled = m_settler.settle();
        demand(soon([&] { return settled.isFinished(); }), QStringLiteral("settling has no end"));
    }

    void tryOut()
    {
        m_client.before(QStringLiteral("dry run"));
        tryOut(WeightAttempt::Kind::Promote, [this] { return m_rollout.previewPromote(); });
        tryOut(HoldVerb::Hold, [this] { return m_rollout.previewHold(); });
    }

    template <typename ShownPreview>
    void tryOut(const Tried &what, const ShownPreview &preview)
    {
        m_rollout.tryOut(what);
        demand(soon([&] {
                   for (const PreviewRow &row : preview().rows) {
                       if (row.label == QLatin1String("Dry run"))
                           return row.text != QStringLiteral("being asked…") && !row.text.isEmpty();
                   }
                   return false;
               }),
               QStringLiteral("the dry run has no end"));
    }

    [[nodiscard]] bool isAt(int weight) const
    {
        return m_rollout.traffic() && m_rollout.traffic()->value.asked == Weight{weight}
               && m_rollout.traffic()->value.accepted == Weight{weight};
    }

    /// Presses until it is done, and no more often than somebody would who looks first.
    void move(const QString &verb, int weight)
    {
        const bool forward = verb == QLatin1String("promote");
        const auto may = [&] {
            return forward ? m_rollout.mayPromote() : m_rollout.mayRollBack();
        };
        for (int press = 1;; ++press) {
            demand(soon([&] { return may().allowed() || m_scene.history().last() == weight; }),
                   QStringLiteral("%1 cannot be pressed: %2")
                       .arg(verb, may().first(Reason::Kind::Blocks)));
            if (m_scene.history().last() == weight && press > 1)
                break;
            demand(press <= mostPresses, verb + QStringLiteral(" is not done whatever is pressed"));
            const Preview preview
                = forward ? m_rollout.previewPromote() : m_rollout.previewRollback();
            const Confirmation confirmation{QStringLiteral("weather"), preview.fingerprint,
                                            preview.target};
            if (press == 1)
                m_client.before(verb);
            const bool wasWell = m_client.isWell() && m_client.hasStruck();
            const auto pressed
                = forward ? m_rollout.promote(confirmation) : m_rollout.rollBack(confirmation);
            demand(soon([&] { return pressed.isFinished(); }),
                   verb + QStringLiteral(" has no end"));
            const Outcome outcome = pressed.result();
            if (outcome.kind == Kind::Done)
                break;
            m_outcomes.append(QStringLiteral("%1: %2").arg(verb, outcomeKey(outcome.kind)));
            demand(!outcome.text.trimmed().isEmpty(), verb + QStringLiteral(" does not say why"));
            // A busy machine may be silent by itself.
            const bool silent = outcome.text.contains(QLatin1String("gave no answer"));
            demand(!wasWell || press == 1 || silent || m_scene.history().last() == weight,
                   QStringLiteral("%1 fails though nothing is wrong any more: %2")
                       .arg(verb, outcome.text));
            demand(soon([&] { return m_client.isWell(); }), QStringLiteral("never well again"));
            settleDown();
        }
        demand(soon([&] { return isAt(weight); }),
               QStringLiteral("%1: the controller never shows %2 %").arg(verb).arg(weight));
    }

    /// What was still on its way has arrived: the controller shows what the system has.
    void settleDown()
    {
        int seen = -1;
        demand(soon([&] {
                   const int now = m_scene.history().last();
                   const bool same = seen == now;
                   seen = now;
                   return same && isAt(now);
               }),
               QStringLiteral("the controller does not come to show the world as it is"));
    }

    void holdIt()
    {
        demand(soon([&] { return !m_rollout.busy(); }), QStringLiteral("always busy"));
        const auto held = [&] {
            return !m_scene.annotation(holdAnnotation).isEmpty() && m_rollout.hold().has_value();
        };
        m_heldAtOnce = !m_scene.annotation(holdAnnotation).isEmpty();
        if (!m_heldAtOnce) {
            m_outcomes.append(QStringLiteral("hold: not set"));
            settleDown();
            const Preview preview = m_rollout.previewHold();
            const auto pressed = m_rollout.holdTraffic(
                {QStringLiteral("weather"), preview.fingerprint, preview.target});
            demand(soon([&] { return pressed.isFinished(); }),
                   QStringLiteral("the hold has no end"));
            demand(pressed.result().kind == Kind::Done,
                   QStringLiteral("no hold can be set: ") + pressed.result().text);
        }
        demand(soon(held), QStringLiteral("the hold is not shown"));
    }

    void conclude()
    {
        // What could not be seen at a start is told at a later one.
        for (int start = 1; m_journal.outcomesOf(orphan()).isEmpty(); ++start) {
            demand(start <= mostPresses, QStringLiteral("an intent is never told"));
            settle();
        }
        demand(m_scene.history() == wanted, QStringLiteral("the weights were written otherwise"));
        demand(!m_speechless, QStringLiteral("a controller that cannot go on did not say why"));
        const auto changes = decodeChanges(m_scene.annotation(changesAnnotation));
        demand(changes.has_value(), QStringLiteral("the changes cannot be read"));
        const auto timesDone = [&](const IntentId &intent) {
            return std::count_if(changes->cbegin(), changes->cend(),
                                 [&](const WeightChange &each) { return each.intent == intent; });
        };
        for (const Record &intent : m_journal.records(RecordKind::Intent)) {
            const QList<Record> outcomes = m_journal.outcomesOf(intent);
            demand(outcomes.size() == 1, QStringLiteral("an intent has %1 outcomes: %2")
                                             .arg(outcomes.size())
                                             .arg(verbOf(intent)));
            check(intent, outcomeOf(outcomes.first()).kind, timesDone(intent.id));
        }
        // The weights are right, so one of them did it, and at most one may say so.
        for (const auto &[what, told] :
             {std::pair("rollback", m_rollbacks), std::pair("promotion", m_promotions)})
            demand(told.done <= 1 && told.done + told.unknown >= 1,
                   QStringLiteral("a %1 was done and %2 say so")
                       .arg(QLatin1String(what))
                       .arg(told.done));
    }

    /// What the journal says of one intent is true.
    void check(const Record &intent, Kind told, qsizetype timesDone)
    {
        const QString verb = verbOf(intent);
        const QString what = QStringLiteral("%1 is told as %2 and was done %3 times")
                                 .arg(verb, outcomeKey(told))
                                 .arg(timesDone);
        if (intent.id == orphan().id) {
            demand(told == Kind::Done || told == Kind::Failed, what);
            return;
        }
        if (verb == QLatin1String("hold")) {
            // There is one, and nobody lifts it: what was not done left the object without.
            demand(told == Kind::Done || told == Kind::Unknown || !m_heldAtOnce, what);
            return;
        }
        const bool isRollback = verb == QLatin1String("roll back");
        Told &all = isRollback ? m_rollbacks : m_promotions;
        all.done += told == Kind::Done ? 1 : 0;
        all.unknown += told == Kind::Unknown ? 1 : 0;
        if (m_scene.names() == Scene::Names::OfNone
            || (isRollback && m_scene.names() == Scene::Names::OfPromotions))
            return;
        demand(timesDone <= 1, what);
        if (told == Kind::Done)
            demand(timesDone == 1, what);
        else if (told != Kind::Unknown)
            demand(timesDone == 0, what);
    }

    [[nodiscard]] static QString verbOf(const Record &intent)
    {
        return intent.body[QLatin1String("verb")].toString();
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        QStringList lines;
        for (const int weight : m_scene.history())
            lines.append(QString::number(weight));
        lines = {QStringLiteral("weights ") + lines.join(QStringLiteral(", "))};
        lines += m_journal.lines();
        if (m_rollout.trafficSource().error)
            lines.append(QStringLiteral("source: ") + m_rollout.trafficSource().error->message);
        return QStringLiteral("\n    ") + lines.join(QStringLiteral("\n    "));
    }

    Scene &m_scene;
    DisturbedClient m_client;
    std::unique_ptr<TrafficControl> m_control;
    MemoryJournal m_journal;
    ActionRunner m_runner{m_journal, QStringLiteral("A. Muster")};
    RolloutController m_rollout;
    Settler m_settler{m_journal, QStringLiteral("A. Muster")};
    bool m_speechless = false;
    bool m_heldAtOnce = false;
    /// As the journal tells.
    struct Told
    {
        int done = 0;
        int unknown = 0;
    };
    Told m_promotions;
    Told m_rollbacks;
    QStringList m_outcomes;
};

} // namespace

PassResult runTrackPass(Scene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance,
                        Login *login)
{
    return TrackPass(scene, speaks, disturbance, login).run();
}

} // namespace pilothouse
