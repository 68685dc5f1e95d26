#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/imagequestions.h"
#include "pipeline/doctor/questions.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

bool usesImageHere(const SceneStep &step)
{
    const bool runsIt
        = std::any_of(step.commands.begin(), step.commands.end(), [](const ShellCommand &command) {
              static const QStringList programs
                  = {QStringLiteral("docker"), QStringLiteral("docker-compose"),
                     QStringLiteral("podman"), QStringLiteral("trivy"),
                     QStringLiteral("grype"),  QStringLiteral("kind"),
                     QStringLiteral("dive"),   QStringLiteral("container-structure-test")};
              return programs.contains(command.program);
          });
    return (runsIt && !buildsImage(step)) || !step.input(QStringLiteral("image-ref")).isEmpty()
           || !step.input(QStringLiteral("image")).isEmpty()
           || step.action().startsWith(QLatin1String("./"));
}

/// Jobs that wait for an image; not those that build it again, from the cache of this one.
QStringList waitingFor(const SceneFile &file, const SceneJob &job, const SceneStep &build)
{
    QStringList keys;
    for (const qsizetype index : file.waiting.value(job.job->key)) {
        if (!file.jobs[index].builds.contains(buildKey(build)))
            keys.append(file.jobs[index].job->key);
    }
    return keys;
}

QList<Match> imageDiesWithRunner(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        if (job.builds.isEmpty() || !file.waiting.contains(job.job->key))
            continue;
        int lastUse = 0;
        for (const SceneStep &step : job.steps) {
            if (usesImageHere(step) || step.action() == QLatin1String("actions/upload-artifact"))
                lastUse = step.number;
        }
        for (const SceneStep &step : job.steps) {
            if (lastUse > step.number || !buildsImage(step) || imageLeaves(step))
                continue;
            const QStringList waiting = waitingFor(file, job, step);
            if (waiting.isEmpty())
                continue;
            const WorkflowSetting *load = step.step->with.find(QStringLiteral("load"));
            const QList<ShellWord> images = builtImages(step);
            const QString image = images.isEmpty() ? Words::tr("The image") : images.first().text;
            matches.append(matchAt(
                job, step, load ? load->at : step.step->at,
                Words::tr("%1 stays on the runner of job %2; %3 wait for it and cannot get it")
                    .arg(image, job.job->key, waiting.join(QStringLiteral(", ")))));
        }
    }
    return matches;
}

Position buildPlace(const SceneStep &step)
{
    return step.step->uses.isGiven() ? step.step->uses.at : step.step->at;
}

QList<Match> builtTwice(const Scene &scene, const SceneFile &file)
{
    QList<Match> matches;
    if (!file.deploys())
        return matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneFile &other : scene.files) {
            if (&other == &file || other.deploys() || !startsBeside(file, other)
                || !buildsAgain(job, other))
                continue;
            const auto step = std::find_if(job.steps.begin(), job.steps.end(), buildsImage);
            matches.append(matchAt(
                job, *step, buildPlace(*step),
                Words::tr("Job %1 builds %2 again: what is deployed is not what %3 has tested")
                    .arg(job.job->key, dockerfile(*step), shortPath(other))));
            break;
        }
    }
    return matches;
}

QList<Match> movingTagPushed(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    if (!file.deploys())
        return matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            if (!buildsImage(step) || !imageLeaves(step))
                continue;
            for (const ShellWord &image : builtImages(step)) {
                if (image.text.endsWith(QLatin1String(":latest")))
                    matches.append(
                        matchAt(job, step, image.at,
                                Words::tr("Job %1 moves the tag latest of %2 with every run")
                                    .arg(job.job->key, image.text)));
            }
        }
    }
    return matches;
}

/// A name with a tag and without a digest, as far as the file tells.
bool isTagged(const QString &image)
{
    return !image.contains(QLatin1Char('@'))
           && image.section(QLatin1Char('/'), -1).contains(QLatin1Char(':'));
}

