#include "pipeline/needs.h"

#include <QHash>

#include <utility>
#include <vector>

namespace pilothouse {

Needs sortNeeds(const Workflow &workflow)
{
    Needs needs;
    QHash<QString, QList<qsizetype>> waitingFor; // job → indices into needs.known
    QSet<QString> keys;
    for (const WorkflowJob &job : workflow.jobs)
        keys.insert(job.key);
    for (const WorkflowJob &job : workflow.jobs) {
        for (const WorkflowReference &need : job.needs) {
            if (!keys.contains(need.name)) {
                needs.unknown.append(need);
                continue;
            }
            waitingFor[job.key].append(needs.known.size());
            needs.known.append({need.name, job.key, need.at, Need::Closes::Nothing});
        }
    }

    enum class Mark { Open, OnTheWay, Done };
    QHash<QString, Mark> marks;
    // An own stack: a file may hold a chain of more jobs than the machine's stack has room for.
    std::vector<std::pair<QString, qsizetype>> way;
    const auto enter = [&](const QString &key) {
        marks[key] = Mark::OnTheWay;
        way.emplace_back(key, 0);
    };
    for (const WorkflowJob &job : workflow.jobs) {
        if (marks.value(job.key, Mark::Open) == Mark::Open)
            enter(job.key);
        while (!way.empty()) {
            const QString key = way.back().first;
            const QList<qsizetype> &entries = waitingFor[key];
            if (way.back().second == entries.size()) {
                marks[key] = Mark::Done;
                way.pop_back();
                continue;
            }
            Need &need = needs.known[entries[way.back().second++]];
            const Mark mark = marks.value(need.from, Mark::Open);
            if (mark == Mark::OnTheWay)
                need.closes = Need::Closes::Cycle;
            else if (mark == Mark::Open)
                enter(need.from);
        }
    }

    for (const Need &need : needs.known) {
        if (need.closes == Need::Closes::Cycle)
            continue;
        needs.hasNeeds.insert(need.to);
        needs.isNeeded.insert(need.from);
    }
    return needs;
}

} // namespace pilothouse
