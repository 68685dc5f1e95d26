#pragma once

#include <QDateTime>
#include <QString>

#include <optional>
#include <tl/expected.hpp>

namespace pilothouse {

/// What a caller does about a failure. The kind decides behaviour, never the text.
enum class ErrorKind {
    BadInput,    ///< the user's file, argument or answer is wrong; the message says where
    NotFound,    ///< the thing asked for is not there (404, no such commit)
    NotAllowed,  ///< known to the other side but not permitted (403)
    SignedOut,   ///< no credential, or a refused one (401)
    Conflict,    ///< somebody else acted first (409, 412, a failed test of a version)
    RateLimited, ///< try again at retryAt
    Unavailable, ///< the other side cannot answer now (connection refused, 5xx)
    TimedOut,    ///< no answer within the limit
    Malformed,   ///< an answer that cannot be read; the message has the path in it
    Cancelled,   ///< the caller gave up
    Refused,     ///< one of our own rules says no; the message says which
    Internal,    ///< a defect of this program
};

/// A failure as a value. `message` is one sentence for the user that says what to do;
/// `detail` is the raw text for whoever looks closer (never a secret).
struct Error
{
    ErrorKind kind = ErrorKind::Internal;
    QString message;
    QString detail;
    std::optional<QDateTime> retryAt; ///< UTC; set for RateLimited where the server told

    bool operator==(const Error &) const = default;
};

/// The outcome of everything that can fail. Functions that return it are [[nodiscard]].
template <typename T = void>
using Result = tl::expected<T, Error>;

/// tl::expected's own comparison does not compile for void; Qt's meta types ask for one.
[[nodiscard]] inline bool operator==(const Result<void> &a, const Result<void> &b)
{
    return a.has_value() == b.has_value() && (a.has_value() || a.error() == b.error());
}

/// Shorthand for returning a failure: `return fail(ErrorKind::NotFound, tr("…"));`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, const QString &message,
                                                const QString &detail = {})
{
    return tl::unexpected<Error>(Error{kind, message, detail, {}});
}

[[nodiscard]] inline tl::unexpected<Error> fail(const Error &error)
{
    return tl::unexpected<Error>(error);
}

} // namespace pilothouse
