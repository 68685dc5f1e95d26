#include "app/sandbox/github/runarchive.h"

#include "app/sandbox/github/storedzip.h"
#include "app/sandbox/parts/logtexts.h"

#include <utility>

namespace pilothouse::sandbox {

namespace {

QString fileName(QString name)
{
    return name.remove(QLatin1Char('/')).remove(QLatin1Char(':'));
}

/// As the lines of a log are stamped, to the millisecond.
QByteArray stampOf(const QDateTime &at)
{
    return at.toUTC().toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss.zzz")).toLatin1();
}

/// Takes off the front of `log` the lines that were written before `end`.
QByteArray takeUntil(QByteArray &log, const QByteArray &end)
{
    qsizetype at = 0;
    while (at < log.size() && log.mid(at, end.size()) < end) {
        const qsizetype newline = log.indexOf('\n', at);
        at = newline < 0 ? log.size() : newline + 1;
    }
    const QByteArray taken = log.left(at);
    log.remove(0, at);
    return taken;
}

} // namespace

QByteArray runArchive(const RunFacts &facts, const RunRecord &run)
{
    StoredZip zip;
    int number = 0;
    for (const RunJob &job : run.jobs) {
        if (job.phase != RunJob::Phase::Done || job.conclusion == QLatin1String("skipped"))
            continue;
        const JobRun told = jobRun(facts, run, job);
        QByteArray log = jobLog(told);
        const QString name = fileName(job.plan.name);
        zip.add(QStringLiteral("%1_%2.txt").arg(number++).arg(name), log);
        const QList<JobStep> steps = jobSteps(told);
        for (const JobStep &step : steps) {
            const QByteArray lines = step.number == steps.size()
                                         ? std::exchange(log, {})
                                         : takeUntil(log, stampOf(step.completedAt));
            zip.add(QStringLiteral("%1/%2_%3.txt")
                        .arg(name, QString::number(step.number), fileName(step.name)),
                    lines);
        }
    }
    return zip.bytes();
}

} // namespace pilothouse::sandbox
