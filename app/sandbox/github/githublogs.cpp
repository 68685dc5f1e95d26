#include "app/sandbox/github/githubserver.h"

#include "app/sandbox/github/runarchive.h"
#include "app/sandbox/parts/logtexts.h"
#include "app/sandbox/world/world.h"

#include <QCryptographicHash>

// Logs: the API gives a link that holds for a minute, the store behind it the text.

namespace pilothouse::sandbox {

namespace {

const QString archives = QStringLiteral("runs");
const HeaderList xml{{"Content-Type", "application/xml"}};

} // namespace

void GithubServer::redirectToLog(const ExchangePtr &exchange, qint64 id)
{
    const RunRecord *run = nullptr;
    const RunJob *job = m_world.runs().findJob(id, &run);
    if (!job || job->phase != RunJob::Phase::Done || job->conclusion == QLatin1String("skipped"))
        return refuse(exchange, 404);
    redirectToStore(exchange, QStringLiteral("%1/job-logs.txt").arg(id));
}

void GithubServer::redirectToArchive(const ExchangePtr &exchange, const RunRecord &run)
{
    if (run.conclusion.isEmpty())
        return refuse(exchange, 404);
    redirectToStore(exchange,
                    QStringLiteral("%1/%2/%3/logs.zip")
                        .arg(archives, QString::number(run.id), QString::number(run.attempt)));
}

void GithubServer::redirectToStore(const ExchangePtr &exchange, const QString &path)
{
    const QByteArray signature
        = QCryptographicHash::hash(path.toUtf8() + QByteArray::number(m_used)
                                       + QByteArray::number(m_logLinks.size()),
                                   QCryptographicHash::Sha256)
              .toHex()
              .left(32);
    constexpr int linkLivesSeconds = 60;
    m_logLinks.insert(signature, QDateTime::currentDateTimeUtc().addSecs(linkLivesSeconds));
    HeaderList headers = standardHeaders();
    headers.emplaceBack("Location",
                        QStringLiteral("%1/%2?sig=%3")
                            .arg(m_settings.logStore, path, QString::fromLatin1(signature))
                            .toUtf8());
    exchange->reply(302, headers, {});
}

void GithubServer::answerLogStore(const ExchangePtr &exchange, const QString &path)
{
    // What a blob store does with a bearer token that is not its own.
    if (!exchange->request.header("authorization").isEmpty())
        return exchange->reply(400, xml,
                               "<?xml version=\"1.0\"?><Error><Code>InvalidAuthenticationInfo"
                               "</Code><Message>Authentication information is not given in the "
                               "correct format.</Message></Error>");
    const QByteArray signature = exchange->request.parameter("sig").toLatin1();
    const QStringList parts = path.split(QLatin1Char('/'), Qt::SkipEmptyParts);
    if (m_logLinks.value(signature) >= QDateTime::currentDateTimeUtc()) {
        if (parts.value(0) == archives) {
            const RunRecord *run = m_world.runs().find(parts.value(1).toLongLong());
            const auto then = run ? run->inAttempt(parts.value(2).toInt()) : std::nullopt;
            if (then)
                return exchange->reply(200, {{"Content-Type", "application/zip"}},
                                       runArchive(facts(), *then));
        }
        const RunRecord *run = nullptr;
        if (const RunJob *job = m_world.runs().findJob(parts.value(0).toLongLong(), &run))
            return exchange->reply(200, {{"Content-Type", "text/plain"}},
                                   jobLog(jobRun(facts(), *run, *job)));
    }
    exchange->reply(403, xml,
                    "<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code></Error>");
}

} // namespace pilothouse::sandbox
