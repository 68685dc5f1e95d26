#pragma once

#include "app/sandbox/http/exchange.h"

#include <QDateTime>
#include <QHash>
#include <QJsonObject>
#include <QObject>

#include <map>

namespace pilothouse::sandbox {

class ObjectStore;
class World;

/// What the pods write: lines that follow the model, kept per pod, read and followed as
/// GET …/pods/{name}/log has it (follow, tailLines, sinceSeconds, sinceTime, timestamps,
/// limitBytes; `previous` is refused, no container has ended).
class PodLogs final : public QObject
{
    Q_OBJECT

public:
    PodLogs(World &world, ObjectStore &store, QObject *parent = nullptr);

    void answer(const ExchangePtr &exchange, const QJsonObject &pod);

private:
    struct Line
    {
        QDateTime at;
        QByteArray text;
    };
    struct Log
    {
        QList<Line> lines;
        quint64 serial = 0;
        double nextLine = 0; ///< clock second
        QList<ExchangePtr> followers;
    };

    void write();
    void writePod(const QJsonObject &pod, double now);
    void writePoolErrors(const QStringList &pods, double now);
    void append(Log &log, const QDateTime &at, const QByteArray &text);
    Log &logOf(const QJsonObject &pod);
    [[nodiscard]] static QByteArray rendered(const Line &line, const Request &request);

    World &m_world;
    ObjectStore &m_store;
    std::map<QString, Log> m_logs; ///< namespace/pod
    double m_failedTold = -1;
    double m_errorsDue = 0;
    qsizetype m_turn = 0;
};

} // namespace pilothouse::sandbox
