#include "app/cli/guardcommand.h"

#include "app/cli/commands.h"
#include "app/cli/trackat.h"
#include "app/wiring/headless/guardnotices.h"
#include "app/wiring/headless/termination.h"
#include "app/wiring/signin/loginname.h"
#include "base/whendone.h"
#include "base/words.h"
#include "document/duration.h"
#include "rollout/guard/guardreasons.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/permissions.h"
#include "rollout/rolloutcontroller.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

const QString guardName = QStringLiteral("guard");
constexpr auto lookEvery = std::chrono::seconds(1);
constexpr std::chrono::milliseconds leastPatience = std::chrono::minutes(1);

enum GuardExit {
    Passed = 0,
    RolledBack = 1,
    NoData = 3,
    CouldNotAct = 4,
    Marginal = 5,
    Terminated = 143, ///< 128 + SIGTERM, as a shell tells it
};

struct GuardOptions
{
    QString workspace;
    QString track;
    std::chrono::milliseconds watchFor{0};
    std::chrono::milliseconds giveUpAfter{0};
    bool asJson = false;
};

Result<std::chrono::milliseconds> timeOf(const QCommandLineParser &parser,
                                         const QCommandLineOption &option)
{
    const auto time = parseDuration(parser.value(option));
    if (time && time->count() > 0)
        return *time;
    return fail(ErrorKind::BadInput, Words::tr("--%1 %2 is no time: write 90s, 5m or 1h.")
                                         .arg(option.names().constFirst(), parser.value(option)));
}

