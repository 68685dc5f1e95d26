#include "app/sandbox/parts/logform.h"
#include "app/sandbox/parts/logtexts.h"

#include <algorithm>
#include <cmath>

namespace pilothouse::sandbox {

namespace {

QByteArray line(const QDateTime &at, const char *level, const char *logger, const QByteArray &text)
{
    return at.toString(QStringLiteral("HH:mm:ss.zzz")).toLatin1() + ' '
           + QByteArray(level).leftJustified(5) + ' ' + logger + ' ' + text;
}

Sequence sequenceOf(const char *what, quint64 serial)
{
    return Sequence(QByteArray(what) + QByteArray::number(serial));
}

/// Around `middle`, a fifth up or down.
QByteArray about(double middle, Sequence &sequence)
{
    const double factor = 0.8 + 0.4 * double(sequence.below(1000)) / 1000;
    return QByteArray::number(std::max(1, int(std::lround(middle * factor))));
}

} // namespace

QByteArray poolErrorLine(const QDateTime &at, quint64 serial)
{
    Sequence sequence = sequenceOf("pool error", serial);
    return line(at, "ERROR", "api.search",
                "GET /search 503 15" + QByteArray::number(sequence.below(6))
                    + "ms sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 5 "
                      "reached, connection timed out, timeout 0.15 (Background on this error at: "
                      "https://sqlalche.me/e/20/3o7r)");
}

QByteArray podLine(const PodState &state, const QDateTime &at, quint64 serial)
{
    Sequence sequence = sequenceOf("pod line", serial);
    const bool full = state.poolInUse > state.poolSize * 0.95;
    const double dice = double(sequence.below(10'000)) / 10'000;
    if (full && dice < state.errorRatio)
        return poolErrorLine(at, serial);
    if (state.poolInUse > state.poolSize * 0.85 && serial % 5 == 0) {
        const int used = std::min(int(std::lround(state.poolInUse)), int(state.poolSize));
        return line(at, "WARN", "db.pool",
                    QByteArray::number(used) + " of " + QByteArray::number(int(state.poolSize))
                        + " in use, waited " + about(full ? 88 : 41, sequence)
                        + "ms for a connection");
    }
    // Most answers take about two thirds of the 95th percentile.
    return line(at, "INFO", "api.search",
                "GET /search 200 " + about(state.p95Ms * 0.75, sequence)
                    + "ms org=" + QByteArray::number(100 + sequence.below(60))
                    + " pool=" + QByteArray::number(int(std::lround(state.poolInUse))) + '/'
                    + QByteArray::number(int(state.poolSize))
                    + " conn_held=" + about(state.heldMs, sequence) + "ms");
}

QByteArray drainedLine(const QDateTime &at, int stillStreaming)
{
    return line(at, "INFO", "api.server",
                "no request for 1s, " + QByteArray::number(stillStreaming)
                    + " responses still streaming");
}

QByteArray workerLine(const QDateTime &at, quint64 serial)
{
    Sequence sequence = sequenceOf("worker", serial);
    return line(at, "INFO", "worker.importer",
                "import_batch[" + sequence.hex(8) + "] succeeded in "
                    + QByteArray::number(double(30 + sequence.below(40)) / 1000, 'f', 3)
                    + "s: " + QByteArray::number(1 + sequence.below(3)) + " rows");
}

QByteArrayList startupLines(const QString &release, const QString &sha, const QDateTime &at)
{
    const QByteArray fastapi = release == QLatin1String("c41d77e") ? "0.118.0" : "0.117.1";
    return {
        line(at, "INFO", "api.server", "Started server process [1]"),
        line(at.addMSecs(120), "INFO", "api.server",
             "context-intelligence release=" + sha.toLatin1().left(7) + " fastapi=" + fastapi
                 + " sqlalchemy=2.0.43"),
        line(at.addMSecs(180), "INFO", "db.pool", "QueuePool of size 5 overflow 5, timeout 0.15"),
        line(at.addMSecs(390), "INFO", "api.server", "Application startup complete.")};
}

} // namespace pilothouse::sandbox
