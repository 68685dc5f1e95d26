#pragma once

#include "app/sandbox/parts/jobsteps.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QDateTime>
#include <QString>

namespace pilothouse::sandbox {

/// The whole log of a finished job in GitHub's form: each line "2026-11-24T12:57:33.2904078Z text",
/// "##[group]" and its like, ANSI colours, LF, UTF-8. The stamps lie within the steps of
/// `jobSteps(run)`; all else depends on release, sha and job alone. Empty for an unknown job.
[[nodiscard]] QByteArray jobLog(const JobRun &run);

/// What Cloud Build streams for coditect-backend, without time stamps, one line an element, in
/// order. `revision` is the Cloud Run revision it makes ("coditect-backend-00057-xil").
[[nodiscard]] QByteArrayList cloudBuildLines(const QString &sha, const QString &revision);

/// What a pod of the service is going through when it writes a line.
struct PodState
{
    QString release;      ///< nickname
    double poolInUse = 0; ///< connections of all pods of the revision, as the model has it
    double poolSize = 20; ///< of all pods
    double heldMs = 40;   ///< how long a request holds its connection
    double p95Ms = 61;
    double errorRatio = 0.002;
};

/// One line of a pod's log, without a newline: "14:28:10.402 INFO  api.search GET /search 200 …".
/// `serial` numbers the lines of one pod: the same serial and state give the same text. While the
/// pool is full, the share `errorRatio` of the lines is the QueuePool error and some of the others
/// are "waited … for a connection".
[[nodiscard]] QByteArray podLine(const PodState &state, const QDateTime &at, quint64 serial);

/// The QueuePool error itself, for whoever paces it ("about 2.6 times a second").
[[nodiscard]] QByteArray poolErrorLine(const QDateTime &at, quint64 serial);

/// "14:34:21.060 INFO  api.server no request for 1s, 11 responses still streaming"
[[nodiscard]] QByteArray drainedLine(const QDateTime &at, int stillStreaming);

/// A line of the celery worker that imports conversations.
[[nodiscard]] QByteArray workerLine(const QDateTime &at, quint64 serial);

/// First lines of a container of the service: start-up of `release`.
[[nodiscard]] QByteArrayList startupLines(const QString &release, const QString &sha,
                                          const QDateTime &at);

} // namespace pilothouse::sandbox
