#include "bench/watch/podrecording.h"

#include "bench/watch/podplan.h"
#include "support/kube/kubeserver.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkReply>
#include <QSaveFile>
#include <QTimer>

#include <functional>

namespace pilothouse::bench {
namespace {

using Fate = PodPlan::Fate;

/// Qt has six connections to one server; the watch has one.
constexpr int atOnce = 5;
constexpr int patience = 60'000; // ms
const QString pods = QStringLiteral("/api/v1/namespaces/production/pods");

struct Request
{
    QByteArray method;
    QString path;
    QByteArray body = {};
};

Request made(int pod)
{
    return {"POST", pods, PodPlan::manifest(pod)};
}

Request told(int pod, PodPlan::Readiness readiness)
{
    return {"PATCH", pods + QLatin1Char('/') + PodPlan::nameOf(pod) + QStringLiteral("/status"),
            PodPlan::status(pod, readiness)};
}

Request taken(int pod)
{
    return {"DELETE", pods + QLatin1Char('/') + PodPlan::nameOf(pod)
                          + QStringLiteral("?gracePeriodSeconds=0")};
}

/// Empty, or the first answer that is none.
QString sendAll(KubeAsk &server, const QList<Request> &requests)
{
    QEventLoop loop;
    QString failed;
    qsizetype next = 0;
    int underWay = 0;
    const std::function<void()> goOn = [&] {
        while (underWay < atOnce && next < requests.size() && failed.isEmpty()) {
            const Request &request = requests[next++];
            ++underWay;
            QNetworkReply *reply = server.begin(
                request.method, request.path, request.body,
                request.method == "PATCH" ? "application/merge-patch+json" : "application/json");
            QObject::connect(reply, &QNetworkReply::finished, &loop, [&, reply, request] {
                --underWay;
                const KubeAsk::Answer answer = KubeAsk::answerOf(*reply);
                if (answer.status < 200 || answer.status >= 300)
                    failed = QStringLiteral("%1 %2: %3 %4")
                                 .arg(QString::fromLatin1(request.method), request.path)
                                 .arg(answer.status)
                                 .arg(answer.object.value(QLatin1String("message")).toString());
                goOn();
                if (underWay == 0)
                    loop.quit();
            });
        }
    };
    goOn();
    if (underWay > 0)
        loop.exec();
    return failed;
}

/// Lines of a watch, as they come.
class Watch
{
public:
    explicit Watch(KubeAsk &server)
        : m_reply(server.begin("GET", pods + QStringLiteral("?watch=1&resourceVersion=0")))
    {
        QObject::connect(m_reply, &QNetworkReply::readyRead, m_reply, [this] {
            const QByteArray bytes = m_reply->readAll();
            m_lines += int(bytes.count('\n'));
            m_text += bytes;
        });
    }

    [[nodiscard]] bool waitFor(qsizetype lines) const
    {
        const QDeadlineTimer deadline(patience);
        QEventLoop loop;
        QTimer look;
        QObject::connect(&look, &QTimer::timeout, &loop, [&] {
            if (m_lines >= lines || deadline.hasExpired())
                loop.quit();
        });
        look.start(20);
        loop.exec();
        return m_lines == lines;
    }
    [[nodiscard]] qsizetype lines() const { return m_lines; }
    [[nodiscard]] const QByteArray &text() const { return m_text; }

private:
    QNetworkReply *m_reply;
    QByteArray m_text;
    qsizetype m_lines = 0;
};

QString write(const QString &file, const QByteArray &text)
{
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size() || !out.commit())
        return file + QStringLiteral(": ") + out.errorString();
    return {};
}

/// By what was recorded, and not by the plan.
QJsonObject lastOf(const QByteArray &text)
{
    QMap<QString, QString> services; // by pod
    for (const QByteArray &line : text.split('\n')) {
        if (line.isEmpty())
            continue;
        const QJsonObject event = QJsonDocument::fromJson(line).object();
        const QJsonObject metadata
            = event[QLatin1String("object")][QLatin1String("metadata")].toObject();
        const QString name = metadata.value(QLatin1String("name")).toString();
        const QString track = metadata[QLatin1String("labels")][QLatin1String("track")].toString();
        if (event.value(QLatin1String("type")) == QLatin1String("DELETED"))
            services.remove(name);
        else
            services.insert(name, track == QLatin1String("canary") ? PodPlan::candidate()
                                                                   : PodPlan::stable());
    }
    QMap<QString, QJsonArray> names;
    for (auto pod = services.cbegin(); pod != services.cend(); ++pod)
        names[pod.value()].append(pod.key());
    QJsonObject last;
    for (auto service = names.cbegin(); service != names.cend(); ++service)
        last.insert(service.key(), service.value());
    return last;
}

QString streamFile(const QString &folder)
{
    return folder + QStringLiteral("/stream.jsonl");
}
QString lastFile(const QString &folder)
{
    return folder + QStringLiteral("/last.json");
}

} // namespace

