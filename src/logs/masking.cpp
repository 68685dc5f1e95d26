#include "logs/masking.h"

#include <QRegularExpression>

#include <array>

namespace pilothouse {
namespace {

/// What every token form contains: a line without any of them needs no expression.
constexpr std::array<const char *, 9> signs
    = {"ghp_", "gho_", "ghs_", "github_pat_", "ya29.", "eyJ", "earer ", "://", "AKIA"};

const QRegularExpression &tokenForm()
{
    static const QRegularExpression expression(QStringLiteral(
        "\\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|ya29\\.[A-Za-z0-9._-]{20,}"
        "|eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}|AKIA[A-Z0-9]{16})"
        "|(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{16,}"
        "|(?<=://)[^/\\s:@]+:[^/\\s@]+(?=@)"));
    return expression;
}

} // namespace

QByteArray maskTokens(const QByteArray &lines)
{
    bool suspect = false;
    for (const char *sign : signs)
        suspect = suspect || lines.contains(sign);
    if (!suspect)
        return lines;
    // Latin-1 keeps every byte as it is, valid UTF-8 or not; token forms are ASCII.
    QString text = QString::fromLatin1(lines);
    text.replace(tokenForm(), QStringLiteral("***"));
    return text.toLatin1();
}

} // namespace pilothouse
