#pragma once

#include "rollout/step.h"
#include "support/faketraffic.h"

#include <functional>

namespace pilothouse {

inline const QString old = QString(40, QLatin1Char('a'));
inline const QString good = QString(40, QLatin1Char('b'));
inline const QString other = QString(40, QLatin1Char('c'));

inline StepRules rules()
{
    StepRules made;
    made.plan.stages = {{Weight{10}, std::chrono::seconds(300)},
                        {Weight{50}, std::chrono::seconds(600)},
                        {Weight{100}, {}}};
    return made;
}

/// What the traffic object says: `old` is stable, `good` is tried.
inline TrafficState traffic(int weight, const QString &version = QStringLiteral("1"))
{
    TrafficState state;
    state.stable = readyRevision(QStringLiteral("svc"), old, 3);
    state.candidate = readyRevision(QStringLiteral("svc-canary"), good, 2);
    state.asked = Weight{weight};
    state.accepted = Weight{weight};
    state.version = version;
    return state;
}

inline TrafficState with(TrafficState state, const std::function<void(TrafficState &)> &how)
{
    how(state);
    return state;
}

/// A rollout that is fed one event after the other.
class Rollout
{
public:
    explicit Rollout(StepRules given = rules()) : m_rules(std::move(given)) {}

    Rollout &on(const RolloutEvent &event)
    {
        StepResult result = step(m_rules, m_state, event, m_now);
        m_state = result.state;
        m_effects = result.effects;
        return *this;
    }
    Rollout &reads(const TrafficState &state) { return on(TrafficRead{state, server()}); }
    /// The same, whose weight was written so long ago by the server's clock.
    Rollout &reads(TrafficState state, std::chrono::milliseconds age)
    {
        state.lastWrittenAt = server().addMSecs(-age.count());
        return reads(state);
    }
    /// Time goes on and nothing is heard: a computer that slept.
    Rollout &sleeps(std::chrono::milliseconds time)
    {
        m_now += time;
        return *this;
    }
    Rollout &after(std::chrono::milliseconds time)
    {
        m_now += time;
        return on(Tick{});
    }
    Rollout &confirms(int from, int to, const QString &version = QStringLiteral("1"),
                      WeightAttempt::Kind kind = WeightAttempt::Kind::Promote)
    {
        WeightConfirmed event;
        event.kind = kind;
        event.from = Weight{from};
        event.to = Weight{to};
        event.candidate = pinOf(*traffic(0).candidate);
        event.version = version;
        event.actor = QStringLiteral("A. Muster");
        event.intent = IntentId(QStringLiteral("i%1").arg(++m_intents));
        return on(event);
    }
    Rollout &rollsBack(AfterRollback then = AfterRollback::Hold)
    {
        RollbackConfirmed event;
        event.target = pinOf(*traffic(0).stable);
        event.leaving = CommitId(good);
        event.actor = QStringLiteral("A. Muster");
        event.intent = IntentId(QStringLiteral("i%1").arg(++m_intents));
        event.then = then;
        return on(event);
    }
    Rollout &written(const TrafficState &state)
    {
        return on(WriteAnswered{m_state.attempt->id, state, {}});
    }
    Rollout &refusedWith(ErrorKind kind)
    {
        return on(
            WriteAnswered{m_state.attempt->id, {}, Error{kind, QStringLiteral("no"), {}, {}}});
    }

    /// The server's clock now.
    [[nodiscard]] QDateTime server() const
    {
        return QDateTime(QDate(2026, 11, 24), QTime(13, 0), Qt::UTC).addMSecs(m_now.count());
    }
    [[nodiscard]] std::chrono::milliseconds baked() const
    {
        return m_state.bake->elapsed(m_state.now);
    }
    [[nodiscard]] const RolloutState &state() const { return m_state; }
    template <typename T>
    [[nodiscard]] QList<T> effects() const
    {
        QList<T> found;
        for (const RolloutEffect &effect : m_effects) {
            if (const auto *it = std::get_if<T>(&effect))
                found.append(*it);
        }
        return found;
    }
    /// How the last event ended an attempt; nullopt = it did not.
    [[nodiscard]] std::optional<Conclude> end() const
    {
        const auto found = effects<Conclude>();
        return found.isEmpty() ? std::nullopt : std::optional<Conclude>(found.first());
    }

private:
    StepRules m_rules;
    RolloutState m_state;
    QList<RolloutEffect> m_effects;
    std::chrono::milliseconds m_now{1'000'000};
    int m_intents = 0;
};

inline StepRules cloudRules()
{
    StepRules made = rules();
    made.afterFull = StepRules::AfterFull::PreviousStays;
    return made;
}

inline CheckResult failing(const QString &name)
{
    CheckResult result;
    result.name = name;
    result.verdict = Verdict::Fail;
    return result;
}

} // namespace pilothouse
