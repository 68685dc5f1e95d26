#include "crash/weather/lanes.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QMap>
#include <QRegularExpression>
#include <QThread>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <vector>

namespace pilothouse {
namespace {

using Speaks = FaultyServer::Speaks;

/// They wait more than they work.
constexpr int sideBySide = 6;
constexpr int rehearsals = 3;
/// Of the passes of a storm, how many may have to be made again.
constexpr int mostMadeAgain = 1;
/// An event loop that is later than this may have eaten up what a client waits for an answer, which
/// is four times as long.
constexpr std::chrono::milliseconds late{200};

struct Job
{
    Speaks speaks = Speaks::Http;
    Disturbance disturbance;
    PassResult result = {};
};

void runAll(std::vector<Job> &jobs, const RunPass &pass, int lanes)
{
    runSideBySide(jobs.size(), lanes, [&](size_t at) {
        jobs[at].result = pass(jobs[at].speaks, jobs[at].disturbance);
    });
}

/// How often something is looked at differs with the speed of the machine, and a call whose number
/// was not reached did not come. The pass itself has told how far it came: the last call of that
/// name in it is the one to disturb next time, and the last connection.
void aimAtWhatComes(Job &job)
{
    const QString name = job.disturbance.call.section(QLatin1Char('#'), 0, 0) + QLatin1Char('#');
    const QStringList &came = job.result.calls;
    const auto last = std::find_if(came.crbegin(), came.crend(),
                                   [&](const QString &call) { return call.startsWith(name); });
    if (!job.disturbance.call.isEmpty() && last != came.crend())
        job.disturbance.call = *last;
    const int connections = job.result.connections;
    job.disturbance.untrustedConnection
        = std::min(job.disturbance.untrustedConnection, connections);
}

/// A pass whose call did not come, and that went well, says nothing. It is made once more.
void runMissedAgain(std::vector<Job> &jobs, const RunPass &pass, int lanes)
{
    const auto first = std::stable_partition(jobs.begin(), jobs.end(), [](const Job &job) {
        return job.result.struck || !job.result.failure.isEmpty();
    });
    std::vector<Job> missed(std::make_move_iterator(first), std::make_move_iterator(jobs.end()));
    jobs.erase(first, jobs.end());
    std::for_each(missed.begin(), missed.end(), aimAtWhatComes);
    runAll(missed, pass, lanes);
    std::move(missed.begin(), missed.end(), std::back_inserter(jobs));
}

/// A pass goes so much faster than life that a machine that stands still for half a second is a
/// server that is silent for ten. What failed of that is therefore made again, with nothing beside
/// it, and must hold then. Where it is more than one the storm tells nothing.
void runFailedAgain(std::vector<Job> &jobs, const RunPass &pass, StormResult &storm)
{
    std::vector<Job *> failed;
    for (Job &job : jobs) {
        if (isOfTheMachine(job.result))
            failed.push_back(&job);
    }
    if (int(failed.size()) + storm.madeAgain > mostMadeAgain)
        return;
    for (Job *job : failed) {
        qWarning("made again: %s, after it stood still for %d ms: %s",
                 qPrintable(job->disturbance.words()), int(job->result.stood.count()),
                 qPrintable(job->result.failure));
        job->result = pass(job->speaks, job->disturbance);
        ++storm.madeAgain;
    }
}

/// Those that every undisturbed pass makes: how often a weight is looked at differs by one or two.
QStringList callsOf(const std::vector<Job> &undisturbed)
{
    QStringList calls = undisturbed.front().result.calls;
    for (const Job &job : undisturbed)
        calls.removeIf([&](const QString &call) { return !job.result.calls.contains(call); });
    return calls;
}

/// The calls that meet the same faults: one by itself, or all that differ in a number alone.
std::vector<QStringList> kindsOf(const QStringList &calls, Reads reads)
{
    static const QRegularExpression number(QStringLiteral("\\d+"));
    QMap<QString, QStringList> kinds;
    for (const QString &call : calls) {
        QString kind = call;
        if (reads != Reads::Each && call.startsWith(QLatin1String("GET ")))
            kind.replace(number, QStringLiteral("N"));
        kinds[kind].append(call);
    }
    return {kinds.cbegin(), kinds.cend()};
}

std::vector<Job> disturbances(const QStringList &calls, Reads reads)
{
    std::vector<Job> jobs;
    for (const QStringList &kind : kindsOf(calls, reads)) {
        const QByteArray method = kind.first().section(QLatin1Char(' '), 0, 0).toLatin1();
        qsizetype turn = 0;
        for (const Fault &fault : faults()) {
            if (!suits(fault, method))
                continue;
            if (reads != Reads::Ends) {
                jobs.push_back({Speaks::Http, {fault, kind[turn++ % kind.size()], 0}});
                continue;
            }
            jobs.push_back({Speaks::Http, {fault, kind.first(), 0}});
            if (kind.size() > 1)
                jobs.push_back({Speaks::Http, {fault, kind.last(), 0}});
        }
    }
    return jobs;
}

void take(StormResult &storm, const QString &name, const PassResult &result)
{
    if (!result.failure.isEmpty())
        storm.failures.append(QStringLiteral("%1 (stood still for %2 ms at most): %3")
                                  .arg(name)
                                  .arg(result.stood.count())
                                  .arg(result.failure));
    ++(result.struck ? storm.tried : storm.missed);
    storm.pressedAgain += result.outcomes.isEmpty() ? 0 : 1;
}

} // namespace

bool isOfTheMachine(const PassResult &result)
{
    // What was told besides, in later lines, names the silences that were made.
    const QString what = result.failure.section(QLatin1Char('\n'), 0, 0);
    const bool isSilence
        = what.contains(QLatin1String("gave no answer")) || what.contains(QLatin1String("no end"));
    return isSilence && result.stood > late;
}

void runSideBySide(size_t jobs, int lanes, const std::function<void(size_t)> &job)
{
    std::atomic<size_t> next{0};
    std::vector<std::unique_ptr<QThread>> threads;
    for (int lane = 0; lane < lanes; ++lane) {
        threads.emplace_back(QThread::create([&] {
            for (size_t at = next++; at < jobs; at = next++)
                job(at);
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads) {
        while (!thread->wait(20))
            QCoreApplication::processEvents();
    }
}

QString countedWords(const QList<PassResult> &results)
{
    QMap<QString, int> counts;
    for (const PassResult &result : results) {
        for (const QString &outcome : result.outcomes)
            ++counts[outcome];
    }
    QStringList words;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        words.append(QStringLiteral("%1 × %2").arg(it.value()).arg(it.key()));
    return words.join(QStringLiteral(", "));
}

StormResult stormOf(const QString &name, const QList<NamedPass> &passes, int lanes)
{
    QElapsedTimer took;
    took.start();
    QList<PassResult> results(passes.size());
    PassResult *const filled = results.data();
    runSideBySide(size_t(passes.size()), lanes,
                  [&](size_t at) { filled[at] = passes[qsizetype(at)].run(); });
    StormResult storm;
    for (qsizetype at = 0; at < passes.size(); ++at)
        take(storm, passes[at].name, results[at]);
    qInfo("%s: %d faults injected (%d did not strike), %d passes pressed again (%s); %lld "
          "failures; %.1f s",
          qPrintable(name), storm.tried, storm.missed, storm.pressedAgain,
          qPrintable(countedWords(results)), qlonglong(storm.failures.size()),
          double(took.elapsed()) / 1000);
    return storm;
}

StormResult storm(const QString &name, const RunPass &pass, Reads reads)
{
    QElapsedTimer took;
    took.start();
    StormResult storm;
    std::vector<Job> undisturbed(rehearsals);
    undisturbed.push_back({Speaks::Tls, {}});
    runAll(undisturbed, pass, 1);
    runFailedAgain(undisturbed, pass, storm);
    for (const Job &job : undisturbed) {
        if (!job.result.failure.isEmpty())
            storm.failures.append(QStringLiteral("undisturbed: ") + job.result.failure);
    }
    const int connections = undisturbed.back().result.connections;
    undisturbed.pop_back();
    const QStringList calls = callsOf(undisturbed);
    storm.calls = int(calls.size());
    if (!storm.failures.isEmpty())
        return storm;

    std::vector<Job> jobs = disturbances(calls, reads);
    for (int connection = 1; connection <= connections; ++connection)
        jobs.push_back({Speaks::Tls, {std::nullopt, {}, connection}});
    runAll(jobs, pass, sideBySide);
    runMissedAgain(jobs, pass, sideBySide);
    runMissedAgain(jobs, pass, 1); // as fast as the undisturbed ones went
    runFailedAgain(jobs, pass, storm);

    QList<PassResult> results;
    std::chrono::milliseconds stood{0};
    for (const Job &job : jobs) {
        take(storm, job.disturbance.words(), job.result);
        results.append(job.result);
        stood = std::max(stood, job.result.stood);
    }
    qInfo("%s: %d calls, %d connections with TLS; %d faults injected (%d calls did not come), %d "
          "passes pressed again (%s), %d made again, the longest standstill %d ms; %lld failures; "
          "%.1f s",
          qPrintable(name), storm.calls, connections, storm.tried, storm.missed, storm.pressedAgain,
          qPrintable(countedWords(results)), storm.madeAgain, int(stood.count()),
          qlonglong(storm.failures.size()), double(took.elapsed()) / 1000);
    return storm;
}

} // namespace pilothouse
