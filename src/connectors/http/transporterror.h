#pragma once

#include "connectors/http/hop.h"

#include <QUrl>

#include <chrono>

namespace pilothouse {

/// The sentences of a request that found no answer, for one system.
class TransportErrors
{
public:
    explicit TransportErrors(QString systemName) : m_system(std::move(systemName)) {}

    [[nodiscard]] Error silence(const QUrl &url, std::chrono::milliseconds limit) const;
    [[nodiscard]] Error neverEnding(const QUrl &url, std::chrono::milliseconds limit) const;
    [[nodiscard]] Error tooLarge(const QUrl &url, qint64 limit) const;
    [[nodiscard]] Error circle(const QUrl &url) const;
    /// A stream that was sent to another place.
    [[nodiscard]] Error elsewhere(const QUrl &url) const;
    [[nodiscard]] Error signInGivenUp() const;
    [[nodiscard]] Error noWebAddress(const QUrl &url) const;
    [[nodiscard]] Error plainHttpWithCredential(const QUrl &url) const;
    [[nodiscard]] Error plainHttp(const QUrl &url) const;

    enum class Request { Read, Write };
    [[nodiscard]] Error broken(const QUrl &url, const Hop::End &end, Request request) const;

private:
    [[nodiscard]] Error untrusted(const QUrl &url, const QStringList &reasons) const;
    [[nodiscard]] Error cut(const QString &text, Request request) const;

    QString m_system;
};

} // namespace pilothouse
