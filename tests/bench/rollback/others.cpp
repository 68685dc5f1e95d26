#include "bench/rollback/others.h"

#include "bench/rollback/moments.h"
#include "support/kube/canaryworld.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>

#include <unistd.h>

namespace pilothouse::bench {
namespace {

constexpr int patience = 60'000; // ms

void writeFile(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("%s cannot be written", qPrintable(path));
}

/// What it printed; ends this program if it fails.
QString outputOf(const QString &program, const QStringList &arguments, const QString &home)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), home);
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!process.waitForFinished(patience) || process.exitCode() != 0)
        qFatal("%s %s: %s", qPrintable(program), qPrintable(arguments.join(QLatin1Char(' '))),
               process.readAllStandardError().constData());
    return QString::fromUtf8(process.readAllStandardOutput());
}

} // namespace

CurlTimes curlRollback(const KubeServer &server, const HttpRequest &patch)
{
    const QTemporaryDir folder;
    writeFile(folder.filePath(QStringLiteral("body")), patch.body);
    writeFile(folder.filePath(QStringLiteral("authority")), server.authority());
    const QString url = server.url().toString() + CanaryWorld::routePath();
    const auto common = [&](const QString &target) {
        return QStringList{QStringLiteral("--silent"),
                           QStringLiteral("--fail"),
                           QStringLiteral("--cacert"),
                           folder.filePath(QStringLiteral("authority")),
                           QStringLiteral("--header"),
                           QStringLiteral("Authorization: Bearer console-token"),
                           QStringLiteral("--header"),
                           QStringLiteral("Accept: application/json"),
                           QStringLiteral("--output"),
                           folder.filePath(QStringLiteral("answer")),
                           QStringLiteral("--write-out"),
                           QStringLiteral("%{http_code} %{num_connects} %{time_total}\\n"),
                           target};
    };
    QStringList arguments;
    for (int get = 0; get < 2; ++get)
        arguments << common(url) << QStringLiteral("--next");
    arguments << QStringLiteral("--request") << QStringLiteral("PATCH")
              << QStringLiteral("--header")
              << QStringLiteral("Content-Type: ") + QString::fromLatin1(patch.contentType)
              << QStringLiteral("--data-binary")
              << QStringLiteral("@") + folder.filePath(QStringLiteral("body"))
              << common(patch.url.toString(QUrl::FullyEncoded));
    const QString said = outputOf(QStringLiteral("curl"), arguments, folder.path());
    const QStringList lines = said.trimmed().split(QLatin1Char('\n'));
    const auto secondsOf = [&](qsizetype line, const QString &connections) {
        const QStringList words = lines.value(line).split(QLatin1Char(' '));
        if (words.value(0) != QLatin1String("200") || words.value(1) != connections)
            qFatal("curl was not answered as it should be:\n%s", qPrintable(said));
        return words.value(2).toDouble();
    };
    (void)secondsOf(0, QStringLiteral("1"));
    return {secondsOf(1, QStringLiteral("0")), secondsOf(2, QStringLiteral("0"))};
}

double plainSync(const QString &folder)
{
    QFile file(folder + QStringLiteral("/plain"));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Append))
        qFatal("%s", qPrintable(file.errorString()));
    const QByteArray record(1024, 'x');
    const Moment begun = now();
    file.write(record);
    file.flush();
    ::fsync(file.handle());
    return since(begun);
}

double kubectlRollback(const KubeServer &server, const HttpRequest &patch)
{
    const Moment begun = now();
    const QString said = server.kubectl({QStringLiteral("patch"),
                                         QStringLiteral("httproutes.gateway.networking.k8s.io"),
                                         CanaryWorld::name(), QStringLiteral("--type=json"),
                                         QStringLiteral("--patch"), QString::fromUtf8(patch.body)});
    const double seconds = since(begun);
    if (said.startsWith(QLatin1String("ERROR")))
        qFatal("%s", qPrintable(said));
    return seconds;
}

QString HelmRollback::program()
{
    const QString path = qEnvironmentVariable("PILOTHOUSE_PARTS") + QStringLiteral("/helm/3/helm");
    return QFileInfo(path).isExecutable() ? path : QString();
}

HelmRollback::HelmRollback(const KubeServer &server) : m_server(server)
{
    QDir().mkpath(chart() + QStringLiteral("/templates"));
    writeFile(chart() + QStringLiteral("/Chart.yaml"),
              "apiVersion: v2\nname: helmed\nversion: 0.1.0\n");
    writeFile(chart() + QStringLiteral("/values.yaml"), "weight: 0\n");
    writeFile(chart() + QStringLiteral("/templates/route.yaml"),
              "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
              "metadata: {name: helmed}\nspec:\n  rules:\n  - backendRefs:\n"
              "    - {name: a, port: 80, weight: {{ sub 100 (int .Values.weight) }}}\n"
              "    - {name: b, port: 80, weight: {{ int .Values.weight }}}\n");
    helm({QStringLiteral("install"), QStringLiteral("helmed"), chart()});
}

void HelmRollback::helm(const QStringList &arguments) const
{
    (void)outputOf(program(),
                   arguments
                       + QStringList{QStringLiteral("--kubeconfig"),
                                     m_server.kubeconfig(KubeServer::User::Admin)},
                   m_folder.path());
}

double HelmRollback::run()
{
    helm({QStringLiteral("upgrade"), QStringLiteral("helmed"), chart(), QStringLiteral("--set"),
          QStringLiteral("weight=10")});
    const Moment begun = now();
    helm({QStringLiteral("rollback"), QStringLiteral("helmed"), QStringLiteral("1")});
    const double seconds = since(begun);
    const QString weight = m_server.kubectl(
        {QStringLiteral("get"), QStringLiteral("httproutes.gateway.networking.k8s.io"),
         QStringLiteral("helmed"), QStringLiteral("--output"),
         QStringLiteral("jsonpath={.spec.rules[0].backendRefs[1].weight}")});
    if (weight != QLatin1String("0"))
        qFatal("helm left the weight at %s", qPrintable(weight));
    return seconds;
}

} // namespace pilothouse::bench
