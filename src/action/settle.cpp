#include "action/settle.h"

#include "action/outcomewords.h"
#include "base/whendone.h"

#include <QPromise>

namespace pilothouse {

namespace {

constexpr auto unseenKey = QLatin1String("unseen");

} // namespace

Outcome unseen(const QString &why)
{
    Outcome outcome;
    outcome.text = why;
    outcome.body[unseenKey] = true;
    return outcome;
}

bool isUnseen(const Outcome &outcome)
{
    return outcome.body[unseenKey].toBool();
}

struct Settler::Job
{
    QList<Record> waiting;
    QList<Settled> done;
    QPromise<Result<QList<Settled>>> promise;

    void end(const Result<QList<Settled>> &result)
    {
        promise.addResult(result);
        promise.finish();
    }
};

Settler::Settler(Journal &journal, QString actor, QObject *parent)
    : QObject(parent), m_journal(journal), m_actor(std::move(actor))
{}

void Settler::add(Claims claims, Look look)
{
    m_knowers.push_back({std::move(claims), std::move(look)});
}

QFuture<Result<QList<Settled>>> Settler::settle()
{
    const auto job = std::make_shared<Job>();
    job->promise.start();
    whenDone(
        m_journal.orphans(), this,
        [this, job](const Result<QList<Record>> &orphans) {
            if (!orphans) {
                job->end(fail(orphans.error()));
                return;
            }
            job->waiting = *orphans;
            next(job);
        },
        [job] {
            job->end(fail(ErrorKind::Cancelled, tr("The journal gave no answer. Start again.")));
        });
    return job->promise.future();
}

void Settler::next(const std::shared_ptr<Job> &job)
{
    if (job->waiting.isEmpty()) {
        job->end(job->done);
        return;
    }
    const Record &intent = job->waiting.first();
    for (const Knower &knower : m_knowers) {
        if (!knower.claims(intent))
            continue;
        whenDone(
            knower.look(intent), this, [this, job](const Outcome &outcome) { write(job, outcome); },
            [this, job] {
                Outcome unknown;
                unknown.text = tr("Nobody answered what came of it.");
                write(job, unknown);
            });
        return;
    }
    Outcome unknown;
    unknown.text = tr("Nothing in this workspace knows %1 any more.").arg(intent.subject);
    write(job, unknown);
}

void Settler::write(const std::shared_ptr<Job> &job, const Outcome &outcome)
{
    const Record intent = job->waiting.takeFirst();
    if (isUnseen(outcome)) {
        job->done.append({intent, outcome});
        Q_EMIT settled({intent, outcome});
        next(job);
        return;
    }
    Outcome found = outcome;
    found.body[QLatin1String("settled")] = tr("at the next start, by looking at the world");
    whenDone(
        m_journal.append(outcomeRecord(intent.id, intent.subject, m_actor, found)), this,
        [this, job, intent, found](const Result<Record> &written) {
            if (!written) {
                job->end(fail(written.error()));
                return;
            }
            job->done.append({intent, found});
            Q_EMIT settled({intent, found});
            next(job);
        },
        [job] {
            job->end(fail(ErrorKind::Cancelled, tr("The journal gave no answer. Start again.")));
        });
}

} // namespace pilothouse
