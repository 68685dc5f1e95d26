#include "app/sandbox/cluster/helmhistory.h"

#include "app/sandbox/kubernetes/objectstore.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <zlib.h>

namespace pilothouse::sandbox {

namespace {

QString goTime(const QDateTime &at)
{
    return at.toUTC().toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss.zzz'000000Z'"));
}

QString deploymentOf(const HelmRevision &revision)
{
    QString text = QStringLiteral("---\n"
                                  "# Source: context-intelligence/templates/deployment.yaml\n"
                                  "apiVersion: apps/v1\n"
                                  "kind: Deployment\n"
                                  "metadata:\n"
                                  "  name: %1\n"
                                  "spec:\n"
                                  "  template:\n"
                                  "    spec:\n"
                                  "      containers:\n"
                                  "        - name: app\n"
                                  "          image: docker.io/coditect/context-app:%2\n");
    text = text.arg(revision.release, revision.sha);
    if (!revision.candidateSha.isEmpty()) {
        HelmRevision candidate = revision;
        candidate.sha = revision.candidateSha;
        candidate.candidateSha.clear();
        candidate.release += QLatin1String("-canary");
        text += deploymentOf(candidate);
    }
    return text;
}

/// Without rules, as the live one was made: those are the deploy job's.
QString routeOf(const HelmRevision &revision)
{
    return QStringLiteral("---\n"
                          "# Source: context-intelligence/templates/httproute.yaml\n"
                          "apiVersion: gateway.networking.k8s.io/v1\n"
                          "kind: HTTPRoute\n"
                          "metadata:\n"
                          "  name: %1\n"
                          "spec:\n"
                          "  parentRefs:\n"
                          "    - name: public\n"
                          "  hostnames:\n"
                          "    - context.example.test\n")
        .arg(revision.release);
}

} // namespace

QByteArray gzip(const QByteArray &plain)
{
    constexpr int gzipWindow = 15 + 16;
    constexpr int memoryLevel = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzipWindow, memoryLevel, Z_DEFAULT_STRATEGY)
        != Z_OK)
        return {};
    QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(plain.size()))),
                   Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(plain.constData()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return out;
}

QJsonObject helmSecret(const HelmRevision &revision)
{
    const QString number = QString::number(revision.revision);
    const bool canary = !revision.candidateSha.isEmpty();
    QJsonObject config{
        {QStringLiteral("image"), QJsonObject{{QStringLiteral("tag"), revision.sha}}},
        {QStringLiteral("canary"), QJsonObject{{QStringLiteral("enabled"), canary}}}};
    if (canary)
        config.insert(QStringLiteral("canary"),
                      QJsonObject{{QStringLiteral("enabled"), true},
                                  {QStringLiteral("image"),
                                   QJsonObject{{QStringLiteral("tag"), revision.candidateSha}}}});
    const QJsonObject release{
        {QStringLiteral("name"), revision.release},
        {QStringLiteral("namespace"), revision.nameSpace},
        {QStringLiteral("version"), revision.revision},
        {QStringLiteral("info"),
         QJsonObject{{QStringLiteral("first_deployed"), goTime(revision.at.addDays(-90))},
                     {QStringLiteral("last_deployed"), goTime(revision.at)},
                     {QStringLiteral("deleted"), QString()},
                     {QStringLiteral("description"), revision.description},
                     {QStringLiteral("status"), revision.status}}},
        {QStringLiteral("chart"),
         QJsonObject{{QStringLiteral("metadata"),
                      QJsonObject{{QStringLiteral("name"), revision.release},
                                  {QStringLiteral("version"), QStringLiteral("1.0.0")},
                                  {QStringLiteral("appVersion"), revision.sha.left(7)},
                                  {QStringLiteral("apiVersion"), QStringLiteral("v2")}}},
                     {QStringLiteral("templates"), QJsonArray()},
                     {QStringLiteral("values"), QJsonObject()}}},
        {QStringLiteral("config"), config},
        {QStringLiteral("manifest"), deploymentOf(revision) + routeOf(revision)}};
    const QByteArray packed
        = gzip(QJsonDocument(release).toJson(QJsonDocument::Compact)).toBase64().toBase64();
    const QJsonObject labels{
        {QStringLiteral("owner"), QStringLiteral("helm")},
        {QStringLiteral("name"), revision.release},
        {QStringLiteral("status"), revision.status},
        {QStringLiteral("version"), number},
        {QStringLiteral("modifiedAt"), QString::number(revision.at.toSecsSinceEpoch())}};
    return {
        {QStringLiteral("metadata"),
         QJsonObject{{QStringLiteral("name"),
                      QStringLiteral("sh.helm.release.v1.%1.v%2").arg(revision.release, number)},
                     {QStringLiteral("namespace"), revision.nameSpace},
                     {QStringLiteral("labels"), labels},
                     {QStringLiteral("creationTimestamp"), kubernetesTime(revision.at)}}},
        {QStringLiteral("type"), QStringLiteral("helm.sh/release.v1")},
        {QStringLiteral("data"),
         QJsonObject{{QStringLiteral("release"), QString::fromLatin1(packed)}}}};
}

} // namespace pilothouse::sandbox
