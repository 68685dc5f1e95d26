#include "pipeline/doctor/imagequestions.h"

#include "pipeline/doctor/questions.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

bool runsDocker(const ShellCommand &command, const QString &verb)
{
    const bool isProgram = command.program == QLatin1String("docker")
                           || command.program == QLatin1String("podman")
                           || command.program == QLatin1String("buildah");
    return isProgram && command.runs(command.program, {verb});
}

bool isImageBuild(const ShellCommand &command)
{
    return runsDocker(command, QStringLiteral("build"))
           || runsDocker(command, QStringLiteral("bud"));
}

bool isBuildAction(const SceneStep &step)
{
    return step.action() == QLatin1String("docker/build-push-action");
}

/// The stage of the file that is built; empty = the last one.
QString targetOf(const SceneStep &step)
{
    for (const ShellCommand &command : step.commands) {
        const QList<ShellWord> targets = command.values(QStringLiteral("--target"));
        if (isImageBuild(command) && !targets.isEmpty())
            return targets.first().text;
    }
    return step.input(QStringLiteral("target"));
}

QString withoutDot(const QString &path)
{
    QString text = path.startsWith(QLatin1String("./")) ? path.mid(2) : path;
    while (text.endsWith(QLatin1Char('/')))
        text.chop(1);
    return text == QLatin1String(".") ? QString() : text;
}

} // namespace

bool buildsImage(const SceneStep &step)
{
    return isBuildAction(step) || hasCommand(step, isImageBuild);
}

bool imageLeaves(const SceneStep &step)
{
    if (!isBuildAction(step)) {
        return std::any_of(step.commands.begin(), step.commands.end(),
                           [](const ShellCommand &command) {
                               return command.option(QStringLiteral("--push"))
                                      || command.option(QStringLiteral("-o"))
                                      || command.option(QStringLiteral("--output"))
                                      || runsDocker(command, QStringLiteral("push"))
                                      || runsDocker(command, QStringLiteral("save"));
                           });
    }
    const QString push = step.input(QStringLiteral("push"));
    return (!push.isEmpty() && push != QLatin1String("false"))
           || !step.input(QStringLiteral("outputs")).isEmpty();
}

QList<ShellWord> builtImages(const SceneStep &step)
{
    QList<ShellWord> images;
    if (isBuildAction(step)) {
        const WorkflowSetting *tags = step.step->with.find(QStringLiteral("tags"));
        if (!tags)
            return images;
        Position at = tags->value.textAt;
        const QStringList lines = tags->value.text.split(QLatin1Char('\n'));
        for (const QString &line : lines) {
            // Commas separate tags too, but only where no expression holds them.
            const QStringList names = line.contains(QLatin1String("${{"))
                                          ? QStringList{line}
                                          : line.split(QLatin1Char(','));
            for (const QString &name : names) {
                const QString text = name.trimmed();
                if (!text.isEmpty())
                    images.append({text, text, at.line > 0 ? at : tags->value.at});
            }
            if (at.line > 0)
                ++at.line;
        }
        return images;
    }
    for (const ShellCommand &command : step.commands) {
        if (!isImageBuild(command))
            continue;
        for (const char *option : {"-t", "--tag"}) {
            for (ShellWord name : command.values(QLatin1String(option))) {
                name.at = step.placeOf(name.at);
                images.append(name);
            }
        }
    }
    return images;
}

QString imageName(const QString &image)
{
    static const QRegularExpression expression(QStringLiteral("\\$\\{\\{.*?\\}\\}"));
    QString text = image;
    text.replace(expression, QStringLiteral("$"));
    text = text.section(QLatin1Char('@'), 0, 0).section(QLatin1Char('/'), -1);
    const QString name = text.section(QLatin1Char(':'), 0, 0);
    return name.contains(QLatin1Char('$')) ? QString() : name;
}

QString dockerfile(const SceneStep &step)
{
    QString file;
    QString context;
    if (isBuildAction(step)) {
        file = step.input(QStringLiteral("file"));
        context = step.input(QStringLiteral("context"));
    } else {
        for (const ShellCommand &command : step.commands) {
            if (!isImageBuild(command))
                continue;
            for (const char *option : {"-f", "--file"}) {
                for (const ShellWord &value : command.values(QLatin1String(option)))
                    file = value.text;
            }
            context = command.words.last().text;
        }
    }
    if (!file.isEmpty())
        return withoutDot(file);
    context = withoutDot(context);
    return context.isEmpty() ? QStringLiteral("Dockerfile")
                             : context + QStringLiteral("/Dockerfile");
}

QString buildKey(const SceneStep &step)
{
    return dockerfile(step) + QLatin1Char(' ') + targetOf(step);
}

bool buildsAgain(const SceneJob &job, const SceneFile &other)
{
    return std::any_of(other.jobs.begin(), other.jobs.end(), [&](const SceneJob &otherJob) {
        return otherJob.builds.intersects(job.builds);
    });
}

} // namespace pilothouse
