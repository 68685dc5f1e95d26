#include "pipeline/expression/value.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace pilothouse {

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

/// Texts become numbers as in JavaScript: blanks around do not count, nothing at all is 0.
double numberIn(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return 0;
    bool isNumber = false;
    const auto withBase = [&](const char *prefix, int base) -> std::optional<double> {
        if (!trimmed.startsWith(QLatin1String(prefix), Qt::CaseInsensitive))
            return std::nullopt;
        const qulonglong value = trimmed.mid(2).toULongLong(&isNumber, base);
        return isNumber ? double(value) : notANumber;
    };
    if (const auto value = withBase("0x", 16))
        return *value;
    if (const auto value = withBase("0o", 8))
        return *value;
    if (const auto value = withBase("0b", 2))
        return *value;
    for (const char *name : {"Infinity", "+Infinity"}) {
        if (trimmed == QLatin1String(name))
            return std::numeric_limits<double>::infinity();
    }
    if (trimmed == QLatin1String("-Infinity"))
        return -std::numeric_limits<double>::infinity();
    if (std::any_of(trimmed.begin(), trimmed.end(),
                    [](QChar c) { return c.isLetter() && c.toLower() != QLatin1Char('e'); }))
        return notANumber;
    const double value = trimmed.toDouble(&isNumber);
    return isNumber ? value : notANumber;
}

enum class Compared { Unknown, Apart, Less, Equal, Greater };

Compared compareNumbers(double a, double b)
{
    if (std::isnan(a) || std::isnan(b))
        return Compared::Apart;
    return a < b ? Compared::Less : a > b ? Compared::Greater : Compared::Equal;
}

Compared compared(const ExpressionValue &a, const ExpressionValue &b)
{
    if (a.isUnknown() || b.isUnknown())
        return Compared::Unknown;
    if (!a.isPrimitive() || !b.isPrimitive())
        return a.is.index() == b.is.index() ? Compared::Unknown : Compared::Apart;
    if (std::holds_alternative<QString>(a.is) && std::holds_alternative<QString>(b.is)) {
        const int order = QString::compare(a.text().toUpper(), b.text().toUpper());
        return order < 0 ? Compared::Less : order > 0 ? Compared::Greater : Compared::Equal;
    }
    if (std::holds_alternative<ExpressionValue::Null>(a.is)
        && std::holds_alternative<ExpressionValue::Null>(b.is))
        return Compared::Equal;
    return compareNumbers(a.number(), b.number());
}

/// Calls `take` with each member of a list or map.
template <typename Take>
void forEachMember(const ExpressionValue &value, Take take)
{
    if (const auto *list = std::get_if<ExpressionValue::List>(&value.is)) {
        for (const ExpressionValue &item : list->items)
            take(item);
    } else if (const auto *map = std::get_if<ExpressionValue::Map>(&value.is)) {
        for (const auto &entry : map->entries)
            take(entry.second);
    }
}

bool hasUnknownMembers(const ExpressionValue &value)
{
    const auto *map = std::get_if<ExpressionValue::Map>(&value.is);
    return value.isUnknown()
           || (map
               && (map->rest == ExpressionValue::Map::Rest::Unknown
                   || map->order == ExpressionValue::Map::Order::Lost));
}

ExpressionValue memberOf(const ExpressionValue::Map &map, const ExpressionValue &index)
{
    const QString name = index.text();
    for (const auto &[key, value] : map.entries) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    if (map.rest == ExpressionValue::Map::Rest::Unknown)
        return {};
    return {ExpressionValue::Null{}};
}

/// An unknown text of which the beginning is known is not one that begins otherwise.
bool beginsOtherwise(const ExpressionValue &unknown, const ExpressionValue &text)
{
    const auto *known = std::get_if<ExpressionValue::Unknown>(&unknown.is);
    const auto *words = std::get_if<QString>(&text.is);
    return known && words && !words->startsWith(known->beginning, Qt::CaseInsensitive);
}

bool isMissing(const ExpressionValue &container, const ExpressionValue &index)
{
    const auto *map = std::get_if<ExpressionValue::Map>(&container.is);
    return map && std::none_of(map->entries.begin(), map->entries.end(), [&](const auto &entry) {
               return entry.first.compare(index.text(), Qt::CaseInsensitive) == 0;
           });
}

} // namespace

bool ExpressionValue::isPrimitive() const
{
    return !isUnknown() && !std::holds_alternative<List>(is) && !std::holds_alternative<Map>(is);
}

