#include "app/cli/weightcommands.h"

#include "app/cli/commands.h"
#include "app/cli/shownaction.h"
#include "app/cli/trackat.h"
#include "base/whendone.h"
#include "base/words.h"
#include "document/duration.h"
#include "release/moving/movingrunsdesk.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <algorithm>
#include <functional>
#include <utility>

namespace pilothouse {
namespace {

constexpr auto dryRunPatience = std::chrono::seconds(10);

enum WeightExit { ShownOrDone = 0, NotRead = 3, NotMoved = 4 };

/// What tells one of these commands from the others.
struct Verb
{
    QString name;
    Tried tried;
    std::function<Preview(const RolloutController &)> preview;
    std::function<Permission(const RolloutController &)> may;
    std::function<QFuture<Outcome>(RolloutController &, const Confirmation &)> act;
    enum class Waits { UntilSettled, ForNothing } waits = Waits::UntilSettled;
};

struct WeightOptions
{
    QString workspace;
    QString track;
    QString action; ///< OwnAction::id
    std::optional<QString> confirmed;
    QString reason;
    std::chrono::milliseconds patience{0}; ///< until what is off must have become allowed
    bool asJson = false;
    bool option = true; ///< Preview::option
};

QString rollbackName()
{
    return QStringLiteral("rollback");
}

QString actName()
{
    return QStringLiteral("act");
}

Result<WeightOptions> weightOptions(const QString &command, const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption workspace(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                       QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption track(QStringLiteral("track"), {}, QStringLiteral("NAME"));
    const QCommandLineOption confirm(QStringLiteral("confirm"), {}, QStringLiteral("TOKEN"));
    const QCommandLineOption reason(QStringLiteral("reason"), {}, QStringLiteral("TEXT"));
    const QCommandLineOption wait(QStringLiteral("wait"), {}, QStringLiteral("TIME"),
                                  QStringLiteral("30s"));
    const QCommandLineOption json(QStringLiteral("json"));
    const QCommandLineOption action(QStringLiteral("action"), {}, QStringLiteral("ID"));
    const QCommandLineOption noHold(QStringLiteral("no-hold"));
    parser.addOptions({workspace, track, confirm, reason, wait, json});
    if (command == actName())
        parser.addOption(action);
    if (command == rollbackName())
        parser.addOption(noHold);
    if (!parser.parse(QStringList{command} + arguments))
        return fail(ErrorKind::BadInput, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return fail(
            ErrorKind::BadInput,
            Words::tr("%1 is not known here.").arg(parser.positionalArguments().constFirst()));
    const auto patience = parseDuration(parser.value(wait));
    if (!patience)
        return fail(ErrorKind::BadInput,
                    Words::tr("--wait %1 is no time: write 5s or 1m.").arg(parser.value(wait)));
    WeightOptions options{parser.value(workspace),
                          parser.value(track),
                          {},
                          {},
                          parser.value(reason).trimmed(),
                          *patience,
                          parser.isSet(json)};
    if (command == actName())
        options.action = parser.value(action);
    options.option = command != rollbackName() || !parser.isSet(noHold);
    if (parser.isSet(confirm))
        options.confirmed = parser.value(confirm).trimmed();
    return options;
}

/// Reads the track until the answer is known, shows it, and acts if it was confirmed.
class Weighing final : public QObject
{
public:
    Weighing(const Verb &verb, const TrackAt &at, const WeightOptions &options)
        : m_verb(verb), m_at(at), m_track(*at.track), m_options(options)
    {
        connect(&m_track, &RolloutController::changed, this, &Weighing::look);
        connect(at.console.get(), &Console::settled, this, &Weighing::look);
        for (const MovingRunsDesk *runs : at.console->movingRuns())
            connect(runs, &MovingRunsDesk::changed, this, &Weighing::look);
        connect(&at.console->release(), &ReleaseController::changed, this, &Weighing::look);
        QTimer::singleShot(options.patience, this, &Weighing::giveUp);
    }

private:
    [[nodiscard]] Permission may() const { return m_verb.may(m_track); }

    /// What is allowed is shown at once; what is not may become so while judgements come in. First
    /// it is told what came of what an earlier console left open; a rollback does not wait for
    /// that. What is only shown has time to see which runs could still move the traffic, and what
    /// the schema says of it.
    void look()
    {
        const bool first = m_verb.waits == Verb::Waits::UntilSettled
                           && (!m_at.console->isSettled() || m_at.console->looksAgain());
        const auto desks = m_at.console->movingRuns();
        const bool looked
            = std::all_of(desks.cbegin(), desks.cend(),
                          [](const MovingRunsDesk *runs) { return runs->hasLooked(); });
        const bool awaited = !looked || m_at.console->release().schemaAwaited(m_track);
        const bool unseen = !m_options.confirmed && awaited;
        if (!m_decided && !first && !unseen && m_track.traffic()
            && (may().allowed() || asksWhatThereIs()))
            decide();
    }

    void giveUp()
    {
        if (m_decided)
            return;
        if (m_track.traffic())
            return decide();
        const auto &error = m_track.trafficSource().error;
        complain(error ? error->message : Words::tr("The traffic could not be read in time."));
        QCoreApplication::exit(NotRead);
    }

    /// Which actions there are is asked, and no more.
    [[nodiscard]] bool asksWhatThereIs() const
    {
        const auto *own = std::get_if<OwnVerb>(&m_verb.tried);
        return own && own->id.isEmpty();
    }

    void tellWhatThereIs()
    {
        print(m_options.asJson
                  ? QString::fromUtf8(
                        QJsonDocument(offeredJson(m_track)).toJson(QJsonDocument::Compact))
                        + QLatin1Char('\n')
                  : offeredText(m_track));
        exitWhenOver(m_at, ShownOrDone);
    }

    void decide()
    {
        m_decided = true;
        if (asksWhatThereIs())
            return tellWhatThereIs();
        if (!m_options.confirmed || !may().allowed())
            return tryOut();
        const Preview preview = m_verb.preview(m_track);
        const QString token = tokenOf(preview, m_verb.name);
        if (m_options.confirmed->compare(token, Qt::CaseInsensitive) != 0)
            return QCoreApplication::exit(
                misused(m_verb.name, Words::tr("--confirm %1 is not what is asked for: %2.")
                                         .arg(*m_options.confirmed, token)));
        if (preview.reasonRequired && m_options.reason.isEmpty())
            return QCoreApplication::exit(misused(
                m_verb.name, Words::tr("Something is against it, so --reason must say why.")));
        whenDone(
            m_verb.act(m_track,
                       {m_options.reason, preview.fingerprint, preview.target, m_options.option}),
            this, [this](const Outcome &outcome) { tell(outcome); },
            [] { QCoreApplication::exit(NotMoved); });
    }

    /// As the dialog does: what is shown tells what a dry run said of it, and what it leaves as it
    /// is, if that comes in time.
    void tryOut()
    {
        const ReleaseController &release = m_at.console->release();
        const auto showIfTold = [this, &release] {
            if (!m_track.isTryingOut() && !release.configMapsAwaited(m_track))
                showAndEnd();
        };
        connect(&m_track, &RolloutController::previewChanged, this, showIfTold);
        connect(&release, &ReleaseController::changed, this, showIfTold);
        QTimer::singleShot(dryRunPatience, this, &Weighing::showAndEnd);
        m_track.tryOut(m_verb.tried);
        showIfTold();
    }

    void showAndEnd()
    {
        if (std::exchange(m_shown, true))
            return;
        const Preview preview = withOption(m_verb.preview(m_track), m_options.option);
        const Permission permission = may();
        show(preview, permission);
        if (permission.allowed())
            complain(Words::tr("Nothing was sent. To do it: --confirm %1")
                         .arg(tokenOf(preview, m_verb.name)));
        exitWhenOver(m_at, permission.allowed() ? ShownOrDone : NotMoved);
    }

    void show(const Preview &preview, const Permission &permission)
    {
        print(m_options.asJson
                  ? QString::fromUtf8(
                        QJsonDocument(shownJson(preview, permission, tokenOf(preview, m_verb.name)))
                            .toJson(QJsonDocument::Compact))
                        + QLatin1Char('\n')
                  : shownText(preview, permission));
    }

    void tell(const Outcome &outcome)
    {
        const bool done = outcome.kind == Outcome::Kind::Done;
        if (m_options.asJson)
            print(
                QString::fromUtf8(QJsonDocument(QJsonObject{{QStringLiteral("done"), done},
                                                            {QStringLiteral("text"), outcome.text}})
                                      .toJson(QJsonDocument::Compact))
                + QLatin1Char('\n'));
        else
            print(outcome.text + QLatin1Char('\n'));
        exitWhenOver(m_at, done ? ShownOrDone : NotMoved);
    }

    Verb m_verb;
    const TrackAt &m_at;
    RolloutController &m_track;
    WeightOptions m_options;
    bool m_decided = false;
    bool m_shown = false;
};

Verb ownVerb(const QString &id)
{
    return {actName(), OwnVerb{id},
            [id](const RolloutController &track) { return track.previewOwn(id); },
            [id](const RolloutController &track) { return track.mayRunOwn(id); },
            [id](RolloutController &track, const Confirmation &confirmation) {
                return track.runOwn(id, confirmation);
            }};
}

int weigh(const Verb &verb, const WeightOptions &options)
{
    const Result<TrackAt> at = openTrack(options.workspace, options.track, {});
    if (!at)
        return misused(verb.name, at.error().message);
    const Weighing weighing(verb, *at, options);
    at->console->start();
    return QCoreApplication::exec();
}

int weigh(const Verb &verb, const QStringList &arguments)
{
    const auto options = weightOptions(verb.name, arguments);
    return options ? weigh(verb, *options) : misused(verb.name, options.error().message);
}

} // namespace

int promoteCommand(const QStringList &arguments)
{
    return weigh({QStringLiteral("promote"), WeightAttempt::Kind::Promote,
                  &RolloutController::previewPromote, &RolloutController::mayPromote,
                  &RolloutController::promote},
                 arguments);
}

int rollbackCommand(const QStringList &arguments)
{
    return weigh({rollbackName(), WeightAttempt::Kind::RollBack,
                  &RolloutController::previewRollback, &RolloutController::mayRollBack,
                  &RolloutController::rollBack, Verb::Waits::ForNothing},
                 arguments);
}

int backCommand(const QStringList &arguments)
{
    return weigh({QStringLiteral("back"), WeightAttempt::Kind::Back,
                  &RolloutController::previewBack, &RolloutController::mayGoBack,
                  &RolloutController::back},
                 arguments);
}

int holdCommand(const QStringList &arguments)
{
    const auto may = [](const RolloutController &track) {
        Permission allowed = track.mayHold();
        if (const auto hold = track.hold())
            allowed.reasons.append({Reason::Kind::Blocks,
                                    Words::tr("held by %1: %2").arg(hold->by, hold->why),
                                    Words::tr("lift the hold")});
        return allowed;
    };
    return weigh({QStringLiteral("hold"), HoldVerb::Hold, &RolloutController::previewHold, may,
                  &RolloutController::holdTraffic},
                 arguments);
}

int liftCommand(const QStringList &arguments)
{
    const auto may = [](const RolloutController &track) {
        Permission allowed = track.mayHold();
        if (track.traffic() && !track.hold())
            allowed.reasons.append(
                {Reason::Kind::Blocks, Words::tr("there is no hold to lift"), {}});
        return allowed;
    };
    return weigh({QStringLiteral("lift"), HoldVerb::Lift, &RolloutController::previewLift, may,
                  &RolloutController::lift},
                 arguments);
}

int retireCommand(const QStringList &arguments)
{
    return weigh({QStringLiteral("retire"), RetireVerb{}, &RolloutController::previewRetire,
                  &RolloutController::mayRetire, &RolloutController::retire},
                 arguments);
}

int actCommand(const QStringList &arguments)
{
    const auto options = weightOptions(actName(), arguments);
    return options ? weigh(ownVerb(options->action), *options)
                   : misused(actName(), options.error().message);
}

} // namespace pilothouse
