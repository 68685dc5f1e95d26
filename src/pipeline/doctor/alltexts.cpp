#include "pipeline/doctor/alltexts.h"

namespace pilothouse {

namespace {

QStringList settingTexts(const WorkflowSettings &settings)
{
    QStringList texts{settings.expression.text};
    for (const WorkflowSetting &setting : settings.entries)
        texts.append(setting.value.text);
    return texts;
}

QStringList containerTexts(const WorkflowContainer &container)
{
    return QStringList{container.image.text, container.options.text} + settingTexts(container.env)
           + settingTexts(container.credentials) + container.ports.texts()
           + container.volumes.texts();
}

QStringList stepTexts(const WorkflowStep &step)
{
    return QStringList{step.name.text,
                       step.uses.text,
                       step.run.text,
                       step.condition.text,
                       step.continueOnError.text,
                       step.timeoutMinutes.text,
                       step.shell.text,
                       step.workingDirectory.text}
           + settingTexts(step.with) + settingTexts(step.env);
}

} // namespace

QStringList allTexts(const WorkflowJob &job)
{
    QStringList texts{job.name.text,
                      job.condition.text,
                      job.runsOn.text(),
                      job.environment.name.text,
                      job.environment.url.text,
                      job.concurrency.group.text,
                      job.timeoutMinutes.text,
                      job.continueOnError.text,
                      job.defaults.shell.text,
                      job.defaults.workingDirectory.text,
                      job.uses.text,
                      job.secrets.inherit.text};
    texts += containerTexts(job.container);
    for (const WorkflowContainer &service : job.services)
        texts += containerTexts(service);
    texts += settingTexts(job.env) + settingTexts(job.outputs) + settingTexts(job.with)
             + settingTexts(job.secrets.passed);
    for (const MatrixLeg &leg : job.matrix.legs) {
        for (const MatrixValue &value : leg.values + leg.added)
            texts.append(value.value);
    }
    for (const WorkflowStep &step : job.steps)
        texts += stepTexts(step);
    return texts;
}

QStringList allTexts(const Workflow &workflow)
{
    QStringList texts{workflow.runName.text, workflow.concurrency.group.text,
                      workflow.defaults.shell.text, workflow.defaults.workingDirectory.text};
    texts += settingTexts(workflow.env);
    for (const WorkflowJob &job : workflow.jobs)
        texts += allTexts(job);
    return texts;
}

} // namespace pilothouse