Truth ExpressionValue::truth() const
{
    const auto told = [](bool holds) {
        return holds ? Truth::True : Truth::False;
    };
    if (const auto *unknown = std::get_if<Unknown>(&is))
        return unknown->truth;
    if (std::holds_alternative<Null>(is))
        return Truth::False;
    if (const bool *flag = std::get_if<bool>(&is))
        return told(*flag);
    if (const double *value = std::get_if<double>(&is))
        return told(*value != 0 && !std::isnan(*value));
    if (const QString *words = std::get_if<QString>(&is))
        return told(!words->isEmpty());
    return Truth::True;
}

double ExpressionValue::number() const
{
    if (std::holds_alternative<Null>(is))
        return 0;
    if (const bool *flag = std::get_if<bool>(&is))
        return *flag ? 1 : 0;
    if (const double *value = std::get_if<double>(&is))
        return *value;
    if (const QString *words = std::get_if<QString>(&is))
        return numberIn(*words);
    return notANumber;
}

QString ExpressionValue::text() const
{
    if (const bool *flag = std::get_if<bool>(&is))
        return *flag ? QStringLiteral("true") : QStringLiteral("false");
    if (const double *value = std::get_if<double>(&is))
        return numberText(*value);
    if (const QString *words = std::get_if<QString>(&is))
        return *words;
    if (std::holds_alternative<List>(is))
        return QStringLiteral("Array");
    if (std::holds_alternative<Map>(is))
        return QStringLiteral("Object");
    return {};
}

ExpressionValue ExpressionValue::at(const ExpressionValue &index) const
{
    if (isUnknown() || index.isUnknown())
        return {};
    if (const auto *map = std::get_if<Map>(&is))
        return index.isPrimitive() ? memberOf(*map, index) : ExpressionValue{Null{}};
    const auto *list = std::get_if<List>(&is);
    if (!list)
        return {Null{}};
    if (list->origin == List::Origin::Filtered) {
        List found{{}, List::Origin::Filtered};
        for (const ExpressionValue &item : list->items) {
            const ExpressionValue member = item.at(index);
            const bool isContainer = !item.isPrimitive() && !isMissing(item, index);
            if (member.isUnknown())
                return {};
            if (isContainer)
                found.items.append(member);
        }
        return {found};
    }
    const double wanted = index.number();
    if (std::isnan(wanted) || wanted < 0 || std::floor(wanted) >= double(list->items.size()))
        return {Null{}};
    return list->items[qsizetype(std::floor(wanted))];
}

ExpressionValue ExpressionValue::all() const
{
    if (hasUnknownMembers(*this))
        return {};
    List found{{}, List::Origin::Filtered};
    const auto *list = std::get_if<List>(&is);
    if (!list || list->origin == List::Origin::Written) {
        forEachMember(*this, [&](const ExpressionValue &member) { found.items.append(member); });
        return {found};
    }
    for (const ExpressionValue &item : list->items) {
        if (hasUnknownMembers(item))
            return {};
        forEachMember(item, [&](const ExpressionValue &member) { found.items.append(member); });
    }
    return {found};
}

bool ExpressionValue::isKnown() const
{
    if (hasUnknownMembers(*this))
        return false;
    bool known = true;
    forEachMember(*this, [&](const ExpressionValue &member) { known = known && member.isKnown(); });
    return known;
}

Truth equal(const ExpressionValue &a, const ExpressionValue &b)
{
    if (beginsOtherwise(a, b) || beginsOtherwise(b, a))
        return Truth::False;
    const Compared result = compared(a, b);
    if (result == Compared::Unknown)
        return Truth::Unknown;
    return result == Compared::Equal ? Truth::True : Truth::False;
}

Truth less(const ExpressionValue &a, const ExpressionValue &b)
{
    const Compared result = compared(a, b);
    if (result == Compared::Unknown)
        return a.isUnknown() || b.isUnknown() ? Truth::Unknown : Truth::False;
    return result == Compared::Less ? Truth::True : Truth::False;
}

QString numberText(double number)
{
    if (std::isnan(number))
        return QStringLiteral("NaN");
    if (std::isinf(number))
        return number > 0 ? QStringLiteral("Infinity") : QStringLiteral("-Infinity");
    if (number == 0)
        return QStringLiteral("0");
    return QString::number(number, 'g', 15);
}

} // namespace pilothouse
