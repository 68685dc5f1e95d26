#include "connectors/github/githubfiles.h"

#include "base/chaining.h"
#include "base/words.h"
#include "connectors/http/jsonreader.h"

namespace pilothouse {
namespace {

Result<QByteArray> decodeContent(const QByteArray &body, const RemoteFile &file)
{
    const auto reader = JsonReader::parse(body, QStringLiteral("GitHub"));
    if (!reader)
        return fail(reader.error());
    const QString encoding = reader->string("encoding");
    const QString content = reader->string("content");
    const auto read = reader->finish(content);
    if (!read)
        return fail(read.error());
    // Above 1 MB GitHub says "none" and gives nothing.
    if (encoding != QLatin1String("base64"))
        return fail(
            ErrorKind::BadInput,
            Words::tr("GitHub does not give %1, which is larger than 1 MB.").arg(file.address()),
            QStringLiteral("encoding: %1").arg(encoding));
    return QByteArray::fromBase64(read->toLatin1()); // it has line breaks in it
}

} // namespace

GithubFiles::GithubFiles(GithubApi &api) : m_api(api) {}

QFuture<Result<QByteArray>> GithubFiles::content(const RemoteFile &file)
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("ref"), file.ref);
    const QUrl url
        = m_api.url(QStringLiteral("/repos/%1/contents/%2").arg(file.repository, file.path), query);
    return converted<QByteArray>(
        m_api.pages(url, 1), &m_api,
        [file](const Result<GithubApi::Pages> &pages) -> Result<QByteArray> {
            if (!pages)
                return fail(pages.error());
            return decodeContent(pages->first().body, file);
        });
}

} // namespace pilothouse
