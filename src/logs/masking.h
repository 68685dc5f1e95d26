#pragma once

#include <QByteArray>

namespace pilothouse {

/// Replaces what looks like a known kind of token by "***" before a log is written: GitHub, Google,
/// AWS, JSON web tokens, bearer headers, passwords in addresses and in `password=` forms, private
/// keys. What was masked already stays as it is, and no line is dropped: each line of a private key
/// keeps its stamp.
class TokenMasker
{
public:
    /// The next whole lines (the last may lack its end). A private key may go on in later calls.
    [[nodiscard]] QByteArray mask(const QByteArray &lines);
    /// What may be shown of the next line while its end has not come: without what may become a
    /// token when more comes.
    [[nodiscard]] QByteArray maskOpen(QByteArray line) const;

private:
    [[nodiscard]] QByteArray maskKeys(const QByteArray &lines);

    int m_keyLines = 0; ///< since the begin of a private key; 0 = outside
};

/// The same for one piece of text on its own.
[[nodiscard]] QByteArray maskTokens(const QByteArray &lines);

/// Where a line that is too long to wait for its end may be cut without cutting a token: behind the
/// last byte that can be part of none; 0 if there is no such place.
[[nodiscard]] qsizetype safeCut(const QByteArray &piece);

} // namespace pilothouse
