#include "connectors/alertmanager/alertmanager.h"

#include "base/chaining.h"
#include "base/clock.h"
#include "base/words.h"
#include "connectors/alertmanager/alertmanagerdecode.h"
#include "connectors/http/decoding.h"

namespace pilothouse {
namespace {

using Alerts = Reading<QList<Alert>>;

HttpRequest alertsRequest(const QUrl &base, const QStringList &match)
{
    HttpRequest request;
    request.url = base;
    QString path = base.path();
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    request.url.setPath(path + QStringLiteral("/api/v2/alerts"));
    QByteArrayList query;
    // QUrlQuery leaves '+' as it is, and that is read as a space.
    for (const QString &matcher : match)
        query.append("filter=" + QUrl::toPercentEncoding(matcher));
    if (!query.isEmpty())
        request.url.setQuery(QString::fromLatin1(query.join('&')), QUrl::StrictMode);
    return request;
}

// A sign-in page in front of it answers with a redirect to somewhere else.
Error sentAway(const HttpResponse &response)
{
    return {ErrorKind::SignedOut,
            Words::tr("Alertmanager sends on to %1: it stands behind a sign-in. Give it a "
                      "credential in the workspace file.")
                .arg(QUrl::fromEncoded(response.header("location")).host()),
            QStringLiteral("HTTP %1").arg(response.status),
            {}};
}

} // namespace

Alertmanager::Alertmanager(HttpClient &http, Clock &clock, Settings settings)
    : m_http(http), m_clock(clock), m_settings(std::move(settings))
{}

bool Alertmanager::isOurs(const Alert & /*alert*/) const
{
    return !m_settings.match.isEmpty();
}

QFuture<Result<Alerts>> Alertmanager::alerts()
{
    return askNext<Alerts>(
        m_http.send(alertsRequest(m_settings.base, m_settings.match)), &m_context,
        [this](const Result<HttpResponse> &response) -> QFuture<Result<Alerts>> {
            if (!response)
                return ready<Alerts>(fail(response.error()));
            if (response->status >= 300)
                return ready<Alerts>(fail(sentAway(*response)));
            Alerts reading;
            reading.source = QStringLiteral("Alertmanager");
            reading.serverAt = response->serverAt;
            reading.receivedSinceBoot = m_clock.sinceBoot();
            const auto alerts
                = decodeAside<QList<Alert>>(response->body.size(), [body = response->body] {
                      return decodeManagedAlerts(body);
                  });
            return converted<Alerts>(
                alerts, &m_context, [reading](const Result<QList<Alert>> &value) -> Result<Alerts> {
                    if (!value)
                        return fail(value.error());
                    Alerts full = reading;
                    full.value = *value;
                    return full;
                });
        });
}

} // namespace pilothouse
