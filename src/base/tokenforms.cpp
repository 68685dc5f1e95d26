#include "base/tokenforms.h"

#include <QRegularExpression>

namespace pilothouse {
namespace {

const QRegularExpression &tokenForm()
{
    static const QRegularExpression expression(QStringLiteral(
        // Tokens that say themselves what they are. A letter before them is part of something else.
        "(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"
        "|ya29\\.[A-Za-z0-9._-]{20,}|AIza[A-Za-z0-9_-]{35}|glpat-[A-Za-z0-9_-]{20,}"
        "|xox[abprs]-[A-Za-z0-9-]{10,}|A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])"
        "|eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)?)"
        // Headers.
        "|(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{16,}"
        "|(?<=[Aa]uthorization: Basic )[A-Za-z0-9+/=]{8,}"
        // user:password@ in an address.
        "|(?<=://)[^/\\s:@\"']*:[^/\\s@\"']+(?=@)"
        // password=…, "client_secret": "…", AWS_SECRET_ACCESS_KEY=…; not what is a name of a
        // variable and not what is masked already.
        "|(?i:(?:password|passwd|client_secret|secret_access_key|secret_key|access_token"
        "|refresh_token|auth_token|private_token|\\btoken)[\"']?(?:=|\\s?:\\s?(?=[\"']))[\"']?)"
        "\\K(?!\\*\\*\\*|\\$)[^\\s\"'&;,]+"));
    return expression;
}

} // namespace

QString maskedLine(QString line)
{
    // A key may stand in one line, its line ends written as "\\n" (JSON of a service account).
    static const QRegularExpression keyInLine(QStringLiteral(
        "(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^\\n]*?(-----END [A-Z ]*PRIVATE KEY-----)"));
    line.replace(tokenForm(), QStringLiteral("***"));
    line.replace(keyInLine, QStringLiteral("\\1***\\2"));
    return line;
}

QString maskedText(QString text)
{
    // One whose end is missing hides all that follows.
    static const QRegularExpression key(
        QStringLiteral(
            "(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----|$)"),
        QRegularExpression::DotMatchesEverythingOption);
    text.replace(key, QStringLiteral("\\1***\\2"));
    return maskedLine(text);
}

} // namespace pilothouse
