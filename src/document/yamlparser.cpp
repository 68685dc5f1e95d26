#include "document/yamlparser.h"

#include "base/words.h"
#include "document/yamlbuilder.h"

#include <QStringDecoder>

#include <algorithm>
#include <optional>
#include <sstream>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace pilothouse {

namespace {

Position positionOf(const QByteArray &content, qsizetype offset)
{
    const QByteArrayView before = QByteArrayView(content).first(offset);
    const qsizetype lineStart = before.lastIndexOf('\n') + 1;
    return {int(before.count('\n')) + 1,
            int(std::count_if(before.begin() + lineStart, before.end(), [](char c) {
                return (c & 0xC0) != 0x80;
            })) + 1};
}

bool isControl(char c)
{
    return (c >= 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

bool isUtf16(const QByteArray &content)
{
    return content.startsWith("\xFF\xFE") || content.startsWith("\xFE\xFF");
}

/// What yaml-cpp would take in silence (it even reads U+0004 as the end of the file) or read
/// wrongly.
std::optional<std::pair<Position, QString>> badBytes(const QByteArray &content)
{
    if (isUtf16(content))
        return {{Position{1, 1}, Words::tr("the file is in UTF-16; expected UTF-8")}};
    const auto control = std::find_if(content.begin(), content.end(), isControl);
    if (control != content.end()) {
        return {{positionOf(content, control - content.begin()),
                 Words::tr("the control character U+%1 stands here; expected text")
                     .arg(QString::number(int(*control), 16).toUpper(), 4, QLatin1Char('0'))}};
    }
    if (!content.isValidUtf8()) {
        const QByteArray again = QString::fromUtf8(content).toUtf8();
        const auto bad = std::mismatch(content.begin(), content.end(), again.begin(), again.end());
        return {{positionOf(content, bad.first - content.begin()),
                 Words::tr("this is not valid UTF-8; save the file as UTF-8")}};
    }
    return std::nullopt;
}

/// The same text with U+FFFD for what is no text.
QByteArray withoutBadBytes(const QByteArray &content)
{
    const QByteArray text = isUtf16(content)
                                ? QString(QStringDecoder(QStringDecoder::Utf16)(content)).toUtf8()
                                : QString::fromUtf8(content).toUtf8();
    QByteArray readable;
    readable.reserve(text.size());
    for (const char c : text) {
        if (isControl(c))
            readable += "\xEF\xBF\xBD";
        else
            readable += c;
    }
    return readable;
}

/// The nearest line up to `line` that is indented by a tab, if the error is likely to come from it.
std::optional<Position> tabNear(const QByteArray &content, int line)
{
    const QList<QByteArray> lines = content.split('\n');
    const auto last = std::min<qsizetype>(line, lines.size()) - 1;
    for (qsizetype i = last; i >= 0 && i >= last - 2; --i) {
        for (qsizetype column = 0; column < lines[i].size(); ++column) {
            if (lines[i][column] == '\t')
                return Position{int(i) + 1, int(column) + 1};
            if (lines[i][column] != ' ')
                break;
        }
    }
    return std::nullopt;
}

QString inPlainWords(const std::string &message)
{
    const QString text = QString::fromStdString(message);
    const auto is = [&text](const char *start) {
        return text.startsWith(QLatin1String(start));
    };
    if (is("end of map not found") || is("illegal map value"))
        return Words::tr("expected \"key: value\" at the indentation of the lines above; text with "
                         "a colon and a blank in it needs quotes");
    if (is("end of sequence not found"))
        return Words::tr("expected \"- value\" at the indentation of the list above");
    if (is("end of map flow not found"))
        return Words::tr("expected a comma or the closing \"}\" of this map");
    if (is("end of sequence flow not found"))
        return Words::tr("expected a comma or the closing \"]\" of this list");
    if (is("illegal EOF in scalar") || is("illegal document indicator in scalar"))
        return Words::tr("expected the closing quote of a text that begins above");
    if (is("the referenced anchor is not defined"))
        return Words::tr(
            "this alias has no anchor above it; expected \"&name\" on the value meant");
    if (is("unknown escape character"))
        return Words::tr(
            "an escape that YAML does not know; expected single quotes for a text with "
            "backslashes");
    return Words::tr("not valid YAML: %1").arg(text);
}

ReadableYaml readDocument(const QByteArray &whole, Problems &problems, int levels,
                          Strictness strictness, const YamlLimits &limits)
{
    constexpr bool isWhole = false;
    if (whole.size() > limits.bytes) {
        problems.add({}, Words::tr("the file has more than %L1 bytes; expected a smaller one")
                             .arg(limits.bytes));
        return {{}, isWhole};
    }
    QByteArray content = whole;
    if (content.startsWith("\xEF\xBB\xBF")) {
        content.remove(0, 3);
        problems.add({1, 1},
                     Words::tr("the file begins with a byte-order mark; save it as UTF-8 without"),
                     {},
                     strictness == Strictness::Strict ? Problem::Severity::Error
                                                      : Problem::Severity::Warning);
    }
    if (const auto bad = badBytes(content)) {
        problems.add(bad->first, bad->second);
        if (levels == 0)
            return {{}, isWhole};
        Problems others(problems.file());
        const YamlNode root
            = readDocument(withoutBadBytes(content), others, levels, strictness, limits).root;
        for (const Problem &other : others.list()) {
            // At the bad place itself it would be told twice.
            if (other.line != bad->first.line)
                problems.add({other.line, other.column}, other.message, other.hint, other.severity);
        }
        return {root, isWhole};
    }

    YamlBuilder builder(content, problems, strictness, limits);
    try {
        std::istringstream stream(content.toStdString());
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YamlBuilder::Stop &) {
        return {builder.isSecondDocument() ? builder.root() : YamlNode(), isWhole};
    } catch (const YAML::DeepRecursion &error) {
        problems.add(builder.position(error.mark), Words::tr("nested too deep"));
        return {{}, isWhole};
    } catch (const YAML::Exception &error) {
        Position at = builder.position(error.mark);
        // At the end of the file the parser has no place to tell; the open bracket is more use.
        const bool atEnd = error.mark.pos <= 0 || error.mark.pos >= content.size();
        if (atEnd && error.msg.find("flow not found") != std::string::npos)
            at = builder.openedAt().value_or(at);
        if (const auto tab = tabNear(content, at.line)) {
            problems.add(*tab, Words::tr("a tab indents this line; expected spaces"));
        } else {
            problems.add(at, inPlainWords(error.msg));
        }
        return {builder.ended(levels), isWhole};
    } catch (const std::exception &error) {
        problems.add({}, inPlainWords(error.what()));
        return {{}, isWhole};
    }
    if (!builder.lastQuoteIsClosed()) {
        problems.add(builder.lastScalarAt(), Words::tr("expected the closing quote of this text"));
        return {builder.withoutLast(levels), isWhole};
    }
    if (!builder.sawDocument() || builder.root().isNull()) {
        problems.add({1, 1}, Words::tr("the file is empty; expected \"key: value\" lines"));
        return {{}, isWhole};
    }
    return {builder.root()};
}

} // namespace

YamlNode parseYaml(const QByteArray &content, Problems &problems, Strictness strictness,
                   const YamlLimits &limits)
{
    const ReadableYaml found = readDocument(content, problems, 0, strictness, limits);
    return found.isWhole ? found.root : YamlNode();
}

ReadableYaml parseYamlToError(const QByteArray &content, Problems &problems, int levels,
                              Strictness strictness, const YamlLimits &limits)
{
    return readDocument(content, problems, levels, strictness, limits);
}

} // namespace pilothouse
