#include "connectors/github/githubcontrol.h"

#include "action/commandline.h"
#include "base/chaining.h"
#include "base/clock.h"
#include "connectors/github/githubdecode.h"
#include "connectors/http/httperror.h"

#include <QJsonDocument>

#include <algorithm>

namespace pilothouse {

namespace {

using Details = GithubOrder::Details;

/// "POST actions/runs/7012/cancel"
QString shortForm(const GithubOrder &order)
{
    return QStringLiteral("POST actions") + order.path;
}

QString readable(const QByteArray &body)
{
    return QString::fromUtf8(
        QJsonDocument::fromJson(body).toJson(QJsonDocument::Indented).trimmed());
}

} // namespace

QString GithubControl::Place::path() const
{
    return QStringLiteral("/repos/%1/%2").arg(owner, repository);
}

GithubControl::GithubControl(GithubApi &api, Place place) : m_api(api), m_place(std::move(place)) {}

QString GithubControl::systemName() const
{
    return QStringLiteral("GitHub");
}

QString GithubControl::actions(const QString &below) const
{
    return m_place.path() + QStringLiteral("/actions") + below;
}

PlannedCall GithubControl::plan(const RunOrder &order) const
{
    const GithubOrder sent
        = githubOrder(order, asksForDetails(m_place.apiVersion) ? Details::Asked : Details::None);
    PlannedCall call;
    call.language = PlannedCall::Language::Http;
    call.summary = shortForm(sent);
    call.exact = QStringLiteral("POST %1").arg(m_api.url(actions(sent.path)).toString());
    if (!sent.body.isEmpty())
        call.exact += QStringLiteral("\nContent-Type: application/json\n\n") + readable(sent.body);
    call.copyable
        = QStringLiteral("GH_REPO=%1/%2 %3").arg(m_place.owner, m_place.repository, sent.command);
    call.curl = curlCommand("POST", m_api.url(actions(sent.path)), "application/json", sent.body);
    return call;
}

QFuture<Result<HttpResponse>> GithubControl::post(const RunOrder &order, Details details)
{
    const GithubOrder sent = githubOrder(order, details);
    HttpRequest request;
    request.method = "POST";
    request.url = m_api.url(actions(sent.path));
    request.repeat = HttpRequest::Repeat::Never;
    request.body = sent.body;
    if (!sent.body.isEmpty())
        request.contentType = "application/json";
    return m_api.send(request);
}

QFuture<Result<TakenOrder>> GithubControl::send(const RunOrder &order)
{
    const bool dispatch = std::holds_alternative<DispatchWorkflow>(order);
    const bool asked = dispatch && asksForDetails(m_place.apiVersion);
    const auto taken = [dispatch](const Result<HttpResponse> &response) -> Result<TakenOrder> {
        if (!response)
            return fail(response.error());
        if (!dispatch)
            return TakenOrder{};
        const auto run = decodeDispatch(response->body);
        // It was taken; only which run it began is not known.
        return TakenOrder{run.value_or(RunId())};
    };
    return askNext<TakenOrder>(post(order, asked ? Details::Asked : Details::None), &m_api,
                               [this, order, asked, taken](const Result<HttpResponse> &first) {
                                   if (first || !asked || !refusesDetails(first.error()))
                                       return ready<TakenOrder>(taken(first));
                                   return converted<TakenOrder>(post(order, Details::None), &m_api,
                                                                taken);
                               });
}

template <typename T>
QFuture<Result<T>> GithubControl::get(const QString &path, const QUrlQuery &query,
                                      Result<T> (*decode)(const QByteArray &))
{
    return converted<T>(m_api.pages(m_api.url(path, query), 1), &m_api,
                        [decode](const Result<GithubApi::Pages> &pages) -> Result<T> {
                            if (!pages)
                                return fail(pages.error());
                            return decode(pages->first().body);
                        });
}

QFuture<Result<Reading<Run>>> GithubControl::run(const RunId &run)
{
    const QUrl url = m_api.url(actions(QStringLiteral("/runs/%1").arg(run.value)));
    return converted<Reading<Run>>(
        m_api.pages(url, 1), &m_api,
        [](const Result<GithubApi::Pages> &pages) -> Result<Reading<Run>> {
            if (!pages)
                return fail(pages.error());
            const auto decoded = decodeRun(pages->first().body);
            if (!decoded)
                return fail(decoded.error());
            Reading<Run> reading;
            reading.value = *decoded;
            reading.source = QStringLiteral("GitHub");
            reading.serverAt = pages->first().serverAt;
            reading.receivedSinceBoot = pages->first().receivedSinceBoot;
            return reading;
        });
}

QFuture<Result<QList<PendingEnvironment>>> GithubControl::waiting(const RunId &run)
{
    return get(actions(QStringLiteral("/runs/%1/pending_deployments").arg(run.value)), {},
               decodePending);
}

QFuture<Result<QList<GivenReview>>> GithubControl::reviews(const RunId &run)
{
    return get(actions(QStringLiteral("/runs/%1/approvals").arg(run.value)), {}, decodeReviews);
}

QFuture<Result<QList<ConcurrencyBlock>>> GithubControl::blocks(const RunId &run)
{
    using Blocks = QList<ConcurrencyBlock>;
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("per_page"), QStringLiteral("100"));
    const QUrl url
        = m_api.url(actions(QStringLiteral("/runs/%1/concurrency_groups").arg(run.value)), query);
    return askNext<Blocks>(m_api.pages(url, 1), &m_api,
                           [this, run](const Result<GithubApi::Pages> &pages) {
                               if (!pages)
                                   return ready<Blocks>(fail(pages.error()));
                               const auto groups = decodeHeldUp(pages->first().body, run);
                               if (!groups)
                                   return ready<Blocks>(fail(groups.error()));
                               return blocksIn(*groups, {});
                           });
}

