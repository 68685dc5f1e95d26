#include "pipeline/reading/scope.h"

#include "base/words.h"
#include "pipeline/expression/textparts.h"

#include <algorithm>

namespace pilothouse {

namespace {

QStringList listed(const char *names)
{
    return QString::fromLatin1(names).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

QList<ExpressionFunction> status(int most)
{
    return {{QStringLiteral("always"), 0, 0},
            {QStringLiteral("cancelled"), 0, 0},
            {QStringLiteral("failure"), 0, most},
            {QStringLiteral("success"), 0, most}};
}

const ExpressionFunction hashFiles{QStringLiteral("hashFiles"), 1, 255};

void report(const ExpressionError &error, const QString &expression, const Position &place,
            Problems &problems, const QString &hint = {},
            Problem::Severity severity = Problem::Severity::Error)
{
    const QString shown
        = expression.size() > 60 ? expression.left(57) + QStringLiteral("...") : expression;
    problems.add(place,
                 Words::tr("in column %1 of the expression %2: %3")
                     .arg(QString::number(error.column), shown.simplified(), error.message),
                 hint, severity);
}

void checkExpression(const QString &expression, const Position &place, Scope scope,
                     Problems &problems)
{
    const auto node = parseExpression(expression);
    if (!node) {
        report(node.error(), expression, place, problems);
        return;
    }
    for (const NameMistake &mistake : checkNames(*node, namesIn(scope)))
        report(mistake.error, expression, place, problems, mistake.hint,
               mistake.kind == NameMistake::Kind::Wrong ? Problem::Severity::Error
                                                        : Problem::Severity::Warning);
}

/// The host puts what is read from the braces into the text, and a text that is not empty holds.
bool isTextAround(const QString &condition)
{
    const auto parts = partsOf(condition.trimmed());
    return parts && std::any_of(parts->begin(), parts->end(), [](const TextPart &part) {
               return part.kind == TextPart::Kind::Text && !part.text.isEmpty();
           });
}

} // namespace

const ExpressionNames &namesIn(Scope scope)
{
    static const ExpressionNames none;
    static const ExpressionNames workflow{listed("github inputs vars"), {}};
    static const ExpressionNames workflowEnv{listed("github inputs vars secrets"), {}};
    static const ExpressionNames callOutput{listed("github inputs vars jobs"), {}};
    static const ExpressionNames jobIf{listed("github inputs vars needs"),
                                       status(ExpressionFunction::any)};
    static const ExpressionNames strategy{listed("github inputs vars needs"), {}};
    static const ExpressionNames job{listed("github inputs vars needs strategy matrix"), {}};
    static const ExpressionNames jobWithSecrets{
        listed("github inputs vars needs strategy matrix secrets"), {}};
    static const ExpressionNames jobDefaults{listed("github inputs vars needs strategy matrix env"),
                                             {}};
    static const ExpressionNames environmentUrl{
        listed("github inputs vars needs strategy matrix steps job runner env"), {}};
    static const ExpressionNames jobOutput{
        listed("github inputs vars needs strategy matrix secrets steps job runner env"), {}};
    static const ExpressionNames credentials{
        listed("github inputs vars needs strategy matrix secrets env"), {}};
    static const ExpressionNames stepIf{
        listed("github inputs vars needs strategy matrix steps job runner env"),
        status(0) + QList<ExpressionFunction>{hashFiles}};
    static const ExpressionNames step{
        listed("github inputs vars needs strategy matrix secrets steps job runner env"),
        {hashFiles}};
    switch (scope) {
    case Scope::None:
        break;
    case Scope::Workflow:
        return workflow;
    case Scope::WorkflowEnv:
        return workflowEnv;
    case Scope::CallOutput:
        return callOutput;
    case Scope::JobIf:
        return jobIf;
    case Scope::Strategy:
        return strategy;
    case Scope::Job:
        return job;
    case Scope::JobWithSecrets:
        return jobWithSecrets;
    case Scope::JobDefaults:
        return jobDefaults;
    case Scope::EnvironmentUrl:
        return environmentUrl;
    case Scope::JobOutput:
        return jobOutput;
    case Scope::Credentials:
        return credentials;
    case Scope::StepIf:
        return stepIf;
    case Scope::Step:
        return step;
    }
    return none;
}

void checkExpressions(const QString &text, const Position &place, Scope scope, Problems &problems)
{
    const auto parts = partsOf(text);
    if (!parts) {
        problems.add(place, parts.error().message);
        return;
    }
    for (const TextPart &part : *parts) {
        if (part.kind != TextPart::Kind::Expression)
            continue;
        if (part.text.isEmpty())
            problems.add(place, Words::tr("expected an expression between \"${{\" and \"}}\""));
        else
            checkExpression(part.text, place, scope, problems);
    }
}

void checkCondition(const QString &condition, const Position &place, Scope scope,
                    Problems &problems)
{
    if (condition.contains(QLatin1String("${{"))) {
        if (isTextAround(condition))
            problems.add(place,
                         Words::tr("text beside \"${{ }}\" makes this condition hold always; the "
                                   "whole of it belongs between the braces"),
                         {}, Problem::Severity::Warning);
    } else if (const QString trimmed = condition.trimmed(); !trimmed.isEmpty()) {
        checkExpression(trimmed, place, scope, problems);
    }
}

} // namespace pilothouse
