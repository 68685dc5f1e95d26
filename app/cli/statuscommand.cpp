#include "app/cli/statuscommand.h"

#include "app/cli/commands.h"
#include "app/cli/ready/readycheck.h"
#include "app/wiring/console.h"
#include "base/words.h"
#include "document/duration.h"
#include "release/releasecontroller.h"
#include "workspace/workspacefile.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace pilothouse {
namespace {

using Health = SourceState::Health;

const QString statusName = QStringLiteral("status");

enum StatusExit { Told = 0, NotReady = 1, NothingRead = 3 };

/// The word of a source for scripts and people alike.
QString healthWord(Health health)
{
    switch (health) {
    case Health::NotSetUp:
        return Words::tr("not set up");
    case Health::Loading:
        return Words::tr("no answer yet");
    case Health::Live:
        return Words::tr("ready");
    case Health::Old:
        return Words::tr("old");
    case Health::Lost:
        return Words::tr("lost");
    case Health::SignedOut:
        return Words::tr("signed out");
    case Health::NotAllowed:
        return Words::tr("not allowed");
    }
    return {};
}

QString revisionWords(const std::optional<LiveRevision> &revision)
{
    if (!revision)
        return QStringLiteral("–");
    const QString sha = revision->commit.value.isEmpty() ? Words::tr("unknown commit")
                                                         : shortSha(revision->commit);
    return revision->weight ? Words::tr("%1 %2 %").arg(sha).arg(revision->weight->percent) : sha;
}

QJsonValue revisionJson(const std::optional<LiveRevision> &revision)
{
    if (!revision)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("commit"), revision->commit.value},
                       {QStringLiteral("weight"), revision->weight
                                                      ? QJsonValue(revision->weight->percent)
                                                      : QJsonValue(QJsonValue::Null)},
                       {QStringLiteral("ready"), revision->ready},
                       {QStringLiteral("wanted"), revision->wanted}};
}

QString textOf(const QList<SourceState> &sources, const ReleaseController &release)
{
    QString text;
    for (const LiveRow &row : release.live()) {
        text += Words::tr("%1: stable %2, candidate %3, way back %4")
                    .arg(row.where, revisionWords(row.stable), revisionWords(row.candidate),
                         row.wayBackWords);
        if (row.since.isValid())
            text += Words::tr(", since %1 by %2").arg(row.since.toString(Qt::ISODate), row.by);
        text += (row.error.isEmpty() ? QString() : QStringLiteral("; ") + row.error)
                + QLatin1Char('\n');
    }
    for (const NextRow &row : release.next()) {
        const QString blocked = row.permission.first(Reason::Kind::Blocks);
        text += Words::tr("next, %1: %2").arg(row.where, row.sentence)
                + (blocked.isEmpty() ? QString() : Words::tr(" (off: %1)").arg(blocked))
                + QLatin1Char('\n');
    }
    for (const SourceState &source : sources)
        text += QStringLiteral("%1: %2%3\n")
                    .arg(source.name, healthWord(source.health),
                         source.error ? QStringLiteral(" — ") + source.error->message : QString());
    return text;
}

QJsonObject jsonOf(const QList<SourceState> &sources, const ReleaseController &release)
{
    QJsonArray live;
    for (const LiveRow &row : release.live())
        live.append(QJsonObject{{QStringLiteral("where"), row.where},
                                {QStringLiteral("stable"), revisionJson(row.stable)},
                                {QStringLiteral("candidate"), revisionJson(row.candidate)},
                                {QStringLiteral("since"), row.since.toString(Qt::ISODate)},
                                {QStringLiteral("by"), row.by},
                                {QStringLiteral("wayBack"), row.wayBackWords},
                                {QStringLiteral("error"), row.error}});
    QJsonArray next;
    for (const NextRow &row : release.next())
        next.append(
            QJsonObject{{QStringLiteral("where"), row.where},
                        {QStringLiteral("sentence"), row.sentence},
                        {QStringLiteral("allowed"), row.permission.allowed()},
                        {QStringLiteral("blocked"), row.permission.first(Reason::Kind::Blocks)}});
    QJsonArray told;
    for (const SourceState &source : sources)
        told.append(QJsonObject{
            {QStringLiteral("name"), source.name},
            {QStringLiteral("health"), healthWord(source.health)},
            {QStringLiteral("error"), source.error ? source.error->message : QString()}});
    return {{QStringLiteral("live"), live},
            {QStringLiteral("next"), next},
            {QStringLiteral("sources"), told}};
}

bool isLive(const SourceState &source)
{
    return source.health == Health::Live;
}

/// Lets the sources answer, at most so long.
void waitForAnswers(const Console &console, std::chrono::milliseconds patience)
{
    QElapsedTimer waited;
    waited.start();
    const auto answered = [&] {
        const QList<SourceState> sources = console.sources();
        return std::none_of(sources.begin(), sources.end(), [](const SourceState &source) {
            return source.health == Health::Loading;
        });
    };
    do {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    } while (!answered() && !waited.hasExpired(patience.count()));
}

} // namespace

int statusCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption file(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                  QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption ready(QStringLiteral("ready"));
    const QCommandLineOption wait(QStringLiteral("wait"), {}, QStringLiteral("TIME"),
                                  QStringLiteral("15s"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({file, ready, wait, json});
    if (!parser.parse(QStringList{statusName} + arguments))
        return misused(statusName, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return misused(
            statusName,
            Words::tr("%1 is not known here.").arg(parser.positionalArguments().constFirst()));
    const auto patience = parseDuration(parser.value(wait));
    if (!patience)
        return misused(statusName,
                       Words::tr("--wait %1 is no time: write 5s or 1m.").arg(parser.value(wait)));
    const auto workspace = loadWorkspace(parser.value(file));
    if (!workspace)
        return misused(statusName, workspace.error().message);
    Console console(*workspace, {});
    console.start();
    waitForAnswers(console, *patience);

    std::optional<QList<ReadyLine>> checks;
    if (parser.isSet(ready))
        checks = readyCheck(console, *patience);
    const QList<SourceState> sources = console.sources();
    if (parser.isSet(json)) {
        QJsonObject told = jsonOf(sources, console.release());
        if (checks) {
            told.insert(QStringLiteral("ready"), isReady(*checks));
            told.insert(QStringLiteral("checks"), readyJson(*checks));
        }
        print(QString::fromUtf8(QJsonDocument(told).toJson(QJsonDocument::Compact))
              + QLatin1Char('\n'));
    } else {
        print(checks ? readyText(*checks) : textOf(sources, console.release()));
    }
    if (checks)
        return isReady(*checks) ? Told : NotReady;
    return std::any_of(sources.begin(), sources.end(), isLive) ? Told : NothingRead;
}

} // namespace pilothouse
