#include "release/oncall/lastknown.h"

#include "base/tokenforms.h"
#include "base/words.h"
#include "migration/recipe/numberwords.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr int lastKnownFormat = 1;

Result<QList<LastKnownTrack>> notOurFile()
{
    return fail(ErrorKind::Malformed,
                Words::tr("What was kept of the last known state cannot be read."));
}

} // namespace

QByteArray lastKnownJson(const QList<LastKnownTrack> &tracks)
{
    QJsonArray all;
    for (const LastKnownTrack &each : tracks)
        all.append(QJsonObject{{QStringLiteral("track"), each.track.value},
                               {QStringLiteral("at"), each.at.toUTC().toString(Qt::ISODateWithMs)},
                               {QStringLiteral("now"), maskedText(each.now)},
                               {QStringLiteral("to"), maskedText(each.to)},
                               {QStringLiteral("command"), maskedText(each.command)}});
    return QJsonDocument(QJsonObject{{QStringLiteral("lastKnown"), lastKnownFormat},
                                     {QStringLiteral("tracks"), all}})
        .toJson();
}

Result<QList<LastKnownTrack>> lastKnownFrom(const QByteArray &json)
{
    const QJsonObject root = QJsonDocument::fromJson(json).object();
    if (root.value(QLatin1String("lastKnown")).toInt() != lastKnownFormat)
        return notOurFile();
    QList<LastKnownTrack> tracks;
    for (const QJsonValue value : root.value(QLatin1String("tracks")).toArray()) {
        LastKnownTrack track;
        track.track = TrackName(value[QLatin1String("track")].toString());
        track.at = QDateTime::fromString(value[QLatin1String("at")].toString(), Qt::ISODateWithMs)
                       .toUTC();
        track.now = value[QLatin1String("now")].toString();
        track.to = value[QLatin1String("to")].toString();
        track.command = value[QLatin1String("command")].toString();
        if (track.track.value.isEmpty() || !track.at.isValid())
            return notOurFile();
        tracks.append(track);
    }
    return tracks;
}

QList<LastKnownLine> lastKnownLines(const QList<LastKnownTrack> &known,
                                    const QList<TrackName> &lost, const QDateTime &now)
{
    QList<LastKnownLine> lines;
    for (const TrackName &track : lost) {
        const auto found = std::find_if(known.begin(), known.end(),
                                        [&track](const auto &each) { return each.track == track; });
        if (found == known.end())
            continue;
        const milliseconds age(std::max<qint64>(0, found->at.msecsTo(now)));
        lines.append({track, found->now, found->to, found->command, age});
    }
    return lines;
}

QString lastKnownAge(const QList<LastKnownLine> &lines)
{
    milliseconds oldest{0};
    for (const LastKnownLine &line : lines)
        oldest = std::max(oldest, line.age);
    return lines.isEmpty() ? QString() : spanWords(oldest);
}

} // namespace pilothouse
