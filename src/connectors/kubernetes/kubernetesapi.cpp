#include "connectors/kubernetes/kubernetesapi.h"

#include "base/chaining.h"
#include "base/words.h"
#include "connectors/http/httperror.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QtConcurrent>

namespace pilothouse {
namespace {

using Answer = KubernetesApi::Answer;

constexpr auto fieldManager = "pilothouse";
constexpr std::chrono::seconds watchSilence{90};
constexpr int shortestWatch = 300; // seconds; several watches must not all end together
constexpr int longestWatch = 600;
constexpr int unprocessable = 422;
/// What is parsed and taken in within a few milliseconds.
constexpr qsizetype smallPage = 64 << 10;

const HttpHeaders &acceptJson()
{
    static const HttpHeaders headers{{"Accept", "application/json"}};
    return headers;
}

/// The server takes the first that it knows; ones that are too old give the objects whole.
const HttpHeaders &acceptMetadata()
{
    static const HttpHeaders headers{
        {"Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, "
                   "application/json"}};
    return headers;
}

/// The server answers an operation that does not apply with 422 and one sentence that does not say
/// which; an object that would not be valid is 422 as well, but tells its causes.
bool doesNotApply(const Error &error)
{
    return statusOf(error) == unprocessable && !bodyOf(error).contains("\"causes\"");
}

constexpr char jsonPatch[] = "application/json-patch+json";
constexpr char jsonMergePatch[] = "application/merge-patch+json";

Error asConflict(Error error, const QByteArray &type)
{
    // A merge patch applies to whatever is there: only its version can be another one.
    if ((type == jsonPatch && doesNotApply(error)) || error.kind == ErrorKind::Conflict) {
        error.kind = ErrorKind::Conflict;
        error.message = Words::tr("Somebody else changed this object since it was read. Look at it "
                                  "again, then decide.");
    }
    return error;
}

Error notOurs(const QString &detail)
{
    return {ErrorKind::Malformed,
            Words::tr("Kubernetes gave an answer that cannot be read. Check that the kubeconfig's "
                      "server is an API server; a sign-in page or a proxy may stand in between."),
            detail,
            {}};
}

Result<QJsonObject> parsedObject(const QByteArray &text)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(text, &problem);
    if (!document.isObject())
        return fail(notOurs(problem.errorString()));
    return document.object();
}

QJsonObject metadataOf(const QJsonObject &object)
{
    return object.value(QLatin1String("metadata")).toObject();
}

/// The list without its items, which were taken. Any thread.
Result<QJsonObject> readPage(const QByteArray &text, const QString &where, const ListIntake &intake,
                             ListIntake::Page page)
{
    auto list = parsedObject(text);
    if (!list)
        return list;
    // A watch begins at this version; without one an answer is no list.
    if (metadataOf(*list).value(QLatin1String("resourceVersion")).toString().isEmpty())
        return fail(notOurs(Words::tr("%1: a list without a resourceVersion").arg(where)));
    intake.take(list->take(QLatin1String("items")).toArray(), page);
    return list;
}

} // namespace

bool isOfKubernetes(const Error &error)
{
    const QJsonObject said = QJsonDocument::fromJson(bodyOf(error)).object();
    return said[QLatin1String("kind")] == QLatin1String("Status");
}

bool isNotThere(const Error &error)
{
    return error.kind == ErrorKind::NotFound && isOfKubernetes(error);
}

QString ResourcePath::collection() const
{
    return QStringLiteral("/%1/namespaces/%2/%3").arg(groupVersion, nameSpace, plural);
}

QString ResourcePath::object(const QString &name) const
{
    return collection() + QLatin1Char('/') + name;
}

KubernetesApi::KubernetesApi(HttpClient &http, Clock &clock, QUrl server)
    : m_http(http), m_clock(clock), m_server(std::move(server))
{
    m_readers.setMaxThreadCount(1);
}