QString PodRecording::make(const PodPlan &plan, const QString &folder)
{
    KubeServer server;
    if (!server.start())
        return server.why();
    QList<Request> before;
    QList<Request> then;
    QList<Request> atLast;
    qsizetype marked = 0; // as going, before they are gone
    for (int pod = 0; pod < plan.pods(); ++pod)
        before.append(made(pod));
    for (int pod = 0; pod < plan.pods(); ++pod)
        before.append(told(pod, plan.fates()[pod] == Fate::BecomesReady
                                    ? PodPlan::Readiness::Waiting
                                    : PodPlan::Readiness::Ready));
    for (const int pod : plan.order()) {
        const Fate fate = plan.fates()[pod];
        then.append(fate == Fate::Goes    ? taken(pod)
                    : fate == Fate::Comes ? made(pod)
                                          : told(pod, PodPlan::Readiness::Ready));
        marked += fate == Fate::Goes ? 1 : 0;
        if (fate == Fate::Comes)
            atLast.append(told(pod, PodPlan::Readiness::Ready));
    }
    if (const QString failed = sendAll(server.admin(), before); !failed.isEmpty())
        return failed;
    const Watch watch(server.admin());
    if (!watch.waitFor(plan.pods()))
        return QStringLiteral("the watch has %1 pods").arg(watch.lines());
    for (const QList<Request> &requests : {then, atLast}) {
        if (const QString failed = sendAll(server.admin(), requests); !failed.isEmpty())
            return failed;
    }
    const qsizetype lines = plan.pods() + then.size() + marked + atLast.size();
    if (!watch.waitFor(lines))
        return QStringLiteral("the watch has %1 lines of %2").arg(watch.lines()).arg(lines);
    // A list is a first line by itself: whoever replays it must know where the changes begin.
    const QByteArray head = QByteArray::number(plan.pods()) + '\n';
    QDir().mkpath(folder);
    const QString failed = write(streamFile(folder), head + watch.text());
    return failed.isEmpty() ? write(lastFile(folder), QJsonDocument(lastOf(watch.text())).toJson())
                            : failed;
}

bool PodRecording::isThere(const QString &folder)
{
    return QFile::exists(streamFile(folder)) && QFile::exists(lastFile(folder));
}

PodRecording::PodRecording(const QString &folder)
{
    QFile file(streamFile(folder));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("there is no recording in %s", qPrintable(folder));
    const int pods = file.readLine().trimmed().toInt();
    const QByteArray prefix = "{\"type\":\"ADDED\",\"object\":";
    qint64 newest = 0;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine();
        if (m_listed.size() == pods) {
            m_changes.append(line);
            continue;
        }
        if (!line.startsWith(prefix) || !line.endsWith("}\n"))
            qFatal("a pod of the recording is none");
        m_listed.append(line.mid(prefix.size(), line.size() - prefix.size() - 2));
        newest = std::max(newest,
                          QJsonDocument::fromJson(m_listed.last())
                              .object()[QLatin1String("metadata")][QLatin1String("resourceVersion")]
                              .toString()
                              .toLongLong());
    }
    m_version = QByteArray::number(newest);
}

QStringList PodRecording::atLast(const QString &folder, const QString &service)
{
    QFile file(lastFile(folder));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("there is no recording in %s", qPrintable(folder));
    QStringList names;
    for (const auto &name :
         QJsonDocument::fromJson(file.readAll()).object().value(service).toArray())
        names << name.toString();
    names.sort();
    return names;
}

} // namespace pilothouse::bench
