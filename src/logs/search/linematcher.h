#pragma once

#include "base/result.h"

#include <QByteArrayView>
#include <QList>
#include <QRegularExpression>
#include <QString>

#include <array>
#include <memory>

struct hs_database;

namespace pilothouse {

/// What is looked for.
struct SearchQuery
{
    enum Option { Plain = 0, Regex = 1, CaseSensitive = 2, WholeWord = 4 };

    QString text;
    int options = Plain; ///< of Option

    [[nodiscard]] bool has(Option option) const { return (options & option) != 0; }
    bool operator==(const SearchQuery &) const = default;
};

/// A query made ready. What is searched of a line is what it says: without its stamp and its
/// escapes, but with its marker ("##[error]") and with the earlier states of a progress line.
/// Copies share what was compiled; all const members are safe in any thread.
class LineMatcher
{
public:
    /// BadInput with a sentence about what is wrong with a regular expression.
    [[nodiscard]] static Result<LineMatcher> create(const SearchQuery &query);

    /// Compiles for long texts. May take a while; without it `usesFastPath` is false.
    void prepare();
    /// True if candidates are found by Hyperscan. It refuses back references and look-around.
    [[nodiscard]] bool usesFastPath() const { return m_candidates != nullptr; }

    /// The exact answer for one line, given as it lies in the file.
    [[nodiscard]] bool matches(QByteArrayView line) const;

    struct Span
    {
        qsizetype start = 0;
        qsizetype length = 0;
        bool operator==(const Span &) const = default;
    };
    /// Where the hits are in a text that is shown.
    [[nodiscard]] QList<Span> spans(const QString &text) const;

    /// Finds candidates in cleaned bytes: lines that may match, among them all that do.
    [[nodiscard]] const hs_database *candidates() const { return m_candidates.get(); }
    /// Decides about one cleaned line without its stamp, for lines in ASCII and, unless
    /// `countsCharacters`, for all.
    [[nodiscard]] const hs_database *decider() const { return m_decider.get(); }
    /// True if a match depends on what is one character: bytes are not enough outside ASCII.
    [[nodiscard]] bool countsCharacters() const { return m_countsCharacters; }
    [[nodiscard]] bool matchesText(const QString &text) const;
    /// Whether a match can go on across an escape that stands beside this byte. Known for plain
    /// texts and their alternatives; true for every other query.
    [[nodiscard]] bool mayJoin(char beside) const { return m_joinsAny || m_bytes[uchar(beside)]; }
    [[nodiscard]] bool joinsAny() const { return m_joinsAny; }

private:
    SearchQuery m_query;
    QRegularExpression m_expression;
    QString m_bytesPattern; ///< for Hyperscan, one character a byte; null if it will not do
    bool m_countsCharacters = false;
    bool m_joinsAny = true;
    std::array<bool, 256> m_bytes = {}; ///< those of the text, unless anything may be in it
    std::shared_ptr<hs_database> m_candidates;
    std::shared_ptr<hs_database> m_decider;
};

/// A line without stamp and escapes, as the matcher searches it.
[[nodiscard]] QByteArray searchedBytes(QByteArrayView line);
/// A '\r' stands for an escape that ends a state.
[[nodiscard]] QByteArray withoutEscapes(QByteArrayView bytes);

} // namespace pilothouse
