#include "pipeline/act/concurrencygroups.h"

#include "base/words.h"
#include "pipeline/reading/plancontext.h"

#include <algorithm>

namespace pilothouse {

namespace {

using BlockBasis = ConcurrencyBlock::Basis;

QString fileNameOf(const RunFile &file)
{
    return file.workflow.path.section(QLatin1Char('/'), -1);
}

/// What is known of a run before and while it runs.
ExpressionContext contextOfRun(const RunFile &own)
{
    MapValue github;
    github.rest = MapValue::Rest::Unknown;
    const auto put = [&](const char *name, const QString &value) {
        if (!value.isEmpty())
            github.entries.append({QString::fromLatin1(name), {value}});
    };
    put("workflow", own.workflow.name);
    put("event_name", own.run.event);
    put("run_id", QString::number(own.run.id.value));
    put("run_attempt", QString::number(own.run.attempt));
    put("ref", own.ref);
    if (!own.ref.isEmpty()) {
        put("ref_name", own.run.branch);
        put("sha", own.run.commit.value);
    }
    ExpressionContext context;
    context.set(QStringLiteral("github"), {github});
    return context;
}

GroupClaim claimOf(const WorkflowText &written, const QString &job,
                   const ExpressionContext &context)
{
    GroupClaim claim{written.text, {}, job};
    if (const ExpressionValue value = valueOfText(written, context);
        !value.isUnknown() && value.isPrimitive())
        claim.group = value.text();
    return claim;
}

bool isSameGroup(const GroupClaim &a, const GroupClaim &b)
{
    return a.group && b.group && a.group->compare(*b.group, Qt::CaseInsensitive) == 0;
}

/// The jobs that a claim is about, by the names that the host shows; nothing if that is not known.
std::optional<QList<Job>> jobsOf(const RunFile &file, const GroupClaim &claim)
{
    const WorkflowJob *written = file.workflow.job(claim.job);
    if (!written || file.jobs.isEmpty() || written->name.isExpression())
        return std::nullopt;
    const QString shown = written->name.isEmpty() ? written->key : written->name.text;
    QList<Job> jobs;
    for (const Job &job : file.jobs) {
        // A leg of a matrix, a job of what it calls.
        if (job.name == shown || job.name.startsWith(shown + QStringLiteral(" ("))
            || job.name.startsWith(shown + QStringLiteral(" / ")))
            jobs.append(job);
    }
    return jobs;
}

bool anyJob(const QList<Job> &jobs, RunStatus status)
{
    return std::any_of(jobs.begin(), jobs.end(),
                       [&](const Job &job) { return job.status == status; });
}

/// Whether a claim waits for its group.
Truth claimWaits(const RunFile &own, const GroupClaim &claim)
{
    if (claim.job.isEmpty())
        return own.run.status == RunStatus::Queued ? Truth::True : Truth::False;
    if (own.jobs.isEmpty())
        return Truth::False; // the run itself has not begun
    const auto jobs = jobsOf(own, claim);
    if (!jobs)
        return anyJob(own.jobs, RunStatus::Queued) ? Truth::Unknown : Truth::False;
    return anyJob(*jobs, RunStatus::Queued) ? Truth::True : Truth::False;
}

/// Whether a claim has its group.
Truth claimHolds(const RunFile &other, const GroupClaim &claim)
{
    // One that waits for a person has begun.
    if (other.run.status != RunStatus::Running && other.run.status != RunStatus::Waiting)
        return Truth::False;
    if (claim.job.isEmpty())
        return Truth::True;
    const auto jobs = jobsOf(other, claim);
    if (!jobs)
        return Truth::Unknown;
    if (anyJob(*jobs, RunStatus::Running))
        return Truth::True;
    return anyJob(*jobs, RunStatus::Waiting) ? Truth::Unknown : Truth::False;
}

/// Finds who stands before one claim.
class ClaimJudge
{
public:
    ClaimJudge(const RunFile &own, const QList<RunFile> &others, qsizetype unread)
        : m_own(own), m_others(others), m_unread(unread)
    {}

