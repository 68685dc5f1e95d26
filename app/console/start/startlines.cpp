#include "app/console/start/startlines.h"

#include "base/words.h"

#include <QDir>

namespace pilothouse {
namespace {

using Act = StartLine::Act;

const QString foundIcon = QStringLiteral("circle-check");
const QString missingIcon = QStringLiteral("circle-dashed");
const QString wrongIcon = QStringLiteral("triangle-alert");

StartLine looking(const QString &headline, const QString &sentence)
{
    StartLine line;
    line.icon = missingIcon;
    line.headline = headline;
    line.sentence = sentence;
    return line;
}

QString fromHome(const QString &path, const QString &home)
{
    if (path == home)
        return QStringLiteral("~");
    return path.startsWith(home + QLatin1Char('/')) ? QLatin1Char('~') + path.mid(home.size())
                                                    : path;
}

QString counted(qsizetype count)
{
    return count == 0   ? Words::tr("no workflows")
           : count == 1 ? Words::tr("one workflow")
                        : Words::tr("%1 workflows").arg(count);
}

QString usedFor(VendorProgram program)
{
    return program == VendorProgram::Gh ? Words::tr("GitHub's runs and logs are read with it.")
                                        : Words::tr("Cloud Run and Cloud Build are read with it.");
}

QString installingPage(VendorProgram program)
{
    return program == VendorProgram::Gh
               ? QStringLiteral("https://cli.github.com/")
               : QStringLiteral("https://cloud.google.com/sdk/docs/install");
}

/// One headline for how the contexts stand to the current one.
QString headlineOf(const FoundKubeconfig &kubeconfig)
{
    const QString count = kubeconfig.contexts.size() == 1
                              ? Words::tr("one context")
                              : Words::tr("%1 contexts").arg(kubeconfig.contexts.size());
    if (kubeconfig.current.isEmpty())
        return Words::tr("Kubeconfig: %1, none is current").arg(count);
    return kubeconfig.contexts.contains(kubeconfig.current)
               ? Words::tr("Kubeconfig: %1, %2 is current").arg(count, kubeconfig.current)
               : Words::tr("Kubeconfig: %1; the current one, %2, is not there")
                     .arg(count, kubeconfig.current);
}

} // namespace

QString nameOf(VendorProgram program)
{
    return program == VendorProgram::Gh ? QStringLiteral("gh") : QStringLiteral("gcloud");
}

StartLine lookingForClone()
{
    return looking(Words::tr("Clone"), Words::tr("Looking at the current folder and above."));
}

StartLine lookingForKubeconfig()
{
    return looking(Words::tr("Kubeconfig"), Words::tr("Looking where kubectl looks."));
}

StartLine lookingFor(VendorProgram program)
{
    return looking(nameOf(program), Words::tr("Looking where your terminal finds programs."));
}

StartLine lineOf(const std::optional<FoundClone> &clone, const QString &around, const QString &home)
{
    StartLine line;
    if (!clone) {
        line.icon = missingIcon;
        line.headline = Words::tr("No clone was found");
        line.sentence = Words::tr("There is none at %1 or above it. A workspace begins with one.")
                            .arg(fromHome(around, home));
        line.act = Act::ChooseClone;
        line.button = Words::tr("Choose a Clone…");
        line.spoken = line.button;
        return line;
    }
    const QString name = QDir(clone->folder).dirName();
    const QString at = fromHome(clone->folder, home);
    line.tone = Tone::Success;
    line.icon = foundIcon;
    line.headline
        = Words::tr("Clone: %1, %2")
              .arg(name.isEmpty() ? clone->folder : name, counted(clone->workflows.size()));
    line.act = Act::OpenClone;
    line.targets = {clone->folder};
    if (clone->hasWorkspace) {
        line.sentence = Words::tr("It has its pilothouse.yaml, in %1.").arg(at);
        line.button = Words::tr("Open It");
        line.spoken = Words::tr("Open the workspace of %1").arg(name);
    } else if (clone->workflows.isEmpty()) {
        line.sentence
            = Words::tr("There is no graph to draw yet. Writes pilothouse.yaml in %1.").arg(at);
        line.button = Words::tr("Make a Workspace");
        line.spoken = Words::tr("Make a workspace in %1").arg(name);
    } else {
        line.sentence = Words::tr("Drawing it writes one file, pilothouse.yaml, in %1.").arg(at);
        line.button = Words::tr("Draw Its Graph");
        line.spoken = Words::tr("Draw the graph of %1").arg(name);
    }
    return line;
}

StartLine lineOf(const FoundKubeconfig &kubeconfig, const QString &home)
{
    StartLine line;
    QStringList places;
    for (const QString &path : kubeconfig.paths)
        places << fromHome(path, home);
    const QString at = places.join(QStringLiteral(", "));
    if (kubeconfig.error) {
        line.tone = Tone::Danger;
        line.icon = wrongIcon;
        line.headline = Words::tr("The kubeconfig cannot be read");
        // There is little room, and the reason stands behind the path.
        line.sentence = kubeconfig.error->message;
        line.sentence.replace(home + QLatin1Char('/'), QLatin1String("~/"));
        line.act = Act::LookAgain;
        line.button = Words::tr("Read Again");
        line.spoken = Words::tr("Read the kubeconfig again");
        return line;
    }
    if (kubeconfig.contexts.isEmpty()) {
        line.icon = missingIcon;
        line.headline = kubeconfig.isThere ? Words::tr("The kubeconfig names no context")
                                           : Words::tr("No kubeconfig was found");
        line.sentence = Words::tr("Looked at %1. A track on Kubernetes needs one.").arg(at);
        line.act = Act::ChooseKubeconfig;
        line.button = Words::tr("Choose a File…");
        line.spoken = Words::tr("Choose a kubeconfig");
        return line;
    }
    line.tone = Tone::Success;
    line.icon = foundIcon;
    line.headline = headlineOf(kubeconfig);
    line.sentence = Words::tr("A track names its own in pilothouse.yaml: %1.")
                        .arg(kubeconfig.contexts.join(QStringLiteral(", ")));
    line.act = Act::CopyContext;
    line.button = Words::tr("Copy Context");
    line.spoken = Words::tr("Copy a context of the kubeconfig as a track names it");
    line.targets = kubeconfig.contexts;
    line.current = kubeconfig.current;
    return line;
}

StartLine lineOf(VendorProgram program, const VendorState &state)
{
    using State = VendorState::State;
    const QString name = nameOf(program);
    StartLine line;
    line.tone = Tone::Success;
    line.icon = foundIcon;
    line.headline = Words::tr("%1 was found").arg(name);
    line.sentence = usedFor(program);
    line.act = Act::AskSignIn;
    line.button = Words::tr("Check Sign-in");
    line.spoken = Words::tr("Check whether %1 is signed in").arg(name);
    switch (state.state) {
    case State::Missing:
        line.tone = Tone::Neutral;
        line.icon = missingIcon;
        line.headline = Words::tr("%1 was not found").arg(name);
        line.sentence += QLatin1Char(' ') + Words::tr("Install it or put it on the PATH.");
        line.act = Act::ShowInstalling;
        line.button = Words::tr("How to Install");
        line.spoken = Words::tr("Show how to install %1").arg(name);
        line.targets = {installingPage(program)};
        break;
    case State::There:
        break;
    case State::Asking:
        line.sentence = Words::tr("Asking %1 whether it is signed in.").arg(name);
        break;
    case State::SignedIn:
        line.headline = Words::tr("%1 is signed in").arg(name);
        break;
    case State::SignedOut:
        line.tone = Tone::Warning;
        line.icon = wrongIcon;
        line.sentence = state.why;
        line.act = Act::SignIn;
        line.button = Words::tr("Sign In");
        line.spoken = Words::tr("Sign in with %1").arg(name);
        break;
    case State::SigningIn:
        line.tone = Tone::Neutral;
        line.icon = missingIcon;
        line.headline = Words::tr("%1 waits for you in the browser").arg(name);
        line.sentence = state.why.isEmpty() ? Words::tr("It says what to do as soon as it knows.")
                                            : state.why;
        line.act = state.page.isEmpty() ? Act::CancelSignIn : Act::OpenLoginPage;
        line.button = state.page.isEmpty() ? Words::tr("Cancel") : Words::tr("Open Page");
        line.spoken = state.page.isEmpty() ? Words::tr("Cancel signing in with %1").arg(name)
                                           : Words::tr("Open the page where %1 signs in").arg(name);
        line.targets = {state.page};
        break;
    case State::Unknown:
        line.tone = Tone::Warning;
        line.icon = wrongIcon;
        line.sentence = state.why;
        break;
    }
    return line;
}

QString contextKeys(const FoundKubeconfig &kubeconfig, const QString &context)
{
    const QString key = QStringLiteral("context: ") + yamlScalar(context);
    return kubeconfig.origin == FoundKubeconfig::Origin::Usual
               ? key
               : QStringLiteral("kubeconfig: %1\n%2")
                     .arg(yamlScalar(kubeconfig.paths.value(0)), key);
}

} // namespace pilothouse
