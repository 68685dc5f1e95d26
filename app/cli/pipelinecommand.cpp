#include "app/cli/pipelinecommand.h"

#include "app/cli/commands.h"
#include "app/cli/findingsreport.h"
#include "app/cli/pipelinejson.h"
#include "app/cli/pipelineplaces.h"
#include "app/cli/pipelinetext.h"
#include "base/words.h"
#include "pipeline/doctor/examine.h"

#include <QCommandLineParser>
#include <QJsonDocument>

#include <algorithm>

namespace pilothouse {

namespace {

const QString pipelineName = QStringLiteral("pipeline");

/// The graph with its files named as the user can find them.
Graph shownGraph(Graph graph, const PipelinePlace &place)
{
    for (Problem &problem : graph.problems)
        problem.file = place.shown(problem.file);
    for (GraphFrame &frame : graph.frames)
        frame.path = place.shown(frame.path);
    return graph;
}

int unreadable(const QString &sentence)
{
    complain(sentence);
    return int(ExitCode::Usage);
}

void append(Graph &all, const Graph &more)
{
    all.nodes += more.nodes;
    all.edges += more.edges;
    all.frames += more.frames;
    all.problems += more.problems;
}

} // namespace

int pipelineCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption json(QStringLiteral("json"));
    const QCommandLineOption commit(QStringLiteral("commit"), {}, QStringLiteral("REV"));
    const QCommandLineOption failOn(QStringLiteral("fail-on"), {}, QStringLiteral("SEVERITY"));
    parser.addOptions({json, commit, failOn});
    if (!parser.parse(QStringList{pipelineName} + arguments))
        return misused(pipelineName, parser.errorText());
    if (parser.positionalArguments().isEmpty())
        return misused(pipelineName, Words::tr("Name a workflow file, a folder or a repository."));
    if (parser.isSet(commit) && parser.value(commit).isEmpty())
        return misused(pipelineName, Words::tr("--commit takes a branch, a tag or a commit."));
    const auto least = severityNamed(parser.value(failOn));
    if (parser.isSet(failOn) && !least)
        return misused(pipelineName, Words::tr("--fail-on takes blocks, risk, gate or hygiene."));

    const auto places = placesOf(parser.positionalArguments(), parser.value(commit));
    if (!places)
        return unreadable(places.error().message);
    QList<Workflow> workflows;
    Graph graph;
    QList<Finding> findings;
    for (const PipelinePlace &place : *places) {
        Result<PlaceContent> read = readPlace(place);
        if (!read)
            return unreadable(read.error().message);
        append(graph, shownGraph(buildGraph(read->workflows), place));
        for (Finding &finding : examine(read->workflows, read->surroundings)) {
            finding.path = place.shown(finding.path);
            findings.append(finding);
        }
        for (Workflow &workflow : read->workflows) {
            const bool isNamed = workflow.name != workflow.path;
            workflow.path = place.shown(workflow.path);
            if (!isNamed)
                workflow.name = workflow.path;
            workflows.append(workflow);
        }
    }
    if (workflows.isEmpty())
        return unreadable(Words::tr("There is no workflow file."));
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding &a, const Finding &b) { return a.severity < b.severity; });
    if (parser.isSet(json))
        print(QString::fromUtf8(
            QJsonDocument(pipelineJson(workflows, graph, findings)).toJson(QJsonDocument::Compact)
            + '\n'));
    else
        print(pipelineText(workflows, graph, findings));
    const bool isGrave = least && !findings.isEmpty() && findings.first().severity <= *least;
    const bool isWrong
        = std::any_of(graph.problems.begin(), graph.problems.end(), [](const Problem &problem) {
              return problem.severity == Problem::Severity::Error;
          });
    return int(isWrong || isGrave ? ExitCode::Findings : ExitCode::Fine);
}

} // namespace pilothouse
