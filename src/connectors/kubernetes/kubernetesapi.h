#pragma once

#include "base/clock.h"
#include "base/reading.h"
#include "connectors/http/client.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QThreadPool>
#include <QUrl>
#include <QUrlQuery>

#include <functional>

namespace pilothouse {

/// The status of an answer about a version that the server no longer keeps.
inline constexpr int gone = 410;
/// client-go's reflector waits no longer than this between two tries.
inline constexpr std::chrono::milliseconds longestBackoff{30'000};

/// Whether the API server itself said so. Something in between, a proxy or a sign-in page, knows
/// nothing of its objects.
[[nodiscard]] bool isOfKubernetes(const Error &error);
/// The API server itself said that there is no such object.
[[nodiscard]] bool isNotThere(const Error &error);

/// One kind of object in one namespace: "apis/gateway.networking.k8s.io/v1" and "httproutes".
struct ResourcePath
{
    QString groupVersion;
    QString nameSpace;
    QString plural;

    [[nodiscard]] QString collection() const;
    [[nodiscard]] QString object(const QString &name) const;
};

/// Where the objects of one list go.
struct ListIntake
{
    enum class Page {
        First, ///< what was taken before is void: the list is read anew
        Next,
    };
    /// Takes a page. Large ones are parsed and taken in another thread, one after the other, and
    /// possibly after the asker is gone: it shares nothing with anybody but `keep`.
    std::function<void(const QJsonArray &objects, Page page)> take;
    /// The list is whole: it takes the place of what was known. For the asker to call, in his
    /// thread.
    std::function<void()> keep;
};

/// Requests to one API server, as JSON. Stays inside this connector. Answers are taken in the
/// thread of `context`; once that is gone the future is cancelled. `http` and `clock` outlive this
/// object, and this object every `context`.
class KubernetesApi final
{
public:
    KubernetesApi(HttpClient &http, Clock &clock, QUrl server);

    struct Answer
    {
        QJsonObject object;
        QDateTime serverAt; ///< UTC
        std::chrono::milliseconds receivedSinceBoot{0};

        /// A reading of something decoded from this answer.
        template <typename T>
        [[nodiscard]] Reading<T> reading(T value) const
        {
            return {std::move(value), QStringLiteral("Kubernetes"), serverAt, serverAt,
                    receivedSinceBoot};
        }
    };

    /// An object by its path. Malformed for an answer that is no object with a name.
    [[nodiscard]] QFuture<Result<Answer>> get(const QString &path, QObject *context,
                                              HttpRequest::Connection connection
                                              = HttpRequest::Connection::Any);
    /// All pages of a list, each given to `intake.take`; the answer is the list without its items.
    /// If the server forgets the list while it is paged (410), the whole is asked for in one piece.
    /// Malformed for an answer that is no list with a version.
    [[nodiscard]] QFuture<Result<Answer>> list(const ResourcePath &path, const ListIntake &intake,
                                               QObject *context);
    /// All pages together, in `items` of the answer: for lists that are short.
    [[nodiscard]] QFuture<Result<Answer>> listTogether(const ResourcePath &path, QObject *context);
    /// The same with only the metadata of what `labelSelector` selects (PartialObjectMetadata): for
    /// objects that are large or secret.
    [[nodiscard]] QFuture<Result<Answer>>
    listMetadata(const ResourcePath &path, const QString &labelSelector, QObject *context);

    /// A trial runs every check of the server (dryRun=All) and changes nothing.
    enum class Write { Real, Trial };
    /// JSON patch with our field manager. Conflict if the object is not as the operations expect: a
    /// failed `test`, or a place that is not there any more.
    [[nodiscard]] QFuture<Result<Answer>> patch(const QString &path, const QJsonArray &operations,
                                                QObject *context, Write write = Write::Real);
    /// Merge patch with our field manager. With metadata.resourceVersion in it, Conflict if the
    /// object is at another version; without, it is applied to whatever is there.
    [[nodiscard]] QFuture<Result<Answer>> mergePatch(const QString &path, const QJsonObject &body,
                                                     QObject *context, Write write = Write::Real);
    [[nodiscard]] QFuture<Result<Answer>> post(const QString &path, const QJsonObject &body,
                                               QObject *context);
    /// Sends nothing: the request as a person may read it.
    [[nodiscard]] QUrl url(const QString &path, const QUrlQuery &query = {}) const;
    /// Events after `resourceVersion`, for five to ten minutes. TimedOut after a silence that no
    /// living watch keeps: bookmarks come about once a minute.
    [[nodiscard]] std::unique_ptr<HttpStream> watch(const ResourcePath &path,
                                                    const QString &resourceVersion);
    /// TimedOut after `silence` without a byte.
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const QString &path, const QUrlQuery &query,
                                                     std::chrono::milliseconds silence);

private:
    enum class Paging { Pages, OnePiece };
    enum class Objects { Whole, MetadataOnly };
    /// What a list asks for, the same for each of its pages.
    struct Wanted
    {
        ResourcePath path;
        Objects objects = Objects::Whole;
        QString labelSelector; ///< empty = all
        ListIntake intake;
    };

    enum class Expected { Anything, Named };
    [[nodiscard]] QFuture<Result<Answer>> send(const HttpRequest &request, QObject *context,
                                               Expected expected = Expected::Anything);
    [[nodiscard]] QFuture<Result<Answer>> change(const QString &path, const QByteArray &type,
                                                 const QByteArray &body, QObject *context,
                                                 Write write);
    [[nodiscard]] QFuture<Result<Answer>> together(Wanted wanted, QObject *context);
    [[nodiscard]] QFuture<Result<Answer>> page(const Wanted &wanted, Paging paging,
                                               const QString &next, QObject *context);
    [[nodiscard]] QFuture<Result<Answer>> takePage(const HttpResponse &response,
                                                   const Wanted &wanted, ListIntake::Page page,
                                                   QObject *context);

    HttpClient &m_http;
    Clock &m_clock;
    QUrl m_server;
    QThreadPool m_readers; ///< of large pages; of one thread, and nobody else's
};

} // namespace pilothouse
