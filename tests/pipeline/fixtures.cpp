#include "pipeline/fixtures.h"

#include "support/places.h"

#include <QFile>

namespace pilothouse {

namespace {

const QString folder = QStringLiteral(".github/workflows/");

} // namespace

SourceFile fixtureFile(const QString &name)
{
    QFile file(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/pipeline/fixtures/") + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no fixture %s", qPrintable(name));
    return {folder + name, file.readAll()};
}

Workflow fixture(const QString &name)
{
    return parseWorkflow(fixtureFile(name));
}

QList<Workflow> deliveryWorkflows()
{
    return {fixture(QStringLiteral("ci.yml")), fixture(QStringLiteral("deploy-standalone.yml")),
            fixture(QStringLiteral("deploy-coditect.yml"))};
}

Workflow workflowFrom(const QByteArray &text, const QString &path)
{
    return parseWorkflow({path, text});
}

WorkflowJob jobFrom(const QByteArray &body)
{
    QByteArray text = "on: push\njobs:\n  job:\n    runs-on: x\n";
    for (const QByteArray &line : body.split('\n'))
        text += "    " + line + "\n";
    return workflowFrom(text).jobs.value(0);
}

QDateTime at(const QString &clock)
{
    const QTime time = QTime::fromString(clock, QStringLiteral("HH:mm:ss"));
    return time.isValid() ? QDateTime(QDate(2026, 11, 24), time, Qt::UTC) : QDateTime();
}

Job jobNamed(const QString &name, RunStatus status, const QString &started,
             const QString &completed)
{
    Job job;
    job.id = JobId(qint64(qHash(name, 1) % 1'000'000) + 1);
    job.name = name;
    job.status = status;
    job.startedAt = at(started);
    job.completedAt = at(completed);
    return job;
}

Run runOf(const QString &file, qint64 id, RunStatus status)
{
    Run run;
    run.id = RunId(id);
    run.workflowPath = folder + file;
    run.status = status;
    run.createdAt = at(QStringLiteral("13:59:00")).addSecs(id);
    return run;
}

QStringList edgesOf(const Graph &graph)
{
    QStringList edges;
    for (const GraphEdge &edge : graph.edges) {
        QString text = edge.from.value + QStringLiteral(" -> ") + edge.to.value;
        if (edge.backward)
            text += QStringLiteral(" (backward)");
        edges.append(text.remove(folder));
    }
    return edges;
}

NodeId nodeId(const QString &shortId)
{
    return NodeId(folder + shortId);
}

} // namespace pilothouse
