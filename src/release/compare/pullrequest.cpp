#include "release/compare/pullrequest.h"

#include <QRegularExpression>

namespace pilothouse {

PullRequest pullRequestOf(const Commit &commit)
{
    static const QRegularExpression merged(
        QStringLiteral("^Merge pull request #(\\d{1,9}) from \\S+$"));
    static const QRegularExpression squashed(QStringLiteral("^(.*\\S)\\s*\\(#(\\d{1,9})\\)$"));
    if (const auto match = merged.match(commit.subject); match.hasMatch()) {
        const QString title = commit.body.section(QLatin1Char('\n'), 0, 0).trimmed();
        return {match.captured(1).toInt(), title.isEmpty() ? commit.subject : title};
    }
    if (const auto match = squashed.match(commit.subject); match.hasMatch())
        return {match.captured(2).toInt(), match.captured(1)};
    return {0, commit.subject};
}

} // namespace pilothouse