/// The words by which a command chooses an image by its tag.
QList<ShellWord> tagsDeployed(const ShellCommand &command)
{
    static const QRegularExpression tag(
        QStringLiteral("^([A-Za-z0-9_-]+\\.)*(image\\.tag|imageTag)="));
    static const QRegularExpression digest(QStringLiteral("[iI]mage\\.?[dD]igest="));
    QList<ShellWord> words;
    if (isHelmDeployment(command)) {
        const QList<ShellWord> settings = helmSettings(command);
        if (std::none_of(settings.begin(), settings.end(), [&](const ShellWord &setting) {
                return digest.match(setting.text).hasMatch();
            })) {
            for (const ShellWord &setting : settings) {
                if (tag.match(setting.text).hasMatch())
                    words.append(setting);
            }
        }
    } else if (isCloudRunDeployment(command)) {
        for (const ShellWord &image : command.values(QStringLiteral("--image"))) {
            if (isTagged(image.text))
                words.append(image);
        }
    } else if (command.runs(QStringLiteral("kubectl"),
                            {QStringLiteral("set"), QStringLiteral("image")})) {
        for (const ShellWord &word : command.words) {
            if (word.text.contains(QLatin1Char('=')) && !word.text.startsWith(QLatin1Char('-'))
                && isTagged(word.text))
                words.append(word);
        }
    }
    return words;
}

QList<Match> deployedByTag(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        if (!job.deploys)
            continue;
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                for (const ShellWord &word : tagsDeployed(command))
                    matches.append(matchAt(job, step, word,
                                           Words::tr("Job %1 deploys by tag (%2): who can push can "
                                                     "change what the tag means")
                                               .arg(job.job->key, word.text)));
            }
        }
    }
    return matches;
}

struct NamedBuild
{
    QString name;
    QString path;
};

/// What is built, its arguments among it → the name that it is given first.
QHash<QString, NamedBuild> namedBuilds(const SceneFile &file)
{
    QHash<QString, NamedBuild> builds;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const QList<ShellWord> images = builtImages(step);
            const QString name = images.isEmpty() ? QString() : imageName(images.first().text);
            const QString key = buildKey(step) + step.input(QStringLiteral("build-args"));
            if (!name.isEmpty() && !builds.contains(key))
                builds.insert(key, {name, shortPath(file)});
        }
    }
    return builds;
}

QList<Match> twoNames(const Scene &scene, const SceneFile &file)
{
    QHash<QString, NamedBuild> earlier; // in files before this one: a pair is told once
    for (const SceneFile &other : scene.files) {
        if (&other == &file)
            break;
        earlier.insert(namedBuilds(other));
    }
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const QList<ShellWord> images = builtImages(step);
            const QString name = images.isEmpty() ? QString() : imageName(images.first().text);
            const NamedBuild other
                = earlier.value(buildKey(step) + step.input(QStringLiteral("build-args")));
            if (!name.isEmpty() && !other.name.isEmpty() && other.name != name)
                matches.append(matchAt(job, step, images.first().at,
                                       Words::tr("%1 is called %2 here and %3 in %4")
                                           .arg(dockerfile(step), name, other.name, other.path)));
        }
    }
    return matches;
}

QList<Match> closedRegistry(const Scene &, const SceneFile &file)
{
    static const QRegularExpression host(
        QStringLiteral("(^|[^A-Za-z0-9.-])((us|eu|asia)\\.)?gcr\\.io/"));
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const auto add = [&](const ShellWord &image, const Position &at) {
                if (host.match(image.text).hasMatch())
                    matches.append(
                        matchAt(job, step, at,
                                Words::tr("%1 is in Container Registry, which is shut down")
                                    .arg(image.text)));
            };
            for (const ShellWord &image : builtImages(step))
                add(image, image.at);
            for (const ShellCommand &command : step.commands) {
                const bool pushes
                    = command.program == QLatin1String("docker")
                      && command.runs(QStringLiteral("docker"), {QStringLiteral("push")});
                if (pushes)
                    add(command.words.last(), step.placeOf(command.words.last().at));
                if (command.program != QLatin1String("gcloud"))
                    continue;
                for (const char *option : {"--image", "--tag"}) {
                    for (const ShellWord &image : command.values(QLatin1String(option)))
                        add(image, step.placeOf(image.at));
                }
            }
        }
    }
    return matches;
}

