#pragma once

#include "support/scriptedhttp.h"

#include <QRegularExpression>

namespace pilothouse {

/// A ScriptedHttp that keeps every stream it opened, not only the last one.
class StreamsHttp final : public HttpClient
{
public:
    ScriptedHttp scripted;
    QList<QPointer<ScriptedStream>> streams;

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override
    {
        return scripted.send(request);
    }
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override
    {
        auto stream = scripted.stream(request);
        streams.append(scripted.lastStream);
        return stream;
    }
    /// The requests, without the time a watch is to last, which is drawn by lot.
    [[nodiscard]] QStringList log() const
    {
        static const QRegularExpression lot(QStringLiteral("&timeoutSeconds=[3-5][0-9][0-9]\\b"));
        return scripted.log().replaceInStrings(lot, {});
    }
    [[nodiscard]] QString last() const { return log().last(); }
};

} // namespace pilothouse