QFuture<Result<GithubApi::Pages>> GithubControl::groupOf(const HeldUp &item, Members members)
{
    QUrlQuery query;
    if (members == Members::Ahead && item.job != JobId())
        query.addQueryItem(QStringLiteral("ahead_of_job"), QString::number(item.job.value));
    else if (members == Members::Ahead)
        query.addQueryItem(QStringLiteral("ahead_of_run"), QString::number(item.run.value));
    QUrl url = m_api.url(actions(QStringLiteral("/concurrency_groups/")), query);
    // A group may have a slash in its name.
    url.setPath(url.path(QUrl::FullyEncoded)
                    + QString::fromLatin1(QUrl::toPercentEncoding(item.group)),
                QUrl::TolerantMode);
    return m_api.pages(url, 1);
}

QFuture<Result<QList<ConcurrencyBlock>>>
GithubControl::blocksIn(QList<HeldUp> groups, const QList<ConcurrencyBlock> &before)
{
    using Blocks = QList<ConcurrencyBlock>;
    using Pages = GithubApi::Pages;
    if (groups.isEmpty())
        return ready<Blocks>(before);
    const HeldUp item = groups.takeFirst();
    // Groups of called workflows are refused as "not in this group", although the whole group has
    // them.
    const auto pages = askNext<Pages>(
        groupOf(item, Members::Ahead), &m_api, [this, item](const Result<Pages> &ahead) {
            return !ahead && statusOf(ahead.error()) == 422 ? groupOf(item, Members::All)
                                                            : ready<Pages>(ahead);
        });
    return askNext<Blocks>(pages, &m_api, [this, groups, item, before](const Result<Pages> &page) {
        // The group may have been given free since.
        if (!page && page.error().kind == ErrorKind::NotFound)
            return blocksIn(groups, before);
        if (!page)
            return ready<Blocks>(fail(page.error()));
        const auto ahead = decodeAhead(page->first().body, item);
        if (!ahead)
            return ready<Blocks>(fail(ahead.error()));
        return blocksIn(groups, before + *ahead);
    });
}

QFuture<Result<QList<Run>>> GithubControl::active()
{
    // GitHub is asked for one state at a time; it wants no questions side by side.
    return activeIn({QStringLiteral("in_progress"), QStringLiteral("waiting"),
                     QStringLiteral("pending"), QStringLiteral("queued")},
                    {});
}

QFuture<Result<QList<Run>>> GithubControl::activeIn(QStringList states, const QList<Run> &before)
{
    using Runs = QList<Run>;
    if (states.isEmpty())
        return ready<Runs>(before);
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("status"), states.takeFirst());
    query.addQueryItem(QStringLiteral("exclude_pull_requests"), QStringLiteral("true"));
    query.addQueryItem(QStringLiteral("per_page"), QStringLiteral("100"));
    return askNext<Runs>(get(actions(QStringLiteral("/runs")), query, decodeRuns), &m_api,
                         [this, states, before](const Result<Runs> &runs) {
                             if (!runs)
                                 return ready<Runs>(fail(runs.error()));
                             Runs all = before;
                             for (const Run &run : *runs) {
                                 // One that began between two questions comes twice.
                                 const bool known
                                     = std::any_of(all.begin(), all.end(), [&](const Run &other) {
                                           return other.id == run.id;
                                       });
                                 if (!known)
                                     all.append(run);
                             }
                             return activeIn(states, all);
                         });
}

QFuture<Result<QList<Run>>> GithubControl::dispatched(const QString &workflowPath,
                                                      const QDateTime &since, const QString &login)
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("event"), QStringLiteral("workflow_dispatch"));
    query.addQueryItem(QStringLiteral("created"),
                       QStringLiteral("%3E%3D") + since.toUTC().toString(Qt::ISODate));
    if (!login.isEmpty())
        query.addQueryItem(QStringLiteral("actor"),
                           QString::fromLatin1(QUrl::toPercentEncoding(login)));
    query.addQueryItem(QStringLiteral("exclude_pull_requests"), QStringLiteral("true"));
    query.addQueryItem(QStringLiteral("per_page"), QStringLiteral("100"));
    return get(
        actions(
            QStringLiteral("/workflows/%1/runs").arg(workflowPath.section(QLatin1Char('/'), -1))),
        query, decodeRuns);
}

QFuture<Result<RunAccess>> GithubControl::access()
{
    return askNext<RunAccess>(get(m_place.path(), {}, decodeAccess), &m_api,
                              [this](const Result<RunAccess> &access) {
                                  if (!access)
                                      return ready<RunAccess>(fail(access.error()));
                                  return converted<RunAccess>(
                                      get(QStringLiteral("/user"), {}, decodeLogin), &m_api,
                                      [access](const Result<QString> &login) -> Result<RunAccess> {
                                          RunAccess known = *access;
                                          // An app's token has no person.
                                          known.login = login.value_or(QString());
                                          return known;
                                      });
                              });
}

} // namespace pilothouse
