#pragma once

#include "crash/ground.h"
#include "journal/journal.h"
#include "support/requestrelay.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>

#include <functional>

namespace pilothouse {

/// A console as a program, `pilothouse-cli` or one that takes its command line, with a home and a
/// workspace of its own, and a relay between it and the server: all that a test needs to kill it
/// (SIGKILL) at a point of its choice and to look at what is left.
class KilledConsole final : public QObject
{
public:
    /// What the command had come to when it ended.
    struct Run
    {
        bool killed = false;
        int exitCode = -1; ///< if it was not
        QList<RequestRelay::Request> requests;
        QByteArray printed;
        QByteArray complained;
    };
    /// Where it is killed; one of the three numbers is set, or none: nowhere.
    struct Point
    {
        int request = 0; ///< the n-th request, from 1
        int patch = 0;   ///< the n-th write, from 1
        int growth = 0;  ///< when the journal's file has grown for the n-th time
        RequestRelay::Moment moment = RequestRelay::Moment::Arrived; ///< of the request
        int delay = 0;                                               ///< ms after that moment

        /// For whoever reads of a failure.
        [[nodiscard]] QString words() const;
    };

    /// A PATCH that is no dry run,
    [[nodiscard]] static bool isWrite(const RequestRelay::Request &request)
    {
        return request.method == "PATCH" && !request.target.contains("dryRun=All")
               && !request.target.contains("validateOnly");
    }
    /// and one of the weights, not of a hold alone.
    [[nodiscard]] static bool movesTraffic(const RequestRelay::Request &request)
    {
        return isWrite(request)
               && (request.body.contains("backendRefs") || request.body.contains("\"traffic\":"));
    }

    /// `program` is a name in the build's bin folder.
    KilledConsole(Ground &ground, QString program);

    [[nodiscard]] QString prepare();
    /// Runs one command, `--workspace` and `--track` are added.
    [[nodiscard]] Run run(const QStringList &arguments, const Point &point);

    /// Until it is reached again the server is not there: connections are refused.
    void loseServer();
    void reachServer();

    /// Oldest first.
    [[nodiscard]] Result<QList<Record>> records() const;
    [[nodiscard]] Result<ChainState> verify() const;

private:
    [[nodiscard]] QString journalFile() const;
    /// Calls `look` with the journal opened beside the command's.
    template <typename T>
    [[nodiscard]] Result<T>
    inJournal(const std::function<QFuture<Result<T>>(Journal &)> &look) const;

    Ground &m_ground;
    QString m_program;
    RequestRelay m_relay;
    QTemporaryDir m_home;
    QString m_workspace;
    enum class Server { There, Lost } m_server = Server::There;
};

} // namespace pilothouse
