#include "connectors/http/client.h"

namespace pilothouse {

QByteArray HttpResponse::header(const QByteArray &name) const
{
    for (const auto &[key, value] : headers) {
        if (key == name)
            return value;
    }
    return {};
}

QUrl HttpResponse::nextPage() const
{
    const QByteArray link = header("link");
    qsizetype from = 0;
    for (;;) {
        const qsizetype open = link.indexOf('<', from);
        const qsizetype close = link.indexOf('>', open);
        if (open < 0 || close < 0)
            return {};
        qsizetype end = link.indexOf('<', close);
        if (end < 0)
            end = link.size();
        const QByteArray parameters = link.mid(close + 1, end - close - 1).toLower();
        if (parameters.contains("rel=\"next\"") || parameters.contains("rel=next"))
            return QUrl::fromEncoded(link.mid(open + 1, close - open - 1));
        from = end;
    }
}

} // namespace pilothouse
