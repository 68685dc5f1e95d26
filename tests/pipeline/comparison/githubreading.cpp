#include "pipeline/comparison/githubreading.h"

#include "support/places.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryFile>

namespace pilothouse {

namespace {

QStringList errorsIn(const QJsonValue &list)
{
    QStringList errors;
    for (const QJsonValue error : list.toArray())
        errors.append(
            QStringLiteral("%1: %2").arg(QString::number(error[QLatin1String("line")].toInt()),
                                         error[QLatin1String("message")].toString()));
    return errors;
}

QString modules()
{
    return qEnvironmentVariable("PILOTHOUSE_PARTS")
           + QStringLiteral("/workflow-parser/node_modules");
}

} // namespace

QString GithubParser::missing()
{
    if (QStandardPaths::findExecutable(QStringLiteral("node")).isEmpty())
        return QStringLiteral("node is not here: run packaging/setup --for-tests");
    for (const char *package : {"/@actions/workflow-parser", "/@actions/languageservice"}) {
        if (!QFileInfo::exists(modules() + QLatin1String(package)))
            return QStringLiteral("npm's %1 is not under $PILOTHOUSE_PARTS: run packaging/setup "
                                  "--for-tests")
                .arg(QLatin1String(package + 1));
    }
    return {};
}

QJsonObject GithubParser::run(const QStringList &arguments)
{
    QProcess node;
    node.start(
        QStringLiteral("node"),
        QStringList{QStringLiteral("--no-warnings"),
                    QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/pipeline/comparison/readings.mjs"),
                    modules()}
            + arguments);
    if (!node.waitForFinished(50'000) || node.exitCode() != 0)
        qFatal("GitHub's parser did not answer: %s",
               qPrintable(QString::fromUtf8(node.readAllStandardError())));
    return QJsonDocument::fromJson(node.readAllStandardOutput()).object();
}

QHash<QString, GithubReading> GithubParser::workflows(const QStringList &paths)
{
    const QJsonObject all = run(QStringList{QStringLiteral("workflows")} + paths);
    QHash<QString, GithubReading> readings;
    for (auto it = all.begin(); it != all.end(); ++it) {
        const QJsonObject file = it.value().toObject();
        GithubReading reading;
        for (const QJsonValue value : file[QLatin1String("jobs")].toArray()) {
            GithubJob job;
            job.id = value[QLatin1String("id")].toString();
            job.uses = value[QLatin1String("uses")].toString();
            job.steps = value[QLatin1String("steps")].toInt();
            for (const QJsonValue need : value[QLatin1String("needs")].toArray())
                job.needs.append(need.toString());
            job.needs.removeDuplicates();
            reading.jobs.append(job);
        }
        reading.errors = errorsIn(file[QLatin1String("errors")]);
        reading.serviceErrors = errorsIn(file[QLatin1String("serviceErrors")]);
        for (const QJsonValue warning : file[QLatin1String("serviceWarnings")].toArray())
            reading.serviceWarnings.append(warning[QLatin1String("line")].toInt());
        readings.insert(it.key(), reading);
    }
    return readings;
}

QHash<QString, QString> GithubParser::values(const QStringList &expressions,
                                             const QJsonObject &contexts)
{
    QTemporaryFile file;
    if (!file.open())
        qFatal("no temporary file");
    file.write(QJsonDocument(QJsonObject{{QStringLiteral("contexts"), contexts},
                                         {QStringLiteral("expressions"),
                                          QJsonArray::fromStringList(expressions)}})
                   .toJson());
    file.close();
    const QJsonObject all = run({QStringLiteral("expressions"), file.fileName()});
    QHash<QString, QString> values;
    for (auto it = all.begin(); it != all.end(); ++it)
        values.insert(it.key(), it.value().toString());
    return values;
}

} // namespace pilothouse
