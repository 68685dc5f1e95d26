#include "pipeline/jobname.h"

#include "pipeline/expression/textparts.h"
#include "pipeline/reading/plancontext.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

constexpr qsizetype longestName = 100;
constexpr qsizetype mostNames = 1024;

const QString cut = QStringLiteral("...");

void addText(NamePattern &pattern, const QString &text)
{
    pattern.texts.last() += text;
}

void addGap(NamePattern &pattern)
{
    pattern.texts.append(QString());
}

/// A text that may hold expressions of its own (a value of a matrix can).
void addWithGaps(NamePattern &pattern, const QString &text)
{
    static const QRegularExpression expression(QStringLiteral("\\$\\{\\{.*?\\}\\}"));
    const QStringList texts = text.split(expression);
    for (qsizetype i = 0; i < texts.size(); ++i) {
        if (i > 0)
            addGap(pattern);
        addText(pattern, texts[i]);
    }
}

struct Template
{
    QString name;
    bool usesMatrix = false;

    /// The name with the values of `leg` in its expressions; gaps for all other expressions.
    [[nodiscard]] NamePattern filled(const MatrixLeg &leg) const;
};

Template templateOf(const WorkflowJob &job)
{
    static const QRegularExpression matrix(QStringLiteral("\\$\\{\\{[^}]*\\bmatrix\\b"));
    const QString name = job.name.isEmpty() ? job.key : job.name.text.trimmed();
    return {name, name.contains(matrix)};
}

NamePattern Template::filled(const MatrixLeg &leg) const
{
    ExpressionContext context;
    if (leg != MatrixLeg())
        context.set(QStringLiteral("matrix"), matrixOf(leg));
    NamePattern pattern;
    const auto parts = partsOf(name);
    if (!parts) {
        addText(pattern, name);
        return pattern;
    }
    for (const TextPart &part : *parts) {
        if (part.kind == TextPart::Kind::Text) {
            addText(pattern, part.text);
            continue;
        }
        const auto node = parseExpression(part.text);
        const ExpressionValue value = node ? evaluate(*node, context) : ExpressionValue();
        if (value.isPrimitive())
            addText(pattern, value.text());
        else
            addGap(pattern);
    }
    return pattern;
}

NamePattern withValues(NamePattern pattern, const QList<MatrixValue> &values)
{
    bool first = true;
    for (const MatrixValue &value : values) {
        if (value.value.isEmpty())
            continue;
        addText(pattern, first ? QStringLiteral(" (") : QStringLiteral(", "));
        addWithGaps(pattern, value.value);
        first = false;
    }
    if (!first)
        addText(pattern, QStringLiteral(")"));
    return pattern;
}

void addOnce(QList<NamePattern> &patterns, const NamePattern &pattern)
{
    if (!patterns.contains(pattern))
        patterns.append(pattern);
}

NamePattern separator()
{
    return {QStringList{QStringLiteral(" / ")}};
}

/// Every caller's name with every name after it; gaps for the caller's matrix where that would be
/// too many.
QList<NamePattern> joined(const QList<NamePattern> &heads, const QList<NamePattern> &tails,
                          const WorkflowJob &caller)
{
    QList<NamePattern> all;
    if (heads.size() * tails.size() > mostNames) {
        NamePattern any = templateOf(caller).filled({});
        addGap(any);
        for (const NamePattern &tail : tails)
            all.append(any.followedBy(separator()).followedBy(tail));
        return all;
    }
    for (const NamePattern &head : heads) {
        for (const NamePattern &tail : tails)
            all.append(head.followedBy(separator()).followedBy(tail));
    }
    return all;
}

QList<NamePattern> behindCallers(QList<NamePattern> names, const FrameId &frameId,
                                 const Graph &graph)
{
    for (const GraphFrame *frame = graph.frame(frameId); frame && !frame->caller.value.isEmpty();
         frame = graph.frame(frame->parent))
        names = joined(namesOf(frame->job), names, frame->job);
    return names;
}

} // namespace

qsizetype NamePattern::weight() const
{
    qsizetype weight = isExact() ? longestName * longestName : 0;
    for (const QString &text : texts)
        weight += text.size();
    return weight;
}

bool NamePattern::matches(const QString &name) const
{
    if (isExact())
        return name == texts.first()
               || (name.size() == longestName && name.endsWith(cut)
                   && texts.first().startsWith(name.chopped(cut.size())));
    qsizetype at = texts.first().size();
    if (!name.startsWith(texts.first()))
        return false;
    for (qsizetype i = 1; i + 1 < texts.size(); ++i) {
        const qsizetype found = name.indexOf(texts[i], at);
        if (found < 0)
            return false;
        at = found + texts[i].size();
    }
    return name.size() - at >= texts.last().size() && name.endsWith(texts.last());
}

NamePattern NamePattern::followedBy(const NamePattern &tail) const
{
    NamePattern whole = *this;
    whole.texts.last() += tail.texts.first();
    whole.texts += tail.texts.mid(1);
    return whole;
}

QList<NamePattern> namesOf(const WorkflowJob &job)
{
    const Template name = templateOf(job);
    const NamePattern bare = name.filled({});
    QList<NamePattern> names;
    for (const MatrixLeg &leg : job.matrix.legs) {
        const NamePattern filled = name.filled(leg);
        if (name.usesMatrix)
            addOnce(names, filled);
        addOnce(names, withValues(filled, leg.values + leg.added));
        addOnce(names, withValues(filled, leg.values));
    }
    if (job.matrix.kind == Matrix::Kind::Dynamic) {
        NamePattern any = bare;
        addText(any, QStringLiteral(" ("));
        addGap(any);
        addText(any, QStringLiteral(")"));
        addOnce(names, any);
    }
    // With its gaps filled by the legs, the bare name would only match what is no leg.
    if (!name.usesMatrix || job.matrix.kind != Matrix::Kind::Known)
        addOnce(names, bare);
    if (name.name.contains(QLatin1String("${{")))
        addOnce(names, {QStringList{name.name}});
    return names;
}

QList<NamePattern> namesOf(const GraphNode &node, const Graph &graph)
{
    QList<NamePattern> names = namesOf(node.job);
    if (!node.job.uses.isEmpty())
        names += joined(names, {NamePattern{{QString(), QString()}}}, node.job);
    return behindCallers(names, node.frame, graph);
}

QList<NamePattern> namesOf(const GraphFrame &call, const Graph &graph)
{
    return behindCallers(namesOf(call.job), call.parent, graph);
}

} // namespace pilothouse
