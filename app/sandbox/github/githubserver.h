#pragma once

#include "app/sandbox/github/runviews.h"
#include "app/sandbox/http/router.h"

#include <QObject>

namespace pilothouse::sandbox {

/// GitHub's REST API over the world's runs: the parts that a release console reads and the few
/// writes it does. Also the log store that logs redirect to, which refuses credentials.
class GithubServer final : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        QString api;      ///< "http://127.0.0.1:P/api/v3"
        QString logStore; ///< "http://localhost:P/logstore": another host on purpose
        /// A token that is taken; empty takes any, and none.
        QByteArray token;
    };

    GithubServer(World &world, const MadeRepository &repository, Settings settings,
                 QObject *parent = nullptr);

    /// `path` is the request's without the base.
    void answer(const ExchangePtr &exchange, const QString &path);
    void answerLogStore(const ExchangePtr &exchange, const QString &path);
    /// A refusal in GitHub's words.
    void refuse(const ExchangePtr &exchange, int status);

private:
    void addReads();
    void addWrites();
    void replyList(const ExchangePtr &exchange, const QJsonArray &all, const char *key);
    void reply(const ExchangePtr &exchange, int status, const QJsonValue &body,
               HeaderList headers = {});
    [[nodiscard]] HeaderList standardHeaders();
    [[nodiscard]] RunFacts facts() const;
    [[nodiscard]] QJsonObject repository() const;
    /// Pushed commits, newest first.
    [[nodiscard]] QList<MadeCommit> pushedCommits() const;
    [[nodiscard]] QJsonArray runsMatching(const Request &request, const QString &workflow) const;
    [[nodiscard]] QJsonArray jobsOf(const RunRecord &run) const;
    void redirectToLog(const ExchangePtr &exchange, qint64 job);
    /// The logs of a whole run, which are there once it has ended.
    void redirectToArchive(const ExchangePtr &exchange, const RunRecord &run);
    /// Answers with a link below the log store.
    void redirectToStore(const ExchangePtr &exchange, const QString &path);
    void review(const ExchangePtr &exchange, qint64 run);
    [[nodiscard]] QString environmentName(qint64 id) const;
    void refuseWith(const ExchangePtr &exchange, int status, const QString &message);
    /// Answers a re-run that `begin` does, or why it is not done.
    void rerun(const ExchangePtr &exchange, const RunRecord *run,
               const std::function<bool(qint64)> &begin);
    void dispatch(const ExchangePtr &exchange, const QString &workflow);
    [[nodiscard]] QJsonArray concurrencyOf(const RunRecord &run) const;
    void concurrencyGroup(const ExchangePtr &exchange, const QString &name);
    void pendingDeployments(const ExchangePtr &exchange, qint64 run);
    void deployments(const ExchangePtr &exchange);
    void comments(const ExchangePtr &exchange, int issue);

    World &m_world;
    const MadeRepository &m_repository;
    Settings m_settings;
    GithubPlace m_place;
    Router m_router;
    int m_used = 0;
    QDateTime m_resetAt;
    QHash<QByteArray, QDateTime> m_logLinks; ///< signature → until when it holds
    QHash<qint64, QJsonArray> m_approvals;
};

} // namespace pilothouse::sandbox
