#include "app/cli/ready/readylines.h"

#include "base/words.h"

#include <QJsonObject>

#include <algorithm>

namespace pilothouse {
namespace {

using State = ReadyLine::State;
using std::chrono::milliseconds;

constexpr qint64 shiftSeconds = 28'800;
constexpr qint64 mirrorOldAfter = 86'400;
constexpr milliseconds skewAllowed{5'000};

QString spanWords(qint64 seconds)
{
    if (seconds < 120)
        return Words::tr("%1 s").arg(seconds);
    if (seconds < 7'200)
        return Words::tr("%1 min").arg(seconds / 60);
    return seconds < 172'800 ? Words::tr("%1 h").arg(seconds / 3600)
                             : Words::tr("%1 days").arg(seconds / 86'400);
}

QString stateWord(State state)
{
    switch (state) {
    case State::Ok:
        return Words::tr("OK");
    case State::No:
        return Words::tr("NO");
    case State::CannotTell:
        break;
    }
    return Words::tr("CANNOT TELL");
}

} // namespace

ReadyLine sourceLine(const SourceState &source)
{
    using Health = SourceState::Health;
    ReadyLine line;
    line.what = source.name;
    const QString why = source.error ? source.error->message : QString();
    switch (source.health) {
    case Health::Live:
        return {line.what, State::Ok, Words::tr("answers"), {}};
    case Health::NotSetUp:
        return {line.what, State::CannotTell, Words::tr("not set up"),
                Words::tr("add it to pilothouse.yaml")};
    case Health::Loading:
        return {line.what, State::CannotTell, Words::tr("no answer yet"),
                Words::tr("wait longer: --wait 60s")};
    case Health::Old:
        return {line.what, State::No, Words::tr("answered, but not of late"),
                Words::tr("look whether it is slow or the network is")};
    case Health::SignedOut:
        return {line.what, State::No, Words::tr("signed out: %1").arg(why),
                Words::tr("sign in, then ask again")};
    case Health::NotAllowed:
        return {line.what, State::No, Words::tr("not allowed: %1").arg(why),
                Words::tr("ask for the right, or sign in as somebody who has it")};
    case Health::Lost:
        break;
    }
    return {line.what, State::No, Words::tr("not reachable: %1").arg(why),
            Words::tr("check network, VPN and the address in pilothouse.yaml")};
}

ReadyLine accountLine(const AccountFact &account, const QDateTime &now)
{
    const QString what = Words::tr("sign-in to %1").arg(account.system);
    if (account.error)
        return {what, State::No, account.error->message, Words::tr("sign in, then ask again")};
    if (!account.needed)
        return {what, State::Ok, Words::tr("none is needed"), {}};
    if (!account.until.isValid())
        return {what, State::Ok, Words::tr("there; it does not tell until when"), {}};
    const qint64 left = now.secsTo(account.until);
    const QString until = account.until.toLocalTime().toString(QStringLiteral("d MMM HH:mm"));
    if (left <= 0)
        return {what, State::No, Words::tr("ended %1").arg(until), Words::tr("sign in again")};
    return {what,
            State::Ok,
            left < shiftSeconds ? Words::tr("until %1, %2 from now: it ends within a shift, unless "
                                            "its program renews it")
                                      .arg(until, spanWords(left))
                                : Words::tr("until %1").arg(until),
            {}};
}

ReadyLine rightsLine(const TrackName &track, const Result<TrafficAccess> &access)
{
    const QString what = Words::tr("rights on %1").arg(track.value);
    if (!access)
        return {what, State::CannotTell, access.error().message,
                Words::tr("without an answer an action may be refused when it is pressed")};
    if (!access->mayWrite)
        return {what, State::No, access->why,
                Words::tr("ask for it, or sign in as somebody who has it: nothing can be rolled "
                          "back so")};
    return {what, State::Ok, Words::tr("may move its traffic"), {}};
}

ReadyLine alertsLine(const TrackName &track, const Result<TrackRules> &rules, AlertSenders senders)
{
    const QString what = Words::tr("alerts of %1").arg(track.value);
    if (!rules)
        return {what, State::CannotTell,
                Words::tr("the alert rules cannot be read: %1").arg(rules.error().message),
                Words::tr("look at the rules of the metrics server: one must give the label "
                          "track: %1")
                    .arg(track.value)};
    if (rules->ofTrack > 0)
        return {what,
                State::Ok,
                Words::tr("%1 of %2 alert rules can show one").arg(rules->ofTrack).arg(rules->all),
                {}};
    if (!rules->failing.isEmpty())
        return {what, State::No,
                Words::tr("the metrics server cannot work out %1, and no other rule is of it")
                    .arg(rules->failing.join(Words::tr(", "))),
                Words::tr("mend that rule: until then nothing can fire for %1").arg(track.value)};
    const QString none = rules->all == 0
                             ? Words::tr("the metrics server has no alert rule")
                             : Words::tr("none of %n alert rules carries the label track of it",
                                         nullptr, rules->all);
    const QString todo = Words::tr("give a rule \"labels: {track: %1}\", or name in match which "
                                   "alerts are yours: On call can show none of %1 so")
                             .arg(track.value);
    if (senders == AlertSenders::OthersToo)
        return {
            what, State::CannotTell,
            Words::tr("%1; whether another server sends Alertmanager one is not known").arg(none),
            todo};
    return {what, State::No, none, todo};
}

ReadyLine mirrorLine(const MirrorFact &mirror, const QDateTime &now)
{
    const QString what = Words::tr("Git mirror");
    const QString age = mirror.fetchedAt.isValid()
                            ? Words::tr("fetched %1 ago")
                                  .arg(spanWords(std::max<qint64>(0, mirror.fetchedAt.secsTo(now))))
                            : Words::tr("never fetched");
    if (!mirror.missing.isEmpty())
        return {what, State::No,
                Words::tr("%1, without the live %2").arg(age, mirror.missing.join(Words::tr(", "))),
                Words::tr("git fetch in the clone, or sign in to its origin: nothing can be said "
                          "about those commits")};
    const QString commits = mirror.live == 0
                                ? Words::tr("no live commit is known yet")
                                : Words::tr("has all %1 live commits").arg(mirror.live);
    if (mirror.fetchError)
        return {what, State::No,
                Words::tr("%1, %2, but origin does not answer: %3")
                    .arg(age, commits, mirror.fetchError->message),
                Words::tr("newer commits will be unknown: check the network and the sign-in")};
    if (mirror.live == 0)
        return {what, State::CannotTell, QStringLiteral("%1, %2").arg(age, commits),
                Words::tr("read the tracks first: --wait 60s")};
    if (mirror.fetchedAt.isValid() && mirror.fetchedAt.secsTo(now) > mirrorOldAfter)
        return {what, State::No, QStringLiteral("%1, %2").arg(age, commits),
                Words::tr("git fetch in the clone")};
    return {what, State::Ok, QStringLiteral("%1, %2").arg(age, commits), {}};
}

ReadyLine journalLine(const std::optional<Error> &unwritable, const Result<ChainState> &chain)
{
    const QString what = Words::tr("journal");
    if (unwritable)
        return {what, State::No, unwritable->message,
                Words::tr("make room, or give the folder back: promotions are off until then")};
    if (!chain)
        return {what, State::CannotTell, chain.error().message,
                Words::tr("nothing is proved of what was recorded")};
    if (!chain->intact)
        return {what, State::No,
                Words::tr("the chain breaks at record %1 of %2")
                    .arg(chain->firstBrokenSeq)
                    .arg(chain->count),
                Words::tr("keep the file, and export what stands before it")};
    return {what, State::Ok, Words::tr("writable, %1 records, chain whole").arg(chain->count), {}};
}

ReadyLine keychainLine(const Result<void> &read)
{
    const QString what = Words::tr("keychain");
    if (read || read.error().kind == ErrorKind::NotFound)
        return {what, State::Ok, Words::tr("answers"), {}};
    return {what, State::No, read.error().message, Words::tr("unlock it, or start it")};
}

ReadyLine clockLine(const std::optional<milliseconds> &ahead, const QString &server)
{
    const QString what = Words::tr("clock");
    if (!ahead)
        return {what, State::CannotTell, Words::tr("no server told its time"),
                Words::tr("see above why none answers")};
    const qint64 seconds = std::abs(ahead->count()) / 1000;
    if (std::chrono::abs(*ahead) <= skewAllowed)
        return {what, State::Ok, Words::tr("within %1 s of %2").arg(seconds + 1).arg(server), {}};
    return {what, State::No,
            (ahead->count() > 0 ? Words::tr("%1 s before %2's") : Words::tr("%1 s behind %2's"))
                .arg(seconds)
                .arg(server),
            Words::tr("set it: timedatectl set-ntp true")};
}

ReadyLine guardLine(const QString &inPath, const QString &beside)
{
    const QString what = Words::tr("guard command");
    if (!inPath.isEmpty())
        return {what, State::Ok, inPath, {}};
    if (!beside.isEmpty())
        return {what, State::Ok, Words::tr("%1, not in PATH: write it in full").arg(beside), {}};
    return {what, State::No, Words::tr("pilothouse-cli was not found"),
            Words::tr("install it, or put its folder into PATH: without it nothing guards while "
                      "this computer sleeps")};
}

bool isReady(const QList<ReadyLine> &lines)
{
    return std::all_of(lines.begin(), lines.end(),
                       [](const ReadyLine &line) { return line.state == State::Ok; });
}

QString readyText(const QList<ReadyLine> &lines)
{
    qsizetype width = 0;
    qsizetype stateWidth = 0;
    for (const ReadyLine &line : lines) {
        width = std::max(width, line.what.size());
        stateWidth = std::max(stateWidth, stateWord(line.state).size());
    }
    QString text;
    for (const ReadyLine &line : lines) {
        text += QStringLiteral("%1  %2  %3\n")
                    .arg(stateWord(line.state).leftJustified(stateWidth),
                         line.what.leftJustified(width), line.words);
        if (!line.todo.isEmpty())
            text += QString(stateWidth + width + 4, QLatin1Char(' ')) + QStringLiteral("→ ")
                    + line.todo + QLatin1Char('\n');
    }
    return text;
}

QJsonArray readyJson(const QList<ReadyLine> &lines)
{
    QJsonArray all;
    for (const ReadyLine &line : lines) {
        const char *state = line.state == State::Ok   ? "ok"
                            : line.state == State::No ? "no"
                                                      : "cannot tell";
        all.append(QJsonObject{{QStringLiteral("what"), line.what},
                               {QStringLiteral("state"), QLatin1String(state)},
                               {QStringLiteral("words"), line.words},
                               {QStringLiteral("todo"), line.todo}});
    }
    return all;
}

} // namespace pilothouse
