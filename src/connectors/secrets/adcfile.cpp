#include "connectors/secrets/adcfile.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {
namespace {

QString adcPath()
{
    QString named = qEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS");
    if (!named.isEmpty())
        return named;
    QString folder = qEnvironmentVariable("CLOUDSDK_CONFIG");
    if (folder.isEmpty())
        folder = QDir::homePath() + QStringLiteral("/.config/gcloud");
    return folder + QStringLiteral("/application_default_credentials.json");
}

} // namespace

std::optional<AdcFile> applicationDefaultCredentials()
{
    QFile file(adcPath());
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (!document.isObject())
        return std::nullopt;
    return AdcFile{file.fileName(), document.object().value(QLatin1String("type")).toString()};
}

} // namespace pilothouse
