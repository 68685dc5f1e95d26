#include "workspace/analysisreader.h"

#include "base/words.h"
#include "document/nearestword.h"

#include <QRegularExpression>

#include <limits>

namespace pilothouse {

namespace {

using Need = Fields::Need;

/// Reports a ${name} that nothing is put in for. `fields` has `key` with this text.
void checkPlaces(Fields &fields, const char *key, const QString &text, const QStringList &known)
{
    static const QRegularExpression place(QStringLiteral(R"(\$\{([^}]*)\}?)"));
    auto match = place.globalMatch(text);
    while (match.hasNext()) {
        const QString name = match.next().captured(1);
        if (known.contains(name))
            continue;
        QStringList spelled;
        for (const QString &word : known)
            spelled.append(QStringLiteral("${%1}").arg(word));
        fields.report(key,
                      Words::tr("%1: expected one of %2 in it, found \"${%3}\"")
                          .arg(QLatin1String(key), spelled.join(QStringLiteral(", ")), name),
                      nearestWord(name, known));
    }
}

QStringList sidePlaces()
{
    return {QStringLiteral("stable.revision"), QStringLiteral("stable.commit"),
            QStringLiteral("candidate.revision"), QStringLiteral("candidate.commit")};
}

Check readCheck(const YamlNode &node, Problems &problems, const std::optional<SeriesNames> &series,
                const QString &trackName)
{
    Check check;
    Fields fields(node, Words::tr("a check"), problems);
    check.name = fields.text("name").value_or(QString());
    check.query = fields.text("query").value_or(QString());
    check.unit = fields
                     .choice<QString>("unit", {{"ratio", QStringLiteral("ratio")},
                                               {"s", QStringLiteral("s")},
                                               {"ms", QStringLiteral("ms")},
                                               {"1/s", QStringLiteral("1/s")},
                                               {"bytes", QStringLiteral("bytes")},
                                               {"count", QStringLiteral("count")}})
                     .value_or(QString());
    check.max = fields.number("max", Need::Optional);
    check.critical = fields.flag("critical", Need::Optional).value_or(false);
    check.minSamples
        = int(fields.integer("min_samples", Need::Optional, 1, std::numeric_limits<int>::max())
                  .value_or(0));

    if (check.max && *check.max < 0)
        fields.report("max", Words::tr("max: expected 0 or more, found %1").arg(*check.max));
    else if (check.max && *check.max > 1 && check.unit == QLatin1String("ratio"))
        fields.report("max",
                      Words::tr("max: expected 0 to 1 as the unit is ratio (0.01 is 1 %), found "
                                "%1")
                          .arg(*check.max));
    if (check.query.isEmpty())
        return check;
    checkPlaces(fields, "query", check.query,
                sidePlaces() << QStringLiteral("commit") << QStringLiteral("revision"));
    const auto hasWord = [&check](const QString &word) {
        return QRegularExpression(QStringLiteral("(?<![A-Za-z0-9_])%1(?![A-Za-z0-9_])").arg(word))
            .match(check.query)
            .hasMatch();
    };
    if (series && !series->label.isEmpty() && !hasWord(series->label)) {
        fields.report("query",
                      Words::tr("query: expected the series label \"%1\" of the track \"%2\" "
                                "in it, such as: sum by (%1) (…)")
                          .arg(series->label, trackName));
    }
    return check;
}

} // namespace

std::optional<SeriesNames> readSeries(Fields &track)
{
    const YamlNode node = track.map("series", Need::Optional);
    if (node.isMissing())
        return std::nullopt;
    Fields fields(node, Words::tr("a series"), track.problems());
    SeriesNames names;
    names.label = fields.text("label").value_or(QString());
    names.stable = fields.text("stable").value_or(QString());
    names.candidate = fields.text("candidate").value_or(QString());

    static const QRegularExpression label(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    if (!names.label.isEmpty() && !label.match(names.label).hasMatch()) {
        fields.report("label", Words::tr("label: expected a Prometheus label (letters, digits and "
                                         "\"_\"), found \"%1\"")
                                   .arg(names.label));
        names.label.clear();
    }
    checkPlaces(fields, "stable", names.stable, sidePlaces());
    checkPlaces(fields, "candidate", names.candidate, sidePlaces());
    if (!names.stable.isEmpty() && names.stable == names.candidate) {
        fields.report(
            "candidate",
            Words::tr("candidate: expected another value than stable, found \"%1\" for both")
                .arg(names.candidate));
    }
    return names;
}

QList<Check> readAnalysis(Fields &track, const std::optional<SeriesNames> &series,
                          const QString &trackName)
{
    QList<Check> checks;
    for (const YamlNode &node : track.list("analysis", Need::Optional)) {
        const Check check = readCheck(node, track.problems(), series, trackName);
        for (const Check &other : std::as_const(checks)) {
            if (!check.name.isEmpty() && other.name == check.name) {
                track.problems().add(node.value(u"name").at(),
                                     Words::tr("name: expected a name that no other check of this "
                                               "track has, found \"%1\" again")
                                         .arg(check.name));
                break;
            }
        }
        checks.append(check);
    }
    if (!checks.isEmpty() && !track.has("series")) {
        track.report("analysis",
                     Words::tr("analysis: expected \"series\" beside it, which tells the "
                               "label and its values for stable and candidate"));
    }
    return checks;
}

} // namespace pilothouse
