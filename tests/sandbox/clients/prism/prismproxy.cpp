#include "prismproxy.h"

#include "../clientprogram.h"
#include "support/places.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QTest>

#include <memory>

namespace pilothouse {

namespace {

constexpr int patience = 240'000; // ms; the description is large, and the machine may be busy

} // namespace

QString PrismProxy::part()
{
    return ClientProgram::part(QStringLiteral("prism"));
}

PrismProxy::PrismProxy(const QUrl &upstream) : m_upstream(upstream)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    QObject::connect(&m_process, &QProcess::readyRead, &m_process,
                     [this] { m_log += m_process.readAll(); });
}

PrismProxy::~PrismProxy()
{
    m_process.kill();
    m_process.waitForFinished();
}

bool PrismProxy::start()
{
    m_process.start(
        QStringLiteral("node"),
        {QStringLiteral("--require"),
         QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/sandbox/clients/prism/watched.cjs"),
         part() + QStringLiteral("/node_modules/@stoplight/prism-cli/dist/index.js"),
         QStringLiteral("proxy"), part() + QStringLiteral("/github.json"), m_upstream.toString(),
         QStringLiteral("--port"), QStringLiteral("0")});
    if (!waitFor("Prism is listening on "))
        return false;
    static const QRegularExpression address(
        QStringLiteral("Prism is listening on (http://[0-9.:]+)"));
    m_url = QUrl(address.match(QString::fromUtf8(m_log)).captured(1));
    m_taken = m_log.size();
    return m_url.isValid();
}

QList<PrismProxy::Seen> PrismProxy::take()
{
    // What Prism says may come later than the answer itself: behind this one there is no more.
    const QString mark = QStringLiteral("/behind-the-last-%1").arg(++m_marks);
    QNetworkAccessManager network;
    const std::unique_ptr<QNetworkReply> reply(
        network.get(QNetworkRequest(QUrl(m_url.toString() + mark))));
    const bool whole = waitFor("\"GET " + mark.toUtf8());
    QList<Seen> all;
    if (!whole)
        all.append({mark, 0, {QStringLiteral("Prism is gone")}});
    const QList<QByteArray> lines = m_log.mid(m_taken).split('\n');
    m_taken = m_log.size();
    for (const QByteArray &line : lines) {
        const QJsonObject seen = QJsonDocument::fromJson(line).object();
        const QString request = seen[QLatin1String("request")].toString();
        if (!seen.isEmpty() && !request.endsWith(mark))
            all.append({request, seen[QLatin1String("status")].toInt(),
                        seen[QLatin1String("wrong")].toVariant().toStringList()});
    }
    return all;
}

bool PrismProxy::waitFor(const QByteArray &text)
{
    return QTest::qWaitFor(
               [&] {
                   return m_log.indexOf(text, m_taken) >= 0
                          || m_process.state() == QProcess::NotRunning;
               },
               patience)
           && m_log.indexOf(text, m_taken) >= 0;
}

} // namespace pilothouse
