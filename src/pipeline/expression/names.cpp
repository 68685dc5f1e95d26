#include "pipeline/expression/names.h"

#include "base/words.h"
#include "document/nearestword.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// Every context of the host.
const QStringList &allContexts()
{
    static const QStringList all{
        QStringLiteral("github"),  QStringLiteral("inputs"),   QStringLiteral("vars"),
        QStringLiteral("needs"),   QStringLiteral("strategy"), QStringLiteral("matrix"),
        QStringLiteral("secrets"), QStringLiteral("steps"),    QStringLiteral("job"),
        QStringLiteral("jobs"),    QStringLiteral("runner"),   QStringLiteral("env")};
    return all;
}

/// Functions that only some places have.
const QStringList &placedFunctions()
{
    static const QStringList all{QStringLiteral("success"), QStringLiteral("failure"),
                                 QStringLiteral("always"), QStringLiteral("cancelled"),
                                 QStringLiteral("hashFiles")};
    return all;
}

QStringList namesOfFunctions(const QList<ExpressionFunction> &functions)
{
    QStringList names;
    for (const ExpressionFunction &function : functions)
        names.append(function.name);
    return names;
}

void checkContext(const ExpressionNode &node, const ExpressionNames &allowed,
                  QList<NameMistake> &mistakes)
{
    if (allowed.contexts.contains(node.text, Qt::CaseInsensitive))
        return;
    if (allContexts().contains(node.text, Qt::CaseInsensitive)) {
        mistakes.append(
            {{node.column, Words::tr("\"%1\" is not known in this place").arg(node.text)},
             {},
             NameMistake::Kind::Wrong});
        return;
    }
    const QString near = nearestWord(node.text, allowed.contexts);
    mistakes.append({{node.column, Words::tr("nothing is known here as \"%1\"").arg(node.text)},
                     near,
                     near.isEmpty() ? NameMistake::Kind::New : NameMistake::Kind::Wrong});
}

/// A pattern that is written out tells how many values it wants.
void checkFormat(const ExpressionNode &call, QList<NameMistake> &mistakes)
{
    const ExpressionNode &pattern = call.parts.front();
    if (pattern.kind != ExpressionNode::Kind::Literal
        || !std::holds_alternative<QString>(pattern.value.is))
        return;
    const auto wanted = placesOf(pattern.value.text());
    if (!wanted)
        mistakes.append(
            {{pattern.column, Words::tr("a pattern of format() has braces only as {0}, {1} …, and "
                                        "doubled where a brace is meant")},
             {},
             NameMistake::Kind::Wrong});
    else if (*wanted >= qsizetype(call.parts.size()))
        mistakes.append({{pattern.column, Words::tr("the pattern has {%1}, but format() is given "
                                                    "%n value(s)",
                                                    nullptr, int(call.parts.size()) - 1)
                                              .arg(*wanted - 1)},
                         {},
                         NameMistake::Kind::Wrong});
}

void checkCall(const ExpressionNode &node, const ExpressionNames &allowed,
               QList<NameMistake> &mistakes)
{
    const QList<ExpressionFunction> all = commonFunctions() + allowed.functions;
    const auto known = std::find_if(all.begin(), all.end(), [&](const ExpressionFunction &one) {
        return one.name.compare(node.text, Qt::CaseInsensitive) == 0;
    });
    if (known == all.end()) {
        const bool isElsewhere = placedFunctions().contains(node.text, Qt::CaseInsensitive);
        const QString near
            = isElsewhere ? QString() : nearestWord(node.text, namesOfFunctions(all));
        mistakes.append(
            {{node.column, isElsewhere
                               ? Words::tr("%1() cannot be called in this place").arg(node.text)
                               : Words::tr("no function is known here as %1()").arg(node.text)},
             near,
             isElsewhere || !near.isEmpty() ? NameMistake::Kind::Wrong : NameMistake::Kind::New});
        return;
    }
    const auto count = qsizetype(node.parts.size());
    // "case" takes pairs and one more.
    const bool isOdd = known->name != QLatin1String("case") || count % 2 == 1;
    if (count < known->least || count > known->most || !isOdd)
        mistakes.append(
            {{node.column,
              Words::tr("%1() cannot take %n argument(s)", nullptr, int(count)).arg(node.text)},
             {},
             NameMistake::Kind::Wrong});
    else if (known->name == QLatin1String("format"))
        checkFormat(node, mistakes);
}

void collect(const ExpressionNode &node, const ExpressionNames &allowed,
             QList<NameMistake> &mistakes)
{
    if (node.kind == ExpressionNode::Kind::Name)
        checkContext(node, allowed, mistakes);
    else if (node.kind == ExpressionNode::Kind::Call)
        checkCall(node, allowed, mistakes);
    for (const ExpressionNode &part : node.parts)
        collect(part, allowed, mistakes);
}

} // namespace

QList<NameMistake> checkNames(const ExpressionNode &node, const ExpressionNames &allowed)
{
    QList<NameMistake> mistakes;
    collect(node, allowed, mistakes);
    return mistakes;
}

} // namespace pilothouse
