#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

namespace pilothouse {

/// One case while it is judged: what the file gives, what came out, and whether they agree.
class CaseReport
{
public:
    CaseReport(const QString &name, const QJsonObject &given);

    [[nodiscard]] const QJsonObject &given() const { return m_given; }
    [[nodiscard]] QJsonValue value(const char *key) const;
    [[nodiscard]] QString text(const char *key) const;
    /// The "kind" in small letters and digits alone: "cohenD" and "Cohen's D" are told the same
    /// way.
    [[nodiscard]] QString kind() const;
    /// The number under `key`, or `otherwise` if there is none. "NaN", "Infinity" and "-Infinity"
    /// are numbers too.
    [[nodiscard]] double number(const char *key, double otherwise) const;
    /// Refuses the case if it is no list of numbers.
    [[nodiscard]] std::vector<double> numbers(const char *key);

    /// Compares with a number, or with {"value": …, "tolerance": …} where the wider tolerance
    /// holds; NaN equals NaN, and the last digits of a double never count.
    void expectNumber(const QString &what, double got, const QJsonValue &expected,
                      double tolerance);
    /// Compares exactly.
    void expect(const QString &what, const QJsonValue &got, const QJsonValue &expected);
    /// Makes the case not ok, with a reason.
    void refuse(const QString &why);

    [[nodiscard]] bool refused() const { return !m_why.isEmpty(); }
    [[nodiscard]] QJsonObject line() const;

private:
    QString m_name;
    QJsonObject m_given;
    QJsonObject m_got;
    QJsonObject m_expected;
    QString m_why;
    bool m_ok = true;
};

/// A number as JSON can carry it; nullopt if it is none.
[[nodiscard]] std::optional<double> numberIn(const QJsonValue &value);
[[nodiscard]] QJsonValue numberFor(double value);

} // namespace pilothouse