Result<GuardOptions> guardOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption workspace(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                       QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption track(QStringLiteral("track"), {}, QStringLiteral("NAME"));
    const QCommandLineOption watchFor(QStringLiteral("for"), {}, QStringLiteral("TIME"),
                                      QStringLiteral("5m"));
    const QCommandLineOption whole(QStringLiteral("until-over"));
    const QCommandLineOption giveUp(QStringLiteral("no-data-after"), {}, QStringLiteral("TIME"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({workspace, track, watchFor, whole, giveUp, json});
    if (!parser.parse(QStringList{guardName} + arguments))
        return fail(ErrorKind::BadInput, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return fail(
            ErrorKind::BadInput,
            Words::tr("%1 is not known here.").arg(parser.positionalArguments().constFirst()));
    GuardOptions options{parser.value(workspace), parser.value(track), {}, {}, parser.isSet(json)};
    const auto watched = timeOf(parser, watchFor);
    if (!watched)
        return fail(watched.error());
    if (parser.isSet(whole) && parser.isSet(watchFor))
        return fail(ErrorKind::BadInput,
                    Words::tr("--for and --until-over: for how long is it? Give one of them."));
    options.watchFor = parser.isSet(whole) ? untilOver : *watched;
    options.giveUpAfter = std::max(options.watchFor, leastPatience);
    if (parser.isSet(giveUp)) {
        const auto patience = timeOf(parser, giveUp);
        if (!patience)
            return fail(patience.error());
        options.giveUpAfter = *patience;
    }
    return options;
}

/// As other consoles are told of it; a workflow is named by its run.
GuardMark ownMark()
{
    const QString run = qEnvironmentVariable("GITHUB_RUN_ID");
    const bool inCi = !run.isEmpty() || qEnvironmentVariableIsSet("CI");
    GuardMark mark = markOfThisProcess(inCi ? GuardMark::Where::Ci : GuardMark::Where::Program);
    mark.by = headlessActor();
    mark.run = run;
    return mark;
}

/// Looks, tells, and rolls back once.
class Guarding final : public QObject
{
public:
    Guarding(const TrackAt &at, const Clock &clock, const GuardOptions &options)
        : m_at(at), m_track(*at.track), m_guard(at.track->guard()), m_clock(clock),
          m_asJson(options.asJson), m_rule(m_guard.rule()), m_notices(at.track->track())
    {
        m_rule.watchFor = options.watchFor;
        m_rule.giveUpAfter = options.giveUpAfter;
        connect(&m_track, &RolloutController::changed, this, &Guarding::look);
        connect(&m_timer, &QTimer::timeout, this, &Guarding::look);
        connect(&m_guard.marker(), &GuardMarker::troubled, this, [](const QString &why) {
            complain(Words::tr("The guard watches, but consoles cannot see it: %1").arg(why));
        });
        connect(&m_termination, &Termination::requested, this, &Guarding::terminated);
        m_timer.start(lookEvery);
    }

private:
    void look()
    {
        if (m_acting)
            return;
        const GuardSight seen = m_guard.sight();
        const GuardAdvice advice = guard(m_rule, m_memory, seen);
        if (advice.kind == GuardAdvice::Kind::Gone)
            return takenAway(advice.sentence);
        tell(seen, advice);
        switch (advice.kind) {
        case GuardAdvice::Kind::Watch:
            tellConsoles();
            m_failingSince.reset();
            m_trouble.clear();
            return;
        case GuardAdvice::Kind::Unwatched:
            return;
        case GuardAdvice::Kind::RollBack:
            return tryToRollBack(seen.now, advice.sentence);
        case GuardAdvice::Kind::Pass:
            return end(Passed);
        case GuardAdvice::Kind::Marginal:
            return end(Marginal);
        case GuardAdvice::Kind::NoData:
            return end(NoData);
        case GuardAdvice::Kind::Gone:
        case GuardAdvice::Kind::Replaced:
            return end(CouldNotAct);
        }
    }

    /// From the first judgement by data on. The end that is told moves on where it is passed.
    void tellConsoles()
    {
        const QDateTime now = m_clock.now();
        const auto &traffic = m_track.traffic();
        if (!m_mark && traffic && traffic->value.candidate) {
            m_mark = ownMark();
            m_mark->since = now;
            if (m_rule.watchFor != untilOver && m_rule.giveUpAfter != untilOver)
                m_mark->until = now + m_rule.watchFor + m_rule.giveUpAfter;
            m_mark->commit = traffic->value.candidate->commit;
        } else if (m_mark && m_mark->until.isValid() && m_mark->until < now) {
            m_mark->until = now + m_rule.giveUpAfter;
        }
        if (m_mark && !m_mark->until.isValid() && isHeartbeatDue(m_mark->heartbeat, now))
            m_mark->heartbeat = now;
        m_guard.setHeadless(m_mark);
    }

    /// A rollback that is under way comes to its end first.
    void terminated()
    {
        m_terminated = true;
        if (m_acting)
            return;
        say(QStringLiteral("ended"), Words::tr("ended from outside; nothing was rolled back"));
        end(Terminated);
    }

    /// Writes as often as the guard of a window, for as long as it would go on unwatched.
    void tryToRollBack(std::chrono::milliseconds now, const QString &why)
    {
        if (m_failingSince && now - *m_failingSince >= m_rule.giveUpAfter) {
            say(QStringLiteral("could not act"),
                Words::tr("given up after %1: %2").arg(minutes(now - *m_failingSince), m_trouble));
            return end(CouldNotAct);
        }
        if (const QString whyNot = m_guard.whyNotByItself(); !whyNot.isEmpty())
            return failed(whyNot);
        if (m_wroteAt && now - *m_wroteAt < m_rule.oldest)
            return;
        m_wroteAt = now;
        rollBack(why);
    }

    void rollBack(const QString &why)
    {
        m_acting = true;
        const Preview preview = m_track.previewRollback();
        whenDone(
            m_track.rollBack(
                {Words::tr("guard: %1").arg(why), preview.fingerprint, preview.target}),
            this,
            [this, why](const Outcome &outcome) {
                if (outcome.kind != Outcome::Kind::Done)
                    return failed(outcome.text);
                say(QStringLiteral("rolled back"), outcome.text);
                m_notices.tell(Words::tr("the guard rolled back"), why);
                end(RolledBack);
            },
            [this] { failed(Words::tr("the rollback was given up")); });
    }

    void failed(const QString &trouble)
    {
        m_acting = false;
        if (!m_failingSince)
            m_failingSince = m_clock.sinceBoot();
        if (m_terminated) {
            say(QStringLiteral("could not act"), trouble);
            return end(CouldNotAct);
        }
        if (std::exchange(m_trouble, trouble) == trouble)
            return;
        say(QStringLiteral("could not act"), Words::tr("tried again: %1").arg(trouble));
        m_notices.tell(Words::tr("the guard cannot roll back"), trouble);
    }

    /// A try that got no answer may have arrived all the same.
    void takenAway(const QString &sentence)
    {
        say(QStringLiteral("rolled back by another"),
            m_wroteAt ? Words::tr("%1, or a try of this guard arrived").arg(sentence)
                      : Words::tr("%1, this guard did nothing").arg(sentence));
        end(RolledBack);
    }

    void end(GuardExit code)
    {
        m_acting = true;
        m_timer.stop();
        // Whoever ended it from outside knows.
        const auto weight = m_track.weights().asked;
        const bool isLeft = isGuarded(m_track.state().phase) && weight && code != RolledBack;
        if (isLeft && code != Terminated)
            m_notices.tell(
                Words::tr("the guard ended, and the candidate has %1 %").arg(weight->percent),
                Words::tr("nothing rolls back by itself now"));
        m_guard.signOff(
            [this, code] { m_notices.leave([this, code] { exitWhenOver(m_at, code); }); });
    }

    /// A line when a judgement or the advice is another one; the time that passes is none.
    void tell(const GuardSight &seen, const GuardAdvice &advice)
    {
        const QString told
            = verdictWord(seen.verdict)
              + (advice.kind == GuardAdvice::Kind::Watch ? QString() : advice.sentence);
        const bool judgedAnew = !seen.judgedAge || *seen.judgedAge < m_lastAge;
        m_lastAge = seen.judgedAge.value_or(std::chrono::milliseconds(0));
        if (told == m_told && !(judgedAnew && seen.judgedAge))
            return;
        m_told = told;
        say(verdictWord(seen.verdict), advice.sentence,
            advice.kind == GuardAdvice::Kind::Watch ? Watches::Yes : Watches::No);
    }

    enum class Watches { No, Yes };

    void say(const QString &word, const QString &sentence, Watches watches = Watches::No)
    {
        const QString at = m_clock.now().toString(Qt::ISODate);
        const auto weight = m_track.weights().accepted;
        if (!m_asJson) {
            print(QStringLiteral("%1 %2 %3: %4\n").arg(at, m_track.track().value, word, sentence));
            return;
        }
        const QJsonObject line{
            {QStringLiteral("at"), at},
            {QStringLiteral("track"), m_track.track().value},
            {QStringLiteral("weight"),
             weight ? QJsonValue(weight->percent) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("verdict"), word},
            {QStringLiteral("watches"), watches == Watches::Yes},
            {QStringLiteral("sentence"), sentence},
        };
        print(QString::fromUtf8(QJsonDocument(line).toJson(QJsonDocument::Compact))
              + QLatin1Char('\n'));
    }

    const TrackAt &m_at;
    RolloutController &m_track;
    RolloutGuard &m_guard;
    const Clock &m_clock;
    bool m_asJson;
    bool m_acting = false;
    bool m_terminated = false;
    Termination m_termination;
    std::optional<GuardMark> m_mark; ///< once it watches
    GuardRule m_rule;
    std::optional<std::chrono::milliseconds> m_failingSince; ///< it should roll back, and cannot
    std::optional<std::chrono::milliseconds> m_wroteAt;      ///< the last try that was sent
    QString m_trouble;                                       ///< why it cannot
    GuardNotices m_notices;
    GuardMemory m_memory;
    QTimer m_timer;
    QString m_told;
    std::chrono::milliseconds m_lastAge{0};
};

} // namespace

int guardCommand(const QStringList &arguments)
{
    const auto options = guardOptions(arguments);
    if (!options)
        return misused(guardName, options.error().message);
    Result<TrackAt> at = openTrack(options->workspace, options->track, QStringLiteral("guard"));
    if (!at)
        return misused(guardName, at.error().message);
    const SystemClock clock;
    const Guarding guarding(*at, clock, *options);
    at->console->start();
    return QCoreApplication::exec();
}

} // namespace pilothouse
