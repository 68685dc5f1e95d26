#include "release/things/chatline.h"

#include "base/tokenforms.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qsizetype longestWords = 200;
constexpr qsizetype longestTells = 600;

/// One line that hides nothing and turns no writing around. Masked first: a key may stand over
/// several lines.
QString plainLine(const QString &text)
{
    QString line;
    for (const QChar sign : maskedText(text)) {
        switch (sign.category()) {
        case QChar::Other_Control:
        case QChar::Separator_Line:
        case QChar::Separator_Paragraph:
            line += QLatin1Char(' ');
            break;
        case QChar::Other_Format:
            break;
        default:
            line += sign;
        }
    }
    return maskedLine(line.simplified());
}

QString shortened(const QString &line, qsizetype longest)
{
    return line.size() > longest ? line.left(longest - 1) + QChar(0x2026) : line;
}

QString escapedMarkdown(QString line)
{
    // What opens or closes something within a line; what only does at its begin.
    static const QRegularExpression within(QStringLiteral(R"(([\\`*_\[\]<>|~]|&(?=#?\w{1,32};)))"));
    static const QRegularExpression atBegin(QStringLiteral(R"(^(#|[-+=](?=\s|[-=])))"));
    static const QRegularExpression numbered(QStringLiteral(R"(^(\d{1,9})([.)]))"));
    line.replace(within, QStringLiteral("\\\\1"));
    line.replace(atBegin, QStringLiteral("\\\\1"));
    line.replace(numbered, QStringLiteral("\\1\\\\2"));
    return line;
}

/// A command between backticks, more of them than it has in a row itself.
QString asCode(const QString &command)
{
    qsizetype most = 0;
    qsizetype row = 0;
    for (const QChar sign : command) {
        row = sign == QLatin1Char('`') ? row + 1 : 0;
        most = std::max(most, row);
    }
    const QString fence(most + 1, QLatin1Char('`'));
    const QString room = most > 0 ? QStringLiteral(" ") : QString();
    return fence + room + command + room + fence;
}

/// Empty where it has nothing to say to others, or might tell a secret.
QString addressForOthers(const QUrl &address)
{
    const bool web
        = address.scheme() == QLatin1String("https") || address.scheme() == QLatin1String("http");
    if (!web || isOfThisMachine(address))
        return {};
    QString text = address.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo);
    if (maskedLine(text) != text)
        return {};
    return text.replace(QLatin1Char('('), QLatin1String("%28"))
        .replace(QLatin1Char(')'), QLatin1String("%29"));
}

} // namespace

QString chatText(const QString &text)
{
    return escapedMarkdown(plainLine(text));
}

QString chatLine(const Thing &thing, const VendorPage &page, const QString &link)
{
    const QString words = escapedMarkdown(shortened(plainLine(thing.words), longestWords));
    const QString address = addressForOthers(page.address);
    QStringList parts;
    parts << (address.isEmpty() ? words : QStringLiteral("[%1](%2)").arg(words, address));
    if (address.isEmpty() && !page.command.isEmpty())
        parts << asCode(plainLine(page.command));
    if (!thing.tells.isEmpty())
        parts << escapedMarkdown(shortened(plainLine(thing.tells), longestTells));
    parts << QStringLiteral("<%1>").arg(maskedLine(link));
    return parts.join(QStringLiteral(" · "));
}

} // namespace pilothouse
