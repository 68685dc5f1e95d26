#pragma once

#include "../clusterobjects.h"

#include <zlib.h>

namespace pilothouse {

/// A revision of the release "web" for tests: what stands in its Secret.
struct HelmSecret
{
    int number = 1;
    QByteArray status = "deployed";
    QString description = QStringLiteral("Upgrade complete");
    QByteArray config = "{'canary': {'weight': 10}, 'image': {'tag': 'b'}}"; ///< ' for "
    QByteArray chartValues = "{'canary': {'weight': 0}}";
    QByteArray chartVersion = "1.4.0";
    QByteArray applyMethod; ///< empty = Helm 3
    QString manifest;
    qint64 madeAt = 1'795'527'000; ///< 2026-11-24T13:30:00Z
    QByteArray resourceVersion = "500";
};

[[nodiscard]] inline QByteArray gzipped(const QByteArray &plain)
{
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    QByteArray out(qsizetype(deflateBound(&stream, uLong(plain.size()))), Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(plain.constData()));
    stream.avail_in = uInt(plain.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = uInt(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(qsizetype(stream.total_out));
    deflateEnd(&stream);
    return out;
}

[[nodiscard]] inline QJsonObject releaseObject(const HelmSecret &secret)
{
    QJsonObject release
        = parsed("{'name': 'web', 'namespace': 'production', 'version': "
                 + QByteArray::number(secret.number) + ", 'info': {'status': '" + secret.status
                 + "', 'deleted': ''},"
                   " 'chart': {'metadata': {'name': 'web', 'version': '"
                 + secret.chartVersion
                 + "', 'appVersion': '9f3c2a1'},"
                   "   'templates': [{'name': 'templates/route.yaml', 'data': 'e30='}],"
                   "   'values': "
                 + secret.chartValues + "}, 'config': " + secret.config + "}");
    QJsonObject info = release.value(QLatin1String("info")).toObject();
    info.insert(QStringLiteral("description"), secret.description);
    release.insert(QStringLiteral("info"), info);
    release.insert(QStringLiteral("manifest"), secret.manifest);
    if (!secret.applyMethod.isEmpty())
        release.insert(QStringLiteral("apply_method"), QString::fromLatin1(secret.applyMethod));
    return release;
}

/// What a list of metadata has of it.
[[nodiscard]] inline QJsonObject secretMetadata(const HelmSecret &secret)
{
    const QByteArray number = QByteArray::number(secret.number);
    return parsed(
        "{'metadata': {'name': 'sh.helm.release.v1.web.v" + number + "', 'resourceVersion': '"
        + secret.resourceVersion + "', 'creationTimestamp': '"
        + QDateTime::fromSecsSinceEpoch(secret.madeAt, Qt::UTC).toString(Qt::ISODate).toLatin1()
        + "', 'labels': {'owner': 'helm', 'name': 'web', 'status': '" + secret.status
        + "', 'version': '" + number + "', 'modifiedAt': '"
        + QByteArray::number(secret.madeAt - 86'400) + "'}}}");
}

[[nodiscard]] inline QJsonObject secretObject(const HelmSecret &secret)
{
    QJsonObject object = secretMetadata(secret);
    const QByteArray packed = gzipped(bytes(releaseObject(secret))).toBase64().toBase64();
    object.insert(QStringLiteral("data"),
                  QJsonObject{{QStringLiteral("release"), QString::fromLatin1(packed)}});
    return object;
}

} // namespace pilothouse
