#include "app/cli/past/pastcommand.h"

#include "app/cli/commands.h"
#include "app/cli/past/pastreport.h"
#include "app/cli/trackat.h"
#include "base/whendone.h"
#include "base/words.h"
#include "document/duration.h"
#include "rollout/rolloutcontroller.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonDocument>
#include <QTimer>

namespace pilothouse {
namespace {

const QString judgeName = QStringLiteral("judge");

struct PastOptions
{
    QString workspace;
    QString track;
    QDateTime from;
    QDateTime to;
    std::chrono::milliseconds patience{0};
    bool asJson = false;
};

Result<PastOptions> pastOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption workspace(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                       QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption track(QStringLiteral("track"), {}, QStringLiteral("NAME"));
    const QCommandLineOption from(QStringLiteral("from"), {}, QStringLiteral("TIME"));
    const QCommandLineOption to(QStringLiteral("to"), {}, QStringLiteral("TIME"),
                                QStringLiteral("now"));
    const QCommandLineOption wait(QStringLiteral("wait"), {}, QStringLiteral("TIME"),
                                  QStringLiteral("15s"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({workspace, track, from, to, wait, json});
    if (!parser.parse(QStringList{judgeName} + arguments))
        return fail(ErrorKind::BadInput, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return fail(
            ErrorKind::BadInput,
            Words::tr("%1 is not known here.").arg(parser.positionalArguments().constFirst()));
    const auto patience = parseDuration(parser.value(wait));
    if (!patience)
        return fail(ErrorKind::BadInput,
                    Words::tr("--wait %1 is no time: write 5s or 1m.").arg(parser.value(wait)));
    PastOptions options{parser.value(workspace), parser.value(track), {}, {}, *patience,
                        parser.isSet(json)};
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const auto &[option, moment] :
         {std::pair(&from, &options.from), std::pair(&to, &options.to)}) {
        const auto given = momentOf(parser.value(*option), now);
        if (!given)
            return fail(ErrorKind::BadInput,
                        Words::tr("--%1 %2 is no time: write 15m for so long ago, now, or "
                                  "2026-11-24T14:27:56Z.")
                            .arg(option->names().constFirst(), parser.value(*option)));
        *moment = *given;
    }
    if (options.from >= options.to)
        return fail(ErrorKind::BadInput, Words::tr("--from must be before --to."));
    return options;
}

/// Waits for the traffic, which tells who had which weight then, and asks the metrics once.
class JudgingPast final : public QObject
{
public:
    JudgingPast(RolloutController &track, const PastOptions &options)
        : m_track(track), m_options(options)
    {
        connect(&m_track, &RolloutController::changed, this, [this] {
            if (m_track.traffic())
                ask();
        });
        // A query that names no revision can be asked without the traffic.
        QTimer::singleShot(options.patience, this, &JudgingPast::ask);
    }

private:
    void ask()
    {
        if (std::exchange(m_asked, true))
            return;
        if (!m_track.traffic()) {
            const auto &error = m_track.trafficSource().error;
            complain(error ? error->message : Words::tr("The traffic could not be read in time."));
        }
        const PastWindow window = windowBetween(m_track.marks(), m_options.from, m_options.to);
        QTimer::singleShot(m_options.patience, this, [] {
            complain(Words::tr("The metrics server did not answer in time."));
            QCoreApplication::exit(exitCodeOf(Verdict::NoData));
        });
        whenDone(
            m_track.judgePast(window), this,
            [this, window](const QList<CheckResult> &results) { tell(window, results); },
            [] { QCoreApplication::exit(exitCodeOf(Verdict::NoData)); });
    }

    void tell(const PastWindow &window, const QList<CheckResult> &results)
    {
        const PastReport report{m_track.track(), window, results};
        print(m_options.asJson ? QString::fromUtf8(
                                     QJsonDocument(pastJson(report)).toJson(QJsonDocument::Compact))
                                     + QLatin1Char('\n')
                               : pastText(report));
        QCoreApplication::exit(exitCodeOf(overall(results)));
    }

    RolloutController &m_track;
    PastOptions m_options;
    bool m_asked = false;
};

} // namespace

int judgePastCommand(const QStringList &arguments)
{
    const auto options = pastOptions(arguments);
    if (!options)
        return misused(judgeName, options.error().message);
    Result<TrackAt> at = openTrack(options->workspace, options->track, {});
    if (!at)
        return misused(judgeName, at.error().message);
    const JudgingPast judging(*at->track, *options);
    at->console->start();
    return QCoreApplication::exec();
}

} // namespace pilothouse
