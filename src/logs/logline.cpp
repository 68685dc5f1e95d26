#include "logs/logline.h"

#include <QRegularExpression>

#include <utility>

namespace pilothouse {
namespace {

/// SGR parameters (ECMA-48 8.3.117): only what a log uses; 256-colour forms fall to the text's own.
void applySgr(AnsiStyle &style, const QString &parameters)
{
    const QStringList parts = parameters.split(QLatin1Char(';'));
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const int code = parts[i].toInt();
        if (code == 0)
            style = {};
        else if (code == 1)
            style.flags |= AnsiStyle::Bold;
        else if (code == 2)
            style.flags |= AnsiStyle::Faint;
        else if (code == 3)
            style.flags |= AnsiStyle::Italic;
        else if (code == 4)
            style.flags |= AnsiStyle::Underline;
        else if (code == 22)
            style.flags &= ~(AnsiStyle::Bold | AnsiStyle::Faint);
        else if (code == 23)
            style.flags &= ~AnsiStyle::Italic;
        else if (code == 24)
            style.flags &= ~AnsiStyle::Underline;
        else if (code >= 30 && code <= 37)
            style.foreground = code - 30;
        else if (code >= 90 && code <= 97)
            style.foreground = code - 90 + 8;
        else if (code == 39)
            style.foreground = -1;
        else if (code >= 40 && code <= 47)
            style.background = code - 40;
        else if (code >= 100 && code <= 107)
            style.background = code - 100 + 8;
        else if (code == 49)
            style.background = -1;
        else if (code == 38 || code == 48)
            i += i + 1 < parts.size() && parts[i + 1] == QLatin1String("5") ? 2 : 4;
    }
}

QString takeStamp(QString text, QDateTime &at)
{
    static const QRegularExpression stamp(QStringLiteral(
        "^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d) ?"));
    const QRegularExpressionMatch match = stamp.match(text);
    if (!match.hasMatch())
        return text;
    // Seven digits of GitHub's fraction are more than Qt reads; three are kept.
    at = QDateTime::fromString(match.captured(1) + match.captured(2).left(4) + match.captured(3),
                               Qt::ISODateWithMs)
             .toUTC();
    return text.mid(match.capturedLength());
}

std::pair<LineKind, QString> takeMarker(const QString &text)
{
    static const QRegularExpression marker(QStringLiteral("^##\\[(\\w+)\\]"));
    static const QRegularExpression level(
        QStringLiteral("^(?:\\S+ )?(?:ERROR|FATAL|CRITICAL|FAILED)\\b|^E  |\\bFAILED\\b|Error:"));
    static const QRegularExpression warning(QStringLiteral("^(?:\\S+ )?WARN(?:ING)?\\b"));
    const QRegularExpressionMatch match = marker.match(text);
    if (match.hasMatch()) {
        const QString word = match.captured(1);
        const QString rest = text.mid(match.capturedLength());
        if (word == QLatin1String("error"))
            return {LineKind::Error, rest};
        if (word == QLatin1String("warning"))
            return {LineKind::Warning, rest};
        if (word == QLatin1String("group"))
            return {LineKind::Group, rest};
        if (word == QLatin1String("endgroup"))
            return {LineKind::EndGroup, rest};
        if (word == QLatin1String("command"))
            return {LineKind::Command, rest};
        if (word == QLatin1String("debug"))
            return {LineKind::Debug, rest};
    }
    if (level.match(text).hasMatch())
        return {LineKind::Error, text};
    if (warning.match(text).hasMatch())
        return {LineKind::Warning, text};
    return {LineKind::Plain, text};
}

} // namespace

LogLine readLine(const QByteArray &bytes, const AnsiStyle &before)
{
    LogLine line;
    QString raw = QString::fromUtf8(bytes);
    line.invalidBytes = int(raw.count(QChar::ReplacementCharacter));
    raw = takeStamp(raw, line.at);
    const qsizetype progress = raw.lastIndexOf(QLatin1Char('\r'));
    if (progress >= 0 && progress + 1 < raw.size())
        raw = raw.mid(progress + 1);

    AnsiStyle style = before;
    QString plain;
    qsizetype spanStart = 0;
    const auto closeSpan = [&] {
        if (style != AnsiStyle{} && plain.size() > spanStart)
            line.spans.append({spanStart, plain.size() - spanStart, style});
        spanStart = plain.size();
    };
    for (qsizetype i = 0; i < raw.size(); ++i) {
        const QChar c = raw[i];
        if (c == QChar(0x1b) && i + 1 < raw.size() && raw[i + 1] == QLatin1Char('[')) {
            qsizetype end = i + 2;
            while (end < raw.size() && (raw[end].unicode() < 0x40 || raw[end].unicode() > 0x7e))
                ++end;
            if (end < raw.size() && raw[end] == QLatin1Char('m')) {
                closeSpan();
                applySgr(style, raw.mid(i + 2, end - i - 2));
            }
            i = end;
        } else if (c == QLatin1Char('\t')) {
            plain += QLatin1Char(' ');
            while (plain.size() % 8 != 0)
                plain += QLatin1Char(' ');
        } else if (c.unicode() < 0x20 || c == QChar(0x7f)) {
            plain += QChar(0x2400 + (c == QChar(0x7f) ? 0x21 : c.unicode()));
        } else {
            plain += c;
        }
    }
    closeSpan();
    line.after = style;

    auto [kind, text] = takeMarker(plain);
    const qsizetype cut = plain.size() - text.size();
    line.kind = kind;
    line.text = text;
    if (cut > 0) {
        QList<StyledSpan> kept;
        for (StyledSpan span : std::as_const(line.spans)) {
            const qsizetype end = span.start + span.length - cut;
            span.start = std::max<qsizetype>(0, span.start - cut);
            span.length = end - span.start;
            if (span.length > 0)
                kept.append(span);
        }
        line.spans = kept;
    }
    return line;
}

} // namespace pilothouse
