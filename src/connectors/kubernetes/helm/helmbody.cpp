#include "connectors/kubernetes/helm/helmbody.h"

#include "base/tokenforms.h"
#include "base/words.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QStringList>

#include <cmath>
#include <zlib.h>

namespace pilothouse {
namespace {

constexpr qsizetype longestDescription = 240;
/// A Secret holds 1 MiB at most; what unpacks to more than this is no release.
constexpr qsizetype largestRelease = 64 << 20;

tl::unexpected<Error> notARelease(const QString &why)
{
    return fail(ErrorKind::Malformed,
                Words::tr("A revision of the Helm release cannot be read. Look at it with `helm "
                          "history`."),
                QStringLiteral("data.release: ") + why);
}

std::optional<QByteArray> gunzipped(const QByteArray &packed)
{
    constexpr int gzipWindow = 15 + 16;
    constexpr qsizetype piece = 1 << 16;
    z_stream stream{};
    if (inflateInit2(&stream, gzipWindow) != Z_OK)
        return {};
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.constData()));
    stream.avail_in = static_cast<uInt>(packed.size());
    QByteArray plain;
    int state = Z_OK;
    while (state == Z_OK && plain.size() <= largestRelease) {
        const qsizetype before = plain.size();
        plain.resize(before + piece);
        stream.next_out = reinterpret_cast<Bytef *>(plain.data() + before);
        stream.avail_out = static_cast<uInt>(piece);
        state = inflate(&stream, Z_NO_FLUSH);
        plain.resize(before + piece - static_cast<qsizetype>(stream.avail_out));
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END ? std::optional(plain) : std::nullopt;
}

std::optional<QByteArray> plainBase64(const QByteArray &text)
{
    const auto decoded
        = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(*decoded) : std::nullopt;
}

QJsonValue valueAt(const QJsonObject &values, const QStringList &path)
{
    QJsonValue value = values;
    for (const QString &key : path)
        value = value.toObject().value(key);
    return value;
}

QJsonObject withoutValue(QJsonObject values, const QStringList &path)
{
    if (path.size() == 1) {
        values.remove(path.first());
    } else if (values.value(path.first()).isObject()) {
        const QJsonObject inner = withoutValue(values.value(path.first()).toObject(), path.mid(1));
        // `canary: {weight: 10}` beside no `canary` at all says nothing else than the weight.
        if (inner.isEmpty())
            values.remove(path.first());
        else
            values.insert(path.first(), inner);
    }
    return values;
}

/// The values as the templates see them: the release's win, and a null takes the chart's away.
QJsonObject coalesced(const QJsonObject &chartValues, const QJsonObject &config)
{
    QJsonObject values = chartValues;
    for (auto it = config.begin(); it != config.end(); ++it) {
        if (it->isNull())
            values.remove(it.key());
        else if (it->isObject() && values.value(it.key()).isObject())
            values.insert(it.key(), coalesced(values.value(it.key()).toObject(), it->toObject()));
        else
            values.insert(it.key(), *it);
    }
    return values;
}

/// Without the times of its files, which Helm 4 keeps, and without its values: with --reuse-values
/// Helm writes the last release's into it.
QJsonObject templatesOf(const QJsonObject &chart)
{
    QJsonArray templates;
    for (const QJsonValue each : chart.value(QLatin1String("templates")).toArray())
        templates.append(QJsonArray{each.toObject().value(QLatin1String("name")),
                                    each.toObject().value(QLatin1String("data"))});
    return {{QStringLiteral("metadata"), chart.value(QLatin1String("metadata"))},
            {QStringLiteral("templates"), templates}};
}

std::optional<HelmValue> weightFrom(const QJsonValue &value)
{
    HelmValue weight;
    double number = value.toDouble(-1);
    if (value.isString()) {
        bool isNumber = false;
        number = value.toString().toInt(&isNumber);
        if (!isNumber)
            return {};
        weight.form = HelmValue::Form::Text;
    }
    if (number < 0 || number > 100 || number != std::floor(number))
        return {};
    weight.percent = static_cast<int>(number);
    return weight;
}

void readWeight(const QJsonValue &value, const QString &valuePath, HelmBody &body)
{
    body.weight = weightFrom(value);
    if (body.weight)
        return;
    body.weightProblem
        = value.isUndefined()
              ? Words::tr("neither the release nor its chart has a value %1").arg(valuePath)
              : Words::tr("the value %1 is no whole number from 0 to 100").arg(valuePath);
}

bool saysFailed(const QString &description)
{
    static const QRegularExpression failure(
        QStringLiteral("^(Release|Upgrade|Rollback|Install|Installation)\\b[^:]* failed\\b"),
        QRegularExpression::CaseInsensitiveOption);
    return failure.match(description).hasMatch();
}

} // namespace

QString shownDescription(const QString &description)
{
    // What is cut off need not be looked at: it can be a whole Deployment.
    QString line = maskedText(description.left(longestDescription * 4)).simplified();
    if (line.size() > longestDescription || description.size() > longestDescription * 4)
        line = line.left(longestDescription - 1).trimmed() + QChar(0x2026);
    return line;
}

Result<QJsonObject> unpackRelease(const QJsonObject &secret)
{
    const QJsonValue data
        = secret.value(QLatin1String("data")).toObject().value(QLatin1String("release"));
    if (!data.isString())
        return notARelease(QStringLiteral("not there"));
    const auto once = plainBase64(data.toString().toLatin1());
    const auto twice = once ? plainBase64(*once) : std::nullopt;
    if (!twice)
        return notARelease(QStringLiteral("not twice in Base64"));
    QByteArray json = *twice;
    if (json.startsWith("\x1f\x8b\x08")) {
        const auto plain = gunzipped(json);
        if (!plain)
            return notARelease(QStringLiteral("gzip is damaged or too large"));
        json = *plain;
    }
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (!document.isObject())
        return notARelease(problem.errorString());
    return document.object();
}

HelmBody decodeBody(const QJsonObject &release, const QString &valuePath)
{
    HelmBody body;
    const QJsonObject info = release.value(QLatin1String("info")).toObject();
    const QJsonObject chart = release.value(QLatin1String("chart")).toObject();
    const QJsonObject metadata = chart.value(QLatin1String("metadata")).toObject();
    const QString description = info.value(QLatin1String("description")).toString();
    body.description = shownDescription(description);
    body.failed = saysFailed(description);
    body.chart = metadata.value(QLatin1String("name")).toString();
    body.chartVersion = metadata.value(QLatin1String("version")).toString();
    body.appVersion = metadata.value(QLatin1String("appVersion")).toString();
    body.applyMethod = release.value(QLatin1String("apply_method")).toString();

    const QJsonObject values = coalesced(chart.value(QLatin1String("values")).toObject(),
                                         release.value(QLatin1String("config")).toObject());
    const QStringList path = valuePath.split(QLatin1Char('.'));
    readWeight(valueAt(values, path), valuePath, body);
    const QJsonObject besides{{QStringLiteral("chart"), templatesOf(chart)},
                              {QStringLiteral("values"), withoutValue(values, path)}};
    body.besides = QCryptographicHash::hash(QJsonDocument(besides).toJson(QJsonDocument::Compact),
                                            QCryptographicHash::Sha256);
    return body;
}

bool isServerSide(const QJsonObject &release)
{
    return release.value(QLatin1String("apply_method")).toString() == QLatin1String("ssa");
}

QString manifestOf(const QJsonObject &release)
{
    return release.value(QLatin1String("manifest")).toString();
}

} // namespace pilothouse
