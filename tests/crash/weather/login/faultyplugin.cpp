#include "crash/weather/login/faultyplugin.h"

#include "base/whendone.h"
#include "connectors/http/testcertificate.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace pilothouse {

using namespace std::chrono_literals;

namespace {

using Place = PluginFault::Place;

const QString version = QStringLiteral("client.authentication.k8s.io/v1");
/// In hurried time: as long as a program rests, and a little more.
constexpr std::chrono::seconds untilWell{32};
constexpr int sooner = 216; // three minutes become what a request waits for an answer
const QString refused = QStringLiteral("The cluster refuses what the sign-in program");

/// One program for all passes: a file that was just written cannot be started while another thread
/// is starting something.
QString made(const QTemporaryDir &folder, const QByteArray &text)
{
    QFile file(folder.filePath(QStringLiteral("login")));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(file.errorString()));
    file.write(text);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return file.fileName();
}

/// It does what its kubeconfig's FAULT says.
const QString &program()
{
    static const QTemporaryDir folder;
    static const QString file = made(folder, "#!/bin/sh\n. \"$FAULT\"\n");
    return file;
}

const QString &notToRun()
{
    static const QTemporaryDir folder;
    static const QString file = made(folder, "#!/there/is/no/such/shell\n");
    return file;
}

QByteArray printed(const QJsonObject &status,
                   const QString &kind = QStringLiteral("ExecCredential"))
{
    return QJsonDocument(QJsonObject{{QStringLiteral("apiVersion"), version},
                                     {QStringLiteral("kind"), kind},
                                     {QStringLiteral("status"), status}})
        .toJson(QJsonDocument::Compact);
}

QByteArray variable(const char *name, const QByteArray &value)
{
    return QByteArray(name) + "='" + value + "'\n";
}

} // namespace

const QList<PluginFault> &pluginFaults()
{
    using Lasts = PluginFault::Lasts;
    const auto noUse = [](const char *why) {
        return QStringLiteral("printed no credential that can be used: ") + QLatin1String(why);
    };
    const QString silent = QStringLiteral("gave no answer within");
    const QString tooMuch = QStringLiteral("printed more than 1 MB");
    static const QList<PluginFault> all{
        {QStringLiteral("is not there"), {}, Place::Missing, QStringLiteral("was not found")},
        {QStringLiteral("cannot be started"), {}, Place::NotToRun, QStringLiteral("was not found")},
        {QStringLiteral("fails and says why"), "echo 'made by the test' >&2; exit 1", Place::Script,
         QStringLiteral("ended with code 1")},
        {QStringLiteral("fails with a good credential"), "echo \"$good\"; exit 3", Place::Script,
         QStringLiteral("ended with code 3")},
        {QStringLiteral("prints nothing"), "exit 0", Place::Script, noUse("it is no JSON object")},
        {QStringLiteral("prints garbage"), "head -c 100000 /dev/urandom", Place::Script,
         noUse("it is no JSON object")},
        {QStringLiteral("prints half"), "printf %.60s \"$good\"", Place::Script,
         noUse("it is no JSON object")},
        {QStringLiteral("prints something else"), "echo \"$odd\"", Place::Script,
         noUse("its kind is not ExecCredential")},
        {QStringLiteral("prints no certificate as one"), "echo \"$none\"", Place::Script, refused},
        {QStringLiteral("prints no certificate as one for a time"), "echo \"$none\"", Place::Script,
         refused, Lasts::UntilSaid},
        {QStringLiteral("prints what has ended"), "echo \"$old\"", Place::Script, refused},
        {QStringLiteral("prints what has ended for a time"), "echo \"$old\"", Place::Script,
         QStringLiteral("which ended at"), Lasts::UntilSaid},
        {QStringLiteral("prints what is refused for a time"), "echo \"$bad\"", Place::Script,
         refused, Lasts::UntilSaid},
        {QStringLiteral("prints what is good and seems to have ended"),
         "echo \"$seemsOld\"",
         Place::Script,
         {},
         Lasts::UntilSaid},
        {QStringLiteral("hangs"), "exec sleep 60", Place::Script, silent},
        {QStringLiteral("hangs and does not want to end"),
         "trap '' TERM INT HUP; while :; do sleep 0.05; done", Place::Script, silent},
        {QStringLiteral("stands still"), "kill -STOP $$", Place::Script, silent},
        {QStringLiteral("hangs after a good credential"), "echo \"$good\"; exec sleep 60",
         Place::Script, silent},
        {QStringLiteral("is slow"), "sleep 0.2; echo \"$good\"", Place::Script},
        {QStringLiteral("leaves a child behind"), "sleep 3 & echo \"$good\"", Place::Script},
        {QStringLiteral("prints without end"), "exec yes 'made by the test'", Place::Script,
         tooMuch},
        {QStringLiteral("prints without end or line"), "exec cat /dev/zero", Place::Script,
         tooMuch},
        {QStringLiteral("complains without end"), "exec yes 'made by the test' >&2", Place::Script,
         tooMuch},
        {QStringLiteral("trickles"), "while :; do printf x; sleep 0.05; done", Place::Script,
         silent},
        {QStringLiteral("is killed"), "kill -9 $$", Place::Script,
         QStringLiteral("was ended by a signal")},
        {QStringLiteral("is killed after a good credential"), "echo \"$good\"; kill -9 $$",
         Place::Script, QStringLiteral("was ended by a signal")},
    };
    return all;
}

