#include "pipeline/matrix.h"

#include "base/words.h"
#include "pipeline/reading/keys.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

using Values = QList<MatrixValue>;

constexpr qsizetype mostLegs = 256;

bool isExpression(const YamlNode &node)
{
    return node.isScalar() && node.text().contains(QLatin1String("${{"));
}

const QRegularExpression &numberForm()
{
    static const QRegularExpression form(
        QStringLiteral("^[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?$"));
    return form;
}

bool isTruthWord(const QString &text)
{
    const QString lower = text.toLower();
    return lower == QLatin1String("true") || lower == QLatin1String("false");
}

MatrixValue::Kind kindOf(const YamlNode &scalar)
{
    if (scalar.isNull())
        return MatrixValue::Kind::Null;
    if (!scalar.isPlain())
        return MatrixValue::Kind::Text;
    if (isTruthWord(scalar.text()))
        return MatrixValue::Kind::Flag;
    return numberForm().match(scalar.text()).hasMatch() ? MatrixValue::Kind::Number
                                                        : MatrixValue::Kind::Text;
}

void flatten(const QString &key, const YamlNode &node, Values &into)
{
    if (node.isMap()) {
        for (const YamlNode::Entry &entry : node.entries())
            flatten(key + QLatin1Char('.') + entry.key, entry.value, into);
    } else if (node.isSequence()) {
        for (qsizetype i = 0; i < node.items().size(); ++i)
            flatten(key + QLatin1Char('.') + QString::number(i), node.items()[i], into);
    } else {
        into.append({key, shownValue(node), kindOf(node)});
    }
}

Values entryOf(const YamlNode &map)
{
    Values values;
    for (const YamlNode::Entry &entry : map.entries())
        flatten(entry.key, entry.value, values);
    return values;
}

bool contains(const Values &leg, const Values &pattern)
{
    return !pattern.isEmpty()
           && std::all_of(pattern.begin(), pattern.end(), [&](const MatrixValue &wanted) {
                  const MatrixValue *own = valueOf(leg, wanted.key);
                  return own && own->value == wanted.value;
              });
}

void checkMatrixExpressions(const YamlNode &node, Problems &problems)
{
    if (isExpression(node))
        checkExpressions(node.text(), node.at(), Scope::Strategy, problems);
    for (const YamlNode &item : node.items())
        checkMatrixExpressions(item, problems);
    for (const YamlNode::Entry &entry : node.entries())
        checkMatrixExpressions(entry.value, problems);
}

/// The values that one dimension can have, each flattened.
using Dimension = QList<Values>;

QList<MatrixLeg> combine(const QList<Dimension> &dimensions, const QList<Values> &excluded)
{
    QList<MatrixLeg> legs;
    if (dimensions.isEmpty()
        || std::any_of(dimensions.begin(), dimensions.end(),
                       [](const Dimension &dimension) { return dimension.isEmpty(); }))
        return legs;
    // Counts like an odometer, the last dimension turning fastest.
    QList<qsizetype> at(dimensions.size(), 0);
    for (bool more = true; more && legs.size() <= mostLegs;) {
        MatrixLeg leg;
        for (qsizetype i = 0; i < dimensions.size(); ++i)
            leg.values += dimensions[i][at[i]];
        if (std::none_of(excluded.begin(), excluded.end(),
                         [&](const Values &pattern) { return contains(leg.values, pattern); }))
            legs.append(leg);
        qsizetype turning = dimensions.size() - 1;
        while (turning >= 0 && ++at[turning] == dimensions[turning].size())
            at[turning--] = 0;
        more = turning >= 0;
    }
    return legs;
}

void include(QList<MatrixLeg> &legs, qsizetype combinations, const Values &entry,
             const QStringList &dimensions)
{
    const auto isDimension = [&](const MatrixValue &value) {
        return dimensions.contains(value.key.section(QLatin1Char('.'), 0, 0));
    };
    bool extended = false;
    for (qsizetype i = 0; i < combinations; ++i) {
        MatrixLeg &leg = legs[i];
        if (!std::all_of(entry.begin(), entry.end(), [&](const MatrixValue &value) {
                const MatrixValue *own = valueOf(leg.values, value.key);
                return own ? own->value == value.value : !isDimension(value);
            }))
            continue;
        extended = true;
        for (const MatrixValue &value : entry) {
            if (isDimension(value))
                continue;
            leg.added.removeIf([&](const MatrixValue &old) { return old.key == value.key; });
            leg.added.append(value);
        }
    }
    if (extended)
        return;
    MatrixLeg leg;
    for (const MatrixValue &value : entry)
        (isDimension(value) ? leg.values : leg.added).append(value);
    legs.append(leg);
}