QUrl KubernetesApi::url(const QString &path, const QUrlQuery &query) const
{
    QUrl url = m_server;
    QString base = url.path();
    while (base.endsWith(QLatin1Char('/')))
        base.chop(1);
    url.setPath(base + path);
    url.setQuery(query);
    return url;
}

QFuture<Result<Answer>> KubernetesApi::send(const HttpRequest &request, QObject *context,
                                            Expected expected)
{
    return askNext<Answer>(
        m_http.send(request), context, [this, expected](const Result<HttpResponse> &response) {
            if (!response)
                return ready<Answer>(fail(response.error()));
            const auto object = parsedObject(response->body);
            if (!object)
                return ready<Answer>(fail(object.error()));
            // Every object has one: an answer without it is of something in between.
            if (expected == Expected::Named
                && metadataOf(*object).value(QLatin1String("name")).toString().isEmpty())
                return ready<Answer>(fail(notOurs(Words::tr("an object without a name"))));
            return ready<Answer>(Answer{*object, response->serverAt, m_clock.sinceBoot()});
        });
}

QFuture<Result<Answer>> KubernetesApi::get(const QString &path, QObject *context,
                                           HttpRequest::Connection connection)
{
    HttpRequest request;
    request.url = url(path);
    request.connection = connection;
    request.headers = acceptJson();
    return send(request, context, Expected::Named);
}

QFuture<Result<Answer>> KubernetesApi::list(const ResourcePath &path, const ListIntake &intake,
                                            QObject *context)
{
    return page({path, Objects::Whole, {}, intake}, Paging::Pages, {}, context);
}

QFuture<Result<Answer>> KubernetesApi::listTogether(const ResourcePath &path, QObject *context)
{
    return together({path, Objects::Whole, {}, {}}, context);
}

QFuture<Result<Answer>> KubernetesApi::listMetadata(const ResourcePath &path,
                                                    const QString &labelSelector, QObject *context)
{
    return together({path, Objects::MetadataOnly, labelSelector, {}}, context);
}

QFuture<Result<Answer>> KubernetesApi::together(Wanted wanted, QObject *context)
{
    const auto all = std::make_shared<QJsonArray>();
    wanted.intake.take = [all](const QJsonArray &objects, ListIntake::Page page) {
        if (page == ListIntake::Page::First)
            *all = {};
        for (const QJsonValue object : objects)
            all->append(object);
    };
    return converted<Answer>(page(wanted, Paging::Pages, {}, context), context,
                             [all](const Result<Answer> &answer) {
                                 auto whole = answer;
                                 if (whole)
                                     whole->object.insert(QLatin1String("items"), *all);
                                 return whole;
                             });
}

QFuture<Result<Answer>> KubernetesApi::page(const Wanted &wanted, Paging paging,
                                            const QString &next, QObject *context)
{
    QUrlQuery query;
    if (!wanted.labelSelector.isEmpty())
        query.addQueryItem(QStringLiteral("labelSelector"),
                           QString::fromLatin1(QUrl::toPercentEncoding(wanted.labelSelector)));
    if (paging == Paging::Pages)
        query.addQueryItem(QStringLiteral("limit"), QStringLiteral("500"));
    if (!next.isEmpty())
        query.addQueryItem(QStringLiteral("continue"),
                           QString::fromLatin1(QUrl::toPercentEncoding(next)));
    HttpRequest request;
    request.url = url(wanted.path.collection(), query);
    request.headers = wanted.objects == Objects::MetadataOnly ? acceptMetadata() : acceptJson();
    const auto whichPage = next.isEmpty() ? ListIntake::Page::First : ListIntake::Page::Next;
    return askNext<Answer>(
        m_http.send(request), context,
        [this, wanted, next, whichPage, context](const Result<HttpResponse> &response) {
            if (response)
                return takePage(*response, wanted, whichPage, context);
            if (!next.isEmpty() && statusOf(response.error()) == gone)
                return page(wanted, Paging::OnePiece, {}, context);
            return ready<Answer>(fail(response.error()));
        });
}

