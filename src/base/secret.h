#pragma once

#include <QByteArray>

namespace pilothouse {

/// Bytes that must not be shown. There is no operator to print or stream them; whoever needs the
/// text says `expose()`, which a reviewer can find.
class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArray bytes) : m_bytes(std::move(bytes)) {}

    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }
    [[nodiscard]] const QByteArray &expose() const { return m_bytes; }
    bool operator==(const Secret &) const = default;

private:
    QByteArray m_bytes;
};

} // namespace pilothouse
