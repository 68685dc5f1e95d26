#include "connectors/prometheus/prometheusmetrics.h"

#include "base/chaining.h"
#include "base/clock.h"
#include "base/words.h"
#include "connectors/http/decoding.h"
#include "connectors/prometheus/prometheusdecode.h"
#include "rollout/alerts/alertmatcher.h"

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qint64 mostPoints = 11'000;
// Proxies refuse addresses much longer than this.
constexpr qsizetype longestAddress = 1800;

std::chrono::milliseconds allowedStep(const RangeQuery &query)
{
    const qint64 range = query.from.msecsTo(query.to);
    const qint64 least = (range + mostPoints - 1) / mostPoints;
    return std::chrono::milliseconds(std::max<qint64>({query.step.count(), least, 1}));
}

QString seconds(qint64 milliseconds)
{
    return QString::number(double(milliseconds) / 1000, 'f', 3);
}

QUrl below(const QUrl &base, const QString &path)
{
    QUrl url = base;
    QString prefix = url.path();
    while (prefix.endsWith(QLatin1Char('/')))
        prefix.chop(1);
    url.setPath(prefix + path);
    return url;
}

HttpRequest rangeRequest(const QUrl &base, const RangeQuery &query, std::chrono::milliseconds step)
{
    // QUrlQuery leaves '+' as it is, and a form reads that as a space.
    QByteArray form = "query=" + QUrl::toPercentEncoding(query.expression);
    form += "&start=" + seconds(query.from.toMSecsSinceEpoch()).toLatin1();
    form += "&end=" + seconds(query.to.toMSecsSinceEpoch()).toLatin1();
    form += "&step=" + seconds(step.count()).toLatin1();

    HttpRequest request;
    request.url = below(base, QStringLiteral("/api/v1/query_range"));
    request.timeout = std::chrono::seconds(20);
    if (form.size() <= longestAddress) {
        request.url.setQuery(QString::fromLatin1(form), QUrl::StrictMode);
        return request;
    }
    request.method = "POST";
    request.contentType = "application/x-www-form-urlencoded";
    request.body = form;
    return request;
}

// A sign-in page in front of Prometheus answers with a redirect to somewhere else.
Error signInPage(const HttpResponse &response)
{
    return {ErrorKind::SignedOut,
            Words::tr("Prometheus sends on to %1: it stands behind a sign-in. Give it a "
                      "credential in the workspace file.")
                .arg(QUrl::fromEncoded(response.header("location")).host()),
            QStringLiteral("HTTP %1").arg(response.status),
            {}};
}

template <typename T, typename Decode>
QFuture<Result<Reading<T>>> answer(QFuture<Result<HttpResponse>> future, QObject *context,
                                   Clock &clock, Decode decode)
{
    using Answer = Reading<T>;
    return askNext<Answer>(
        future, context,
        [context, &clock, decode](const Result<HttpResponse> &response) -> QFuture<Result<Answer>> {
            if (!response)
                return ready<Answer>(fail(inItsOwnWords(response.error())));
            if (response->status >= 300)
                return ready<Answer>(fail(signInPage(*response)));
            Answer reading;
            reading.source = QStringLiteral("Prometheus");
            reading.serverAt = response->serverAt;
            reading.receivedSinceBoot = clock.sinceBoot();
            const auto values = decodeAside<T>(
                response->body.size(), [body = response->body, decode] { return decode(body); });
            return converted<Answer>(values, context,
                                     [reading](const Result<T> &value) -> Result<Answer> {
                                         if (!value)
                                             return fail(value.error());
                                         Answer full = reading;
                                         full.value = *value;
                                         return full;
                                     });
        });
}

} // namespace

PrometheusMetrics::PrometheusMetrics(HttpClient &http, Clock &clock, Settings settings)
    : m_http(http), m_clock(clock), m_settings(std::move(settings))
{}

QFuture<Result<Reading<SeriesSet>>> PrometheusMetrics::range(const RangeQuery &query)
{
    if (!query.from.isValid() || !query.to.isValid() || query.to < query.from)
        return ready<Reading<SeriesSet>>(
            fail(ErrorKind::BadInput, Words::tr("The time asked for ends before it begins.")));
    const auto step = allowedStep(query);
    return answer<SeriesSet>(m_http.send(rangeRequest(m_settings.base, query, step)), &m_context,
                             m_clock, [step](const QByteArray &body) -> Result<SeriesSet> {
                                 auto set = decodeRange(body);
                                 if (set)
                                     set->step = step;
                                 return set;
                             });
}

QFuture<Result<Reading<QList<Alert>>>> PrometheusMetrics::alerts()
{
    HttpRequest request;
    request.url = below(m_settings.base, QStringLiteral("/api/v1/alerts"));
    return answer<QList<Alert>>(m_http.send(request), &m_context, m_clock, decodeAlerts);
}

QFuture<Result<Reading<QList<AlertRule>>>> PrometheusMetrics::alertRules()
{
    HttpRequest request;
    request.url = below(m_settings.base, QStringLiteral("/api/v1/rules"));
    request.url.setQuery(QStringLiteral("type=alert"));
    return answer<QList<AlertRule>>(m_http.send(request), &m_context, m_clock, decodeAlertRules);
}

bool PrometheusMetrics::isOurs(const Alert &alert) const
{
    return allFit(m_settings.match, alert);
}

} // namespace pilothouse
