#include "app/wiring/signin/consentpreview.h"

#include "base/tokenforms.h"
#include "base/words.h"
#include "connectors/secrets/adcfile.h"

#include <QFileInfo>

#include <algorithm>

namespace pilothouse {
namespace {

QString listed(const QStringList &words)
{
    return words.isEmpty() ? Words::tr("none") : words.join(QStringLiteral(", "));
}

QString whenItRuns(ProgramUse::Purpose purpose)
{
    return purpose == ProgramUse::Purpose::SignIn
               ? Words::tr("It runs with your rights whenever a sign-in has run out.")
               : Words::tr("It runs with your rights while the database is looked at, and is ended "
                           "with the console.");
}

} // namespace

QString keyWarning(const ProgramUse &use)
{
    const bool takesDefault
        = use.environment.contains(QLatin1String("USE_APPLICATION_DEFAULT_CREDENTIALS"))
          || std::any_of(use.arguments.begin(), use.arguments.end(), [](const QString &argument) {
                 return argument.contains(QLatin1String("use_application_default_credentials"));
             });
    if (!takesDefault)
        return {};
    const auto file = applicationDefaultCredentials();
    if (!file || !file->isKey())
        return {};
    return Words::tr("It would sign in with the key of a service account (%1), which does not "
                     "expire and is anybody's who has the file. Run “gcloud auth "
                     "application-default login” to sign in as yourself.")
        .arg(file->path);
}

Preview consentPreview(const ProgramUse &use, const Consent &known,
                       const EnvironmentMark &environment)
{
    using Kind = PreviewRow::Kind;
    Preview preview;
    preview.environment = environment;
    preview.scope = QFileInfo(use.program).fileName();
    preview.title = use.purpose == ProgramUse::Purpose::SignIn
                        ? Words::tr("Allow a sign-in program to run")
                        : Words::tr("Allow the way to a database to run");
    preview.verb = Words::tr("Allow");
    preview.rows = {
        {Kind::Plain, Words::tr("Program"), use.program},
        {Kind::Plain, Words::tr("SHA-256"), QString::fromLatin1(use.sha256)},
        {Kind::Plain, Words::tr("Arguments"),
         use.arguments.isEmpty() ? Words::tr("none")
                                 : maskedLine(use.arguments.join(QLatin1Char(' ')))},
        {Kind::Plain, Words::tr("Variables"), listed(use.environment)},
        {Kind::Plain, Words::tr("Asked by"), use.askedBy},
    };
    if (known.standing == Consent::Standing::Changed)
        preview.rows.append(
            {Kind::Against, Words::tr("Changed"),
             Words::tr("It is not the file that you allowed on %1. An update of it looks like "
                       "this, and so does somebody else's program in its place.")
                 .arg(known.since.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")))});
    if (const QString warning = keyWarning(use); !warning.isEmpty())
        preview.rows.append({Kind::Against, Words::tr("Key"), warning});
    preview.rows.append(
        {Kind::Plain, Words::tr("Then"),
         Words::tr("%1 It is asked about again when its file, its arguments or the names of its "
                   "variables change.")
             .arg(whenItRuns(use.purpose))});
    preview.calls = {{PlannedCall::Language::Shell, preview.scope, maskedLine(use.line()), {}, {}}};
    preview.takesReason = false;
    preview.fingerprint = use.fingerprint();
    return preview;
}

} // namespace pilothouse
