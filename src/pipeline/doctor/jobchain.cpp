#include "pipeline/doctor/jobchain.h"

#include "pipeline/doctor/questions.h"

#include <QRegularExpression>
#include <QSet>

namespace pilothouse {

namespace {

using Neighbours = QList<PlacedJob> (*)(const Scene &, const PlacedJob &);

QList<PlacedJob> reached(const Scene &scene, const PlacedJob &job, Neighbours neighbours)
{
    QList<PlacedJob> found;
    QSet<const SceneJob *> known{job.job};
    for (qsizetype i = -1; i < found.size(); ++i) {
        for (const PlacedJob &next : neighbours(scene, i < 0 ? job : found[i])) {
            if (known.contains(next.job))
                continue;
            known.insert(next.job);
            found.append(next);
        }
    }
    return found;
}

} // namespace

QList<PlacedJob> jobsRightBefore(const Scene &scene, const PlacedJob &job)
{
    QList<PlacedJob> found;
    for (const WorkflowReference &need : job.job->job->needs) {
        if (const SceneJob *other = job.file->job(need.name))
            found.append({job.file, other});
    }
    if (!job.job->job->needs.isEmpty())
        return found;
    for (const SceneFile &file : scene.files) {
        if (!file.workflow->isWhole || !follows(*job.file->workflow, *file.workflow))
            continue;
        for (const SceneJob &other : file.jobs) {
            if (!file.waiting.contains(other.job->key))
                found.append({&file, &other});
        }
    }
    return found;
}

QList<PlacedJob> jobsRightAfter(const Scene &scene, const PlacedJob &job)
{
    QList<PlacedJob> found;
    for (const qsizetype index : job.file->waiting.value(job.job->job->key))
        found.append({job.file, &job.file->jobs[index]});
    if (!found.isEmpty())
        return found;
    for (const SceneFile &file : scene.files) {
        if (!file.workflow->isWhole || !follows(*file.workflow, *job.file->workflow))
            continue;
        for (const SceneJob &other : file.jobs) {
            if (other.job->needs.isEmpty())
                found.append({&file, &other});
        }
    }
    return found;
}

QList<PlacedJob> jobsBefore(const Scene &scene, const PlacedJob &job)
{
    return reached(scene, job, jobsRightBefore);
}

QList<PlacedJob> jobsAfter(const Scene &scene, const PlacedJob &job)
{
    return reached(scene, job, jobsRightAfter);
}

bool mayShareEnvironment(const SceneJob &a, const SceneJob &b)
{
    if (a.isProduction != b.isProduction)
        return false;
    const QString one = a.job->environment.name.text;
    const QString other = b.job->environment.name.text;
    // "production-canary" is a gate before "production", "production-eu" is not before "-us".
    const QString canary = QStringLiteral("canary");
    return one.isEmpty() || other.isEmpty() || one.startsWith(other) || other.startsWith(one)
           || one.contains(canary, Qt::CaseInsensitive);
}

bool isWayOut(const SceneJob &job)
{
    static const QRegularExpression wrong(
        QStringLiteral("fail|cancelled|always\\(\\)|!= *'success'|! *success\\(\\)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression back(
        QStringLiteral("roll-?_?back|abort|undo|revert|clean|remove|teardown"),
        QRegularExpression::CaseInsensitiveOption);
    return wrong.match(job.job->condition.text).hasMatch() || back.match(job.job->key).hasMatch();
}

} // namespace pilothouse
