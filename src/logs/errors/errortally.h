#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <array>

namespace pilothouse {

/// A line of a log that is an error.
struct ErrorLine
{
    QDateTime at; ///< UTC, its own stamp; where it has none, when it came
    QString text; ///< without stamp, marker and escapes; tokens are masked

    bool operator==(const ErrorLine &) const = default;
};

/// Of one log: the newest line that is an error by the rules of `readLine`, and how many came.
/// Keeps that line and a minute of counts, however long the log is.
class ErrorTally
{
public:
    /// Bytes as they come; they may end inside a line. `now` stands in for a stamp that is missing.
    void take(const QByteArray &bytes, const QDateTime &now);

    [[nodiscard]] qint64 count() const { return m_count; }
    [[nodiscard]] const ErrorLine &newest() const { return m_newest; } ///< meaningless at count 0
    [[nodiscard]] QDateTime first() const { return m_first; }          ///< of those counted
    /// The newest stamp of any line, error or not; invalid before the first line.
    [[nodiscard]] QDateTime lastStamp() const { return m_lastStamp; }
    /// How many came in the minute that ends at `now`, by the log's own clock.
    [[nodiscard]] int inLastMinute(const QDateTime &now) const;

private:
    void takeLine(const QByteArray &line, const QDateTime &now);
    void count(const QDateTime &at);

    struct Second
    {
        qint64 second = -1; ///< of the epoch
        int errors = 0;
    };

    QByteArray m_rest;      ///< of a line whose end has not come
    bool m_tooLong = false; ///< what still comes of that line is left out
    ErrorLine m_newest;
    QDateTime m_first;
    QDateTime m_lastStamp;
    qint64 m_count = 0;
    std::array<Second, 60> m_seconds;
};

/// What of an error's text a person reads first: what stands behind the last "…Error: " or
/// "…Exception: ", without a remark in brackets at its end; else the text behind its level word.
[[nodiscard]] QString errorMessage(const QString &text);

} // namespace pilothouse