    [[nodiscard]] std::optional<ConcurrencyBlock> judge(const GroupClaim &claim) const
    {
        const Truth waiting = claimWaits(m_own, claim);
        // A group of nothing is none.
        if (waiting == Truth::False || (claim.group && claim.group->isEmpty()))
            return std::nullopt;
        if (!claim.group)
            return block(claim.written, nullptr, BlockBasis::NotKnown);
        const RunFile *holder = nullptr;
        const RunFile *newest = nullptr;
        const RunFile *perhaps = nullptr;
        for (const RunFile &other : m_others) {
            if (other.run.id == m_own.run.id)
                continue;
            for (const GroupClaim &theirs : claimsOf(other)) {
                const bool same = isSameGroup(claim, theirs);
                const Truth holding
                    = same || !theirs.group ? claimHolds(other, theirs) : Truth::False;
                if (same && holding == Truth::True)
                    holder = &other;
                else if (holding != Truth::False)
                    perhaps = &other;
                else if (same && theirs.job.isEmpty() && isNewer(other)
                         && (!newest || newest->run.createdAt < other.run.createdAt))
                    newest = &other;
            }
        }
        if (holder)
            return block(*claim.group, holder,
                         waiting == Truth::True ? BlockBasis::WorkedOut : BlockBasis::NotKnown);
        if (perhaps || m_unread > 0)
            return block(*claim.group, perhaps, BlockBasis::NotKnown);
        if (newest && claim.job.isEmpty() && keepsOneWaiting())
            return block(*claim.group, newest, BlockBasis::WorkedOut);
        return std::nullopt;
    }

private:
    [[nodiscard]] bool isNewer(const RunFile &other) const
    {
        return other.run.createdAt > m_own.run.createdAt;
    }

    [[nodiscard]] bool keepsOneWaiting() const
    {
        return m_own.workflow.concurrency.queue.text != QLatin1String("max");
    }

    [[nodiscard]] ConcurrencyBlock block(const QString &group, const RunFile *by,
                                         BlockBasis basis) const
    {
        ConcurrencyBlock found;
        found.group = group;
        if (by) {
            found.by = by->run.id;
            found.name = by->workflow.name;
            found.page = by->run.page;
        }
        found.file = fileNameOf(m_own);
        found.basis = basis;
        return found;
    }

    const RunFile &m_own;
    const QList<RunFile> &m_others;
    qsizetype m_unread;
};

} // namespace

QList<GroupClaim> claimsOf(const RunFile &own)
{
    const ExpressionContext context = contextOfRun(own);
    QList<GroupClaim> claims;
    if (own.workflow.concurrency.isGiven())
        claims.append(claimOf(own.workflow.concurrency.group, {}, context));
    for (const WorkflowJob &job : own.workflow.jobs) {
        if (job.concurrency.isGiven())
            claims.append(claimOf(job.concurrency.group, job.key, context));
    }
    return claims;
}

QList<ConcurrencyBlock> blocksWorkedOut(const RunFile &own, const QList<RunFile> &others,
                                        qsizetype unread)
{
    const ClaimJudge judge(own, others, unread);
    QList<ConcurrencyBlock> blocks;
    for (const GroupClaim &claim : claimsOf(own)) {
        const auto block = judge.judge(claim);
        if (block && !blocks.contains(*block))
            blocks.append(*block);
    }
    return blocks;
}

QString blockWords(const ConcurrencyBlock &block, const QString &system)
{
    switch (block.basis) {
    case BlockBasis::Told:
        return block.job.isEmpty()
                   ? Words::tr("blocked by run %1 (concurrency %2, told by %3)")
                         .arg(QString::number(block.by.value), block.group, system)
                   : Words::tr("blocked by job %1 of run %2 (concurrency %3, told by %4)")
                         .arg(block.job, QString::number(block.by.value), block.group, system);
    case BlockBasis::WorkedOut:
        return Words::tr("blocked by run %1 (worked out from %2: group %3)")
            .arg(QString::number(block.by.value), block.file, block.group);
    case BlockBasis::NotKnown:
        break;
    }
    if (block.by != RunId())
        return Words::tr("what blocks it is not known: perhaps run %1 (%2: group %3)")
            .arg(QString::number(block.by.value), block.file, block.group);
    return Words::tr("what blocks it is not known (%1: group %2)").arg(block.file, block.group);
}

} // namespace pilothouse