QFuture<Result<Answer>> KubernetesApi::takePage(const HttpResponse &response, const Wanted &wanted,
                                                ListIntake::Page which, QObject *context)
{
    const auto read
        = [text = response.body, where = wanted.path.collection(), intake = wanted.intake, which] {
              return readPage(text, where, intake, which);
          };
    const Answer stamp{{}, response.serverAt, m_clock.sinceBoot()};
    return askNext<Answer>(
        response.body.size() <= smallPage ? QtFuture::makeReadyFuture(read())
                                          : QtConcurrent::run(&m_readers, read),
        context, [this, wanted, stamp, context](const Result<QJsonObject> &list) {
            if (!list)
                return ready<Answer>(fail(list.error()));
            const QString more = metadataOf(*list).value(QLatin1String("continue")).toString();
            if (!more.isEmpty())
                return page(wanted, Paging::Pages, more, context);
            return ready<Answer>(Answer{*list, stamp.serverAt, stamp.receivedSinceBoot});
        });
}

QFuture<Result<Answer>> KubernetesApi::change(const QString &path, const QByteArray &type,
                                              const QByteArray &body, QObject *context, Write write)
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("fieldManager"), QLatin1String(fieldManager));
    query.addQueryItem(QStringLiteral("fieldValidation"), QStringLiteral("Strict"));
    if (write == Write::Trial)
        query.addQueryItem(QStringLiteral("dryRun"), QStringLiteral("All"));
    HttpRequest request;
    request.method = "PATCH";
    request.url = url(path, query);
    request.headers = acceptJson();
    request.contentType = type;
    request.body = body;
    request.repeat = HttpRequest::Repeat::Never;
    return askNext<Answer>(send(request, context), context, [type](const Result<Answer> &answer) {
        return ready<Answer>(answer ? answer : fail(asConflict(answer.error(), type)));
    });
}

QFuture<Result<Answer>> KubernetesApi::patch(const QString &path, const QJsonArray &operations,
                                             QObject *context, Write write)
{
    return change(path, jsonPatch, QJsonDocument(operations).toJson(QJsonDocument::Compact),
                  context, write);
}

QFuture<Result<Answer>> KubernetesApi::mergePatch(const QString &path, const QJsonObject &body,
                                                  QObject *context, Write write)
{
    return change(path, jsonMergePatch, QJsonDocument(body).toJson(QJsonDocument::Compact), context,
                  write);
}

QFuture<Result<Answer>> KubernetesApi::post(const QString &path, const QJsonObject &body,
                                            QObject *context)
{
    HttpRequest request;
    request.method = "POST";
    request.url = url(path);
    request.headers = acceptJson();
    request.contentType = "application/json";
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    request.repeat = HttpRequest::Repeat::Never;
    return send(request, context);
}

std::unique_ptr<HttpStream> KubernetesApi::watch(const ResourcePath &path,
                                                 const QString &resourceVersion)
{
    const int seconds = QRandomGenerator::global()->bounded(shortestWatch, longestWatch);
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("watch"), QStringLiteral("1"));
    query.addQueryItem(QStringLiteral("resourceVersion"),
                       QString::fromLatin1(QUrl::toPercentEncoding(resourceVersion)));
    query.addQueryItem(QStringLiteral("allowWatchBookmarks"), QStringLiteral("true"));
    query.addQueryItem(QStringLiteral("timeoutSeconds"), QString::number(seconds));
    return stream(path.collection(), query, watchSilence);
}

std::unique_ptr<HttpStream> KubernetesApi::stream(const QString &path, const QUrlQuery &query,
                                                  std::chrono::milliseconds silence)
{
    HttpRequest request;
    request.url = url(path, query);
    request.timeout = silence;
    return m_http.stream(request);
}

} // namespace pilothouse
