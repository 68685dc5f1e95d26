#include "pipeline/layered/graphfile.h"

#include "base/words.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <limits>
#include <optional>

namespace pilothouse {

namespace {

std::optional<int> wholeNumber(const QJsonValue &value)
{
    const double number = value.toDouble(std::numeric_limits<double>::quiet_NaN());
    // Compared so that what is no number at all fails too.
    if (!(std::abs(number) <= std::numeric_limits<int>::max()) || number != std::floor(number))
        return {};
    return int(number);
}

std::optional<double> length(const QJsonValue &value)
{
    constexpr double longest = 1e6;
    const double number = value.toDouble(-1);
    if (!(number > 0 && number <= longest))
        return {};
    return number;
}

tl::unexpected<Error> badGraph(const QString &message)
{
    return fail(ErrorKind::BadInput, message);
}

void append(QByteArray &text, double number)
{
    constexpr int decimals = 6;
    text += ' ';
    text += QByteArray::number(number, 'f', decimals);
}

} // namespace

Result<GraphFile> readGraphFile(const QByteArray &json)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return badGraph(Words::tr("this is not JSON: %1 at byte %2")
                            .arg(problem.errorString())
                            .arg(problem.offset));
    const QJsonValue nodes = document.object().value(QLatin1String("nodes"));
    const QJsonValue edges = document.object().value(QLatin1String("edges"));
    if (!nodes.isArray() || !edges.isArray())
        return badGraph(Words::tr("a graph is an object with the lists \"nodes\" and \"edges\""));

    GraphFile file;
    QHash<int, int> indices;
    const QJsonArray allNodes = nodes.toArray();
    for (const auto &node : allNodes) {
        const QJsonObject object = node.toObject();
        const auto number = file.ids.size() + 1;
        const auto id = wholeNumber(object.value(QLatin1String("id")));
        const auto width = length(object.value(QLatin1String("w")));
        const auto height = length(object.value(QLatin1String("h")));
        if (!id)
            return badGraph(Words::tr("node %1 has no whole number as its \"id\"").arg(number));
        if (!width || !height)
            return badGraph(
                Words::tr("node %1 needs a width \"w\" and a height \"h\" above 0").arg(number));
        if (indices.contains(*id))
            return badGraph(
                Words::tr("node %1 has the id %2, which another node has").arg(number).arg(*id));
        indices.insert(*id, int(file.ids.size()));
        file.ids.append(*id);
        file.input.nodes.append({QSizeF(*height, *width), -1});
    }
    const QJsonArray allEdges = edges.toArray();
    for (const auto &edge : allEdges) {
        const QJsonArray ends = edge.toArray();
        const auto number = file.input.edges.size() + 1;
        if (ends.size() != 2)
            return badGraph(Words::tr("edge %1 is no pair of two ids").arg(number));
        for (const auto &end : ends) {
            const auto id = wholeNumber(end);
            if (!id || !indices.contains(*id))
                return badGraph(Words::tr("edge %1 has an end that is no node's id").arg(number));
        }
        file.input.edges.append({indices.value(ends[0].toInt()), indices.value(ends[1].toInt())});
    }
    return file;
}

QByteArray drawingOf(const GraphFile &file, const LayoutResult &layout)
{
    QByteArray text;
    for (qsizetype i = 0; i < layout.nodes.size(); ++i) {
        const QRectF &node = layout.nodes[i];
        text += "n " + QByteArray::number(file.ids[i]);
        for (const double number :
             {node.center().y(), node.center().x(), node.height(), node.width()})
            append(text, number);
        text += '\n';
    }
    for (qsizetype i = 0; i < layout.edges.size(); ++i) {
        const auto &[from, to] = file.input.edges[i];
        const EdgeCourse &course = layout.edges[i];
        text += "e " + QByteArray::number(file.ids[from]) + ' ' + QByteArray::number(file.ids[to])
                + ' ' + QByteArray::number(course.size());
        for (const QPointF &point : course) {
            append(text, point.y());
            append(text, point.x());
        }
        text += '\n';
    }
    return text;
}

} // namespace pilothouse