QList<Match> builtWithoutTheCache(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    bool isCached = false;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            if (step.action() != QLatin1String("docker/build-push-action"))
                continue;
            if (!step.input(QStringLiteral("cache-from")).isEmpty())
                isCached = true;
            else if (step.input(QStringLiteral("no-cache")) != QLatin1String("true"))
                matches.append(matchAt(job, step, step.step->uses.at,
                                       Words::tr("Job %1 builds this image from nothing each time; "
                                                 "another build of this file keeps a cache")
                                           .arg(job.job->key)));
        }
    }
    return isCached ? matches : QList<Match>();
}

} // namespace

QList<Rule> imageRules()
{
    using Severity = Finding::Severity;
    const QString byDigest
        = QStringLiteral("- run: >-\n"
                         "    helm upgrade context ./helm/context\n"
                         "    --set-string image.digest=${{ needs.build.outputs.digest }}\n");
    return {
        {QStringLiteral("PD-11"), Severity::Blocks, Words::tr("the image dies with its runner"),
         Words::tr("load puts an image into the Docker of this runner. The next job has another "
                   "runner, so needs gives it a wait and no image."),
         QStringLiteral("- id: push\n"
                        "  uses: docker/build-push-action@<commit SHA>\n"
                        "  with:\n"
                        "    push: true\n"
                        "    tags: registry.example.org/context:${{ github.sha }}\n"),
         imageDiesWithRunner},
        {QStringLiteral("PD-24"), Severity::Hygiene, Words::tr("one build without a cache"),
         Words::tr("The slowest build decides how long every run waits. Images that are built in "
                   "one file can keep their layers in the same way, each under its own scope."),
         QStringLiteral("cache-from: type=gha,scope=migrations\n"
                        "cache-to: type=gha,mode=max,scope=migrations\n"),
         builtWithoutTheCache},
        {QStringLiteral("PD-27"), Severity::Risk, Words::tr("built again for the deployment"),
         Words::tr("A second build takes newer base images and packages. Deploy the digest that "
                   "the tests ran on."),
         byDigest, builtTwice},
        {QStringLiteral("PD-28"), Severity::Risk, Words::tr("a moving tag is pushed"),
         Words::tr("Every run gives latest to another image, so no two pulls need be the same and "
                   "nothing can be gone back to by it."),
         QStringLiteral("tags: registry.example.org/context:${{ github.sha }}\n"), movingTagPushed},
        {QStringLiteral("PD-28b"), Severity::Risk, Words::tr("deployed by tag"),
         Words::tr("A tag can be pushed again; a digest names one image for ever."), byDigest,
         deployedByTag},
        {QStringLiteral("PD-46"), Severity::Hygiene, Words::tr("one image, two names"),
         Words::tr("The same file is built under two names, so nobody can see that the tested and "
                   "the deployed image belong together."),
         QStringLiteral("tags: ${{ vars.REGISTRY }}/context-app:${{ github.sha }}\n"), twoNames},
        {QStringLiteral("PD-60"), Severity::Hygiene, Words::tr("Container Registry"),
         Words::tr("Container Registry is shut down; its host name is answered by Artifact "
                   "Registry for old projects only."),
         QStringLiteral("--image=us-central1-docker.pkg.dev/PROJECT/REPOSITORY/context@sha256:…\n"),
         closedRegistry},
    };
}

} // namespace pilothouse
