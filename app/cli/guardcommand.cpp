#include "app/cli/guardcommand.h"

#include "app/cli/commands.h"
#include "app/cli/trackat.h"
#include "base/whendone.h"
#include "base/words.h"
#include "document/duration.h"
#include "rollout/alerts/joinedalerts.h"
#include "rollout/guard/guardreasons.h"
#include "rollout/rolloutcontroller.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <algorithm>

namespace pilothouse {
namespace {

const QString guardName = QStringLiteral("guard");
constexpr auto lookEvery = std::chrono::seconds(1);
constexpr std::chrono::milliseconds leastPatience = std::chrono::minutes(1);

enum GuardExit { Passed = 0, RolledBack = 1, NoData = 3, CouldNotAct = 4, Marginal = 5 };

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
    const QCommandLineOption giveUp(QStringLiteral("no-data-after"), {}, QStringLiteral("TIME"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({workspace, track, watchFor, giveUp, json});
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
    options.watchFor = *watched;
    options.giveUpAfter = std::max(*watched, leastPatience);
    if (parser.isSet(giveUp)) {
        const auto patience = timeOf(parser, giveUp);
        if (!patience)
            return fail(patience.error());
        options.giveUpAfter = *patience;
    }
    return options;
}

/// Looks, tells, and acts once.
class Guarding final : public QObject
{
public:
    Guarding(const TrackAt &at, const Clock &clock, const GuardOptions &options)
        : m_at(at), m_track(*at.track), m_clock(clock), m_asJson(options.asJson)
    {
        m_rule = guardRule(m_track.settings().failuresToRollBack, m_track.settings().judgeEvery);
        m_rule.watchFor = options.watchFor;
        m_rule.giveUpAfter = options.giveUpAfter;
        connect(&m_track, &RolloutController::changed, this, &Guarding::look);
        connect(&m_timer, &QTimer::timeout, this, &Guarding::look);
        m_timer.start(lookEvery);
    }

private:
    [[nodiscard]] GuardSight sight() const
    {
        GuardSight seen;
        seen.now = m_clock.sinceBoot();
        seen.phase = m_track.state().phase;
        seen.verdict = m_track.verdict();
        seen.judgedAge = m_track.judgedAge();
        seen.checks = m_track.verdicts();
        seen.firing = firingNames(m_track.alerts());
        seen.unseen = m_track.alertsUnseen();
        return seen;
    }

    void look()
    {
        if (m_acting)
            return;
        const GuardSight seen = sight();
        const GuardAdvice advice = guard(m_rule, m_memory, seen);
        tell(seen, advice);
        switch (advice.kind) {
        case GuardAdvice::Kind::Watch:
        case GuardAdvice::Kind::Unwatched:
            return;
        case GuardAdvice::Kind::RollBack:
            return rollBack(advice.sentence);
        case GuardAdvice::Kind::Pass:
            return end(Passed);
        case GuardAdvice::Kind::Marginal:
            return end(Marginal);
        case GuardAdvice::Kind::NoData:
            return end(NoData);
        case GuardAdvice::Kind::Gone:
            return end(RolledBack);
        case GuardAdvice::Kind::Replaced:
            return end(CouldNotAct);
        }
    }

    void rollBack(const QString &why)
    {
        m_acting = true;
        const Permission may = m_track.mayRollBack();
        if (!may.allowed()) {
            say(QStringLiteral("could not act"), may.first(Reason::Kind::Blocks));
            return end(CouldNotAct);
        }
        const Preview preview = m_track.previewRollback();
        whenDone(
            m_track.rollBack(
                {Words::tr("guard: %1").arg(why), preview.fingerprint, preview.target}),
            this,
            [this](const Outcome &outcome) {
                const bool done = outcome.kind == Outcome::Kind::Done;
                say(done ? QStringLiteral("rolled back") : QStringLiteral("could not act"),
                    outcome.text);
                end(done ? RolledBack : CouldNotAct);
            },
            [this] {
                say(QStringLiteral("could not act"), Words::tr("the rollback was given up"));
                end(CouldNotAct);
            });
    }

    void end(GuardExit code)
    {
        m_acting = true;
        m_timer.stop();
        exitWhenOver(m_at, code);
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
    const Clock &m_clock;
    bool m_asJson;
    bool m_acting = false;
    GuardRule m_rule;
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
