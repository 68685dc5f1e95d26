#pragma once

#include "connectors/cloudbuild/cloudbuildapi.h"
#include "logs/logsource.h"

#include <QPointer>

namespace pilothouse {

/// The log of one build while it grows: pieces of an object, as bytes and never decoded here, so
/// that no character is cut. Not begun (404) and nothing new (416) are waited out; the last reading
/// comes after the build has ended, since everything is written before that. A build that is
/// PENDING has not ended. A storage that cannot answer is asked again for about a minute. What is
/// told as whole is whole: an object that goes away, or a host that answers as the storage before
/// did not, ends the log with what to do.
class CloudBuildLog final : public LogStream
{
    Q_OBJECT

public:
    /// Begins by itself, from the event loop.
    CloudBuildLog(CloudBuildApi &api, QString build);

private:
    void askBuild();
    void askBytes();
    void take(const HttpResponse &response);
    void missed(const Error &error);
    void stopAsOther(const QString &detail);
    /// What passes is waited out; anything else ends the log.
    void askLater(const Error &error);
    void wait();
    void stop(const Error &error);

    QPointer<CloudBuildApi> m_api;
    QString m_build;
    QString m_object;
    qint64 m_cursor = 0;
    int m_failures = 0;
    enum class Ranges { NotSeen, Known, Ignored } m_ranges = Ranges::NotSeen; ///< by the storage
    bool m_last = false; ///< the build has ended: what comes now is the rest
};

} // namespace pilothouse
