#include "pipeline/expression/functions.h"

#include "pipeline/expression/json.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <functional>

namespace pilothouse {

namespace {

using Arguments = QList<ExpressionValue>;

bool anyUnknown(const Arguments &arguments)
{
    return std::any_of(arguments.begin(), arguments.end(),
                       [](const ExpressionValue &value) { return value.isUnknown(); });
}

ExpressionValue contains(const Arguments &arguments)
{
    const ExpressionValue &where = arguments[0];
    const ExpressionValue &what = arguments[1];
    if (const auto *list = std::get_if<ExpressionValue::List>(&where.is)) {
        Truth found = Truth::False;
        for (const ExpressionValue &item : list->items) {
            const Truth same = equal(what, item);
            if (same == Truth::True)
                return {true};
            if (same == Truth::Unknown)
                found = Truth::Unknown;
        }
        return found == Truth::Unknown ? ExpressionValue() : ExpressionValue{false};
    }
    if (anyUnknown(arguments))
        return {};
    return {where.isPrimitive() && what.isPrimitive()
            && where.text().contains(what.text(), Qt::CaseInsensitive)};
}

ExpressionValue startsWith(const Arguments &arguments)
{
    return {arguments[0].isPrimitive() && arguments[1].isPrimitive()
            && arguments[0].text().startsWith(arguments[1].text(), Qt::CaseInsensitive)};
}

/// The beginning of an unknown text may be known, which is enough for some questions.
ExpressionValue startsWithUnknown(const Arguments &arguments)
{
    const auto *whole = std::get_if<ExpressionValue::Unknown>(&arguments[0].is);
    if (!whole || !arguments[1].isPrimitive())
        return {};
    const QString start = arguments[1].text();
    if (whole->beginning.startsWith(start, Qt::CaseInsensitive))
        return {true};
    return start.startsWith(whole->beginning, Qt::CaseInsensitive) ? ExpressionValue()
                                                                   : ExpressionValue{false};
}

ExpressionValue endsWith(const Arguments &arguments)
{
    return {arguments[0].isPrimitive() && arguments[1].isPrimitive()
            && arguments[0].text().endsWith(arguments[1].text(), Qt::CaseInsensitive)};
}

/// Reads a pattern of format(): "{0}" is the first value; "{{" and "}}" are braces. Whether all of
/// it could be read.
bool readPattern(const QString &pattern, const std::function<void(QChar)> &take,
                 const std::function<void(uint)> &takePlace)
{
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QChar c = pattern[i];
        if (c != QLatin1Char('{') && c != QLatin1Char('}')) {
            take(c);
            continue;
        }
        if (i + 1 < pattern.size() && pattern[i + 1] == c) {
            take(pattern[i++]);
            continue;
        }
        const qsizetype end = pattern.indexOf(QLatin1Char('}'), i);
        bool isNumber = false;
        const uint index = pattern.mid(i + 1, end - i - 1).toUInt(&isNumber);
        if (c == QLatin1Char('}') || end < 0 || !isNumber)
            return false;
        takePlace(index);
        i = end;
    }
    return true;
}

ExpressionValue format(const Arguments &arguments)
{
    QString filled;
    bool isFilled = true;
    const bool isRead = readPattern(
        arguments[0].text(), [&](QChar c) { filled += c; },
        [&](uint index) {
            if (index + 1 < size_t(arguments.size()))
                filled += arguments[qsizetype(index) + 1].text();
            else
                isFilled = false;
        });
    return isRead && isFilled ? ExpressionValue{filled} : ExpressionValue();
}

ExpressionValue join(const Arguments &arguments)
{
    const auto *list = std::get_if<ExpressionValue::List>(&arguments[0].is);
    if (!list)
        return {arguments[0].isPrimitive() ? arguments[0].text() : QString()};
    if (anyUnknown(list->items))
        return {};
    QStringList texts;
    for (const ExpressionValue &item : list->items)
        texts.append(item.text());
    const bool isSeparated = arguments.size() > 1 && arguments[1].isPrimitive();
    return {texts.join(isSeparated ? arguments[1].text() : QStringLiteral(","))};
}

/// The value behind the first condition that is true, else the last one.
ExpressionValue firstCase(const Arguments &arguments)
{
    for (qsizetype i = 0; i + 1 < arguments.size(); i += 2) {
        const bool *holds = std::get_if<bool>(&arguments[i].is);
        if (!holds)
            return {};
        if (*holds)
            return arguments[i + 1];
    }
    return arguments.last();
}

ExpressionValue statusIs(ExpressionContext::Status wanted, const ExpressionContext &context)
{
    const ExpressionContext::Status status = context.status;
    const bool mayBeCancelled = wanted == ExpressionContext::Status::Cancelled && status != wanted
                                && context.run == ExpressionContext::Run::GoesOn;
    if (status == ExpressionContext::Status::Unknown || mayBeCancelled)
        return {};
    return {status == wanted};
}

bool suits(const QString &name, qsizetype count)
{
    const QList<ExpressionFunction> &all = commonFunctions();
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const ExpressionFunction &function) {
              return function.name.compare(name, Qt::CaseInsensitive) == 0;
          });
    return found != all.end() && count >= found->least && count <= found->most;
}

} // namespace

