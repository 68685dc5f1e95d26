#include "app/cli/ready/readycheck.h"

#include "app/wiring/console.h"
#include "app/wiring/shiftparts.h"
#include "base/tokenexpiry.h"
#include "base/words.h"
#include "connectors/git/gitrepository.h"
#include "release/releasecontroller.h"
#include "rollout/metricsource.h"
#include "rollout/rolloutcontroller.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QSslCertificate>
#include <QStandardPaths>

#include <algorithm>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

const QString guardProgram = QStringLiteral("pilothouse-cli");

template <typename T>
Result<T> waited(const QFuture<Result<T>> &future, milliseconds patience)
{
    QElapsedTimer time;
    time.start();
    while (!future.isFinished() && !time.hasExpired(patience.count()))
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    if (future.isFinished() && future.resultCount() > 0)
        return future.result();
    return fail(ErrorKind::TimedOut, Words::tr("There was no answer in time."));
}

QDateTime earlier(const QDateTime &a, const QDateTime &b)
{
    if (!a.isValid() || !b.isValid())
        return a.isValid() ? a : b;
    return std::min(a, b);
}

AccountFact accountFact(const Connections::Account &account, milliseconds patience)
{
    AccountFact fact;
    fact.system = account.system;
    const Result<SignIn> signIn = waited(account.credential->signIn(), patience);
    if (!signIn) {
        fact.error = signIn.error();
        return fact;
    }
    fact.until = expiryOf(signIn->token);
    if (const auto *told = dynamic_cast<const ExpiringCredential *>(account.credential))
        fact.until = earlier(fact.until, told->expiresAt());
    for (const QByteArray &pem :
         {account.certificatePem,
          signIn->identity ? signIn->identity->certificatePem : QByteArray()}) {
        for (const QSslCertificate &certificate : QSslCertificate::fromData(pem))
            fact.until = earlier(fact.until, certificate.expiryDate().toUTC());
    }
    fact.needed = !signIn->isEmpty() || !account.certificatePem.isEmpty();
    return fact;
}

MirrorFact mirrorFact(Console &console, ShiftParts &parts, milliseconds patience)
{
    MirrorFact fact;
    const Result<void> fetched = waited(parts.repository.refresh(), patience);
    if (!fetched)
        fact.fetchError = fetched.error();
    fact.fetchedAt = mirrorFetchedAt(parts.mirror);
    // Without an origin to fetch from the clone itself is all there is, and it is read afresh.
    if (!fact.fetchedAt.isValid() && fetched)
        fact.fetchedAt = parts.clock.now();
    QList<CommitId> live;
    for (const LiveRow &row : console.release().live()) {
        for (const auto *side : {&row.stable, &row.candidate}) {
            if (*side && !(*side)->commit.value.isEmpty() && !live.contains((*side)->commit))
                live.append((*side)->commit);
        }
    }
    fact.live = int(live.size());
    for (const CommitId &commit : std::as_const(live)) {
        if (!waited(parts.repository.commit(commit), patience))
            fact.missing << shortSha(commit);
    }
    return fact;
}

/// None without a metrics server: its source line says that it is not set up.
QList<ReadyLine> alertsLines(const ShiftParts &parts, milliseconds patience)
{
    if (!parts.metrics)
        return {};
    const auto rules = waited(parts.metrics->alertRules(), patience);
    QList<ReadyLine> lines;
    for (const ShiftParts::Control &each : parts.controls) {
        Result<TrackRules> found
            = rules ? Result<TrackRules>(rulesOf(rules->value, each.track.value, *parts.metrics))
                    : fail(rules.error());
        lines.append(alertsLine(each.track, found,
                                parts.hasAlertmanager ? AlertSenders::OthersToo
                                                      : AlertSenders::MetricsAlone));
    }
    return lines;
}

ReadyLine clockOf(Console &console, Clock &clock)
{
    // Of several servers the one that disagrees most.
    std::optional<milliseconds> ahead;
    QString server;
    for (const RolloutController *track : console.tracks()) {
        const auto &traffic = track->traffic();
        if (!traffic || !traffic->serverAt.isValid())
            continue;
        const QDateTime mineThen
            = clock.now().addMSecs(-(clock.sinceBoot() - traffic->receivedSinceBoot).count());
        const milliseconds difference(traffic->serverAt.msecsTo(mineThen));
        if (!ahead || std::chrono::abs(difference) > std::chrono::abs(*ahead)) {
            ahead = difference;
            server = traffic->source;
        }
    }
    return clockLine(ahead, server);
}

} // namespace

QList<ReadyLine> readyCheck(Console &console, milliseconds patience)
{
    ShiftParts parts = console.shiftParts();
    QList<ReadyLine> lines;
    for (const SourceState &source : console.sources())
        lines.append(sourceLine(source));
    QStringList asked; // one account may stand behind several clients
    for (const Connections::Account &account : std::as_const(parts.accounts)) {
        if (asked.contains(account.system))
            continue;
        asked << account.system;
        lines.append(accountLine(accountFact(account, patience), parts.clock.now()));
    }
    for (const ShiftParts::Control &each : std::as_const(parts.controls))
        lines.append(rightsLine(each.track, waited(each.control->access(), patience)));
    lines += alertsLines(parts, patience);
    lines.append(mirrorLine(mirrorFact(console, parts, patience), parts.clock.now()));
    lines.append(journalLine(parts.journalError, waited(parts.journal.verify(), patience)));
    if (!parts.keychainAccounts.isEmpty()) {
        const Result<Secret> read
            = waited(parts.keychain.read(parts.keychainAccounts.constFirst().key()), patience);
        lines.append(keychainLine(read ? Result<void>() : Result<void>(fail(read.error()))));
    }
    lines.append(clockOf(console, parts.clock));
    const QString own = QDir(QCoreApplication::applicationDirPath()).filePath(guardProgram);
    lines.append(guardLine(QStandardPaths::findExecutable(guardProgram),
                           QFileInfo(own).isExecutable() ? own : QString()));
    return lines;
}

} // namespace pilothouse