FaultyPlugin::FaultyPlugin(const PluginFault &fault, QString step, const QByteArray &token)
    : m_fault(fault), m_step(std::move(step)), m_token(token),
      m_path(*this, {}, QStringLiteral("/usr/bin:/bin")),
      m_credential(plugin(), {*this, m_path, m_consent, m_clock}), m_told(*this)
{
    place(Place::Script);
}

ExecPlugin FaultyPlugin::plugin() const
{
    ExecPlugin plugin;
    plugin.apiVersion = version;
    plugin.command = file("login");
    plugin.environment = {{QStringLiteral("FAULT"), file("fault")}};
    plugin.context = QStringLiteral("prod");
    return plugin;
}

QString FaultyPlugin::file(const char *name) const
{
    return m_folder.filePath(QLatin1String(name));
}

void FaultyPlugin::place(Place place)
{
    QFile::remove(file("login"));
    if (place != Place::Missing)
        QFile::link(place == Place::Script ? program() : notToRun(), file("login"));
}

void FaultyPlugin::before(const QString &step)
{
    if (step != m_step)
        return;
    m_armed = Armed::Yes;
    place(m_fault.place);
    m_credential.forget();
}

bool FaultyPlugin::isWell() const
{
    if (!m_struckAt)
        return true;
    return m_running == 0 && m_clock.sinceBoot() - *m_struckAt >= untilWell;
}

QFuture<Result<SignIn>> FaultyPlugin::Told::signIn()
{
    auto future = m_plugin.m_credential.signIn();
    whenDone(
        future, &m_context,
        [this](const Result<SignIn> &signIn) {
            if (!signIn)
                m_plugin.heard(signIn.error());
        },
        [] {});
    return future;
}

void FaultyPlugin::heard(const Error &error)
{
    m_heard.append(error);
    if (m_armed == Armed::No || m_fault.place == Place::Script)
        return;
    m_armed = Armed::No;
    m_struckAt = m_clock.sinceBoot();
    place(Place::Script);
}

QFuture<Result<CommandOutput>> FaultyPlugin::run(const Command &command)
{
    const bool lasts = m_struckAt && m_fault.lasts == PluginFault::Lasts::UntilSaid && !hasSaid();
    const bool strikes = m_fault.place == Place::Script && (m_armed == Armed::Yes || lasts);
    if (strikes)
        m_struckAt = m_clock.sinceBoot();
    if (m_fault.place == Place::Script)
        m_armed = Armed::No;
    const auto token = [](const QByteArray &text, const QDateTime &end) {
        return QJsonObject{
            {QStringLiteral("token"), QString::fromLatin1(text)},
            {QStringLiteral("expirationTimestamp"), end.toUTC().toString(Qt::ISODate)}};
    };
    const QDateTime now = m_clock.now();
    QFile script(file("fault"));
    if (!script.open(QIODevice::WriteOnly | QIODevice::Truncate))
        qFatal("%s", qPrintable(script.errorString()));
    script.write(
        variable("good", printed(token(m_token, now.addSecs(3600))))
        + variable("seemsOld", printed(token(m_token, now.addSecs(-3600))))
        + variable("old", printed(token("old", now.addSecs(-3600))))
        + variable("bad", printed(token("refused", now.addSecs(3600))))
        + variable("odd", printed(token(m_token, now.addSecs(3600)), QStringLiteral("Status")))
        + variable("none",
                   printed({{QStringLiteral("clientCertificateData"), QStringLiteral("none")},
                            {QStringLiteral("clientKeyData"), QStringLiteral("none")}}))
        + (strikes ? m_fault.script : QByteArray("echo \"$good\"")) + '\n');
    script.close();
    Command hasty = command;
    hasty.timeout = command.timeout / sooner;
    ++m_running;
    const auto future = m_runner.run(hasty);
    whenDone(
        future, &m_context, [this](const Result<CommandOutput> &) { --m_running; }, [] {});
    return future;
}

bool FaultyPlugin::hasSaid() const
{
    return !m_fault.says.isEmpty()
           && std::any_of(m_heard.cbegin(), m_heard.cend(), [this](const Error &error) {
                  return error.message.contains(m_fault.says);
              });
}

bool FaultyPlugin::mustSay() const
{
    // The first credential that is refused is followed by another at once.
    const bool helpedAtOnce = m_step == QLatin1String("start")
                              && m_fault.lasts == PluginFault::Lasts::OneRun
                              && m_fault.says == refused;
    return !m_fault.says.isEmpty() && !helpedAtOnce;
}

QString FaultyPlugin::wrong() const
{
    for (const Error &error : m_heard) {
        if (error.kind != ErrorKind::SignedOut)
            return QStringLiteral("a failed sign-in is no lack of one: ") + error.message;
        if (!error.message.endsWith(QLatin1Char('.')) || !error.message.contains(plugin().context))
            return QStringLiteral("not said where to look: ") + error.message;
        if ((error.message + error.detail).contains(QString::fromLatin1(m_token)))
            return QStringLiteral("the token is shown");
    }
    if (mustSay() && !hasSaid())
        return QStringLiteral("not said: ") + m_fault.says;
    if (!mustSay() && !m_heard.isEmpty())
        return QStringLiteral("said though nothing was wrong: ") + m_heard.first().message;
    return {};
}

} // namespace pilothouse
