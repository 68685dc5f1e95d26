#include "workspace/analysisreader.h"

#include "base/words.h"
#include "workspace/analysis/checkreader.h"
#include "workspace/analysis/placeholders.h"

#include <QRegularExpression>

namespace pilothouse {

std::optional<SeriesNames> readSeries(Fields &track)
{
    const YamlNode node = track.map("series", Fields::Need::Optional);
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

QList<Check> readAnalysis(Fields &track, const CheckSurroundings &surroundings)
{
    QList<Check> checks;
    for (const YamlNode &node : track.list("analysis", Fields::Need::Optional)) {
        const Check check = readCheck(node, track.problems(), surroundings);
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