const QList<ExpressionFunction> &commonFunctions()
{
    static const QList<ExpressionFunction> all{
        {QStringLiteral("case"), 3, ExpressionFunction::any},
        {QStringLiteral("contains"), 2, 2},
        {QStringLiteral("endsWith"), 2, 2},
        {QStringLiteral("format"), 1, 255},
        {QStringLiteral("fromJSON"), 1, 1},
        {QStringLiteral("join"), 1, 2},
        {QStringLiteral("startsWith"), 2, 2},
        {QStringLiteral("toJSON"), 1, 1},
    };
    return all;
}

std::optional<qsizetype> placesOf(const QString &pattern)
{
    qsizetype places = 0;
    const bool isRead = readPattern(
        pattern, [](QChar) {},
        [&](uint index) { places = std::max(places, qsizetype(index) + 1); });
    return isRead ? std::optional(places) : std::nullopt;
}

ExpressionValue callFunction(const QString &name, const Arguments &arguments,
                             const ExpressionContext &context)
{
    const QString key = name.toLower();
    if (key == QLatin1String("always"))
        return {true};
    if (key == QLatin1String("success"))
        return statusIs(ExpressionContext::Status::Success, context);
    if (key == QLatin1String("failure"))
        return statusIs(ExpressionContext::Status::Failure, context);
    if (key == QLatin1String("cancelled"))
        return statusIs(ExpressionContext::Status::Cancelled, context);
    if (!suits(key, arguments.size()))
        return {};
    if (key == QLatin1String("contains"))
        return contains(arguments);
    if (key == QLatin1String("case"))
        return firstCase(arguments);
    if (key == QLatin1String("startswith") && arguments[0].isUnknown())
        return startsWithUnknown(arguments);
    static const QHash<QString, ExpressionValue (*)(const Arguments &)> ofKnownValues{
        {QStringLiteral("startswith"), startsWith},
        {QStringLiteral("endswith"), endsWith},
        {QStringLiteral("format"), format},
        {QStringLiteral("join"), join},
        {QStringLiteral("tojson"),
         [](const Arguments &values) {
             const auto json = toJson(values[0]);
             return json ? ExpressionValue{*json} : ExpressionValue();
         }},
        {QStringLiteral("fromjson"),
         [](const Arguments &values) {
             return fromJson(values[0].text());
         }},
    };
    const auto function = ofKnownValues.value(key, nullptr);
    if (!function || anyUnknown(arguments))
        return {};
    return function(arguments);
}

} // namespace pilothouse