QList<Values> entriesOf(const YamlNode &list, const char *key, Problems &problems)
{
    QList<Values> entries;
    if (!list.isMissing() && !list.isSequence() && !isExpression(list))
        problems.add(list.at(), Words::tr("expected a list under \"%1\"").arg(QLatin1String(key)));
    for (const YamlNode &item : list.items()) {
        if (item.isMap())
            entries.append(entryOf(item));
        else if (!isExpression(item))
            problems.add(item.at(), Words::tr("expected keys and values in an entry of \"%1\"")
                                        .arg(QLatin1String(key)));
    }
    return entries;
}

} // namespace

QString shownValue(const YamlNode &scalar)
{
    QString text = scalar.text();
    switch (kindOf(scalar)) {
    case MatrixValue::Kind::Number:
        return QString::number(text.toDouble(), 'g', 15);
    case MatrixValue::Kind::Flag:
        return text.toLower();
    case MatrixValue::Kind::Text:
    case MatrixValue::Kind::Null:
        break;
    }
    return text;
}

Matrix readMatrix(const YamlNode &node, Problems &problems)
{
    Matrix matrix;
    if (node.isMissing() || node.isNull())
        return matrix;
    checkMatrixExpressions(node, problems);
    if (isExpression(node)) {
        matrix.kind = Matrix::Kind::Dynamic;
        return matrix;
    }
    checkKeysDiffer(node, problems);
    if (!node.isMap()) {
        problems.add(node.at(), Words::tr("expected the dimensions of the matrix as keys"));
        return matrix;
    }

    matrix.kind = Matrix::Kind::Known;
    QList<Dimension> dimensions;
    for (const YamlNode::Entry &entry : node.entries()) {
        const QList<YamlNode> &items = entry.value.items();
        const bool isPlan
            = entry.key == QLatin1String("include") || entry.key == QLatin1String("exclude");
        if (isExpression(entry.value)
            || (isPlan && std::any_of(items.begin(), items.end(), isExpression))) {
            matrix.kind = Matrix::Kind::Dynamic;
            continue;
        }
        if (isPlan)
            continue;
        matrix.dimensions.append(entry.key);
        if (!entry.value.isSequence()) {
            problems.add(entry.value.at().line > 0 ? entry.value.at() : entry.keyAt,
                         Words::tr("expected a list of values for \"%1\"").arg(entry.key));
            continue;
        }
        Dimension dimension;
        for (const YamlNode &value : items) {
            Values values;
            flatten(entry.key, value, values);
            dimension.append(values);
        }
        dimensions.append(dimension);
    }
    const auto excluded = entriesOf(node.value(u"exclude"), "exclude", problems);
    const auto included = entriesOf(node.value(u"include"), "include", problems);
    if (matrix.kind == Matrix::Kind::Dynamic)
        return matrix;

    matrix.legs = combine(dimensions, excluded);
    const qsizetype combinations = matrix.legs.size();
    for (const Values &entry : included)
        include(matrix.legs, combinations, entry, matrix.dimensions);
    if (matrix.legs.size() > mostLegs) {
        problems.add(
            node.at(),
            Words::tr("a matrix makes at most %1 jobs, this one makes more").arg(mostLegs));
        matrix.legs.resize(mostLegs);
    }
    if (matrix.legs.isEmpty())
        problems.add(node.at(), Words::tr("this matrix makes no job"));
    return matrix;
}

const MatrixValue *valueOf(const QList<MatrixValue> &values, const QString &key)
{
    const auto found = std::find_if(values.begin(), values.end(),
                                    [&](const MatrixValue &value) { return value.key == key; });
    return found == values.end() ? nullptr : &*found;
}

} // namespace pilothouse
