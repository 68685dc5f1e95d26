#pragma once

#include "connectors/cloudbuild/cloudbuild.h"
#include "connectors/http/client.h"

#include <QObject>

#include <functional>

namespace pilothouse {

class Clock;

/// The requests about the builds of one project and region, and the bytes of their logs.
///
/// `build` and `storage` are clients of their own, each with the credential for its own host: no
/// credential goes to a host that it was not meant for. Both and the clock outlive it; destroying
/// it cancels what is under way. GUI thread.
class CloudBuildApi final : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        QString project;
        QString region = QStringLiteral("global");
        QUrl api{QStringLiteral("https://cloudbuild.googleapis.com")};
        QUrl storage{QStringLiteral("https://storage.googleapis.com")};
    };
    struct Fetched
    {
        CloudBuild build;
        QDateTime serverAt;
        std::chrono::milliseconds receivedSinceBoot{0};
    };
    struct Listed
    {
        CloudBuildPage page;
        QDateTime serverAt;
        std::chrono::milliseconds receivedSinceBoot{0};
    };

    CloudBuildApi(HttpClient &build, HttpClient &storage, Clock &clock, Settings settings);

    /// Newest first.
    [[nodiscard]] QFuture<Result<Listed>> list(const QString &pageToken);
    /// The newest hundred.
    [[nodiscard]] QFuture<Result<Listed>> newest();
    /// From the newest on, page by page, until one is `enough`, the list ends or there are a
    /// thousand. Whole or not at all.
    using Enough = std::function<bool(const CloudBuildPage &)>;
    [[nodiscard]] QFuture<Result<Listed>> newestUntil(const Enough &enough);
    [[nodiscard]] QFuture<Result<Fetched>> build(const QString &id);
    /// POST to "…/builds/ID:verb" with this JSON.
    [[nodiscard]] QFuture<Result<void>> post(const QString &id, const QString &verb,
                                             const QByteArray &body);
    /// Bytes of an object from `from` on, at most `most`. 416 where there are none yet.
    [[nodiscard]] QFuture<Result<HttpResponse>> bytes(const QString &object, qint64 from,
                                                      qint64 most);

    [[nodiscard]] QUrl buildUrl(const QString &id, const QString &verb = {}) const;
    [[nodiscard]] Clock &clock() const { return m_clock; }

private:
    [[nodiscard]] QFuture<Result<Listed>> listOn(const QString &token, int pagesLeft,
                                                 const Enough &enough,
                                                 const QList<CloudBuild> &before);
    [[nodiscard]] QUrl below(const QUrl &base, const QString &path) const;

    HttpClient &m_build;
    HttpClient &m_storage;
    Clock &m_clock;
    Settings m_settings;
};

} // namespace pilothouse
