#pragma once

#include <QList>
#include <QString>

#include <utility>
#include <variant>

namespace pilothouse {

/// Whether something is so, as far as can be told without running it.
enum class Truth { Unknown, False, True };

struct ExpressionValue;

/// What only a run can tell. It may still be certain how it counts in a condition: whatever `a`
/// is, `a && false` is false.
struct UnknownValue
{
    Truth truth = Truth::Unknown;
    QString beginning{}; ///< it is a text that begins so; empty = not even that is known
};

struct ListValue
{
    enum class Origin {
        Written,
        Filtered, ///< by `.*`: what is asked of it is asked of each of its members
    };
    QList<ExpressionValue> items;
    Origin origin = Origin::Written;
};

struct MapValue
{
    enum class Rest {
        Null,    ///< names that are not listed have no value
        Unknown, ///< they may have one
    };
    enum class Order { Kept, Lost };
    QList<std::pair<QString, ExpressionValue>> entries;
    Rest rest = Rest::Null;
    Order order = Order::Kept;
};

/// A value of the CI host's expression language. Text and the names of a map compare without case.
struct ExpressionValue
{
    using Unknown = UnknownValue;
    struct Null
    {};
    using List = ListValue;
    using Map = MapValue;

    std::variant<Unknown, Null, bool, double, QString, List, Map> is;

    [[nodiscard]] bool isUnknown() const { return std::holds_alternative<Unknown>(is); }
    /// Null, a flag, a number or a text.
    [[nodiscard]] bool isPrimitive() const;
    [[nodiscard]] Truth truth() const;
    /// As `==` and `<` see it; NaN for a text that is no number, for lists and for maps.
    [[nodiscard]] double number() const;
    /// As it is put into a text; empty for what has none.
    [[nodiscard]] QString text() const;
    /// The member with this name or index; Null where there is none, Unknown where that is unknown.
    [[nodiscard]] ExpressionValue at(const ExpressionValue &index) const;
    /// All members (`.*`).
    [[nodiscard]] ExpressionValue all() const;
    /// Nothing in it is unknown, however deep.
    [[nodiscard]] bool isKnown() const;
};

/// `a == b` with the host's conversions. Lists and maps are only equal to themselves, which cannot
/// be told from here.
[[nodiscard]] Truth equal(const ExpressionValue &a, const ExpressionValue &b);
[[nodiscard]] Truth less(const ExpressionValue &a, const ExpressionValue &b);

/// A number as the host writes it: at most 15 digits, no zeros that do not count.
[[nodiscard]] QString numberText(double number);

} // namespace pilothouse
