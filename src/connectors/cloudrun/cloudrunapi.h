#pragma once

#include "connectors/cloudrun/cloudruncontrol.h"
#include "connectors/cloudrun/cloudrundecode.h"
#include "connectors/cloudrun/cloudrunstate.h"
#include "connectors/cloudrun/cloudrunwrite.h"

namespace pilothouse {

/// The requests about one service. Revisions are listed only when the service names one that is not
/// known yet: image and labels never change. http and clock outlive it. GUI thread.
class CloudRunApi final : public QObject
{
    Q_OBJECT

public:
    struct Fetched
    {
        CloudRunSnapshot snapshot;
        QDateTime serverAt;
        std::chrono::milliseconds receivedSinceBoot{0};

        [[nodiscard]] Reading<TrafficState> reading() const;
    };

    CloudRunApi(HttpClient &http, Clock &clock, CloudRunControl::Settings settings);

    [[nodiscard]] QUrl serviceUrl(const QString &query = {}) const;
    [[nodiscard]] QFuture<Result<Fetched>> fetch();
    /// A trial is checked by the server and changes nothing.
    enum class Write { Real, Trial };
    [[nodiscard]] QFuture<Result<CloudRunOperation>> patch(const CloudRunWrite &write,
                                                           Write how = Write::Real);
    [[nodiscard]] QFuture<Result<CloudRunOperation>> operation(const QString &name);
    /// Which of these the account has.
    [[nodiscard]] QFuture<Result<QStringList>> permissions(const QStringList &asked);

private:
    [[nodiscard]] QUrl below(const QString &path) const;
    [[nodiscard]] bool knowsAll(const QStringList &names) const;
    /// After the last page: Malformed if one of them is in none.
    [[nodiscard]] Result<void> allTold(const QStringList &names) const;
    [[nodiscard]] QFuture<Result<void>> listRevisions(const QStringList &wanted,
                                                      const QString &pageToken, int pagesLeft);

    HttpClient &m_http;
    Clock &m_clock;
    CloudRunControl::Settings m_settings;
    CloudRunRevisions m_revisions;
};

} // namespace pilothouse
