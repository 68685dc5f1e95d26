#pragma once

#include "base/result.h"
#include "document/position.h"

#include <QList>
#include <QString>

namespace pilothouse {

/// One mistake in a file, with its place and what was expected there.
struct Problem
{
    enum class Severity {
        Error,   ///< the file cannot be used
        Warning, ///< reading went on; only for files that others own (Strictness::Lenient)
    };

    QString file;
    int line = 0; ///< 1-based; 0 = the file as a whole
    int column = 0;
    QString message; ///< what was expected and what was found, one sentence without a full stop
    QString hint;    ///< the nearest right key or word, bare; empty = nothing is near
    Severity severity = Severity::Error;

    /// "file:line:column: message; did you mean "hint"?"
    [[nodiscard]] QString toString() const;
    bool operator==(const Problem &) const = default;
};

/// All mistakes of one file, sorted by place. Not limited to the first one.
class Problems
{
public:
    static constexpr int most = 100;

    explicit Problems(QString file);

    /// `file` as it was given: the name that every message begins with.
    [[nodiscard]] const QString &file() const { return m_file; }
    /// The same thing about the same place is kept once: an aliased value is read more than once.
    /// Of each severity the first `most` are kept: nobody reads more, and a file of nothing but
    /// mistakes must not cost minutes.
    void add(const Position &at, const QString &message, const QString &hint = {},
             Problem::Severity severity = Problem::Severity::Error);

    [[nodiscard]] const QList<Problem> &list() const { return m_list; }
    [[nodiscard]] bool isEmpty() const { return m_list.isEmpty(); }
    /// At least one Problem is an Error.
    [[nodiscard]] bool hasErrors() const;
    /// BadInput: the message is the first error and how many more there are, the detail has a line
    /// for each. Only meaningful if hasErrors().
    [[nodiscard]] Error toError() const;

private:
    QString m_file;
    QList<Problem> m_list;
};

} // namespace pilothouse
