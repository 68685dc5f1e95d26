#include "workspace/analysis/checkreader.h"

#include "base/words.h"
#include "workspace/analysis/metricquery.h"
#include "workspace/analysis/placeholders.h"

#include <QRegularExpression>

#include <limits>

namespace pilothouse {

namespace {

using Need = Fields::Need;

QString readMetric(Fields &fields, const char *key)
{
    static const QRegularExpression metric(QStringLiteral("^[A-Za-z_:][A-Za-z0-9_:]*$"));
    QString name = fields.text(key).value_or(QString());
    if (name.isEmpty() || metric.match(name).hasMatch())
        return name;
    fields.report(key, Words::tr("%1: expected the name of a metric, found \"%2\"; what comes in "
                                 "braces goes to \"match\"")
                           .arg(QLatin1String(key), name));
    return {};
}

QString readMatchers(Fields &fields, const char *key, Need need)
{
    static const QRegularExpression matchers(QStringLiteral(
        R"(^\s*[A-Za-z_]\w*\s*(=~|!~|!=|=)\s*("([^"\\]|\\.)*"|'([^'\\]|\\.)*')\s*)"
        R"((,\s*[A-Za-z_]\w*\s*(=~|!~|!=|=)\s*("([^"\\]|\\.)*"|'([^'\\]|\\.)*')\s*)*$)"));
    QString text = fields.text(key, need).value_or(QString());
    if (text.isEmpty())
        return text;
    if (!matchers.match(text).hasMatch()) {
        fields.report(key, Words::tr("%1: expected label matchers such as code=~\"5..\", found "
                                     "\"%2\"")
                               .arg(QLatin1String(key), text));
        return {};
    }
    checkPlaces(fields, key, text, queryPlaces());
    return text.trimmed();
}

/// A metric, or a number above 0.
QString readCapacity(Fields &fields)
{
    QString text = fields.text("capacity").value_or(QString());
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    if (!isNumber)
        return text.isEmpty() ? text : readMetric(fields, "capacity");
    if (number > 0 && number < std::numeric_limits<double>::infinity())
        return text;
    fields.report(
        "capacity",
        Words::tr("capacity: expected a metric or a number over 0, found \"%1\"").arg(text));
    return {};
}

MetricScope readScope(Fields &fields, const CheckSurroundings &surroundings)
{
    MetricScope scope;
    if (surroundings.series)
        scope.label = surroundings.series->label;
    scope.match = readMatchers(fields, "match", Need::Optional);
    scope.range = fields.duration("range", Need::Optional).value_or(scope.range);
    if (scope.range < 2 * surroundings.scrape && fields.has("range")) {
        fields.report("range",
                      Words::tr("range: expected at least two scrapes, %1, found %2")
                          .arg(promDuration(2 * surroundings.scrape), promDuration(scope.range)));
    }
    return scope;
}

/// The query of a saturation; empty if something of it is wrong.
QString readSaturation(Fields &fields, const CheckSurroundings &surroundings, QString &fills)
{
    const QString used = readMetric(fields, "used");
    const QString capacity = readCapacity(fields);
    const MetricScope scope = readScope(fields, surroundings);
    fills = fields.text("of", Need::Optional).value_or(QString());
    return used.isEmpty() || capacity.isEmpty() || scope.label.isEmpty()
               ? QString()
               : saturationQuery(scope, used, capacity);
}

void readErrorRatio(Fields &fields, Check &check, const CheckSurroundings &surroundings)
{
    const QString requests = readMetric(fields, "requests");
    const QString failed = readMatchers(fields, "failed", Need::Required);
    const MetricScope scope = readScope(fields, surroundings);
    if (!requests.isEmpty() && !failed.isEmpty() && !scope.label.isEmpty())
        check.query = errorRatioQuery(scope, requests, failed);
}

void readP95(Fields &fields, Check &check, const CheckSurroundings &surroundings)
{
    const QString buckets = readMetric(fields, "buckets");
    const MetricScope scope = readScope(fields, surroundings);
    if (!buckets.isEmpty() && !buckets.endsWith(QLatin1String("_bucket"))) {
        fields.report("buckets",
                      Words::tr("buckets: expected a histogram's series that ends in _bucket, "
                                "found \"%1\"")
                          .arg(buckets));
    } else if (!buckets.isEmpty() && !scope.label.isEmpty()) {
        check.query = p95Query(scope, buckets);
    }
}

void readOwnQuery(Fields &fields, Check &check, const CheckSurroundings &surroundings)
{
    check.query = fields.text("query").value_or(QString());
    if (check.query.isEmpty())
        return;
    checkPlaces(fields, "query", check.query, queryPlaces());
    const auto hasWord = [&check](const QString &word) {
        return QRegularExpression(QStringLiteral("(?<![A-Za-z0-9_])%1(?![A-Za-z0-9_])").arg(word))
            .match(check.query)
            .hasMatch();
    };
    const auto &series = surroundings.series;
    if (series && !series->label.isEmpty() && !hasWord(series->label)) {
        fields.report("query",
                      Words::tr("query: expected the series label \"%1\" of the track \"%2\" "
                                "in it, such as: sum by (%1) (…)")
                          .arg(series->label, surroundings.track));
    }
}

/// What is asked, and in which unit if the file does not say. False if the template is none, so
/// that the other keys of the check cannot be told.
bool readQuery(Fields &fields, Check &check, const CheckSurroundings &surroundings)
{
    const auto kind = fields.choice<CheckTemplate>("template",
                                                   {{"none", CheckTemplate::None},
                                                    {"error-ratio", CheckTemplate::ErrorRatio},
                                                    {"p95", CheckTemplate::P95},
                                                    {"saturation", CheckTemplate::Saturation}},
                                                   Need::Optional);
    if (!kind && fields.has("template"))
        return false;
    check.kind = kind.value_or(CheckTemplate::None);
    switch (check.kind) {
    case CheckTemplate::ErrorRatio:
        check.unit = QStringLiteral("ratio");
        readErrorRatio(fields, check, surroundings);
        break;
    case CheckTemplate::P95:
        check.unit = QStringLiteral("s");
        readP95(fields, check, surroundings);
        break;
    case CheckTemplate::Saturation:
        check.unit = QStringLiteral("ratio");
        check.query = readSaturation(fields, surroundings, check.fills);
        break;
    case CheckTemplate::None:
        readOwnQuery(fields, check, surroundings);
        break;
    }
    return true;
}

void readUnit(Fields &fields, Check &check)
{
    const auto unit = fields.choice<QString>("unit",
                                             {{"ratio", QStringLiteral("ratio")},
                                              {"s", QStringLiteral("s")},
                                              {"ms", QStringLiteral("ms")},
                                              {"1/s", QStringLiteral("1/s")},
                                              {"bytes", QStringLiteral("bytes")},
                                              {"count", QStringLiteral("count")}},
                                             check.kind == CheckTemplate::None ? Need::Required
                                                                               : Need::Optional);
    const bool isShare
        = check.kind == CheckTemplate::ErrorRatio || check.kind == CheckTemplate::Saturation;
    if (unit && isShare && *unit != check.unit) {
        fields.report(
            "unit",
            Words::tr("unit: expected ratio, which this template gives, found %1").arg(*unit));
        return;
    }
    check.unit = unit.value_or(check.unit);
}

std::optional<double> readLimit(Fields &fields, const char *key, const QString &unit)
{
    const auto limit = fields.number(key, Need::Optional);
    if (limit && *limit < 0)
        fields.report(
            key, Words::tr("%1: expected 0 or more, found %2").arg(QLatin1String(key)).arg(*limit));
    else if (limit && *limit > 1 && unit == QLatin1String("ratio"))
        fields.report(key, Words::tr("%1: expected 0 to 1 as the unit is ratio (0.01 is 1 %), "
                                     "found %2")
                               .arg(QLatin1String(key))
                               .arg(*limit));
    return limit;
}

void readLimits(Fields &fields, Check &check)
{
    check.direction = fields
                          .choice<Direction>("direction",
                                             {{"increase", Direction::Increase},
                                              {"decrease", Direction::Decrease},
                                              {"either", Direction::Either}},
                                             Need::Optional)
                          .value_or(Direction::Increase);
    check.max = readLimit(fields, "max", check.unit);
    check.min = readLimit(fields, "min", check.unit);
    check.method = fields
                       .choice<JudgeMethod>("method",
                                            {{"threshold", JudgeMethod::Threshold},
                                             {"mann-whitney", JudgeMethod::MannWhitney}},
                                            Need::Optional)
                       .value_or(JudgeMethod::Threshold);
    for (const auto &[key, limit] : {std::pair("max", check.max), std::pair("min", check.min)}) {
        if (limit && check.method == JudgeMethod::MannWhitney) {
            fields.report(key, Words::tr("%1: expected no limit beside method mann-whitney, which "
                                         "compares with the stable")
                                   .arg(QLatin1String(key)));
        }
    }
    if (check.max && check.direction == Direction::Decrease)
        fields.report("max", Words::tr("max: expected min beside direction decrease"));
    if (check.min && check.direction == Direction::Increase)
        fields.report("min", Words::tr("min: expected direction decrease or either beside it"));
    if (check.min && check.max && *check.min > *check.max)
        fields.report("min", Words::tr("min: expected no more than max, %1, found %2")
                                 .arg(*check.max)
                                 .arg(*check.min));
}

void readWindow(Fields &fields, Check &check, const CheckSurroundings &surroundings)
{
    check.minSamples
        = int(fields.integer("min_samples", Need::Optional, 1, std::numeric_limits<int>::max())
                  .value_or(0));
    check.window = fields.duration("window", Need::Optional);
    if (!check.window)
        return;
    const auto least = surroundings.scrape * std::max(check.minSamples, 1);
    if (*check.window < least) {
        fields.report("window", Words::tr("window: expected room for %1 samples, %2, found %3")
                                    .arg(std::max(check.minSamples, 1))
                                    .arg(promDuration(least), promDuration(*check.window)));
    }
}

void readScaling(Fields &fields, Check &check, const CheckSurroundings &surroundings)
{
    const bool scales = fields.flag("scales", Need::Optional).value_or(false);
    check.scales = scales ? Scaling::WithWeight : Scaling::Fixed;
    const bool isSaturation = check.kind == CheckTemplate::Saturation;
    if (isSaturation)
        check.capacity = 1;
    if (check.kind == CheckTemplate::None) {
        check.capacity = fields.number("capacity", Need::Optional);
        check.fills = fields.text("of", Need::Optional).value_or(QString());
        if (check.capacity && *check.capacity <= 0)
            fields.report(
                "capacity",
                Words::tr("capacity: expected more than 0, found %1").arg(*check.capacity));
    }
    const YamlNode beside = isSaturation ? YamlNode() : fields.map("saturation", Need::Optional);
    if (!beside.isMissing()) {
        Fields saturation(beside, Words::tr("a saturation"), fields.problems());
        check.saturationQuery = readSaturation(saturation, surroundings, check.fills);
    }
    const bool told = check.capacity.has_value() || !beside.isMissing();
    if (scales && !told) {
        fields.report("scales", Words::tr("scales: expected a saturation, or a capacity, beside "
                                          "it: what gets full as the weight grows"));
    } else if (!scales && told && !isSaturation) {
        fields.report(beside.isMissing() ? "capacity" : "saturation",
                      Words::tr("expected \"scales: true\" beside it, as it is for projections"));
    }
}

} // namespace

Check readCheck(const YamlNode &node, Problems &problems, const CheckSurroundings &surroundings)
{
    Check check;
    Fields fields(node, Words::tr("a check"), problems);
    check.name = fields.text("name").value_or(QString());
    if (!readQuery(fields, check, surroundings)) {
        fields.ignoreRest();
        return check;
    }
    readUnit(fields, check);
    readLimits(fields, check);
    check.critical = fields.flag("critical", Need::Optional).value_or(false);
    readWindow(fields, check, surroundings);
    readScaling(fields, check, surroundings);
    return check;
}

} // namespace pilothouse
