#pragma once

#include "connectors/http/client.h"

#include <optional>

namespace pilothouse {

/// Reads one HTTP/1.1 answer from the bytes of a connection, and knows whether it came whole:
/// by its length, by its last chunk, or, where neither was announced, by the end of the connection.
/// Interim answers (1xx) are skipped. Pure.
class AnswerParser
{
public:
    enum class Phase { Head, Body, Done, Cut, Garbled };

    void feed(const QByteArray &bytes);
    /// The connection ended.
    void close();

    [[nodiscard]] Phase phase() const { return m_phase; }
    [[nodiscard]] int status() const { return m_status; }
    [[nodiscard]] const HttpHeaders &headers() const { return m_headers; }
    /// The answer is complete, and the other side takes another request on this connection.
    [[nodiscard]] bool keepsConnection() const;
    /// What has come of the body since the last call.
    [[nodiscard]] QByteArray takeBody();

private:
    enum class Length { Known, Chunked, ToTheEnd };

    [[nodiscard]] bool readHead();
    [[nodiscard]] bool readChunk();
    void readKnown();
    void beginBody();
    [[nodiscard]] QByteArray header(const char *name) const;
    [[nodiscard]] std::optional<QByteArray> line();

    Phase m_phase = Phase::Head;
    Length m_length = Length::ToTheEnd;
    QByteArray m_bytes;     ///< not yet understood
    qsizetype m_sought = 0; ///< up to here m_bytes has no end of a head
    QByteArray m_body;
    int m_status = 0;
    enum class Version { Old, Persistent } m_version = Version::Old; ///< HTTP/1.0 or 1.1
    HttpHeaders m_headers;
    qint64 m_left = 0; ///< of the body, or of the present chunk
    enum class Chunk { Size, Data, DataEnd, Trailer } m_chunk = Chunk::Size;
};

} // namespace pilothouse
