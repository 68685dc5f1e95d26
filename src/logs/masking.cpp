#include "logs/masking.h"

#include "logs/logline.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cstring>

namespace pilothouse {
namespace {

/// What every token form contains: a text without any of them needs no expression.
constexpr std::array<const char *, 24> signs
    = {"ghp_",    "gho_",  "ghs_",  "ghr_", "ghu_",  "github_pat_", "ya29.",  "eyJ",
       "earer ",  "://",   "AKIA",  "ASIA", "AIza",  "glpat-",      "xox",    "assword",
       "ASSWORD", "ecret", "ECRET", "oken", "TOKEN", "asswd",       "Basic ", "PRIVATE KEY"};

constexpr const char *keyBegin = "-----BEGIN ";
constexpr const char *keyEnd = "-----END ";
/// More than any private key has: an END that never comes must not hide the rest of the log.
constexpr int mostKeyLines = 200;

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

bool mayBeOfToken(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
           || (c > ' ' && std::strchr("_-.~+/=:@", c) != nullptr);
}

/// "-----BEGIN RSA PRIVATE KEY-----", also "OPENSSH" and "ENCRYPTED"; a certificate is no secret.
bool beginsKey(const QByteArray &line)
{
    const qsizetype at = line.indexOf(keyBegin);
    return at >= 0 && line.indexOf("PRIVATE KEY", at) > 0 && line.indexOf(keyEnd, at) < 0;
}

} // namespace

QByteArray TokenMasker::maskKeys(const QByteArray &lines)
{
    if (m_keyLines == 0 && !lines.contains(keyBegin))
        return lines;
    QByteArray out;
    out.reserve(lines.size());
    for (qsizetype at = 0; at < lines.size();) {
        const qsizetype newline = lines.indexOf('\n', at);
        const qsizetype end = newline < 0 ? lines.size() : newline;
        const QByteArray line = lines.mid(at, end - at);
        if (m_keyLines > 0) {
            const bool ends = line.contains(keyEnd);
            out += ends ? line
                        : line.left(stampLength(line))
                              + (line.trimmed().isEmpty() ? QByteArray() : QByteArray("***"));
            m_keyLines = ends || m_keyLines >= mostKeyLines ? 0 : m_keyLines + 1;
        } else {
            out += line;
            m_keyLines = beginsKey(line) ? 1 : 0;
        }
        if (newline >= 0)
            out += '\n';
        at = end + 1;
    }
    return out;
}

QByteArray TokenMasker::mask(const QByteArray &lines)
{
    const QByteArray keyless = maskKeys(lines);
    const bool suspect = std::any_of(signs.begin(), signs.end(),
                                     [&](const char *sign) { return keyless.contains(sign); });
    if (!suspect)
        return keyless;
    // A key may stand in one line, its line ends written as "\n" (JSON of a service account).
    static const QRegularExpression keyInLine(QStringLiteral(
        "(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^\\n]*?(-----END [A-Z ]*PRIVATE KEY-----)"));
    // Latin-1 keeps every byte as it is, valid UTF-8 or not; token forms are ASCII.
    QString text = QString::fromLatin1(keyless);
    text.replace(tokenForm(), QStringLiteral("***"));
    text.replace(keyInLine, QStringLiteral("\\1***\\2"));
    return text.toLatin1();
}

QByteArray maskTokens(const QByteArray &lines)
{
    TokenMasker masker;
    return masker.mask(lines);
}

qsizetype safeCut(const QByteArray &piece)
{
    qsizetype at = piece.size();
    while (at > 0 && mayBeOfToken(piece[at - 1]))
        --at;
    return at;
}

} // namespace pilothouse
