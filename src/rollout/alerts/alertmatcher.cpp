#include "rollout/alerts/alertmatcher.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// As OpenMetrics escapes a label's value; any other backslash stands for itself.
QString unescaped(const QString &text)
{
    QString plain;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar next = i + 1 < text.size() ? text[i + 1] : QChar();
        const bool escapes = text[i] == QLatin1Char('\\')
                             && (next == QLatin1Char('\\') || next == QLatin1Char('n'));
        if (!escapes) {
            plain += text[i];
            continue;
        }
        plain += next == QLatin1Char('n') ? QLatin1Char('\n') : next;
        ++i;
    }
    return plain;
}

} // namespace

std::optional<AlertMatcher> alertMatcher(const QString &text)
{
    static const QRegularExpression form(
        QStringLiteral("^([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"$"));
    const QRegularExpressionMatch parts = form.match(text);
    if (!parts.hasMatch())
        return std::nullopt;
    AlertMatcher matcher;
    matcher.label = parts.captured(1);
    matcher.isRegex = parts.captured(2).endsWith(QLatin1Char('~'));
    matcher.isNegated = parts.captured(2).startsWith(QLatin1Char('!'));
    matcher.value = unescaped(parts.captured(3));
    if (!matcher.isRegex)
        return matcher;
    matcher.pattern = QRegularExpression(QRegularExpression::anchoredPattern(matcher.value),
                                         QRegularExpression::DotMatchesEverythingOption);
    return matcher.pattern.isValid() ? std::optional(matcher) : std::nullopt;
}

bool AlertMatcher::fits(const Alert &alert) const
{
    const QString found = label == QLatin1String("alertname") ? alert.name : alert.labels[label];
    const bool same = isRegex ? pattern.match(found).hasMatch() : found == value;
    return same != isNegated;
}

bool allFit(const QStringList &matchers, const Alert &alert)
{
    return !matchers.isEmpty()
           && std::all_of(matchers.cbegin(), matchers.cend(), [&alert](const QString &text) {
                  const auto matcher = alertMatcher(text);
                  return matcher && matcher->fits(alert);
              });
}

} // namespace pilothouse
