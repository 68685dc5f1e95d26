#include "app/cli/judge/casereport.h"

#include "base/words.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>
#include <limits>

namespace pilothouse {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double lastDigits = 8 * std::numeric_limits<double>::epsilon();

bool agree(double got, double expected, double tolerance)
{
    if (std::isnan(got) || std::isnan(expected))
        return std::isnan(got) && std::isnan(expected);
    return got == expected
           || std::abs(got - expected) <= tolerance + lastDigits * std::abs(expected);
}

} // namespace

std::optional<double> numberIn(const QJsonValue &value)
{
    if (value.isDouble())
        return value.toDouble();
    const QString text = value.toString();
    if (text == QLatin1String("NaN"))
        return std::numeric_limits<double>::quiet_NaN();
    if (text == QLatin1String("Infinity"))
        return infinity;
    if (text == QLatin1String("-Infinity"))
        return -infinity;
    return std::nullopt;
}

QJsonValue numberFor(double value)
{
    if (std::isnan(value))
        return QStringLiteral("NaN");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("Infinity") : QStringLiteral("-Infinity");
    return value;
}

CaseReport::CaseReport(const QString &name, const QJsonObject &given) : m_name(name), m_given(given)
{}

QJsonValue CaseReport::value(const char *key) const
{
    return m_given.value(QLatin1String(key));
}

QString CaseReport::text(const char *key) const
{
    return value(key).toString();
}

QString CaseReport::kind() const
{
    QString plain = text("kind").toLower();
    plain.removeIf([](QChar c) { return !c.isLetterOrNumber(); });
    return plain;
}

double CaseReport::number(const char *key, double otherwise) const
{
    return numberIn(value(key)).value_or(otherwise);
}

std::vector<double> CaseReport::numbers(const char *key)
{
    std::vector<double> all;
    const QJsonArray list = value(key).toArray();
    all.reserve(size_t(list.size()));
    for (const QJsonValue entry : list) {
        const auto number = numberIn(entry);
        if (!number) {
            refuse(Words::tr("\"%1\" holds something that is no number").arg(QLatin1String(key)));
            return {};
        }
        all.push_back(*number);
    }
    if (!value(key).isArray())
        refuse(Words::tr("\"%1\" is missing or no list").arg(QLatin1String(key)));
    return all;
}

void CaseReport::expectNumber(const QString &what, double got, const QJsonValue &expected,
                              double tolerance)
{
    m_got.insert(what, numberFor(got));
    m_expected.insert(what, expected);
    QJsonValue bare = expected;
    if (expected.isObject()) {
        bare = expected.toObject().value(QLatin1String("value"));
        tolerance
            = std::max(tolerance, expected.toObject().value(QLatin1String("tolerance")).toDouble());
    }
    const auto number = numberIn(bare);
    if (!number)
        refuse(Words::tr("what is expected as \"%1\" is no number").arg(what));
    else
        m_ok = m_ok && agree(got, *number, tolerance);
}

void CaseReport::expect(const QString &what, const QJsonValue &got, const QJsonValue &expected)
{
    m_got.insert(what, got);
    m_expected.insert(what, expected);
    m_ok = m_ok && got == expected;
}

void CaseReport::refuse(const QString &why)
{
    if (m_why.isEmpty())
        m_why = why;
}

QJsonObject CaseReport::line() const
{
    // A case that compares nothing proves nothing.
    const QString why
        = m_why.isEmpty() && m_expected.isEmpty() ? Words::tr("it expects nothing") : m_why;
    QJsonObject line{
        {QStringLiteral("case"), m_name},
        {QStringLiteral("ok"), m_ok && why.isEmpty()},
        {QStringLiteral("got"), m_got},
        {QStringLiteral("expected"), m_expected},
    };
    if (!why.isEmpty())
        line.insert(QStringLiteral("why"), why);
    return line;
}

} // namespace pilothouse
