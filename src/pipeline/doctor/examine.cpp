#include "pipeline/doctor/examine.h"

#include "pipeline/doctor/rules/families.h"

#include <algorithm>
#include <tuple>

namespace pilothouse {

const QList<Rule> &doctorRules()
{
    static const QList<Rule> rules = triggerRules() + jobRules() + checkRules() + coverageRules()
                                     + imageRules() + helmRules() + canaryRules() + cloudRunRules()
                                     + migrationRules() + scriptRules() + securityRules()
                                     + missingRules();
    return rules;
}

const Rule *doctorRule(const QString &id)
{
    const QList<Rule> &rules = doctorRules();
    const auto found
        = std::find_if(rules.begin(), rules.end(), [&](const Rule &rule) { return rule.id == id; });
    return found == rules.end() ? nullptr : &*found;
}

QList<Finding> examine(const QList<Workflow> &workflows, const Surroundings &surroundings)
{
    const Scene scene = makeScene(workflows, surroundings);
    QList<Finding> findings;
    for (const SceneFile &file : scene.files) {
        if (!file.workflow->isWhole)
            continue; // what a rule misses may stand below the error
        for (const Rule &rule : doctorRules()) {
            for (const Match &match : rule.matcher(scene, file)) {
                findings.append({rule.id, rule.severity, file.workflow->path, match.at, match.job,
                                 match.step, match.sentence,
                                 match.rightForm.isEmpty() ? rule.rightForm : match.rightForm});
            }
        }
    }
    const auto key = [](const Finding &finding) {
        return std::tie(finding.severity, finding.path, finding.at, finding.rule);
    };
    std::stable_sort(findings.begin(), findings.end(),
                     [&](const Finding &a, const Finding &b) { return key(a) < key(b); });
    findings.erase(
        std::unique(findings.begin(), findings.end(),
                    [&](const Finding &a, const Finding &b) { return key(a) == key(b); }),
        findings.end());
    return findings;
}

} // namespace pilothouse
