#include "connectors/prometheus/prometheusdecode.h"

#include "base/words.h"
#include "connectors/http/httperror.h"
#include "connectors/http/jsonreader.h"

#include <QJsonArray>

#include <cmath>
#include <limits>

namespace pilothouse {
namespace {

// An answer of 200 may still say "error" where a proxy rewrote the status.
Result<JsonReader> envelope(const QByteArray &body)
{
    auto reader = JsonReader::parse(body, QStringLiteral("Prometheus"));
    if (!reader)
        return reader;
    if (reader->stringOr("status") == QLatin1String("success"))
        return reader;
    if (const auto error = reader->problem())
        return fail(*error);
    return fail(ErrorKind::Malformed,
                Words::tr("Prometheus did not answer with success: %1. Check its address.")
                    .arg(reader->stringOr("error", Words::tr("it gave no reason"))),
                QString::fromUtf8(body.left(500)));
}

// Straight over the array: a reader with its path for each of 11,000 points would cost more than
// the parsing. The path is made when it is needed.
void readSamples(const JsonReader &values, Series &series)
{
    const QJsonArray points = values.value().toArray();
    series.samples.reserve(points.size());
    for (qsizetype i = 0; i < points.size(); ++i) {
        const QJsonArray pair = points.at(i).toArray();
        const QJsonValue at = pair.at(0);
        const auto value = sampleValue(pair.at(1).toString());
        if (pair.size() != 2 || !at.isDouble() || !value) {
            values.items().at(i).complain(Words::tr("a time and a value such as [0.5,\"1\"]"));
            return;
        }
        series.samples.append({qint64(std::llround(at.toDouble() * 1000)), *value});
    }
}

const QString alerting = QStringLiteral("alerting");

Alert alertIn(const JsonReader &item)
{
    Alert alert;
    alert.labels = item.strings("labels");
    alert.annotations = item.strings("annotations");
    alert.name = alert.labels.value(QStringLiteral("alertname"));
    alert.state = item.string("state");
    alert.activeAt = item.time("activeAt");
    return alert;
}

} // namespace

std::optional<double> sampleValue(QStringView text)
{
    if (text == QLatin1String("NaN"))
        return std::numeric_limits<double>::quiet_NaN();
    if (text == QLatin1String("+Inf") || text == QLatin1String("Inf"))
        return std::numeric_limits<double>::infinity();
    if (text == QLatin1String("-Inf"))
        return -std::numeric_limits<double>::infinity();
    bool good = false;
    const double value = text.toDouble(&good);
    if (!good)
        return std::nullopt;
    return value;
}

Result<SeriesSet> decodeRange(const QByteArray &body)
{
    const auto reader = envelope(body);
    if (!reader)
        return fail(reader.error());
    SeriesSet set;
    for (const char *key : {"warnings", "infos"}) {
        for (const JsonReader &text : reader->itemsIfAny(key))
            set.warnings.append(text.asString());
    }
    int onlyHistograms = 0;
    const JsonReader data = reader->child("data");
    if (data.string("resultType") != QLatin1String("matrix"))
        data.complain(Words::tr("resultType matrix"));
    for (const JsonReader &item : data.items("result")) {
        Series series;
        series.labels = item.strings("metric");
        if (const auto values = item.find("values"))
            readSamples(*values, series);
        else if (item.has("histograms"))
            ++onlyHistograms;
        set.series.append(series);
    }
    if (onlyHistograms > 0)
        set.warnings.append(Words::tr("%n series of native histograms cannot be drawn. Use "
                                      "histogram_quantile in the query.",
                                      nullptr, onlyHistograms));
    return reader->finish(set);
}

Result<QList<Alert>> decodeAlerts(const QByteArray &body)
{
    const auto reader = envelope(body);
    if (!reader)
        return fail(reader.error());
    QList<Alert> alerts;
    for (const JsonReader &item : reader->child("data").items("alerts"))
        alerts.append(alertIn(item));
    return reader->finish(alerts);
}

Result<QList<AlertRule>> decodeAlertRules(const QByteArray &body)
{
    const auto reader = envelope(body);
    if (!reader)
        return fail(reader.error());
    QList<AlertRule> rules;
    for (const JsonReader &group : reader->child("data").items("groups")) {
        for (const JsonReader &item : group.items("rules")) {
            // A server that does not know the parameter tells of those that record, too.
            if (item.stringOr("type", alerting) != alerting)
                continue;
            AlertRule rule;
            rule.name = item.string("name");
            rule.query = item.stringOr("query");
            rule.labels = item.strings("labels");
            for (const JsonReader &alert : item.itemsIfAny("alerts"))
                rule.active.append(alertIn(alert));
            if (item.stringOr("health") == QLatin1String("err"))
                rule.trouble = item.stringOr("lastError", Words::tr("it gave no reason"));
            rules.append(rule);
        }
    }
    return reader->finish(rules);
}

Error inItsOwnWords(const Error &error)
{
    const auto reader = JsonReader::parse(bodyOf(error), QStringLiteral("Prometheus"));
    if (!reader || !reader->has("error") || reader->problem())
        return error;
    const QString said = reader->stringOr("error");
    if (said.isEmpty())
        return error;
    Error own = error;
    switch (statusOf(error)) {
    case 400:
        own.message = Words::tr("Prometheus does not take the query: %1").arg(said);
        break;
    case 422:
        own.message = Words::tr("Prometheus cannot work out the query: %1").arg(said);
        break;
    case 503:
        own.message = Words::tr("Prometheus gave up on the query: %1. Try again, or ask for a "
                                "shorter time.")
                          .arg(said);
        break;
    default:
        return error;
    }
    return own;
}

} // namespace pilothouse
