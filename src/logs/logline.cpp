#include "logs/logline.h"

#include <QRegularExpression>

#include <algorithm>
#include <cstring>
#include <utility>

namespace pilothouse {
namespace {

int numberAt(QByteArrayView digits)
{
    int value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

/// '0' stands for any digit, everything else for itself.
bool hasForm(QByteArrayView bytes, QByteArrayView form)
{
    if (bytes.size() < form.size())
        return false;
    for (qsizetype i = 0; i < form.size(); ++i) {
        const bool digit = bytes[i] >= '0' && bytes[i] <= '9';
        if (form[i] == '0' ? !digit : bytes[i] != form[i])
            return false;
    }
    return true;
}

/// One byte for each; what is no ASCII is none of an escape sequence's, as it is none in UTF-8.
QByteArray asciiOf(QStringView text)
{
    QByteArray bytes(text.size(), Qt::Uninitialized);
    std::transform(text.begin(), text.end(), bytes.begin(),
                   [](QChar c) { return c.unicode() < 0x80 ? char(c.unicode()) : '\x80'; });
    return bytes;
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

qsizetype stampLength(QByteArrayView line, QDateTime *at)
{
    constexpr QByteArrayView byteOrderMark("\xef\xbb\xbf");
    if (line.startsWith(byteOrderMark)) {
        const qsizetype length = stampLength(line.sliced(byteOrderMark.size()), at);
        return length > 0 ? byteOrderMark.size() + length : 0;
    }
    if (!hasForm(line, "0000-00-00T00:00:00"))
        return 0;
    qsizetype end = 19;
    int milliseconds = 0;
    if (end < line.size() && line[end] == '.') {
        int weight = 100;
        for (++end; end < line.size() && line[end] >= '0' && line[end] <= '9'; ++end) {
            milliseconds += (line[end] - '0') * weight;
            weight /= 10;
        }
    }
    int offset = 0;
    if (end < line.size() && line[end] == 'Z') {
        ++end;
    } else if (hasForm(line.sliced(end), "+00:00") || hasForm(line.sliced(end), "-00:00")) {
        offset = numberAt(line.sliced(end + 1, 2)) * 3600 + numberAt(line.sliced(end + 4, 2)) * 60;
        offset = line[end] == '-' ? -offset : offset;
        end += 6;
    } else {
        return 0;
    }
    if (end < line.size() && line[end] == ' ')
        ++end;
    if (at) {
        const QDate date(numberAt(line.first(4)), numberAt(line.sliced(5, 2)),
                         numberAt(line.sliced(8, 2)));
        const QTime time(numberAt(line.sliced(11, 2)), numberAt(line.sliced(14, 2)),
                         numberAt(line.sliced(17, 2)), milliseconds);
        *at = QDateTime(date, time, Qt::UTC).addSecs(-offset);
    }
    return end;
}

qint64 countInvalidUtf8(QByteArrayView bytes)
{
    const char *at = bytes.data();
    const char *const end = at + bytes.size();
    qint64 invalid = 0;
    const auto follows = [](char c) {
        return (uchar(c) & 0xc0) == 0x80;
    };
    while (at < end) {
        quint64 eight = 0;
        while (end - at >= 8) {
            std::memcpy(&eight, at, 8);
            if ((eight & 0x8080808080808080ULL) != 0)
                break;
            at += 8;
        }
        if (at >= end)
            break;
        const auto lead = uchar(*at++);
        if (lead < 0x80)
            continue;
        const int more = lead >= 0xc2 && lead <= 0xdf   ? 1
                         : lead >= 0xe0 && lead <= 0xef ? 2
                         : lead >= 0xf0 && lead <= 0xf4 ? 3
                                                        : 0;
        // Overlong forms, surrogates and what lies beyond U+10FFFF (Unicode, table 3-7).
        const uchar second = at < end ? uchar(*at) : 0;
        const bool wrong = more == 0 || (lead == 0xe0 && second < 0xa0)
                           || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90)
                           || (lead == 0xf4 && second > 0x8f);
        int got = 0;
        while (!wrong && got < more && at < end && follows(*at)) {
            ++at;
            ++got;
        }
        invalid += wrong || got < more ? 1 : 0;
    }
    return invalid;
}

qsizetype cutUtf8(QByteArrayView bytes)
{
    for (qsizetype back = 1; back <= std::min<qsizetype>(3, bytes.size()); ++back) {
        const QByteArrayView tail = bytes.last(back);
        if ((uchar(tail[0]) & 0xc0) == 0xc0)
            return utf8Bytes(tail[0]) > back ? back : 0;
    }
    return 0;
}

LogLine readLine(const QByteArray &bytes, const AnsiStyle &before)
{
    LogLine line;
    QByteArrayView shown(bytes);
    shown = shown.sliced(stampLength(shown, &line.at));
    line.invalidBytes = int(countInvalidUtf8(bytes));
    while (shown.endsWith('\r'))
        shown.chop(1);
    const LastState last = lastState(shown);
    line.earlierStates = last.earlier;
    AnsiStyle style = styleAfter(shown.first(last.begin), before);
    const QByteArrayView blank = shown.sliced(last.end);
    shown = shown.sliced(last.begin, last.end - last.begin);
    const QString raw = QString::fromUtf8(shown);
    QString plain;
    qsizetype spanStart = 0;
    const auto closeSpan = [&] {
        if (style != AnsiStyle{} && plain.size() > spanStart)
            line.spans.append({spanStart, plain.size() - spanStart, style});
        spanStart = plain.size();
    };
    for (qsizetype i = 0; i < raw.size(); ++i) {
        const QChar c = raw[i];
        if (c == QChar(0x1b)) {
            const QByteArray rest = asciiOf(QStringView(raw).mid(i, longestEscape));
            const qsizetype length = std::max<qsizetype>(1, escapeLength(rest));
            if (length > 2 && rest[1] == '[' && rest[length - 1] == 'm') {
                closeSpan();
                applySgr(style, QByteArrayView(rest).sliced(2, length - 3));
            }
            i += length - 1;
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
    line.after = styleAfter(blank, style);

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
